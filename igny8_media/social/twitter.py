"""X: one strong sentence and the link, or a numbered thread where the article carries it."""

from igny8_media.social.length import weighted_length
from igny8_media.social.model import Platform
from igny8_media.social.rules import RULES
from igny8_media.writing.material import ESSENTIAL, Draft, Material
from igny8_media.writing.passages import Passage

_RULES = RULES[Platform.TWITTER]
_NUMBERING = 8  # two line breaks and "10/10" at most
_LEAST_POINT = 70


def write_single(material: Material, tags: tuple[str, ...]) -> tuple[str, str]:
    """The post's text and its call to action."""
    draft = Draft()
    tail = [material.link or "", " ".join(tags[:1])]
    ends = "\n\n".join(text for text in tail if text)
    room = _RULES.limit - (weighted_length(ends) + 2 if ends else 0)
    material.open(draft, room, measure=weighted_length)
    for text in tail:
        draft.add(text, ESSENTIAL if text == material.link else 1)
    return draft.text(_RULES.limit, weighted_length), ""


def write_thread(material: Material, tags: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """The numbered parts and the call to action; no parts if the article does not carry them."""
    if _RULES.thread is None:
        return (), ""
    fewest, most = _RULES.thread
    room = _RULES.limit - _NUMBERING
    first = Draft()
    start = material.phrase("thread_start")
    material.open(
        first, room - (weighted_length(start) + 2 if start else 0), measure=weighted_length
    )
    opener = "\n\n".join([text for _, text in first.paragraphs] + ([start] if start else []))

    end = material.link_phrase("thread_end") or material.call("thread_end")
    last_lines = [end, " ".join(tags)]
    tail = "\n\n".join(line for line in last_lines if line)
    closing_room = room - (weighted_length(tail) + 2 if tail else 0)
    closing = material.closing(first, closing_room, weighted_length)
    if closing:
        first.used |= closing.indices

    follows = material.follow(first, room, measure=weighted_length)
    if follows and not follows.sentences[0].standalone:
        follows = None  # each part may be met by itself
    if follows:
        first.used |= follows.indices
    points = [p for p in _points(material, first, room, most - 2 - bool(follows)) if _carries(p)]
    if follows:
        points.insert(0, follows)
    parts = [opener, *(p.text for p in points)]
    if closing or material.link:
        parts.append("\n\n".join(text for text in (closing.text if closing else "", tail) if text))
    else:
        parts[-1] = _with_what_fits(parts[-1], last_lines, room)
    if len(points) < fewest - 1 or not fewest <= len(parts) <= most:
        return (), ""
    total = len(parts)
    numbered = tuple(f"{text}\n\n{number}/{total}" for number, text in enumerate(parts, 1))
    return numbered, end if end in parts[-1] else ""


def _with_what_fits(text: str, lines: list[str], room: int) -> str:
    """A part with the lines that it has room for: alone, they would be a post that says nothing."""
    for line in filter(None, lines):
        longer = f"{text}\n\n{line}"
        if weighted_length(longer) <= room:
            text = longer
    return text


def _points(material: Material, draft: Draft, room: int, most: int) -> list[Passage]:
    return material.points(draft, most, room, measure=weighted_length, most=4)


def _carries(point: Passage) -> bool:
    return weighted_length(point.text) >= _LEAST_POINT
