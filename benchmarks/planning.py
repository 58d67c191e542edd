"""Planning 10,000 posts over 90 days on five platforms against planning 1,000.

Both go through the real thing: the queue in the ledger, on SQLite, in one action each, with the
same slots, gaps and caps. The ratio says that nobody pays for those who came before.
"""

import tempfile
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from measure import cpu, medians, report
from sqlalchemy import Engine, insert
from sqlalchemy.orm import Session

from igny8_media.accounts.model import Service
from igny8_media.database.engine import open_database
from igny8_media.database.tables import CalendarSlot, Publication, SocialAccount, SocialPost
from igny8_media.planning.queue import Queue, Wanted
from igny8_media.planning.sites import calendar_of, set_density
from igny8_media.publishing.model import Outgoing
from igny8_media.publishing.placing import Placement, Turn
from igny8_media.social.model import Platform

_NOW = datetime(2026, 11, 23, 0, tzinfo=UTC)
_A_DAY = 24
"""Slots of a platform a day: 24 x 90 days x 5 platforms hold 10,800 posts."""
_LIMIT = 12.0


def _plan(count: int) -> float:
    """CPU seconds of planning so many posts, divided among five platforms' accounts."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        engine = open_database(f"sqlite:///{Path(folder) / 'igny8.db'}")
        accounts = _site(engine)
        wanted = _posts(engine, accounts, count)
        queue = Queue(engine, "Europe/Berlin", lambda: _NOW)
        spent = cpu(lambda: queue.plan(wanted))
        _check(engine, count)
        engine.dispose()
        return spent


def _site(engine: Engine) -> dict[Platform, int]:
    accounts = {}
    with Session(engine) as session, session.begin():
        calendar = calendar_of(session, "main", "Europe/Berlin", _NOW)
        session.query(CalendarSlot).delete()
        for platform in Platform:
            set_density(session, calendar, platform, 30, _A_DAY)
            row = SocialAccount(
                service=platform,
                platform_user_id=platform,
                name=platform,
                kind="person",
                scopes=[],
                details={},
                tokens="",
                issued_at=_NOW,
                created_at=_NOW,
                updated_at=_NOW,
            )
            session.add(row)
            session.flush()
            accounts[platform] = row.id
            session.add_all(
                CalendarSlot(
                    site="main",
                    platform=platform,
                    weekday=day,
                    local_time=f"{hour:02}:00",
                    created_at=_NOW,
                )
                for day in range(7)
                for hour in range(_A_DAY)
            )
    return accounts


def _posts(engine: Engine, accounts: dict[Platform, int], count: int) -> list[Wanted]:
    platforms = list(Platform)
    with Session(engine) as session, session.begin():
        session.execute(
            insert(SocialPost),
            [
                {
                    "content_id": f"post-{number}",
                    "form": "own",
                    "platform": platforms[number % 5],
                    "revision": 1,
                    "fingerprint": str(number),
                    "status": "approved",
                    "post": {},
                    "created_at": _NOW,
                }
                for number in range(count)
            ],
        )
    wanted = []
    for number in range(count):
        platform = platforms[number % 5]
        sent = Outgoing(service=Service(platform), kind="text", text=f"Post number {number}.")
        placement = Placement(
            post_id=number + 1,
            account_id=accounts[platform],
            content_id=f"post-{number}",
            service=Service(platform),
            outgoing=sent.model_dump(mode="json"),
            due_at=_NOW,
            turn=Turn(_NOW, priority=number % 3),
        )
        wanted.append(Wanted(placement, "main", platform))
    return wanted


def _check(engine: Engine, count: int) -> None:
    """Everybody has a slot of their own, within 90 days."""
    with Session(engine) as session:
        due = session.query(Publication.account_id, Publication.due_at).all()
    assert len(due) == count
    assert max(Counter(map(tuple, due)).values()) == 1
    last: date = max(at for _, at in due).date()
    assert last <= (_NOW + timedelta(days=90)).date(), last


def main() -> None:
    spent = medians(3, thousand=lambda: _plan(1_000), ten_thousand=lambda: _plan(10_000))
    ratio = spent["ten_thousand"] / spent["thousand"]
    report("planning 10,000 to 1,000", ratio, _LIMIT, **spent)


if __name__ == "__main__":
    main()
