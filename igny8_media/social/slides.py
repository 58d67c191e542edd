"""Carousels: a title, the points, a closing."""

from igny8_media.social.model import Slide
from igny8_media.writing.judge import is_symbols
from igny8_media.writing.material import Draft, Material
from igny8_media.writing.passages import Passage, join
from igny8_media.writing.sentences import split

_MOST_POINTS = 7
_LEAST_POINTS = 3
_HEADING = 60
_OWN_HEADING = 80
_BODY = 170
_LEAST_BODY = 30
# An article that ends on three habits is not about them, and its carousel is neither.
_LEAST_STEPS = 0.12


def slides(material: Material, headline: str) -> tuple[Slide, ...]:
    """Five to nine slides in the article's order; none where it has fewer than three points."""
    points = _steps(material) or _points(material)
    if len(points) < _LEAST_POINTS:
        return ()
    title = Slide(kind="title", heading=headline, body=_subtitle(material, headline))
    return (title, *points, _closing(material, headline))


def _steps(material: Material) -> list[Slide]:
    """A slide for each step of a how-to, with what is said of it besides what is no words."""
    steps = material.steps if material.instructs else None
    if steps is None or material.share_of_steps < _LEAST_STEPS or len(steps.items) > _MOST_POINTS:
        return []
    whole = next(b for b in material.digest.lists if b.block == steps.block)
    made = []
    for number, (head, item) in enumerate(zip(whole.heads, whole.items, strict=True), 1):
        heading = f"{number}. {head}"
        if len(heading) > _OWN_HEADING or is_symbols(head):
            return []
        body = ""
        for sentence in split(item, material.digest.language)[1:]:
            longer = join(body, sentence)
            if is_symbols(sentence) or len(longer) > _BODY:
                break
            body = longer
        made.append(Slide(kind="point", heading=heading, body=body))
    return made


def _points(material: Material) -> list[Slide]:
    found = material.points(Draft(), _MOST_POINTS + 3, _BODY)
    titles = {s.index: s.title for s in material.digest.sections}
    made: list[Slide] = []
    seen: set[str] = set()
    for point in found:
        title = titles[point.section]
        if title and len(title) <= _HEADING and title not in seen:
            seen.add(title)
            made.append(Slide(kind="point", heading=title, body=point.text))
        elif slide := _own_heading(point):
            made.append(slide)
    return made[:_MOST_POINTS]


def _own_heading(point: Passage) -> Slide | None:
    """A point without a heading: its first sentence is one, if it is short."""
    first = point.sentences[0].short
    body = point.text[len(first) :].strip()
    if len(first) > _OWN_HEADING or 0 < len(body) < _LEAST_BODY:
        return None
    return Slide(kind="point", heading=first, body=body)


def _subtitle(material: Material, headline: str) -> str:
    """The rest of a shortened title, or a short line of the author's summary."""
    whole = material.digest.title
    if whole != headline and whole.startswith(headline):
        rest = whole[len(headline) :].lstrip(" :–—-,|：")
        if rest:
            return rest[0].upper() + rest[1:]
    return next((text for text in material.description if len(text) <= 120), "")


def _closing(material: Material, headline: str) -> Slide:
    heading, body = material.phrase("closing_slide"), material.call("closing_slide_body")
    if not heading:
        return Slide(kind="closing", heading=headline, body=material.link or "")
    return Slide(kind="closing", heading=heading, body=body)
