"""Drafts: what the pipeline proposes and people edit, approve and schedule."""

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import Engine, Select, func, or_, select, update
from sqlalchemy.orm import Session

from igny8_media.database.notifications import notify
from igny8_media.database.tables import (
    Publication,
    SocialAccount,
    SocialPost,
    VideoAsset,
    VideoProject,
)

log = logging.getLogger(__name__)

_BUSY = {"generating_audio", "generating_visuals", "composing", "rendering"}
_PRISTINE_VIDEO = {"draft", "script_ready", *_BUSY, "ready", "failed"}


class Drafts:
    """The tables `social_post`, `video_project` and `video_asset`.

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
        if self._propose(mine, {"draft"}, new, fingerprint=fingerprint, status="draft", post=post):
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

    def propose_script(
        self, content_id: str, form: str, fingerprint: str, script: dict[str, Any]
    ) -> None:
        """Offer a video script as a project; the same fingerprint again changes nothing."""
        self._propose(
            _projects(content_id, form),
            _PRISTINE_VIDEO,
            partial(VideoProject, content_id=content_id, form=form),
            fingerprint=fingerprint,
            status="script_ready",
            progress_pct=0,
            script=script,
        )

    def _propose(
        self,
        mine: Select[Any],
        pristine: set[str],
        new: Callable[..., Any],
        *,
        fingerprint: str,
        **values: Any,
    ) -> bool:
        """Put `values` into the newest row of `mine` if nobody touched it, else into a new one;
        True for one beside others."""
        with Session(self._engine) as session, session.begin():
            rows = list(session.scalars(mine))
            if any(row.fingerprint == fingerprint for row in rows):
                return False
            row = rows[0] if rows else None
            if row is None or row.edited_at is not None or row.status not in pristine:
                revision = row.revision + 1 if row else 1
                row = new(revision=revision, created_at=datetime.now(UTC))
                session.add(row)
            for name, value in {"fingerprint": fingerprint, **values}.items():
                setattr(row, name, value)
            return bool(rows) and row is not rows[0]

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

    def newest_script(self, content_id: str, form: str) -> tuple[dict[str, Any], bool] | None:
        """The newest project's script, and whether a person changed it; None if there is none."""
        with Session(self._engine) as session:
            row = session.scalars(_projects(content_id, form).limit(1)).first()
            return (row.script, row.edited_at is not None) if row is not None else None

    def revise_script(
        self, content_id: str, form: str, fingerprint: str, script: dict[str, Any]
    ) -> int:
        """Put a script as a person wants it beside the newest, as the one that videos are made
        of; returns its revision."""
        with Session(self._engine) as session, session.begin():
            old = session.scalars(_projects(content_id, form).limit(1)).first()
            revision, now = (old.revision if old else 0) + 1, datetime.now(UTC)
            session.add(
                VideoProject(
                    content_id=content_id,
                    form=form,
                    revision=revision,
                    fingerprint=fingerprint,
                    status="script_ready",
                    progress_pct=0,
                    script=script,
                    edited_at=now,
                    created_at=now,
                )
            )
            return revision

    def edited_script(self, content_id: str, form: str) -> dict[str, Any] | None:
        """The newest project's script if a person changed it, else None."""
        with Session(self._engine) as session:
            row = session.scalars(_projects(content_id, form).limit(1)).first()
            return row.script if row is not None and row.edited_at is not None else None

    def script_as_spoken(self, content_id: str, form: str, script: dict[str, Any]) -> None:
        """Show people the words that the voice really says, unless they wrote some themselves."""
        with Session(self._engine) as session, session.begin():
            row = session.scalars(_projects(content_id, form).limit(1)).first()
            if row is not None and row.edited_at is None and row.status in _PRISTINE_VIDEO:
                row.script = script

    def video_status(self, content_id: str, form: str, status: str, progress_pct: int = 0) -> None:
        """Say how far the newest project is; published ones stay as they are."""
        with Session(self._engine) as session, session.begin():
            row = session.scalars(_projects(content_id, form)).first()
            if row is not None and row.status in _PRISTINE_VIDEO:
                row.status, row.progress_pct = status, progress_pct

    def give_up(self, content_id: str) -> None:
        """A run of this content was killed: what looks busy has failed."""
        with Session(self._engine) as session, session.begin():
            mine = update(VideoProject).where(VideoProject.content_id == content_id)
            session.execute(mine.where(VideoProject.status.in_(_BUSY)).values(status="failed"))

    def video_files(
        self, content_id: str, form: str, asset: str, files: Sequence[tuple[str, str, str]]
    ) -> None:
        """Point the newest project's asset at these files: (name, kind, media key)."""
        with Session(self._engine) as session, session.begin():
            project = session.scalars(_projects(content_id, form)).first()
            if project is None:
                return
            held = {
                row.name: row
                for row in session.scalars(
                    select(VideoAsset).where(
                        VideoAsset.project_id == project.id, VideoAsset.asset == asset
                    )
                )
            }
            for name, kind, key in files:
                row = held.pop(name, None)
                if row is None:
                    session.add(
                        VideoAsset(
                            project_id=project.id, asset=asset, name=name, kind=kind, key=key
                        )
                    )
                else:
                    row.kind, row.key = kind, key
            for gone in held.values():
                session.delete(gone)

    def count(self) -> dict[str, int]:
        """How many drafts of each kind there are."""
        with Session(self._engine) as session:
            return {
                "posts": session.scalar(select(func.count()).select_from(SocialPost)) or 0,
                "videos": session.scalar(select(func.count()).select_from(VideoProject)) or 0,
            }


def _projects(content_id: str, form: str) -> Select[tuple[VideoProject]]:
    """Every revision, the newest first."""
    return (
        select(VideoProject)
        .where(VideoProject.content_id == content_id, VideoProject.form == form)
        .order_by(VideoProject.revision.desc())
    )


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
