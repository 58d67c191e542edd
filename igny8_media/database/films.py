"""Films: scripts that the pipeline proposes and people edit, and what is made of them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

from sqlalchemy import Engine, Select, select, update
from sqlalchemy.orm import Session

from igny8_media.database.drafts import place
from igny8_media.database.notifications import notify
from igny8_media.database.tables import VideoAsset, VideoProject

BUSY: Final = ("generating_audio", "generating_visuals", "composing", "rendering")
_PRISTINE: Final = {"script_ready", *BUSY, "ready", "failed"}
"""Newer text may take the place of these. Of a script that waits for a person it may not: what they
read under its number must be what they approve."""
_UNDECIDED: Final = ("draft", "rejected")


class Films:
    """The tables `video_project` and `video_asset`.

    As in `Drafts`, what a person edited, approved or rejected is never changed by the pipeline.
    What people decide is in `database.scripts`.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def propose_script(
        self,
        content_id: str,
        form: str,
        fingerprint: str,
        script: dict[str, Any],
        *,
        review: bool = False,
    ) -> None:
        """Offer a video script as a project; the same fingerprint again changes nothing.

        For `review` it waits for a person, who is told once; also where it was offered before
        and no film came of it.
        """
        mine = projects(content_id, form)
        with Session(self._engine) as session, session.begin():
            place(
                session,
                mine,
                _PRISTINE,
                partial(VideoProject, content_id=content_id, form=form),
                fingerprint=fingerprint,
                status="script_ready",
                progress_pct=0,
                script=script,
            )
            row = session.scalars(mine.limit(1)).one()
            if review and row.approved_at is None and row.status in ("script_ready", "failed"):
                row.status = "draft"
                _tell(session, row)

    def newest_script(self, content_id: str, form: str) -> tuple[dict[str, Any], bool] | None:
        """The newest project's script, and whether a person changed it; None if there is none."""
        with Session(self._engine) as session:
            row = session.scalars(projects(content_id, form).limit(1)).first()
            return (row.script, row.edited_at is not None) if row is not None else None

    def revise_script(
        self,
        content_id: str,
        form: str,
        fingerprint: str,
        script: dict[str, Any],
        *,
        tell: bool = False,
    ) -> int:
        """Put a script as a person wants it beside the newest, as the one that videos are made
        of; returns its ID.

        Where a person decides about the old one, or did, the new one waits for them, and they are
        told of it if `tell`.
        """
        with Session(self._engine) as session, session.begin():
            old = session.scalars(projects(content_id, form).limit(1)).first()
            reviewed = old and (old.status in _UNDECIDED or old.approved_at is not None)
            now = datetime.now(UTC)
            row = VideoProject(
                content_id=content_id,
                form=form,
                revision=(old.revision if old else 0) + 1,
                fingerprint=fingerprint,
                status="draft" if reviewed else "script_ready",
                progress_pct=0,
                script=script,
                edited_at=now,
                created_at=now,
            )
            session.add(row)
            session.flush()
            if reviewed and tell:
                _tell(session, row)
            return row.id

    def edited_script(self, content_id: str, form: str) -> dict[str, Any] | None:
        """The newest project's script if a person changed or approved it, else None."""
        with Session(self._engine) as session:
            row = session.scalars(projects(content_id, form).limit(1)).first()
            if row is None or (row.edited_at is None and row.approved_at is None):
                return None
            return row.script

    def script_as_spoken(self, content_id: str, form: str, script: dict[str, Any]) -> None:
        """Show people the words that the voice really says, unless these are theirs."""
        with Session(self._engine) as session, session.begin():
            row = session.scalars(_filmed(content_id, form)).first()
            if row is None or row.edited_at is not None or row.approved_at is not None:
                return
            if row.status in _PRISTINE:
                row.script = script

    def video_status(self, content_id: str, form: str, status: str, progress_pct: int = 0) -> None:
        """Say how far the project that is being filmed is; rejected ones stay as they are."""
        with Session(self._engine) as session, session.begin():
            row = session.scalars(_filmed(content_id, form)).first()
            if row is not None and row.status in {"draft", *_PRISTINE}:
                row.status, row.progress_pct = status, progress_pct

    def give_up(self, content_id: str) -> None:
        """A run of this content was killed: what looks busy has failed."""
        with Session(self._engine) as session, session.begin():
            mine = update(VideoProject).where(VideoProject.content_id == content_id)
            session.execute(mine.where(VideoProject.status.in_(BUSY)).values(status="failed"))

    def video_files(
        self, content_id: str, form: str, asset: str, files: Sequence[tuple[str, str, str]]
    ) -> None:
        """Point the asset of the project that is being filmed at these files: (name, kind, media
        key)."""
        with Session(self._engine) as session, session.begin():
            project = session.scalars(_filmed(content_id, form)).first()
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


def projects(content_id: str, form: str) -> Select[tuple[VideoProject]]:
    """Every revision, the newest first."""
    return (
        select(VideoProject)
        .where(VideoProject.content_id == content_id, VideoProject.form == form)
        .order_by(VideoProject.revision.desc())
    )


def _filmed(content_id: str, form: str) -> Select[tuple[VideoProject]]:
    """Every revision, the one that a film is made of first: another may be waiting for its person
    meanwhile."""
    waits = VideoProject.status.in_(_UNDECIDED)
    newest = VideoProject.revision.desc()
    return projects(content_id, form).order_by(None).order_by(waits, newest)


def _tell(session: Session, row: VideoProject) -> None:
    """Leave word that a script waits for a person; of each script once."""
    text = (
        f"The script of the {row.form} video of {row.content_id} waits for you: read it with "
        f"igny8-media video show {row.id}, then igny8-media video approve {row.id}"
    )
    notify(session, f"script:{row.id}:{row.fingerprint[:16]}", "script", text, datetime.now(UTC))
