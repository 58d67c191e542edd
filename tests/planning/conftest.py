"""A queue of the posts of a ledger on either database."""

from datetime import datetime

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from igny8_media.accounts.model import Service
from igny8_media.database.tables import CalendarSlot, PlatformPlan
from igny8_media.planning.queue import Queue, Wanted
from igny8_media.planning.sites import calendar_of
from igny8_media.publishing.model import Outgoing
from igny8_media.publishing.placing import Placement, Turn
from tests.publishing.toy import World


class Desk:
    """People who plan posts of the toy platform, on a site whose slots come every few minutes."""

    def __init__(self, world: World, zone: str = "UTC") -> None:
        self.world = world
        self.queue = Queue(world.engine, zone, world.clock)

    def slots(self, every: int, gap: int, cap: int) -> None:
        """A slot every so many minutes, instead of those there are."""
        with Session(self.world.engine) as session, session.begin():
            calendar_of(session, "main", "UTC", self.world.clock())
            session.query(CalendarSlot).filter_by(platform="twitter").delete()
            session.add_all(
                CalendarSlot(
                    site="main",
                    platform="twitter",
                    weekday=day,
                    local_time=f"{minute // 60:02}:{minute % 60:02}",
                    created_at=self.world.clock(),
                )
                for day in range(7)
                for minute in range(0, 24 * 60, every)
            )
            plan = session.get_one(PlatformPlan, ("main", "twitter"))
            plan.gap_minutes, plan.daily_cap = gap, cap

    def wanted(self, text: str, turn: Turn | None = None, due: datetime | None = None) -> Wanted:
        """A new post that wants a slot, or a moment."""
        out = Outgoing(service=Service.TWITTER, kind="text", text=text)
        placement = Placement(
            post_id=self.world.post(text),
            account_id=self.world.account_id,
            content_id=text[:60],
            service=Service.TWITTER,
            outgoing=out.model_dump(mode="json"),
            due_at=due or self.world.clock(),
            turn=turn,
        )
        return Wanted(placement, "main", "twitter")

    def add(self, *texts: str, priority: int = 0, not_before: datetime | None = None) -> list[int]:
        turn = Turn(self.world.clock(), priority, not_before)
        return self.queue.plan([self.wanted(text, turn) for text in texts])

    def due(self) -> dict[str, datetime]:
        return {one.text: one.due_at for one in self.world.planning.planned()}


@pytest.fixture
def world(engine: Engine) -> World:
    return World(engine)


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)
