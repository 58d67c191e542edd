"""Planning posts for accounts, within a transaction: one or a hundred thousand at a time."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from igny8_media.accounts.model import Account, Service
from igny8_media.database.tables import Publication, PublicationEvent
from igny8_media.errors import InputError
from igny8_media.publishing.claims import Phase
from igny8_media.publishing.ledgerrows import drop_handles
from igny8_media.publishing.model import Outgoing
from igny8_media.publishing.statuses import Status

_CHUNK: Final = 400
"""Posts asked for, or new rows held, at once: an old SQLite takes 999 values in a statement."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What the queue knows of a post: when it came, how urgent it is, and what is too early."""

    queued_at: datetime
    priority: int = 0
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Placement:
    """A post for an account at a moment. `outgoing` is what is sent, as the ledger keeps it;
    without a `turn` the moment is a person's, and the queue never moves it."""

    post_id: int
    account_id: int
    content_id: str
    service: Service
    outgoing: dict[str, Any]
    due_at: datetime
    turn: Turn | None = None


def held(
    session: Session, pairs: Collection[tuple[int, int]]
) -> dict[tuple[int, int], Publication]:
    """The publications of these posts and accounts, as far as there are any, locked."""
    found: dict[tuple[int, int], Publication] = {}
    posts = sorted({post_id for post_id, _ in pairs})
    accounts = sorted({account_id for _, account_id in pairs})
    for start in range(0, len(posts), _CHUNK):
        query = (
            select(Publication)
            .where(
                Publication.post_id.in_(posts[start : start + _CHUNK]),
                Publication.account_id.in_(accounts),
            )
            # In one order for everybody: two who plan many at once wait and do not block.
            .order_by(Publication.id)
            .with_for_update()
        )
        found |= {(row.post_id, row.account_id): row for row in session.scalars(query)}
    wanted = set(pairs)
    return {pair: row for pair, row in found.items() if pair in wanted}


def place(session: Session, placements: Sequence[Placement], now: datetime) -> list[int]:
    """Plan these, or move them there; the publications' IDs in the same order.

    Raises InputError for one that is out, or being sent.
    """
    there = held(session, [(one.post_id, one.account_id) for one in placements])
    found: dict[int, int] = {}
    new: list[int] = []
    for position, one in enumerate(placements):
        row = there.get((one.post_id, one.account_id))
        if row is None:
            new.append(position)
            continue
        check_movable(row)
        drop_handles(session, row.id, "")
        for name, value in _planned(one).items():
            setattr(row, name, value)
        found[position] = row.id
    session.flush()
    for start in range(0, len(new), _CHUNK):
        chunk = new[start : start + _CHUNK]
        some = {(placements[n].post_id, placements[n].account_id): n for n in chunk}
        # Told by their posts afterwards: asked for what each was given, SQLite takes them singly.
        rows = [_fresh(placements[position], now) for position in chunk]
        session.execute(insert(Publication.__table__), rows)  # type: ignore[arg-type]
        made = select(Publication.id, Publication.post_id, Publication.account_id).where(
            Publication.post_id.in_({post_id for post_id, _ in some})
        )
        for number, post_id, account_id in session.execute(made):
            if (post_id, account_id) in some:
                found[some[post_id, account_id]] = number
    numbers = [found[position] for position in range(len(placements))]
    moments = (one.due_at.isoformat() for one in placements)
    note_all(session, now, "scheduled", dict(zip(numbers, moments, strict=True)))
    return numbers


def _planned(one: Placement) -> dict[str, Any]:
    """What planning writes, whether the post was planned before or not."""
    turn = one.turn
    return {
        "outgoing": one.outgoing,
        "status": Status.SCHEDULED,
        "reason": "",
        "due_at": one.due_at,
        "next_at": one.due_at,
        "attempts": 0,
        "started_at": None,
        "queued_at": turn.queued_at if turn else None,
        "not_before": turn.not_before if turn else None,
        "priority": turn.priority if turn else 0,
    }


def _fresh(one: Placement, now: datetime) -> dict[str, Any]:
    return {
        "post_id": one.post_id,
        "account_id": one.account_id,
        "content_id": one.content_id,
        "service": one.service,
        "created_at": now,
        **_planned(one),
    }


def note_all(session: Session, now: datetime, what: str, details: Mapping[int, str]) -> None:
    """The same happened to all of these publications, by ID."""
    events = [
        {"publication_id": number, "at": now, "what": what, "detail": detail}
        for number, detail in details.items()
    ]
    if events:
        session.execute(insert(PublicationEvent), events)


def check_service(outgoing: Outgoing, account: Account) -> None:
    """Raises InputError for a post of another platform than the account's."""
    if outgoing.service is not account.service:
        raise InputError(
            f"The post is for {outgoing.service.label} and {account.name} is an account of "
            f"{account.service.label}: choose another account."
        )


def check_movable(row: Publication) -> None:
    """Raises InputError where it is too late, or where a person must look first."""
    where = f"Post {row.post_id}"
    if row.status == Status.PUBLISHED:
        raise InputError(f"{where} is out already: {row.url or row.platform_id}.")
    if row.status == Status.NEEDS_REVIEW:
        raise InputError(
            f"{where} waits for you to look whether it is out; tell first, with "
            f"`igny8-media posts settle {row.post_id} --published URL` or `--not-published`."
        )
    if row.phase == Phase.NEW and row.lease_until is not None and row.status == Status.SCHEDULED:
        raise InputError(f"{where} is being prepared for its time right now: try again soon.")
    if row.phase != Phase.NEW or row.lease_until is not None:
        raise InputError(f"{where} is being published right now: wait for what comes of it.")
    if row.part:
        raise InputError(
            f"{row.part} of the parts of {where.lower()} are out; `igny8-media posts retry "
            f"{row.post_id}` goes on after them."
        )
