"""TikTok: the hook, one thought, the call, the hashtags."""

from igny8_media.social.length import utf16_length
from igny8_media.social.model import Platform
from igny8_media.social.rules import RULES
from igny8_media.writing.material import ESSENTIAL, Draft, Material

_RULES = RULES[Platform.TIKTOK]


def write(material: Material, tags: tuple[str, ...]) -> tuple[str, str]:
    """The caption and its call to action."""
    draft = Draft()
    material.open(draft, _RULES.hook)
    for point in material.points(draft, 1, 130, most=2):
        draft.take(point, 3)
    call = material.call("tiktok_call")
    draft.add(call, ESSENTIAL)
    draft.add(" ".join(tags), ESSENTIAL)
    return draft.text(_RULES.target, utf16_length), call
