"""Publications in the database whose posts the sandbox has."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from igny8_media.accounts.model import Account, Service
from igny8_media.database.tables import (
    MetricsWatch,
    Publication,
    PublicationMetrics,
    SocialPost,
)
from igny8_media.publishing.model import PostKind
from igny8_media.publishing.readings import Asked
from igny8_media.sandbox.server import Running
from igny8_media.settings import Settings
from igny8_media.stages.press import Press, open_press
from igny8_media.stages.sandboxed import connection_of
from igny8_media.stages.workshop import Workshop
from tests.metrics.planted import KINDS, plant


@contextmanager
def press_at(
    home: Path, sandbox_url: str, ahead: Callable[[], float], database_url: str = ""
) -> Iterator[Press]:
    """A press whose clock is as fast as the sandbox's."""
    settings = Settings(
        home=home,
        database_url=database_url or f"sqlite:///{home / 'igny8.db'}",
        sandbox_url=sandbox_url,
        _env_file=None,  # type: ignore[call-arg]
    )

    def now() -> datetime:
        return datetime.now(UTC) + timedelta(seconds=ahead())

    with open_press(Workshop(settings), now=now) as press:
        yield press


def connect(press: Press, sandbox: Running, service: Service, **fields: Any) -> Account:
    made = sandbox.account(service, **{"kind": KINDS[service][0], **fields})
    return press.accounts.add(connection_of(service, made))


def publish(
    press: Press,
    sandbox: Running,
    account: Account,
    ages: Sequence[timedelta],
    kind: PostKind,
    form: str = "social",
) -> list[Asked]:
    """Posts of these ages that are out, in the sandbox and in the ledger."""
    planted = plant(sandbox.state, account.service, account.platform_user_id, ages, kind)
    return enter(press, account, planted, form)


def enter(press: Press, account: Account, planted: Sequence[Asked], form: str) -> list[Asked]:
    """Write posts that are out into the ledger; with their publications' IDs."""
    now = press.ledger.now()
    with Session(press.shop.engine) as session, session.begin():
        first = session.scalar(select(SocialPost.id).order_by(SocialPost.id.desc())) or 0
        ids = range(first + 1, first + 1 + len(planted))
        place = str(account.service)
        session.execute(
            insert(SocialPost),
            [
                {
                    "id": id,
                    "content_id": f"c{id}",
                    "form": form,
                    "platform": place,
                    "revision": 1,
                    "fingerprint": "f",
                    "status": "approved",
                    "post": {},
                    "created_at": now,
                }
                for id in ids
            ],
        )
        session.execute(
            insert(Publication),
            [
                {
                    "id": id,
                    "post_id": id,
                    "account_id": account.id,
                    "content_id": f"c{id}",
                    "service": place,
                    "outgoing": {"service": place, "kind": one.kind, "text": "Planted"},
                    "status": "published",
                    "phase": "done",
                    "due_at": one.published_at,
                    "next_at": one.published_at,
                    "platform_id": one.platform_id,
                    "published_at": one.published_at,
                    "created_at": one.published_at,
                }
                for id, one in zip(ids, planted, strict=True)
            ],
        )
    return [
        Asked(id, one.platform_id, one.kind, one.published_at)
        for id, one in zip(ids, planted, strict=True)
    ]


def watches(press: Press) -> Mapping[int, MetricsWatch]:
    with Session(press.shop.engine, expire_on_commit=False) as session:
        return {row.publication_id: row for row in session.scalars(select(MetricsWatch))}


def readings(press: Press, publication_id: int) -> list[PublicationMetrics]:
    table = PublicationMetrics
    query = select(table).where(table.publication_id == publication_id).order_by(table.taken_at)
    with Session(press.shop.engine, expire_on_commit=False) as session:
        return list(session.scalars(query))
