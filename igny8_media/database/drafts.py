"""Drafts: what the pipeline proposes and people edit, approve and schedule."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import Engine, Select, func, or_, select
from sqlalchemy.orm import Session

from igny8_media.database.notifications import notify
from igny8_media.database.tables import (
    Publication,
    SocialAccount,
    SocialPost,
    VideoProject,
)

log = logging.getLogger(__name__)


class Drafts:
    """The table `social_post`; `Films` has those of videos.

    A row that a person edited or moved on (approved, scheduled, published) is never changed by
    the pipeline: newer text becomes a new revision beside it.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def propose_post(
        self,
        content_id: str,
        platform: str,
        fingerprint: str,
        post: dict[str, Any],
        form: str = "social",
    ) -> None:
        """Offer a post as a draft; the same fingerprint again changes nothing, nor does anything
        once one of these is out: whoever approves all drafts must not publish it a second time.

        `form` "video" is for a video's post, whose `platform` is the target.
        """
        mine = (
            select(SocialPost)
            .where(
                SocialPost.content_id == content_id,
                SocialPost.form == form,
                SocialPost.platform == platform,
            )
            .order_by(SocialPost.revision.desc())
        )
        if self._is_out(content_id, form, platform):
            log.info("%s: what is on %s stays; no new draft is offered.", content_id, platform)
            return
        new = partial(SocialPost, content_id=content_id, platform=platform, form=form)
        with Session(self._engine) as session, session.begin():
            beside = place(
                session, mine, {"draft"}, new, fingerprint=fingerprint, status="draft", post=post
            )
        if beside:
            self._tell_of_planned(content_id, form, platform)

    def _tell_of_planned(self, content_id: str, form: str, platform: str) -> None:
        """Older words of an article that changed are planned: a person may want the new ones."""
        now = datetime.now(UTC)
        with Session(self._engine) as session, session.begin():
            ids = list(session.scalars(_revisions(content_id, form, platform)))
            planned = (
                select(Publication.id, Publication.post_id, Publication.due_at)
                .join(SocialAccount, SocialAccount.id == Publication.account_id)
                .where(Publication.post_id.in_(ids[1:]), Publication.status == "scheduled")
                .where(SocialAccount.sandbox.is_(False))
            )
            for publication, post, due in session.execute(planned).all():
                text = (
                    f"{content_id} changed, and post {post} is planned for {due:%Y-%m-%d %H:%M} "
                    f"UTC as it was: post {ids[0]} is the new draft. To send that instead: "
                    f"igny8-media posts cancel {post}, then approve and plan {ids[0]}"
                )
                notify(session, f"updated:{publication}:{ids[0]}", "updated", text, now)

    def _is_out(self, content_id: str, form: str, platform: str) -> bool:
        """Whether people may see one of these, beyond the sandbox."""
        query = (
            select(Publication.id)
            .join(SocialPost, SocialPost.id == Publication.post_id)
            .join(SocialAccount, SocialAccount.id == Publication.account_id)
            .where(
                SocialPost.content_id == content_id,
                SocialPost.form == form,
                SocialPost.platform == platform,
                SocialAccount.sandbox.is_(False),
                or_(
                    Publication.status.in_(("published", "publishing", "needs_review")),
                    Publication.part > 0,
                ),
            )
        )
        with Session(self._engine) as session:
            return session.scalar(query.limit(1)) is not None

    def revise_post(self, post_id: int, fingerprint: str, post: dict[str, Any]) -> int:
        """Put a post as a person wants it beside this one, as the newest draft of its content for
        its place; returns its ID. The pipeline leaves it alone, as it does what people edited."""
        with Session(self._engine) as session, session.begin():
            old = session.get_one(SocialPost, post_id)
            newest = session.scalar(
                select(func.max(SocialPost.revision)).where(
                    SocialPost.content_id == old.content_id,
                    SocialPost.form == old.form,
                    SocialPost.platform == old.platform,
                )
            )
            now = datetime.now(UTC)
            row = SocialPost(
                content_id=old.content_id,
                form=old.form,
                platform=old.platform,
                revision=(newest or 0) + 1,
                fingerprint=fingerprint,
                status="draft",
                post=post,
                edited_at=now,
                created_at=now,
            )
            session.add(row)
            session.flush()
            return row.id

    def count(self) -> dict[str, int]:
        """How many drafts of each kind there are."""
        with Session(self._engine) as session:
            return {
                "posts": session.scalar(select(func.count()).select_from(SocialPost)) or 0,
                "videos": session.scalar(select(func.count()).select_from(VideoProject)) or 0,
            }


def place(
    session: Session,
    mine: Select[Any],
    pristine: set[str],
    new: Callable[..., Any],
    *,
    fingerprint: str,
    **values: Any,
) -> bool:
    """Put `values` into the newest row of `mine` if nobody touched it, else into a new one; True
    for one beside others. The same fingerprint again changes nothing."""
    rows = list(session.scalars(mine))
    if any(row.fingerprint == fingerprint for row in rows):
        return False
    row = rows[0] if rows else None
    touched = row is None or row.edited_at is not None or row.approved_at is not None
    if row is None or touched or row.status not in pristine:
        revision = row.revision + 1 if row else 1
        row = new(revision=revision, created_at=datetime.now(UTC))
        session.add(row)
    for name, value in {"fingerprint": fingerprint, **values}.items():
        setattr(row, name, value)
    session.flush()
    return bool(rows) and row is not rows[0]


def _revisions(content_id: str, form: str, platform: str) -> Select[tuple[int]]:
    """The IDs of a post's revisions, the newest first."""
    return (
        select(SocialPost.id)
        .where(
            SocialPost.content_id == content_id,
            SocialPost.form == form,
            SocialPost.platform == platform,
        )
        .order_by(SocialPost.revision.desc())
    )
