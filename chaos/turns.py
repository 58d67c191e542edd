"""Posts that come again: one that does, one whose turn falls on a day off, one that has decayed."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from igny8_media.accounts.model import Service
from igny8_media.command.given import read_sources
from igny8_media.database.tables import (
    Notification,
    Publication,
    PublicationMetrics,
    Recurrence,
    RecurrenceTurn,
    SocialPost,
)
from igny8_media.planning.rules import Wish
from igny8_media.planning.week import read_days_off
from igny8_media.sandbox.server import Running
from igny8_media.settings import Settings
from igny8_media.social.model import Platform
from igny8_media.stages.article import ARTICLE
from igny8_media.stages.calendars import Calendars
from igny8_media.stages.catalog import SOCIAL
from igny8_media.stages.press import Press, open_press
from igny8_media.stages.recurring import repeat, take_turns
from igny8_media.stages.sandboxed import connection_of
from igny8_media.stages.stage import run_stage
from igny8_media.stages.workshop import Workshop

_ARTICLE: Final = Path(__file__).parents[1] / "examples" / "articles" / "faster-web-page.md"
_PLATFORMS: Final = (Platform.TWITTER, Platform.FACEBOOK)
_START: Final = datetime(2027, 3, 1, 12, tzinfo=UTC)
_DAY: Final = timedelta(days=1)
_DUE: Final = _START + 4 * _DAY
_LIKES: Final = (100, 10, 9, 8)


class Turns:
    """See `chaos.jobs.Job`. Who comes when does not matter to it: its clock stands still."""

    def __init__(self, sandbox: Running) -> None:
        self._sandbox = sandbox

    def prepare(self, home: Path) -> None:
        shop = Workshop(_settings(home))
        ((given,), _) = read_sources(shop.settings, [str(_ARTICLE)])
        for platform in _PLATFORMS:
            for stage in (ARTICLE, *SOCIAL[platform]):
                run_stage(shop, stage, given.content_id)
        # Day after day X's post comes again, and each time fewer care.
        with _press(home, _START) as press:
            first, other, page = (
                press.accounts.add(connection_of(service, self._sandbox.account(service)))
                for service in (Service.TWITTER, Service.TWITTER, Service.FACEBOOK)
            )
            post = {row.platform: row.id for row in press.all_posts.list()}
            press.approve(list(post.values()))
            repeat(press, post["twitter"], str(first.id), _daily(1))
        for number, likes in enumerate(_LIKES):
            with _press(home, _START + number * _DAY) as press:
                take_turns(press)
                _reached(press, likes)
        with _press(home, _DUE) as press:
            days = read_days_off(f"{_DUE + _DAY:%Y-%m-%d}", None, "facebook")
            Calendars(press.shop.engine, "UTC", press.ledger.now).add_days_off("main", days, "")
            repeat(press, post["facebook"], str(page.id), _daily(5))
            repeat(press, post["twitter"], str(other.id), _daily(5))
        shop.engine.dispose()

    def work(self, home: Path, take: Callable[[str], None]) -> None:
        with _press(home, _DUE) as press:
            take_turns(press)

    def broken(self, home: Path) -> str:
        return ""

    def again(self, home: Path) -> Counter[Hashable]:
        with _press(home, _DUE) as press:
            take_turns(press)
            with Session(press.shop.engine) as session:
                return Counter(_facts(session))


def _facts(session: Session) -> Iterator[Hashable]:
    for repeated in session.scalars(select(Recurrence)):
        yield "repetition", repeated.id, repeated.status, repeated.made, str(repeated.next_at)
    for turn in session.scalars(select(RecurrenceTurn)):
        yield "turn", turn.recurrence_id, str(turn.due_at), turn.post_id, turn.note
    for post in session.scalars(select(SocialPost)):
        yield "post", post.platform, post.revision, post.post["post_text"]
    for planned in session.scalars(select(Publication)):
        yield "planned", planned.post_id, planned.status, str(planned.due_at)
    for notice in session.scalars(select(Notification)):
        yield "told", notice.key


def _daily(first: int) -> Wish:
    day = f"{_START + first * _DAY:%Y-%m-%d}"
    return Wish("09:00", every="1d", first=day, forever=True)


def _reached(press: Press, likes: int) -> None:
    """The newest post was out, and so many people liked it."""
    with Session(press.shop.engine) as session, session.begin():
        row = session.scalars(select(Publication).order_by(Publication.id.desc()).limit(1)).one()
        row.status, row.published_at = "published", row.due_at
        session.add(
            PublicationMetrics(
                publication_id=row.id,
                taken_at=row.due_at + 3 * _DAY,
                likes=likes,
                missing={},
                raw={},
            )
        )


def _settings(home: Path) -> Settings:
    return Settings(
        home=home,
        time_zone="UTC",
        pay_for_links=True,
        _env_file=None,
    )


@contextmanager
def _press(home: Path, at: datetime) -> Iterator[Press]:
    shop = Workshop(_settings(home))
    with open_press(shop, lambda: at) as press:
        yield press
    shop.engine.dispose()
