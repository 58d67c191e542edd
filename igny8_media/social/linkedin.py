"""LinkedIn: the insight first, then the reasons, a question to peers, the link."""

from igny8_media.social.length import length
from igny8_media.social.model import Platform
from igny8_media.social.rules import RULES
from igny8_media.writing.material import ESSENTIAL, Draft, Material, bullet_lines

_RULES = RULES[Platform.LINKEDIN]
_SIGN = "→"


def write(material: Material, tags: tuple[str, ...]) -> tuple[str, str]:
    """The post's text and its call to action."""
    draft = Draft()
    material.open(draft, 170)
    draft.take(material.intro(draft, 330), 5)
    if material.instructs:
        _takeaways(material, draft)
    else:
        for point in material.points(draft, 3, 270, most=3):
            draft.take(point, 3)
    draft.take(material.closing(draft, 230), 4)
    question = material.phrase("linkedin_question")
    draft.add(question, 6)
    draft.add(material.link_phrase("read_more"), ESSENTIAL)
    draft.add(" ".join(tags), 7)
    target = int(_RULES.target * 1.15)
    return draft.text(target, lambda text: length(text, Platform.LINKEDIN)), question


def _takeaways(material: Material, draft: Draft) -> None:
    """The article's own steps; else points as lines under a label, or its own list."""
    if material.steps:
        material.take_list(draft, material.steps, _SIGN, 6)
        return
    points = material.points(draft, 4, 190, most=2)
    if len(points) >= 3:
        for point in points:
            draft.used |= point.indices
        lines = bullet_lines([point.text for point in points], _SIGN)
        label = material.phrase("takeaways")
        draft.add(f"{label}\n\n{lines}" if label else lines, 5)
        return
    bullets = material.good_list()
    if bullets:
        material.take_list(draft, bullets, _SIGN, 5)
    for point in points:
        draft.take(point, 3)
