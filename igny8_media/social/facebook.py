"""Facebook: as one would tell it to friends, with a question and the link."""

from igny8_media.social.model import Platform
from igny8_media.social.rules import RULES
from igny8_media.writing.material import ESSENTIAL, Draft, Material

_RULES = RULES[Platform.FACEBOOK]


def write(material: Material, tags: tuple[str, ...]) -> tuple[str, str]:
    """The post's text and its call to action."""
    draft = Draft()
    opening = material.intro(draft, 300, most=4)
    if opening:
        draft.take(opening, ESSENTIAL)
    else:
        material.open(draft, 200)
    for point in material.points(draft, 1, 190, most=2):
        draft.take(point, 3)
    question = material.phrase("facebook_question")
    draft.add(question, 5)
    draft.add(material.link_phrase("read_more_facebook"), ESSENTIAL)
    draft.add(" ".join(tags), 2)
    return draft.text(int(_RULES.target * 1.3)), question
