"""The long script: the article told in its own order."""

from igny8_media.articles.model import Article
from igny8_media.imaging.shorttitle import short_title as few_words
from igny8_media.scripts.assembly import assemble
from igny8_media.scripts.beats import Beat, Line, beats, spoken_words
from igny8_media.scripts.dressing import Dresser, short_title
from igny8_media.video.model import Section, VideoScript
from igny8_media.writing.digest import Digest

_LEAST_BEAT = 4  # words


def available_seconds(digest: Digest, words_per_minute: float) -> float:
    """How long everything that can be spoken would take."""
    return sum(spoken_words(beat.text) for beat in beats(digest)) * 60 / words_per_minute


def write_long(
    article: Article, digest: Digest, words_per_minute: float, most: float
) -> VideoScript:
    """A script of at most `most` seconds; what matters least is left out."""
    farewell = digest.lexicon.call("spoken_outro_long", article.id, article.canonical_url)
    room = most * words_per_minute / 60 - spoken_words(farewell)
    told = _within(beats(digest), room)
    dresser = Dresser(article, digest, chapters=True)
    # Who comes from a search sees that this is the video, also where its title is long.
    title = short_title(digest.title, article.language) or few_words(digest.title)
    sections: list[Section] = []
    for number, beat in enumerate(told):
        kind = _kind(number, beat, len(told), farewell)
        first = title if number == 0 else ""
        sections.append(dresser.dress(number + 1, beat, kind, words_per_minute, overlay=first))
    if farewell:
        beat = Beat(-1, -1, (Line(farewell, 1.0),))
        last = digest.lexicon.call("outro_card", article.id, article.canonical_url)
        sections.append(
            dresser.dress(len(sections) + 1, beat, "outro", words_per_minute, overlay=last)
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
    flat = [(n, m) for n, beat in enumerate(told) for m in range(len(beat.lines))]
    order = sorted(range(len(flat)), key=lambda at: told[flat[at][0]].lines[flat[at][1]].score)
    gone: set[tuple[int, int]] = set()
    for at in order:
        if total <= room:
            break
        if flat[at][0] == 0 or flat[at] in gone:
            continue
        for n, m in _with_followers(told, flat, at):
            if (n, m) not in gone:
                gone.add((n, m))
                total -= spoken_words(told[n].lines[m].text)
    kept = []
    for n, beat in enumerate(told):
        lines = tuple(line for m, line in enumerate(beat.lines) if (n, m) not in gone)
        if lines and sum(spoken_words(line.text) for line in lines) >= _LEAST_BEAT:
            kept.append(_with_lines(beat, lines))
    return kept


def _with_followers(
    told: list[Beat], flat: list[tuple[int, int]], start: int
) -> list[tuple[int, int]]:
    """A line and those after it that lean on it; a list or a quote goes whole."""
    first, last = start, start + 1
    number = flat[start][0]
    if told[number].cue in ("list", "quote"):
        while first and flat[first - 1][0] == number:
            first -= 1
        while last < len(flat) and flat[last][0] == number:
            last += 1
    while last < len(flat) and told[flat[last][0]].lines[flat[last][1]].leans:
        last += 1
    return flat[first:last]


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
