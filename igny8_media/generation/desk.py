"""One post being written: each part asked for, checked, and put together with what is ours."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from igny8_media.ai.text import Answer, Usage
from igny8_media.ai.text_router import TextRouter
from igny8_media.articles.model import Article
from igny8_media.generation.checks import crosses, founded_tags, unsure, wrong
from igny8_media.generation.drafts import (
    HashtagsDraft,
    HeadlineDraft,
    PostDraft,
    SlidesDraft,
    ThreadDraft,
)
from igny8_media.generation.functions import (
    PostAssignment,
    adapt_content_for_social,
    generate_carousel_slides,
    generate_hashtags,
    generate_headline,
    generate_twitter_thread,
)
from igny8_media.generation.parts import SAME_AGAIN, Call, Log, Part, made
from igny8_media.generation.phrases import Phrases
from igny8_media.social.length import length
from igny8_media.social.model import Platform, Slide, SocialPost
from igny8_media.social.rules import RULES
from igny8_media.social.validate import problems
from igny8_media.social.variation import is_fresh

_NUMBERING: Final = 8  # two line breaks and "10/10" at most
_LONGEST: Final = 1.6
"""Times the target: a text over this is not native to its platform, though it may be allowed."""
_HEADING, _BODY = 60, 170

_LINK_LINES: Final[dict[Platform, Callable[[Phrases], str]]] = {
    Platform.LINKEDIN: lambda p: p.link_phrase("read_more"),
    Platform.TWITTER: lambda p: p.link,
    Platform.FACEBOOK: lambda p: p.link_phrase("read_more_facebook"),
    Platform.INSTAGRAM: lambda p: f"📌 {call}" if (call := p.call("instagram_save")) else "",
    Platform.TIKTOK: lambda p: p.call("tiktok_call"),
}


@dataclass(frozen=True)
class Written:
    """A post and how it came to be; `usage` includes what was not kept."""

    post: SocialPost
    calls: tuple[Call, ...]
    usage: Usage
    facts: dict[str, Any]


class Desk:
    """One post being written; `known` is what it may say, `said` what it must not say again."""

    def __init__(
        self,
        router: TextRouter,
        task: PostAssignment,
        base: SocialPost,
        known: Article,
        said: Sequence[str] = (),
    ) -> None:
        self.router, self.task, self.base, self.known = router, task, base, known
        self.said = said
        self.rules = RULES[task.platform]
        self.phrases = Phrases(task.article, task.language)
        self.log = Log()
        self.whole = True

    def written(self, post: SocialPost) -> Written:
        return Written(
            post.model_copy(update={"notes": (*post.notes, *self.log.notes)}),
            tuple(self.log.calls),
            self.log.usage,
            self.log.facts,
        )

    def post(self) -> SocialPost:
        abroad = crosses(self.task.article, self.task.language)
        shell = self._shell() if abroad else self.base
        post = self._with_slides(self._reworded(shell, self._hashtags()))
        if abroad and not self.whole:
            # Half of it in one language and half in another would be worse than either.
            self.log.drop()
            self.log.notes.append(
                f"The post is in {self.base.language}: not all of it could be written in "
                f"{self.task.language}."
            )
            return self.base
        if post == self.base or not self.log.served:
            return self.base
        texts = (post.headline, post.post_text, *post.thread)
        slides = (text for slide in post.slides for text in (slide.heading, slide.body))
        self.log.notes += unsure((*texts, *slides), self.task.article, self.task.language)
        return post.model_copy(update={"writer": self.log.served})

    def reworded(self) -> SocialPost | None:
        """The base with another text, or None where no model wrote one."""
        post = self._reworded(self.base, self.base.hashtags)
        if not self.whole:
            return None
        if (post.post_text, post.thread) == (self.base.post_text, self.base.thread):
            self.log.reasons.append(SAME_AGAIN)
            return None
        texts = (post.post_text, *post.thread)
        self.log.notes += unsure(texts, self.task.article, self.task.language)
        return post.model_copy(update={"writer": self.log.served})

    def _reworded(self, shell: SocialPost, tags: tuple[str, ...]) -> SocialPost:
        return self._thread(shell, tags) if self.base.thread else self._text(shell, tags)

    def _wrong(self, text: str) -> list[str]:
        return wrong(text, self.known, self.task.brand, self.task.language)

    def _again(self, post: SocialPost) -> list[str]:
        if is_fresh("\n".join(post.thread or (post.post_text,)), self.said):
            return []
        return [
            "It is too like an earlier post; begin with another point, and write other sentences."
        ]

    def _shell(self) -> SocialPost:
        """What is around the text, in the language of the post."""

        def faults(draft: HeadlineDraft) -> list[str]:
            size = len(draft.headline.strip())
            long = [f"It has {size} characters and may have {_HEADING}; shorten it."]
            return [*self._wrong(draft.headline), *(long if size > _HEADING else ())]

        part = Part(
            "generate_headline",
            "The line on the picture was chosen",
            lambda repair: generate_headline(self.router, self.task, repair),
            faults,
        )
        answer = made(part, self.log)
        if answer is None:
            self.whole = False
            return self.base
        line = answer.value.headline.strip()
        slides = self.base.slides
        if slides:
            closing = Slide(
                kind="closing",
                heading=self.phrases.phrase("closing_slide") or line,
                body=self.phrases.call("closing_slide_body") or self.phrases.link,
            )
            slides = (Slide(kind="title", heading=line), *slides[1:-1], closing)
        return self.base.model_copy(
            update={
                "headline": line,
                "alt_text": self.phrases.phrase("title_card_alt", headline=line) or line,
                "slides": slides,
                "language": self.task.language,
            }
        )

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
        if crosses(self.task.article, self.task.language):
            return tuple(chosen)
        known = {tag.casefold() for tag in chosen}
        chosen |= dict.fromkeys(t for t in self.base.hashtags if t.casefold() not in known)
        return tuple(chosen)[:most]

    def _text(self, shell: SocialPost, tags: tuple[str, ...]) -> SocialPost:
        if self.task.platform is Platform.TWITTER:
            tags = tags[:1]
        tail = [_LINK_LINES[self.task.platform](self.phrases), " ".join(tags)]

        def composed(draft: PostDraft) -> SocialPost:
            lines = [draft.text.strip(), draft.call_to_action.strip(), *tail]
            text = "\n\n".join(filter(None, lines))
            return shell.model_copy(
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
                *self._again(composed(draft)),
            ]

        part = Part(
            "adapt_content_for_social",
            "The text was written",
            lambda repair: adapt_content_for_social(self.router, self.task, limit, repair),
            faults,
        )
        return self._made(part, composed, shell)

    def _made(
        self,
        part: Part[Answer],
        composed: Callable[[Answer], SocialPost],
        otherwise: SocialPost,
    ) -> SocialPost:
        answer = made(part, self.log)
        if answer is None:
            self.whole = False
            return otherwise
        return composed(answer.value)

    def _thread(self, shell: SocialPost, tags: tuple[str, ...]) -> SocialPost:
        call = self.phrases.link_phrase("thread_end") or self.phrases.call("thread_end")
        tail = "\n\n".join(filter(None, [call, " ".join(tags)]))
        room = self.rules.limit - _NUMBERING
        # The link stands in the last part alone, but which that is, the model decides.
        limit = room - (length(tail, Platform.TWITTER) + 2 if tail else 0)

        def composed(draft: ThreadDraft) -> SocialPost:
            texts = [part.strip() for part in draft.parts]
            texts[-1] = "\n\n".join(filter(None, [texts[-1], tail]))
            numbered = tuple(f"{t}\n\n{n}/{len(texts)}" for n, t in enumerate(texts, 1))
            return shell.model_copy(
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
            return [*found, *problems(composed(draft)), *self._again(composed(draft))]

        part = Part(
            "generate_twitter_thread",
            "The thread was written",
            lambda repair: generate_twitter_thread(self.router, self.task, limit, repair),
            faults,
        )
        return self._made(part, composed, shell)

    def _with_slides(self, post: SocialPost) -> SocialPost:
        if not self.base.slides:
            return post
        first, last = post.slides[0], post.slides[-1]

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
        return self._made(part, composed, post)
