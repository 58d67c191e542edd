"""The words of a recurring post's next turn: a model's where one is set, else the article's own."""

import logging
from collections.abc import Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import select

from igny8_media.credits.model import OutOfCredits, Purpose
from igny8_media.credits.prices import Task
from igny8_media.database import tables
from igny8_media.database.transactions import transaction
from igny8_media.errors import OutsideError
from igny8_media.publishing.statuses import Status
from igny8_media.social.model import SocialPost
from igny8_media.stages.costs import words_cost
from igny8_media.stages.paying import paid
from igny8_media.stages.serving import written
from igny8_media.stages.stage import Built, Job

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from igny8_media.articles.model import Article
    from igny8_media.stages.workshop import Workshop

log = logging.getLogger(__name__)


def next_words(
    shop: "Workshop",
    article: "Article",
    account_id: int,
    earlier: Sequence[tables.SocialPost],
    bill: ExitStack,
) -> SocialPost | None:
    """Another post like the first of `earlier`, unlike each of them and unlike whatever else of the
    article the account has out or planned on that platform; None where there is no more to say.

    What a model's words cost is paid when `bill` is left, and not where an exception leaves it.
    Where no model writes any that may stand, the reason is in the post's notes.
    """
    from igny8_media.social.variation import fresh_post

    rows = [*earlier, *_others(shop.engine, account_id, earlier)]
    said = [SocialPost.model_validate(row.post) for row in rows]
    if not shop.settings.text_sources:
        return fresh_post(article, said)
    try:
        return _by_model(shop, article, earlier[0], said, bill)
    except (OutsideError, OutOfCredits) as error:
        reason = f"Written without a model's help. {error}"
    log.info("post %d comes again: %s", earlier[0].id, reason)
    post = fresh_post(article, said)
    return post and post.model_copy(update={"notes": (*post.notes, reason)})


def _by_model(
    shop: "Workshop",
    article: "Article",
    first: tables.SocialPost,
    said: Sequence[SocialPost],
    bill: ExitStack,
) -> SocialPost:
    """Raises OutsideError where no model wrote anything that may stand, and OutOfCredits."""
    from igny8_media.generation.opening import open_writer

    post = said[0]
    function = "generate_twitter_thread" if post.thread else "adapt_content_for_social"
    with ExitStack() as reserved:
        pay = None
        if shop.settings.credits:
            record = shop.records.current(first.content_id, "article")
            job = Job(first.content_id, shop, {"article": record} if record else {})
            asset = f"social/{post.platform}/post"
            purpose = Purpose(content_id=job.content_id, asset=asset, mark=uuid4().hex, run="")
            pay = reserved.enter_context(paid(job, words_cost(Task.ADAPT, 1), purpose))
        with open_writer(shop.settings) as writer:
            by_person = first.edited_at is not None
            made = writer.vary(article, post, said, by_person=by_person)
        if pay is not None:
            pay(Built(uses=written(Task.ADAPT, 1, made.calls, function)))
        bill.push(reserved.pop_all())
    return made.post


def _others(
    engine: "Engine", account_id: int, earlier: Sequence[tables.SocialPost]
) -> list[tables.SocialPost]:
    first, known = earlier[0], [row.id for row in earlier]
    query = (
        select(tables.SocialPost)
        .join(tables.Publication, tables.Publication.post_id == tables.SocialPost.id)
        .where(
            tables.Publication.account_id == account_id,
            tables.Publication.status != Status.CANCELLED,
            tables.SocialPost.content_id == first.content_id,
            tables.SocialPost.form == first.form,
            tables.SocialPost.platform == first.platform,
            tables.SocialPost.id.not_in(known),
        )
        .order_by(tables.SocialPost.id)
    )
    with transaction(engine, reading=True) as session:
        return list(session.scalars(query).unique())
