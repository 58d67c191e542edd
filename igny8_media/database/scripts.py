"""Scripts as people decide about them: read, approved for filming, sent back with a note."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Engine, Select, and_, exists, select
from sqlalchemy.orm import Session, aliased

from igny8_media.database.films import BUSY, projects
from igny8_media.database.tables import VideoProject
from igny8_media.database.transactions import transaction
from igny8_media.errors import InputError
from igny8_media.frozen import Frozen

_BEGUN: Final = BUSY[0]
_FILMED_ELSEWHERE: Final = (
    "Script {0} is being filmed already, by `igny8-media dev` or a command: wait for that film. If "
    "that machine is gone, send the script back with `igny8-media video reject {0} --note TEXT`, "
    "and approve it again."
)


class Script(Frozen):
    """One revision of a video's script; `status` and `note` as in `VideoProject`.

    `by_person` says whether somebody changed its words.
    """

    id: int
    content_id: str
    form: str
    revision: int
    status: str
    note: str
    script: dict[str, Any]
    by_person: bool
    created_at: datetime
    approved_at: datetime | None


class Scripts:
    """The table `video_project`, as far as it is people's."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get(self, script_id: int) -> Script:
        """Raises InputError if there is none with this ID."""
        with transaction(self._engine, reading=True) as session:
            return _script(_row(session, script_id))

    def list(self) -> Sequence[Script]:
        """Those that no newer revision has replaced, in the order in which they were made."""
        return self._all(select(VideoProject).where(~_replaced()))

    def newest(self, content_id: str, form: str) -> Script | None:
        """None where there never was one."""
        with transaction(self._engine, reading=True) as session:
            row = session.scalars(projects(content_id, form).limit(1)).first()
            return _script(row) if row is not None else None

    def approve(self, script_id: int, *, begin: bool = False) -> Script:
        """This very script is to be filmed; approved again, nothing changes until its film failed.

        `begin` is for whoever films it at once, and makes the approval theirs: a run that waits for
        an earlier one films nothing. Raises InputError where it was replaced, where there is
        nothing to decide any more, or, for `begin`, where somebody films it already.
        """
        with transaction(self._engine) as session:
            row = _row(session, script_id, lock=True)
            _check_open(session, row)
            approved = row.approved_at is not None
            if begin and approved and row.status in BUSY:
                raise InputError(_FILMED_ELSEWHERE.format(row.id))
            if begin or not (approved and row.status in ("script_ready", *BUSY)):
                row.approved_at, row.note = datetime.now(UTC), ""
                row.status = _BEGUN if begin else "script_ready"
            return _script(row)

    def check_approvable(self, script_id: int) -> None:
        """Raises InputError as `approve` does."""
        with transaction(self._engine, reading=True) as session:
            _check_open(session, _row(session, script_id))

    def reject(self, script_id: int, note: str) -> Script:
        """It must not be filmed as it is; `note` says what should be different. Raises InputError
        where that comes too late."""
        with transaction(self._engine) as session:
            row = _row(session, script_id, lock=True)
            _check_newest(session, row)
            if row.status == "ready":
                raise InputError(
                    f"Script {row.id} is filmed already; reject its posts with `igny8-media posts "
                    "reject`, or have the script written anew with `igny8-media video regenerate "
                    f"{row.content_id} {row.form} --instruction TEXT`."
                )
            row.status, row.note, row.approved_at = "rejected", note, None
            return _script(row)

    def approved(self) -> Sequence[Script]:
        """Those that are to be filmed and that nobody has begun."""
        query = select(VideoProject).where(
            VideoProject.approved_at.is_not(None), VideoProject.status == "script_ready"
        )
        return self._all(query.where(~_replaced()))

    def give_up(self, script_id: int, approved_at: datetime) -> None:
        """The run that was to film this approval is over, with or without a film: where there is
        none, approving it again films it again."""
        with transaction(self._engine) as session:
            row = session.get(VideoProject, script_id, with_for_update=True)
            if row is None:  # the run is of another database
                return
            if row.approved_at == approved_at and row.status in ("script_ready", *BUSY):
                row.status = "failed"

    def rejected(self) -> Sequence[Script]:
        """Those that were sent back with a note, and not written anew since."""
        query = select(VideoProject).where(
            VideoProject.status == "rejected", VideoProject.note != ""
        )
        return self._all(query.where(~_replaced()))

    def claim(self, script_id: int, approved_at: datetime) -> None:
        """For whoever films what was approved then: nobody else is to begin. May be asked before
        each step.

        Raises InputError where the person who approved it has thought of something else since,
        where its article changed, or where somebody else films it.
        """
        with transaction(self._engine) as session:
            row = _row(session, script_id, lock=True)
            _check_newest(session, row)
            if row.approved_at is None:
                raise InputError(f"Script {row.id} is not approved any more: it is not filmed.")
            if row.approved_at != approved_at and row.status != "ready":
                raise InputError(
                    f"Script {row.id} was approved once more, for another run: this one films "
                    "nothing."
                )
            if row.status == "script_ready":
                row.status = _BEGUN

    def _all(self, query: Select[tuple[VideoProject]]) -> Sequence[Script]:
        with transaction(self._engine, reading=True) as session:
            return [_script(row) for row in session.scalars(query.order_by(VideoProject.id))]


def _row(session: Session, script_id: int, *, lock: bool = False) -> VideoProject:
    row = session.get(VideoProject, script_id, with_for_update=lock)
    if row is None:
        raise InputError(
            f"There is no script {script_id}; `igny8-media video scripts` shows those there are."
        )
    return row


def _check_newest(session: Session, row: VideoProject) -> None:
    newest = session.scalars(projects(row.content_id, row.form).limit(1)).one()
    if newest.id != row.id:
        raise InputError(
            f"Script {newest.id} has taken the place of script {row.id}: read that with "
            f"`igny8-media video show {newest.id}`, then approve it."
        )


def _check_open(session: Session, row: VideoProject) -> None:
    """Whether there is anything to approve."""
    _check_newest(session, row)
    if row.status == "ready":
        raise InputError(
            f"Script {row.id} is filmed already; change it with `igny8-media video edit {row.id}` "
            "if you want another film."
        )
    if row.approved_at is None and row.status in BUSY:
        raise InputError(f"Script {row.id} is being filmed right now, as it is.")


def _replaced() -> ColumnElement[bool]:
    other = aliased(VideoProject)
    same = and_(
        other.content_id == VideoProject.content_id,
        other.form == VideoProject.form,
        other.revision > VideoProject.revision,
    )
    return exists().where(same)


def _script(row: VideoProject) -> Script:
    return Script(
        id=row.id,
        content_id=row.content_id,
        form=row.form,
        revision=row.revision,
        status=row.status,
        note=row.note,
        script=row.script,
        by_person=row.edited_at is not None,
        created_at=row.created_at,
        approved_at=row.approved_at,
    )
