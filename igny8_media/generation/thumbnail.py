"""What stands behind a thumbnail's title, where the article has no picture: described by a model,
or by the article's own key phrases."""

from collections.abc import Mapping
from typing import Any, Final

import regex
from pydantic import Field

from igny8_media.ai.text_router import Answered, TextRouter
from igny8_media.articles.model import Article
from igny8_media.frozen import Frozen
from igny8_media.generation.asking import Assignment, Repair, ask
from igny8_media.generation.parts import Log, Part, made
from igny8_media.generation.prompt import THUMBNAIL_PROMPT
from igny8_media.generation.untrusted import defused, orders
from igny8_media.social.brand import Brand
from igny8_media.visuals.painting import plain
from igny8_media.writing.digest import digest
from igny8_media.writing.keyphrases import keywords

_PHRASES: Final = 5
_MOST_WORDS: Final = 90
_WRONG: Final = (
    (r"[\"“”„«»]", "It quotes something, which would be painted as letters."),
    (r"\d", "It has figures, which would be painted as such."),
    (r"https?:|www\.|\b[\w-]+\.(?:com|org|net|io)\b|[@#]\w", "It has a link or a mention."),
    (
        r"\b(?:text|letter(?:s|ing)|words?|captions?|titles?|headlines?|slogans?|logos?|watermarks?"
        r"|inscriptions?|subtitles?)\b",
        "It has something to read in it.",
    ),
)

_NAME: Final = regex.compile(r"(?<![.!?:] )(?<!^)\b\p{Lu}\p{L}+")
"""A capital within a sentence: in English a name, or made of one."""


class SceneDraft(Frozen):
    scene: str = Field(min_length=12, max_length=800)


class ThumbnailScene(Frozen):
    """`words` are the subject of a picture, without its style; `facts` who wrote them. It `lasts`
    unless a model was to write them and none answered."""

    words: str
    facts: Mapping[str, Any] = Field(default_factory=dict)
    notes: tuple[str, ...] = ()
    lasts: bool = True


def generate_video_thumbnail_prompt(
    router: TextRouter, task: Assignment, repair: Repair | None = None
) -> Answered[SceneDraft]:
    """A scene to be photographed, in English. Raises NobodyAnsweredError."""
    return ask(router, task, THUMBNAIL_PROMPT, SceneDraft, repair)


def thumbnail_scene(article: Article, brand: Brand, router: TextRouter | None) -> ThumbnailScene:
    """What is to be seen; without a router, or a usable answer, the article's key phrases."""
    safe, _ = defused(article)
    log = Log()
    if router is not None:
        task = Assignment(safe, brand, "en")
        part = Part(
            THUMBNAIL_PROMPT,
            "The thumbnail's picture is described",
            lambda repair: generate_video_thumbnail_prompt(router, task, repair),
            _faults,
        )
        answer = made(part, log)
        if answer is not None:
            return ThumbnailScene(words=f"of this: {plain(answer.value.scene)}", facts=log.facts)
    return ThumbnailScene(
        words=_own_words(safe),
        facts=log.facts if log.calls else {},
        notes=tuple(log.notes),
        lasts=not log.nobody,
    )


def _own_words(article: Article) -> str:
    read = digest(article)
    chosen: list[str] = []
    used: set[str] = set()
    for phrase in map(plain, (*keywords(article), *read.key_phrases)):
        words = set(phrase.casefold().split())
        # In German every noun looks like a name.
        named = article.language[:2] != "de" and any(map(read.is_name, phrase.split()))
        if used.isdisjoint(words) and not named:
            chosen.append(phrase)
            used |= words
    about = ", ".join(chosen[:_PHRASES])
    title = f"for an article about {plain(article.title)}"
    return f"of {about}, {title}" if about else title


def _faults(draft: SceneDraft) -> list[str]:
    found = [why for pattern, why in _WRONG if regex.search(pattern, draft.scene, regex.IGNORECASE)]
    if _NAME.search(draft.scene):
        found.append("It names somebody or something.")
    if orders(draft.scene):
        found.append("It speaks to a model.")
    if len(draft.scene.split()) > _MOST_WORDS:
        found.append(f"It is longer than {_MOST_WORDS} words.")
    return found
