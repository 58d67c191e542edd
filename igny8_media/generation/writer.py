"""A writer with a model: what it writes is held to the article and to the platform's rules.

The extractive writer's post stands beneath: it decides the kind of post, and each part that no
model could write well is its part.
"""

from collections.abc import Sequence
from typing import Final

from igny8_media.ai.text_router import TextRouter
from igny8_media.articles.model import Article
from igny8_media.errors import OutsideError
from igny8_media.generation.asking import Revision
from igny8_media.generation.checks import besides
from igny8_media.generation.desk import Desk, Written
from igny8_media.generation.functions import (
    PostAssignment,
)
from igny8_media.generation.untrusted import defused
from igny8_media.social.brand import Brand
from igny8_media.social.model import Platform, SocialPost
from igny8_media.social.variation import texts_of, words_of
from igny8_media.social.writer import ExtractiveWriter

_MOST_SHOWN: Final = 3000
"""Characters of earlier posts: about 1,000 tokens."""


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
        language = self._brand.language or article.language
        task = PostAssignment(safe, self._brand, language, platform=platform)
        desk = Desk(self._router, task, base, safe)
        post = desk.post()
        return desk.written(post.model_copy(update={"notes": (*base.notes, *notes)}))

    def rewrite(
        self, article: Article, post: SocialPost, instruction: str, *, by_person: bool
    ) -> Written:
        """The same post with other words, as an instruction wants them; hashtags, headline and
        slides stay, for pictures were drawn of them.

        What a person wrote into the post (`by_person`) may be said again, whatever the article
        says. Raises OutsideError where no model wrote anything that may stand.
        """
        safe, notes = defused(article)
        before = {"parts": post.thread} if post.thread else {"text": post.post_text}
        revision = Revision(before, instruction)
        task = PostAssignment(safe, self._brand, post.language, revision, platform=post.platform)
        said = "\n\n".join((*post.thread, post.post_text)) if by_person else ""
        desk = Desk(self._router, task, post, besides(safe, said))
        new = desk.reworded()
        if new is None:
            raise OutsideError(f"The post stays as it is. {' '.join(desk.log.reasons)}")
        return desk.written(new.model_copy(update={"notes": notes}))

    def vary(
        self, article: Article, post: SocialPost, said: Sequence[SocialPost], *, by_person: bool
    ) -> Written:
        """Another post like this one for people who have read all of `said`, the oldest first: its
        pictures, and all that they show, stay.

        `by_person` as in `rewrite`. Raises OutsideError where no model wrote anything that may
        stand.
        """
        safe, notes = defused(article)
        task = PostAssignment(
            safe, self._brand, post.language, None, shown(said), platform=post.platform
        )
        own = "\n\n".join((*post.thread, post.post_text)) if by_person else ""
        texts = [text for one in said for text in texts_of(one)]
        desk = Desk(self._router, task, post, besides(safe, own), texts)
        new = desk.reworded()
        if new is None:
            raise OutsideError(" ".join(desk.log.reasons))
        return desk.written(new.model_copy(update={"notes": notes}))


def shown(said: Sequence[SocialPost]) -> tuple[str, ...]:
    """As much of it as a model is shown, the newest first, without links, hashtags and numbers."""
    texts: list[str] = []
    size = 0
    for post in reversed(said):
        text = words_of(post)
        size += len(text)
        if texts and size > _MOST_SHOWN:
            break
        texts.append(text[:_MOST_SHOWN])
    return tuple(texts)
