"""A writer with a model: what it writes is held to the article and to the platform's rules.

The extractive writer's post stands beneath: it decides the kind of post, and each part that no
model could write well is its part.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from igny8_media.ai.text import Usage
from igny8_media.ai.text_router import TextRouter
from igny8_media.articles.model import Article
from igny8_media.generation.checks import founded_tags, wrong
from igny8_media.generation.drafts import HashtagsDraft, PostDraft, SlidesDraft, ThreadDraft
from igny8_media.generation.functions import (
    Assignment,
    adapt_content_for_social,
    generate_carousel_slides,
    generate_hashtags,
    generate_twitter_thread,
)
from igny8_media.generation.parts import Call, Log, Part, made
from igny8_media.generation.untrusted import defused
from igny8_media.social.brand import Brand
from igny8_media.social.length import length
from igny8_media.social.model import Platform, Slide, SocialPost
from igny8_media.social.rules import RULES
from igny8_media.social.validate import problems
from igny8_media.social.writer import ExtractiveWriter
from igny8_media.writing.material import Material

_NUMBERING: Final = 8  # two line breaks and "10/10" at most
_LONGEST: Final = 1.6
"""Times the target: a text over this is not native to its platform, though it may be allowed."""
_HEADING, _BODY = 60, 170

_LINK_LINES: Final[dict[Platform, Callable[[Material], str]]] = {
    Platform.LINKEDIN: lambda m: m.link_phrase("read_more"),
    Platform.TWITTER: lambda m: m.link or "",
    Platform.FACEBOOK: lambda m: m.link_phrase("read_more_facebook"),
    Platform.INSTAGRAM: lambda m: f"📌 {call}" if (call := m.call("instagram_save")) else "",
    Platform.TIKTOK: lambda m: m.call("tiktok_call"),
}


@dataclass(frozen=True)
class Written:
    """A post and how it came to be; `usage` includes what was not kept."""

    post: SocialPost
    calls: tuple[Call, ...]
    usage: Usage

    @property
    def facts(self) -> dict[str, Any]:
        """For the post's record: who was asked, by which prompts, what it used."""
        return {
            "calls": len(self.calls),
            "input_tokens": self.usage.input_tokens,
            "output_tokens": self.usage.output_tokens,
            "functions": ", ".join(dict.fromkeys(c.function for c in self.calls if c.kept)),
            "served_by": ", ".join(dict.fromkeys(f"{c.provider} {c.model}" for c in self.calls)),
        }


class GeneratedWriter:
    """Keeps the contract of PostWriter; raises as the extractive writer does."""

    name = "generated"

    def __init__(self, router: TextRouter, brand: Brand) -> None:
        self._router, self._brand = router, brand
        self._extractive = ExtractiveWriter()

    def write(self, article: Article, platform: Platform) -> SocialPost:
        return self.compose(article, platform).post

    def compose(self, article: Article, platform: Platform) -> Written:
        """The post, who served each part of it, and what that used."""
        safe, notes = defused(article)
        base = self._extractive.write(safe, platform)
        desk = _Desk(self._router, Assignment(safe, platform, self._brand), base)
        post = desk.post()
        post = post.model_copy(update={"notes": (*base.notes, *notes, *desk.log.notes)})
        return Written(post, tuple(desk.log.calls), desk.log.usage)


