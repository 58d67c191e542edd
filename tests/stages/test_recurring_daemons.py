"""Two daemons that look for turns at once, as processes on one PostgreSQL: every turn once."""

import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from multiprocessing.synchronize import Barrier
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from igny8_media.command.given import read_sources
from igny8_media.database.tables import Publication, RecurrenceTurn, SocialAccount, SocialPost
from igny8_media.planning.recurrences import Recurrences
from igny8_media.planning.rules import Wish
from igny8_media.settings import Settings
from igny8_media.social.model import Platform
from igny8_media.stages.article import ARTICLE
from igny8_media.stages.catalog import SOCIAL
from igny8_media.stages.press import Press, open_press
from igny8_media.stages.recurring import repeat, take_turns
from igny8_media.stages.stage import run_stage
from igny8_media.stages.workshop import Workshop

_SOURCE = next((Path(__file__).parents[2] / "examples").rglob("faster-web-page.md"))
START = datetime(2027, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ACCOUNTS = 3
_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload([__name__])


@contextmanager
def _press(home: Path, database_url: str, at: datetime) -> Iterator[Press]:
    settings = Settings(
        home=home, database_url=database_url, pay_for_links=True, time_zone="UTC", _env_file=None
    )
    shop = Workshop(settings)
    with open_press(shop, lambda: at) as press:
        yield press
    shop.engine.dispose()


def _look(home: Path, database_url: str, days: int, together: Barrier) -> None:
    for day in range(days):
        with _press(home, database_url, START + day * DAY) as press:
            together.wait(60)
            take_turns(press)


def _account(number: int) -> SocialAccount:
    return SocialAccount(
        service="twitter",
        platform_user_id=str(number),
        name=f"Ada {number}",
        kind="person",
        scopes=["tweet.read", "tweet.write", "users.read", "media.write"],
        details={},
        tokens="",
        issued_at=START,
        created_at=START,
        updated_at=START,
    )


def test_no_turn_is_made_twice(tmp_path: Path, postgres_url: str) -> None:
    home, days = tmp_path / "state", 4
    with _press(home, postgres_url, START) as press:
        ((given,), _) = read_sources(press.settings, [str(_SOURCE)])
        for stage in (ARTICLE, *SOCIAL[Platform.TWITTER]):
            run_stage(press.shop, stage, given.content_id)
        with Session(press.shop.engine) as session, session.begin():
            session.add_all(_account(number) for number in range(1, 1 + ACCOUNTS))
        press.approve([1])
        for number in range(1, 1 + ACCOUNTS):
            repeat(press, 1, str(number), Wish("09:00", every="1d", first="2027-03-02", count=40))
    together = _processes.Barrier(2)
    arguments = (home, postgres_url, days, together)
    daemons = [_processes.Process(target=_look, args=arguments) for _ in range(2)]
    for daemon in daemons:
        daemon.start()
    for daemon in daemons:
        daemon.join(120)
    assert [daemon.exitcode for daemon in daemons] == [0, 0]
    with _press(home, postgres_url, START + (days - 1) * DAY) as press:
        take_turns(press)  # what one of them left to the other
        with Session(press.shop.engine) as session:
            turns = list(session.scalars(select(RecurrenceTurn)))
            made = [turn.post_id for turn in turns if turn.post_id is not None]
            dues = {(turn.recurrence_id, turn.due_at) for turn in turns}
            planned = list(session.scalars(select(Publication.post_id)))
            written = list(session.scalars(select(SocialPost.id).where(SocialPost.revision > 1)))
        recurrences = Recurrences(press.shop.engine, press.ledger.now).all()
    assert len(dues) == len(turns) == ACCOUNTS * days
    assert sorted(made) == sorted(planned) == sorted(written)
    assert len(made) >= ACCOUNTS
    assert sum(one.made for one in recurrences) == len(made)
