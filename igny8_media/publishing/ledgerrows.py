"""Rows of the ledger, within a transaction: what may be worked on, and how a row ends."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from igny8_media.database.tables import (
    Publication,
    PublicationEvent,
    PublicationHandle,
    SocialAccount,
)
from igny8_media.publishing.claims import Claim, Phase
from igny8_media.publishing.model import Outgoing
from igny8_media.publishing.news import tell
from igny8_media.publishing.statuses import Status
from igny8_media.publishing.unseen import UNSEEN

KEPT: Final = ("id:", "url:")
"""Handles of what is out; they are never dropped."""

AHEAD: Final = timedelta(minutes=15)
"""How long before its time media are prepared: more than sweeps are apart and than platforms
usually work on a video, and much less than what was prepared keeps: shortest of all, for an hour,
the address of an upload to TikTok (Content Posting API, developers.tiktok.com, 2026)."""


GRACE: Final = timedelta(hours=1)
"""How late what the queue planned still goes out as if nothing were: also where a cron job sends
once an hour. Longer, and more than one may have become due."""


def lapsed(now: datetime) -> ColumnElement[bool]:
    """What the queue planned and nobody sent in time: it gets its turn anew before it is sent, so
    that what gathered while nobody sent keeps the gaps that its calendar promises."""
    late = now - GRACE
    return and_(
        Publication.queued_at.is_not(None),
        Publication.status == Status.SCHEDULED,
        Publication.phase == Phase.NEW,
        Publication.part == 0,
        Publication.due_at <= late,
        Publication.next_at <= late,
        # Held by nobody, or by who died over it: leases are much shorter.
        or_(Publication.lease_until.is_(None), Publication.lease_until < late),
    )


def at_hand(now: datetime) -> ColumnElement[bool]:
    """In a query joined with the accounts: those through which something can be sent."""
    parked = SocialAccount.parked_until
    return and_(SocialAccount.status == "active", or_(parked.is_(None), parked <= now))


def workable(
    due: datetime, now: datetime, lease_now: datetime, *, ahead: bool = False
) -> tuple[ColumnElement[bool], ...]:
    """What is due by then and may be worked on, in a query joined with the accounts; with `ahead`
    instead what is not, and whose media may be prepared by then."""
    asking = Publication.phase.in_((Phase.COMMITTING, Phase.ACCEPTED))
    parked = SocialAccount.parked_until
    return (
        Publication.status.in_((Status.SCHEDULED, Status.PUBLISHING)),
        _early(due, now) if ahead else Publication.next_at <= due,
        or_(Publication.lease_until.is_(None), Publication.lease_until < lease_now),
        SocialAccount.status == "active",
        or_(parked.is_(None), parked <= now, asking),
    )


def _early(due: datetime, now: datetime) -> ColumnElement[bool]:
    """Begun once, and again where whoever began it died."""
    files = (Publication.outgoing[path].as_string() for path in _FILES)
    return and_(
        Publication.next_at > now,
        Publication.next_at <= due + AHEAD,
        Publication.phase == Phase.NEW,
        or_(Publication.started_at.is_(None), Publication.lease_until.is_not(None)),
        or_(*(file.is_not(None) for file in files)),
    )


def _starts(prefix: str) -> ColumnElement[bool]:
    # Not LIKE, for which SQLite thinks capitals the same.
    return func.substr(PublicationHandle.name, 1, len(prefix)) == prefix


DROPPABLE: Final = and_(*(~_starts(kept) for kept in KEPT))
"""In a query of handles: what may be forgotten."""

_EITHER: Final = "--published URL, or --not-published."
_FILES: Final = (("media", 0, "key"), ("thumbnail", "key"))
"""Where a post names the files that are sent with it."""


def held_by(claim: Claim) -> Any:
    return update(Publication).where(
        Publication.id == claim.id,
        Publication.lease == claim.lease,
        Publication.lease_until.is_not(None),
    )


def claim_of(row: Publication, outgoing: Outgoing) -> Claim:
    assert row.started_at is not None  # noqa: S101 - set when it was claimed
    return Claim(
        id=row.id,
        lease=row.lease,
        post_id=row.post_id,
        account_id=row.account_id,
        content_id=row.content_id,
        outgoing=outgoing,
        phase=Phase(row.phase),
        part=row.part,
        attempts=row.attempts,
        probes=row.probes,
        due_at=row.due_at,
        started_at=row.started_at,
        committing_since=row.committing_since,
        accepted_since=row.accepted_since,
    )


def release(row: Publication) -> None:
    row.lease_by = row.lease_until = None


def end_row(session: Session, row: Publication, status: Status, reason: str, now: datetime) -> None:
    if status == Status.NEEDS_REVIEW:
        reason = f"{reason} Then tell it with: igny8-media posts settle {row.post_id} {_EITHER}"
    row.status, row.reason = status, UNSEEN.sub("", reason)
    if status == Status.FAILED:  # there is a verdict: nothing is in doubt any more
        row.phase = Phase.NEW
        row.committing_since = row.accepted_since = None
    release(row)
    note(session, row.id, now, status, reason)
    tell(session, row, now)


def take_away(row: Publication) -> None:
    """From whoever prepares it, who can write nothing any more, and so commit nothing."""
    row.lease += 1
    release(row)


def ends_as(row: Publication) -> Status:
    """What becomes of a post that cannot go on: where it may be out, a person must look."""
    return Status.FAILED if row.phase == Phase.NEW else Status.NEEDS_REVIEW


def end_unreadable(session: Session, row: Publication, now: datetime) -> None:
    status = ends_as(row)
    reason = "What was planned is not readable for this version of igny8-media; " + (
        "plan the post again." if status == Status.FAILED else "look whether the post is out."
    )
    end_row(session, row, status, reason, now)


def note(session: Session, publication_id: int, at: datetime, what: str, detail: str) -> None:
    """`detail` may hold a platform's words: signs that would steer a terminal are taken out."""
    plain = UNSEEN.sub("", detail)
    session.add(PublicationEvent(publication_id=publication_id, at=at, what=what, detail=plain))


def is_anothers(session: Session, row: Publication, platform_id: str) -> bool:
    """Whether a platform's ID is already that of another publication of the same account."""
    # Two that are in doubt at once and find the same post take their turn here.
    session.scalars(
        select(SocialAccount.id).where(SocialAccount.id == row.account_id).with_for_update()
    ).all()
    others = (
        select(PublicationHandle.value)
        .join(Publication, Publication.id == PublicationHandle.publication_id)
        .where(
            Publication.account_id == row.account_id,
            Publication.id != row.id,
            PublicationHandle.name.startswith("id:"),
        )
    )
    return platform_id in set(session.scalars(others))


def forget_prepared(session: Session, rows: Sequence[Publication]) -> None:
    """For another moment it was prepared, if it was: nobody knows what of it still keeps."""
    ids = [row.id for row in rows]
    if ids:
        session.execute(
            delete(PublicationHandle).where(PublicationHandle.publication_id.in_(ids), DROPPABLE),
            execution_options={"synchronize_session": False},
        )


def drop_handles(session: Session, publication_id: int, prefix: str) -> int:
    """Forget what was prepared, by how its name starts; what is out stays. Returns how many."""
    mine = PublicationHandle.publication_id == publication_id
    gone = session.execute(
        delete(PublicationHandle).where(mine, _starts(prefix), DROPPABLE),
        execution_options={"synchronize_session": False},
    )
    return int(gone.rowcount)  # type: ignore[attr-defined]  # a DELETE has one
