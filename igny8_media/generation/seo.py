"""What stands beside a video, by a model: held to what the video says and to each place's rules.

Chapters, links, credits and the music's line are ours and stand behind the model's description.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from igny8_media.ai.text_router import TextRouter
from igny8_media.articles.model import Article, Paragraph
from igny8_media.generation.asking import Assignment
from igny8_media.generation.checks import founded_tags, founded_terms, wrong
from igny8_media.generation.drafts import SeoDraft
from igny8_media.generation.parts import Log, Part, made
from igny8_media.generation.untrusted import defused
from igny8_media.generation.video_functions import generate_video_seo
from igny8_media.scripts.seo import VideoMetadata, Words, problems
from igny8_media.scripts.targets import TARGET_RULES
from igny8_media.social.brand import Brand
from igny8_media.video.model import VideoScript, VideoTarget

_AIM: Final = (400, 200)
_MOST: Final = (1500, 600)
"""Characters of a description with a title above it, and of a caption: allowed is more, read is
less."""
_LONGEST_TITLE: Final = 100
_ANGLES: Final = re.compile("[<>]")

Compose = Callable[[Words | None], VideoMetadata]
"""The metadata of one target, with these words in place of the extractive ones."""


@dataclass(frozen=True)
class Told:
    """The metadata of one target, with who wrote it ("extractive", or provider and model)."""

    metadata: VideoMetadata
    writer: str


class SeoWriter:
    """Writes for one video; `log` is what happened so far."""

    def __init__(
        self, router: TextRouter, brand: Brand, article: Article, script: VideoScript
    ) -> None:
        self._router, self.log = router, Log()
        shown, notes = defused(as_article(script, article))
        self.log.notes += notes
        self._task = Assignment(shown, brand, script.language)
        same = article.language == script.language
        self._known = shown.model_copy(
            update={"blocks": (*shown.blocks, *(defused(article)[0].blocks if same else ()))}
        )

    def write(self, target: VideoTarget, compose: Compose) -> Told:
        rules = TARGET_RULES[target]
        caption = not rules.title
        aim, most = _AIM[caption], _MOST[caption]
        base = compose(None)

        def words(draft: SeoDraft) -> Words:
            return Words(
                title=draft.title.strip(),
                description=draft.description.strip(),
                tags=self._terms(draft.tags),
                hashtags=self._tags(draft.hashtags, rules.hashtags),
            )

        def faults(draft: SeoDraft) -> list[str]:
            found = self._wrong(draft.description)
            if _ANGLES.search(draft.title + draft.description):
                found.append("It has < or >, which YouTube refuses; write it in words.")
            if len(draft.description) > most:
                found.append(
                    f"The description has {len(draft.description)} characters and may have {most}; "
                    "shorten it."
                )
            if rules.title:
                found += self._wrong(draft.title)
                if len(draft.title.strip()) > min(rules.title, _LONGEST_TITLE):
                    found.append(
                        f"The title has more than {_LONGEST_TITLE} characters; shorten it."
                    )
            composed = compose(words(draft))
            if not found and draft.description.strip() not in composed.description:
                found.append("The description is too long for what stands behind it; shorten it.")
            return [*found, *problems(composed)]

        part = Part(
            "generate_video_seo",
            f"What stands beside the video on {target} was written",
            lambda repair: generate_video_seo(self._router, self._task, rules, aim, most, repair),
            faults,
        )
        answer = made(part, self.log)
        if answer is None:
            return Told(base, "extractive")
        return Told(compose(words(answer.value)), f"{answer.provider} {answer.model}")

    def _wrong(self, text: str) -> list[str]:
        return wrong(text, self._known, self._task.brand)

    def _terms(self, terms: tuple[str, ...]) -> tuple[str, ...]:
        clean = tuple(term for term in terms if term.strip() and not self._wrong(term))
        return founded_terms(clean, self._known)

    def _tags(self, tags: tuple[str, ...], most: int) -> tuple[str, ...]:
        clean = tuple(tag for tag in tags if tag.strip() and not self._wrong(tag.lstrip("#")))
        return founded_tags(clean, self._known, most)


def as_article(script: VideoScript, article: Article) -> Article:
    """What a video says, as the text to write about: also where a person changed the script."""
    changes: dict[str, Any] = {
        "title": script.title,
        "meta_description": script.description,
        "language": script.language,
        "blocks": tuple(Paragraph(text=section.narration) for section in script.sections),
    }
    if script.language != article.language:
        changes["target_keywords"] = ()
    return article.model_copy(update=changes)
