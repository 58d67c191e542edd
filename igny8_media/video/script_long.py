"""The long script: the article told in its own order."""

from igny8_media.articles.model import Article
from igny8_media.video.beats import Beat, Line, beats, spoken_words
from igny8_media.video.dressing import Dresser, short_title
from igny8_media.video.model import Section, VideoScript
from igny8_media.video.script_assembly import assemble
from igny8_media.writing.digest import Digest

_LEAST_BEAT = 4  # words


def available_seconds(digest: Digest, words_per_minute: float) -> float:
    """How long everything that can be spoken would take."""
    return sum(spoken_words(beat.text) for beat in beats(digest)) * 60 / words_per_minute


def write_long(
    article: Article, digest: Digest, words_per_minute: float, most: float
) -> VideoScript:
    """A script of at most `most` seconds; what matters least is left out."""
    farewell = digest.lexicon.phrase("spoken_outro_long", article.id)
    room = most * words_per_minute / 60 - spoken_words(farewell)
    told = _within(beats(digest), room)
    dresser = Dresser(article, digest)
    title = short_title(digest.title, article.language)
    sections: list[Section] = []
    statistics = 0
    for number, beat in enumerate(told):
        kind = _kind(number, beat, len(told), farewell)
        # A figure fills the screen now and then; in every section it would be wallpaper.
        may = statistics * 4 <= number
        made = dresser.dress(
            number + 1,
            beat,
            kind,
            words_per_minute,
            overlay=title if number == 0 else "",
            allow_figure=may,
        )
        statistics += made.visual_cue == "statistic"
        sections.append(made)
    if farewell:
        beat = Beat(-1, -1, (Line(farewell, 1.0),))
        sections.append(
            dresser.dress(len(sections) + 1, beat, "outro", words_per_minute, overlay=title)
        )
    sections = dresser.spread_images(sections)
    return assemble(article, digest, sections, _chapters(digest, told, sections))


def _kind(number: int, beat: Beat, count: int, farewell: str) -> str:
    if number == 0:
        return "hook"
    if beat.section == 0 and number <= 3:
        return "intro"
    return "outro" if number == count - 1 and not farewell else "point"


def _within(told: list[Beat], room: float) -> list[Beat]:
    """The beats without their least lines, so that what stays takes at most `room` words."""
    total = sum(spoken_words(beat.text) for beat in told)
    if total <= room:
        return told
    order = sorted(
        ((line.score, n, m) for n, beat in enumerate(told) for m, line in enumerate(beat.lines)),
    )
    gone: set[tuple[int, int]] = set()
    for _, n, m in order:
        if total <= room:
            break
        if n == 0 or (n, m) in gone:
            continue
        for at in _with_followers(told[n], m):
            if (n, at) not in gone:
                gone.add((n, at))
                total -= spoken_words(told[n].lines[at].text)
    kept = []
    for n, beat in enumerate(told):
        lines = tuple(line for m, line in enumerate(beat.lines) if (n, m) not in gone)
        if lines and sum(spoken_words(line.text) for line in lines) >= _LEAST_BEAT:
            kept.append(_with_lines(beat, lines))
    return kept


def _with_followers(beat: Beat, start: int) -> list[int]:
    """A line and those after it that lean on it; a list or a quote goes whole."""
    if beat.cue in ("list", "quote"):
        return list(range(len(beat.lines)))
    end = start + 1
    while end < len(beat.lines) and beat.lines[end].leans:
        end += 1
    return list(range(start, end))


def _with_lines(beat: Beat, lines: tuple[Line, ...]) -> Beat:
    return Beat(beat.section, beat.block, lines, beat.cue, beat.items, beat.code)


def _chapters(digest: Digest, told: list[Beat], sections: list[Section]) -> dict[str, str]:
    """A chapter at the first beat under each top heading, the first at the start."""
    chapter_of = {s.index: s.chapter for s in digest.sections}
    title_of: dict[int, str] = {}
    for heading in digest.sections:
        title_of.setdefault(heading.chapter, heading.title)
    found: dict[str, str] = {}
    seen: set[int] = set()
    for beat, section in zip(told, sections, strict=False):
        chapter = chapter_of[beat.section]
        if chapter not in seen:
            seen.add(chapter)
            title = title_of[chapter] or digest.lexicon.phrase("chapter_intro") or digest.title
            found[section.section_id] = title
    return found