class _Desk:
    """One post being written."""

    def __init__(self, router: TextRouter, task: Assignment, base: SocialPost) -> None:
        self.router, self.task, self.base = router, task, base
        self.rules = RULES[task.platform]
        self.material = Material(task.article)
        self.log = Log()

    def post(self) -> SocialPost:
        text = self._thread if self.base.thread else self._text
        post = self._with_slides(text(self._hashtags()))
        kept = [call for call in self.log.calls if call.kept]
        if post == self.base or not kept:
            return self.base
        served = dict.fromkeys(f"{call.provider} {call.model}" for call in kept)
        return post.model_copy(update={"writer": ", ".join(served)})

    def _wrong(self, text: str) -> list[str]:
        return wrong(text, self.task.article, self.task.brand)

    def _hashtags(self) -> tuple[str, ...]:
        """Those of the model that are founded, filled up with the extractive writer's."""
        most = self.rules.hashtags[1]

        def founded(draft: HashtagsDraft) -> tuple[str, ...]:
            clean = [tag for tag in draft.hashtags if not self._wrong(tag.lstrip("#"))]
            return founded_tags(tuple(clean), self.task.article, most)

        part = Part(
            "generate_hashtags",
            "Its hashtags were chosen",
            lambda repair: generate_hashtags(self.router, self.task, repair),
            lambda draft: (
                [] if founded(draft) or not most else ["None is made of words of the article."]
            ),
        )
        answer = made(part, self.log)
        if answer is None:
            return self.base.hashtags
        chosen = dict.fromkeys(founded(answer.value))
        known = {tag.casefold() for tag in chosen}
        chosen |= dict.fromkeys(t for t in self.base.hashtags if t.casefold() not in known)
        return tuple(chosen)[:most]

    def _text(self, tags: tuple[str, ...]) -> SocialPost:
        if self.task.platform is Platform.TWITTER:
            tags = tags[:1]
        tail = [_LINK_LINES[self.task.platform](self.material), " ".join(tags)]

        def composed(draft: PostDraft) -> SocialPost:
            lines = [draft.text.strip(), draft.call_to_action.strip(), *tail]
            text = "\n\n".join(filter(None, lines))
            return self.base.model_copy(
                update={
                    "post_text": text,
                    "hashtags": tags,
                    "call_to_action": draft.call_to_action.strip(),
                }
            )

        around = length("\n\n".join(filter(None, ["", *tail])) + "\n\n", self.task.platform)
        limit = min(self.rules.limit - around, int(self.rules.target * _LONGEST))

        def faults(draft: PostDraft) -> list[str]:
            own = "\n\n".join(filter(None, [draft.text.strip(), draft.call_to_action.strip()]))
            size = length(own, self.task.platform)
            over = [f"It is {size} characters long and may be {limit}; shorten it."]
            return [
                *self._wrong(draft.text),
                *(self._wrong(draft.call_to_action) if draft.call_to_action.strip() else ()),
                *(over if size > limit else ()),
                *problems(composed(draft)),
            ]

        part = Part(
            "adapt_content_for_social",
            "The text was written",
            lambda repair: adapt_content_for_social(self.router, self.task, limit, repair),
            faults,
        )
        answer = made(part, self.log)
        return composed(answer.value) if answer else self.base

    def _thread(self, tags: tuple[str, ...]) -> SocialPost:
        call = self.material.link_phrase("thread_end") or self.material.call("thread_end")
        tail = "\n\n".join(filter(None, [call, " ".join(tags)]))
        room = self.rules.limit - _NUMBERING
        # The link stands in the last part alone, but which that is, the model decides.
        limit = room - (length(tail, Platform.TWITTER) + 2 if tail else 0)

        def composed(draft: ThreadDraft) -> SocialPost:
            texts = [part.strip() for part in draft.parts]
            texts[-1] = "\n\n".join(filter(None, [texts[-1], tail]))
            numbered = tuple(f"{t}\n\n{n}/{len(texts)}" for n, t in enumerate(texts, 1))
            return self.base.model_copy(
                update={
                    "post_text": numbered[0],
                    "thread": numbered,
                    "hashtags": tags,
                    "call_to_action": call,
                }
            )

        def faults(draft: ThreadDraft) -> list[str]:
            fewest, most = self.rules.thread or (2, 2)
            found = [problem for text in draft.parts for problem in self._wrong(text)]
            if not fewest <= len(draft.parts) <= most:
                found.append(f"There are {len(draft.parts)} parts; write {fewest} to {most}.")
            return [*found, *problems(composed(draft))]

        part = Part(
            "generate_twitter_thread",
            "The thread was written",
            lambda repair: generate_twitter_thread(self.router, self.task, limit, repair),
            faults,
        )
        answer = made(part, self.log)
        return composed(answer.value) if answer else self.base

    def _with_slides(self, post: SocialPost) -> SocialPost:
        if not self.base.slides:
            return post
        first, last = self.base.slides[0], self.base.slides[-1]

        def composed(draft: SlidesDraft) -> SocialPost:
            inner = [
                Slide(kind="point", heading=s.heading.strip(), body=s.body.strip())
                for s in draft.slides
            ]
            return post.model_copy(update={"slides": (first, *inner, last)})

        def faults(draft: SlidesDraft) -> list[str]:
            found = []
            for number, slide in enumerate(draft.slides, 1):
                texts = [(slide.heading, _HEADING, "heading"), (slide.body, _BODY, "body")]
                for text, most, name in texts:
                    if text.strip():
                        found += self._wrong(text)
                    if len(text.strip()) > most:
                        found.append(
                            f"The {name} of slide {number} has {len(text)} characters and may "
                            f"have {most}; shorten it."
                        )
            return [*found, *problems(composed(draft))]

        part = Part(
            "generate_carousel_slides",
            "The slides were written",
            lambda repair: generate_carousel_slides(self.router, self.task, repair),
            faults,
        )
        answer = made(part, self.log)
        return composed(answer.value) if answer else post
