"""Video scripts made of an article's own sentences."""

from igny8_media.articles.model import Article
from igny8_media.frozen import Frozen
from igny8_media.scripts.beats import spoken_words
from igny8_media.scripts.long_form import available_seconds, write_long
from igny8_media.scripts.short_form import write_short
from igny8_media.video.model import VideoForm, VideoScript
from igny8_media.writing.digest import digest

SHORT_SECONDS = (45.0, 58.0)
SHORT_AIM = 51.0
LONG_SECONDS = (180.0, 900.0)
# Estimates err by a few percent either way; the spoken result has to keep the limits.
_MARGIN = 0.04


class TooThin(Frozen):
    """Why an article carries no video of a form, as a sentence for the report."""

    form: VideoForm
    reason: str


def write_script(
    article: Article,
    form: VideoForm,
    words_per_minute: float,
    *,
    aim_seconds: float | None = None,
) -> VideoScript | TooThin:
    """The script of an article, or why there is none.

    `words_per_minute` is how fast the voice speaks, pauses included. A short aims at 51 seconds.
    A long one takes what the article carries, at most `aim_seconds` (by default a little under
    15 minutes), and at least three minutes or it is none.
    """
    read = digest(article)
    carries = available_seconds(read, words_per_minute)
    if form is VideoForm.SHORT:
        script = write_short(article, read, words_per_minute, aim_seconds or SHORT_AIM)
        if script.total_duration_estimate < SHORT_SECONDS[0]:
            spoken = script.total_duration_estimate
            return _too_thin(form, spoken, SHORT_SECONDS[0], words_per_minute)
        return script
    least, most = LONG_SECONDS
    if carries < least * (1 + _MARGIN):
        return _too_thin(form, carries, least, words_per_minute)
    limit = min(aim_seconds or most, most) * (1 - _MARGIN)
    return write_long(article, read, words_per_minute, max(limit, least * (1 + _MARGIN)))


def estimates(form: VideoForm) -> tuple[float, float]:
    """Seconds between which a script's estimate should be, so that it keeps its limits spoken."""
    low, high = SHORT_SECONDS if form is VideoForm.SHORT else LONG_SECONDS
    return low * (1 + _MARGIN), high * (1 - _MARGIN)


def speaking_rate(script: VideoScript, measured_seconds: float) -> float:
    """The words a minute of a voice that took so long for a script, to write the next one with.

    Words count as they do in estimates (figures as several, characters of unspaced scripts as
    half a word), so that a script rewritten at this rate takes the time it is given.
    """
    spoken = sum(spoken_words(section.narration) for section in script.sections)
    return spoken * 60 / measured_seconds


def _too_thin(form: VideoForm, spoken: float, needed: float, words_per_minute: float) -> TooThin:
    missing = max(10, round((needed * (1 + _MARGIN) - spoken) * words_per_minute / 60, -1))
    return TooThin(
        form=form,
        reason=(
            f"The article carries about {spoken:.0f} seconds of narration and a {form.value} video "
            f"needs {needed:.0f}; about {missing:.0f} more words of plain text would do."
        ),
    )
