"""Instagram: the picture speaks first; the caption hooks in a line and stays warm and short."""

from igny8_media.social.model import Platform
from igny8_media.social.rules import RULES
from igny8_media.writing.material import Draft, Material, bullet_lines

_RULES = RULES[Platform.INSTAGRAM]
_SIGN = "✅"


def write(material: Material, tags: tuple[str, ...]) -> tuple[str, str]:
    """The caption and its call to action."""
    draft = Draft()
    material.open(draft, _RULES.hook, other=True)
    draft.take(material.intro(draft, 260), 5)
    bullets = material.good_list(90, 6)
    if bullets:
        material.take_list(draft, bullets, _SIGN, 6 if bullets.ordered else 4)
    else:
        points = material.points(draft, 3, 140, most=2)
        for point in points:
            draft.used |= point.indices
        if len(points) >= 2 and material.instructs:
            draft.add(bullet_lines([p.text for p in points], _SIGN), 4)
        else:
            for point in points[:2]:
                draft.add(point.text, 3)
    draft.take(material.closing(draft, 160), 2)
    call = material.call("instagram_save")
    draft.add(f"📌 {call}" if call else "", 6)
    draft.add(" ".join(tags), 7)
    return draft.text(int(_RULES.target * 1.15)), call
