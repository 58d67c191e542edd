"""A script for a voice of another pace than was thought.

A model's script was paid for, so nobody is asked for another one: whole sentences of it leave, or
the article's own come in.
"""

from typing import Final

from igny8_media.articles.model import Article
from igny8_media.scripts.assembly import WRITER, chapters_of, with_sections
from igny8_media.scripts.dressing import seconds
from igny8_media.scripts.writer import estimates, write_script
from igny8_media.video.model import Section, VideoForm, VideoScript
from igny8_media.writing.passages import join
from igny8_media.writing.sentences import split

_ALIKE: Final = 0.6
"""Of a section's longer words, how many another one has that says the same."""
_PLAIN: Final = ("animated_text", "title_card", "image")


def rewritten(
    script: VideoScript, article: Article, form: VideoForm, words_per_minute: float
) -> VideoScript | None:
    """The script for a voice of that pace, the same for the same pace; None if there is none."""
    again = write_script(article, form, words_per_minute)
    if not isinstance(again, VideoScript):
        return None
    if script.writer == WRITER:
        return again
    low, high = estimates(form)
    sections = [_timed(section, words_per_minute) for section in script.sections]
    while _total(sections) > high and (shorter := _without_one(sections, script.language)):
        sections = [_timed(section, words_per_minute) for section in shorter]
    if script.language == article.language:
        sections = _filled(sections, again.sections, (low, high))
    if low <= _total(sections) <= high:
        return with_sections(script, sections, chapters_of(script))
    if script.language != article.language:
        return None
    note = "The voice is too fast or too slow for the model's script: the article's own is spoken."
    return again.model_copy(update={"notes": (*again.notes, note)})


def _timed(section: Section, words_per_minute: float) -> Section:
    length = seconds(section.narration, words_per_minute)
    return section.model_copy(update={"duration_estimate": length})


def _total(sections: list[Section]) -> float:
    return sum(section.duration_estimate for section in sections)


def _without_one(sections: list[Section], language: str) -> list[Section] | None:
    """Without the last sentence of the longest section that has several, else without a point."""
    said = {s.section_id: split(s.narration, language) for s in sections if s.type != "outro"}
    several = [s for s in sections if len(said.get(s.section_id, ())) > 1]
    if several:
        # What is on screen of the others may be in the sentence that would go.
        longest = max(several, key=lambda s: (s.visual_cue in _PLAIN, s.duration_estimate))
        left = join(*said[longest.section_id][:-1])
        return [s.model_copy(update={"narration": left}) if s is longest else s for s in sections]
    points = [s for s in sections if s.type == "point"]
    return [s for s in sections if s is not points[-1]] if points else None


def _filled(
    sections: list[Section], own: tuple[Section, ...], bounds: tuple[float, float]
) -> list[Section]:
    """With the article's own points that are not told yet, as many as are needed."""
    low, high = bounds
    for point in own:
        total = _total(sections)
        if total >= low:
            break
        fits = total + point.duration_estimate <= high
        shown = any(point.image and point.image == section.image for section in sections)
        if point.type != "point" or not fits or shown or _told(point, sections):
            continue
        at = len(sections) - (sections[-1].type == "outro")
        added = point.model_copy(update={"section_id": f"{point.section_id}-own"})
        sections = [*sections[:at], added, *sections[at:]]
    return sections


def _told(point: Section, sections: list[Section]) -> bool:
    words = _words(point.narration)
    return any(len(words & _words(s.narration)) >= _ALIKE * len(words) for s in sections)


def _words(text: str) -> frozenset[str]:
    return frozenset(w for w in text.casefold().split() if len(w) > 3)
