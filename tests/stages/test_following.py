"""Calendars that follow their site's figures: once a week, nothing planned moves, one way back."""

import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from igny8_media.accounts.model import Service
from igny8_media.analytics import best_times
from igny8_media.analytics.belief import Spreads, learn
from igny8_media.database.tables import SocialPost
from igny8_media.errors import InputError
from igny8_media.planning.chosen import week_of
from igny8_media.planning.openings import Week
from igny8_media.planning.queue import Queue, Wanted
from igny8_media.planning.week import Slot
from igny8_media.publishing.model import Outgoing
from igny8_media.publishing.placing import Placement, Turn
from igny8_media.publishing.planning import Planning
from igny8_media.settings import Settings
from igny8_media.stages.calendars import Calendars
from igny8_media.stages.following import follow_best_times, wanted
from igny8_media.stages.workshop import Workshop
from tests.analytics.history import NOW, Past, fill

BERLIN = ZoneInfo("Europe/Berlin")
_TWO = ("linkedin", "instagram")


class Clock:
    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture(autouse=True)
def known_spreads(monkeypatch: pytest.MonkeyPatch) -> None:
    """To find the likeliest of 45 takes longer than everything else here."""
    monkeypatch.setattr(best_times, "learn", partial(learn, spreads=Spreads()))


@pytest.fixture
def clock() -> Clock:
    return Clock()


def _opened(home: Path, clock: Clock) -> Workshop:
    shop = Workshop(Settings(home=home, time_zone="Europe/Berlin", _env_file=None))
    vars(shop)["planning"] = Planning(shop.engine, clock)
    return shop


