"""Drafts: what the pipeline proposes and people edit, approve and schedule."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from igny8_media.database.tables import SocialPost, VideoAsset, VideoProject

_PRISTINE_VIDEO = {
    "draft",
    "script_ready",
    "generating_audio",
    "generating_visuals",
    "composing",
    "rendering",
    "ready",
    "failed",
}


class Drafts:
    """The tables `social_post`, `video_project` and `video_asset`.

    A row that a person edited or moved on (approved, scheduled, published) is never changed by
    the pipeline: newer text becomes a new revision beside it.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def propose_post(
        self, content_id: str, platform: str, fingerprint: str, post: dict[str, Any]
    ) -> None:
        """Offer a post as a draft; the same fingerprint again changes nothing."""
        with Session(self._engine) as session, session.begin():
            mine = (
                select(SocialPost)
                .where(SocialPost.content_id == content_id, SocialPost.platform == platform)
                .order_by(SocialPost.revision.desc())
            )
            rows = list(session.scalars(mine))
            if any(row.fingerprint == fingerprint for row in rows):
                return
            last = rows[0] if rows else None
            if last is not None and last.status == "draft" and last.edited_at is None:
                last.fingerprint, last.post = fingerprint, post
                return
            session.add(
                SocialPost(
                    content_id=content_id,
                    platform=platform,
                    revision=last.revision + 1 if last else 1,
                    fingerprint=fingerprint,
                    status="draft",
                    post=post,
                    created_at=datetime.now(UTC),
                )
            )

    def propose_script(
        self, content_id: str, form: str, fingerprint: str, script: dict[str, Any]
    ) -> None:
        """Offer a video script as a project; the same fingerprint again changes nothing."""
        with Session(self._engine) as session, session.begin():
            rows = list(session.scalars(_projects(content_id, form)))
            if any(row.fingerprint == fingerprint for row in rows):
                return
            last = rows[0] if rows else None
            if last is not None and last.edited_at is None and last.status in _PRISTINE_VIDEO:
                last.fingerprint, last.script = fingerprint, script
                last.status, last.progress_pct = "script_ready", 0
                return
            session.add(
                VideoProject(
                    content_id=content_id,
                    form=form,
                    revision=last.revision + 1 if last else 1,
                    fingerprint=fingerprint,
                    status="script_ready",
                    script=script,
                    created_at=datetime.now(UTC),
                )
            )

    def video_status(self, content_id: str, form: str, status: str, progress_pct: int = 0) -> None:
        """Say how far the newest project is; published ones stay as they are."""
        with Session(self._engine) as session, session.begin():
            row = session.scalars(_projects(content_id, form)).first()
            if row is not None and row.status in _PRISTINE_VIDEO:
                row.status, row.progress_pct = status, progress_pct

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


def _projects(content_id: str, form: str) -> Any:
    return (
        select(VideoProject)
        .where(VideoProject.content_id == content_id, VideoProject.form == form)
        .order_by(VideoProject.revision.desc())
    )