@pytest.fixture
def shop(tmp_path: Path, clock: Clock) -> Iterator[Workshop]:
    shop = _opened(tmp_path / "home", clock)
    yield shop
    shop.engine.dispose()


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two months of posts on two platforms, whose site follows its figures."""
    shop = _opened(tmp_path_factory.mktemp("following"), Clock())
    fill(shop.engine, Past(weeks=9, platforms=_TWO))
    shop.automations.set("main", {"follow_best_times": "true"})
    shop.engine.dispose()
    return shop.settings.home


@pytest.fixture
def filled(past: Path, tmp_path: Path, clock: Clock) -> Iterator[Workshop]:
    shutil.copytree(past, tmp_path / "mine")
    shop = _opened(tmp_path / "mine", clock)
    yield shop
    shop.engine.dispose()


def _calendars(shop: Workshop) -> Calendars:
    return Calendars(shop.engine, "Europe/Berlin", shop.planning.now)


def _weeks(shop: Workshop) -> dict[str, Week]:
    return dict(_calendars(shop).get("main").weeks)


def _queued(shop: Workshop, count: int) -> list[int]:
    """Approved posts that wait in the queue of the first account."""
    queue = Queue(shop.engine, "Europe/Berlin", shop.planning.now)
    return queue.plan(_approved(shop, count, "waiting"))


def _approved(shop: Workshop, count: int, name: str) -> list[Wanted]:
    """Approved posts that want a slot of the first account."""
    now, found, place = shop.planning.now(), [], "linkedin"
    with Session(shop.engine) as session, session.begin():
        for number in range(count):
            content = f"{name}-{place}-{number}"
            row = SocialPost(
                content_id=content,
                form="social",
                platform=place,
                revision=1,
                fingerprint="0" * 64,
                status="approved",
                post={},
                created_at=now,
                note="",
            )
            session.add(row)
            session.flush()
            out = Outgoing(service=Service.LINKEDIN, kind="text", text=content)
            placement = Placement(
                post_id=row.id,
                account_id=1,
                content_id=content,
                service=Service.LINKEDIN,
                outgoing=out.model_dump(mode="json"),
                due_at=now,
                turn=Turn(now),
            )
            found.append(Wanted(placement, "main", place))
    return found


def _due(shop: Workshop, ids: list[int]) -> list[datetime]:
    by_id = {one.id: one.due_at for one in shop.planning.planned()}
    return [by_id[number] for number in ids]


def test_nobody_who_has_not_asked_is_touched(shop: Workshop) -> None:
    fill(shop.engine, Past(weeks=6, platforms=_TWO))
    before = _weeks(shop)
    assert not wanted(shop)
    assert follow_best_times(shop) == []
    assert _weeks(shop) == before


def test_a_site_without_figures_is_left_alone(shop: Workshop) -> None:
    shop.automations.set("main", {"follow_best_times": "yes"})
    before = _weeks(shop)
    assert wanted(shop)
    assert follow_best_times(shop) == []
    assert _weeks(shop) == before
    assert not wanted(shop), "that is decided for this week"
    assert shop.notices.latest(10) == []


@pytest.mark.parametrize(
    "past", [Past(weeks=3, platforms=_TWO), Past(weeks=6, platforms=_TWO, sandbox=True)]
)
def test_too_few_posts_and_played_figures_choose_nothing(shop: Workshop, past: Past) -> None:
    fill(shop.engine, past)
    shop.automations.set("main", {"follow_best_times": "yes"})
    assert follow_best_times(shop) == []


def test_posts_of_long_ago_say_nothing_of_today(filled: Workshop, clock: Clock) -> None:
    clock.at = NOW + timedelta(days=200)
    assert follow_best_times(filled) == []


def test_slots_follow_and_people_are_told_why_and_how_to_go_back(filled: Workshop) -> None:
    before = _weeks(filled)
    done = follow_best_times(filled)
    assert {one.place for one in done} == set(_TWO), "YouTube Shorts has too few posts"
    after = _weeks(filled)
    told = {one.text for one in filled.notices.latest(10)}
    assert told == {one.told for one in done}
    for one in done:
        assert len(after[one.place].slots) == len(before[one.place].slots)
        assert after[one.place].slots != before[one.place].slots
        assert "compared posts" in one.told
        assert one.told.endswith(f"igny8-media calendar slots undo {one.place}")
        _calendars(filled).undo("main", one.place)
    assert [_weeks(filled)[place].slots for place in _TWO] == [before[p].slots for p in _TWO]
    with pytest.raises(InputError, match="nothing to take back"):
        _calendars(filled).undo("main", "linkedin")
    assert {place for place in before if _weeks(filled)[place] != before[place]} == set(_TWO)


def test_a_week_is_decided_once_whatever_is_read_meanwhile(filled: Workshop, clock: Clock) -> None:
    assert wanted(filled)
    follow_best_times(filled)
    chosen = _weeks(filled)
    clock.at = NOW + timedelta(days=2, hours=10)  # Sunday 23:00 in Berlin
    assert not wanted(filled)
    assert follow_best_times(filled) == []
    assert _weeks(filled) == chosen
    clock.at = NOW + timedelta(days=2, hours=11)  # Monday there, Sunday in UTC
    assert wanted(filled)
    follow_best_times(filled)
    assert not wanted(filled)


def test_the_same_figures_choose_the_same_slots(past: Path, tmp_path: Path, clock: Clock) -> None:
    found = []
    for name, later in (("a", 0), ("b", 50)):  # Friday and Sunday of one week
        shutil.copytree(past, tmp_path / name)
        shop = _opened(tmp_path / name, clock)
        clock.at = NOW + timedelta(hours=later)
        follow_best_times(shop)
        found.append({place: _weeks(shop)[place].slots for place in _TWO})
        shop.engine.dispose()
    assert found[0] == found[1]


def test_what_is_planned_stays_and_what_comes_takes_the_new_slots(filled: Workshop) -> None:
    old = _weeks(filled)["linkedin"].slots
    ids = _queued(filled, 14)
    due = _due(filled, ids)
    follow_best_times(filled)
    week = _weeks(filled)["linkedin"]
    assert week.earlier is not None
    last = max(due).astimezone(BERLIN).date()
    assert week.earlier.last_day == last
    assert _due(filled, ids) == due
    Queue(filled.engine, "Europe/Berlin", filled.planning.now).refill()
    assert _due(filled, ids) == due, "also when the queue is planned anew"
    later = [at.astimezone(BERLIN) for at in _due(filled, _later(filled))]
    assert _due(filled, ids) == due
    after = [at for at in later if at.date() > last]
    assert after
    new = {(slot.weekday, slot.time) for slot in week.slots}
    assert {(at.weekday(), f"{at:%H:%M}") for at in after} <= new
    assert {(s.weekday, s.time) for s in old} != new


def test_a_post_that_is_queued_while_slots_are_chosen_stays(
    postgres_url: str, tmp_path: Path, clock: Clock
) -> None:
    settings = Settings(home=tmp_path, database_url=postgres_url, _env_file=None)
    shop = Workshop(settings)
    vars(shop)["planning"] = Planning(shop.engine, clock)
    fill(shop.engine, Past(weeks=9, platforms=("linkedin",)))
    with shop.engine.begin() as connection:  # the past brought its own numbers
        for table in ("social_post", "publication"):
            numbers = text("SELECT setval(pg_get_serial_sequence(:table, 'id'), 100000)")
            connection.execute(numbers, {"table": table})
    shop.automations.set("main", {"follow_best_times": "true"})
    ids = _queued(shop, 1)
    queue = Queue(shop.engine, "Europe/Berlin", clock)
    wanted_too = _approved(shop, 12, "late")
    with ThreadPoolExecutor(1) as pool, Session(shop.engine) as session:
        ids += queue.plan_in(session, wanted_too, {1})
        chosen = pool.submit(follow_best_times, shop)
        while not chosen.done() and not _somebody_waits(shop):
            time.sleep(0.01)
        session.commit()
        assert [one.place for one in chosen.result()] == ["linkedin"]
    due = _due(shop, ids)
    queue.refill()
    assert _due(shop, ids) == due
    shop.engine.dispose()


def _somebody_waits(shop: Workshop) -> bool:
    with shop.engine.connect() as connection:
        return bool(connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))


def _later(shop: Workshop) -> list[int]:
    with Session(shop.engine) as session, session.begin():
        session.execute(
            update(SocialPost)
            .where(SocialPost.content_id.like("waiting-%"))
            .values(content_id="before-" + SocialPost.content_id)
        )
    return _queued(shop, 12)


def test_a_change_that_is_still_to_come_is_waited_for(filled: Workshop, clock: Clock) -> None:
    _queued(filled, 30)
    follow_best_times(filled)
    chosen = _weeks(filled)["linkedin"]
    clock.at = NOW + timedelta(days=7)
    follow_best_times(filled)
    assert _weeks(filled)["linkedin"] == chosen


def test_slots_set_by_hand_stay_and_what_was_taken_back_stays_back(
    filled: Workshop, clock: Clock
) -> None:
    mine = Slot(6, 3 * 60 + 17)
    _calendars(filled).add_slots("main", "linkedin", [mine])
    count = len(_weeks(filled)["linkedin"].slots)
    follow_best_times(filled)
    week = _weeks(filled)["linkedin"]
    assert mine in week.slots
    assert week.by_hand == {mine}
    assert len(week.slots) == count
    _calendars(filled).undo("main", "linkedin")
    back = _weeks(filled)["linkedin"]
    clock.at += timedelta(days=7)
    follow_best_times(filled)
    assert _weeks(filled)["linkedin"] == back
    clock.at += timedelta(days=7)
    _calendars(filled).reset("main", ["linkedin"])
    assert {one.place for one in follow_best_times(filled)} >= {"linkedin"}


def test_a_change_by_hand_counts_at_once(filled: Workshop) -> None:
    _queued(filled, 14)
    follow_best_times(filled)
    first = _weeks(filled)["linkedin"].slots[0]
    _calendars(filled).remove_slots("main", "linkedin", [first])
    assert _weeks(filled)["linkedin"].earlier is None


@pytest.mark.parametrize(
    ("moment", "week"),
    [
        (datetime(2027, 3, 28, 21, 59, tzinfo=UTC), "2027-W12"),  # 23:59, an hour was skipped
        (datetime(2027, 3, 28, 22, 0, tzinfo=UTC), "2027-W13"),
        (datetime(2026, 10, 25, 22, 30, tzinfo=UTC), "2026-W43"),  # 23:30, an hour came twice
        (datetime(2026, 10, 25, 23, 0, tzinfo=UTC), "2026-W44"),
    ],
)
def test_a_week_begins_at_the_sites_own_midnight(moment: datetime, week: str) -> None:
    assert week_of(moment, BERLIN) == week


def test_chosen_slots_keep_their_local_time_when_clocks_change(filled: Workshop) -> None:
    follow_best_times(filled)
    calendar = _calendars(filled).get("main")

    def week(first: date) -> list[datetime]:
        days = (first + timedelta(days=n) for n in range(7))
        return [at for day in days for at in calendar.slots_on("linkedin", day)]

    winter, summer = week(date(2027, 3, 19)), week(date(2027, 4, 2))
    assert [f"{at.astimezone(BERLIN):%a %H:%M}" for at in winter] == [
        f"{at.astimezone(BERLIN):%a %H:%M}" for at in summer
    ]
    assert [at.hour for at in winter] == [at.hour + 1 for at in summer]
