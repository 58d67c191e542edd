"""Recurring posts: each turn in fresh words, made once, however many look at once."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from igny8_media.command.given import read_sources
from igny8_media.database import tables
from igny8_media.errors import InputError, OutsideError
from igny8_media.planning.recurrences import Recurrences
from igny8_media.planning.rules import Wish
from igny8_media.planning.week import read_days_off
from igny8_media.publishing.model import Options
from igny8_media.settings import Settings
from igny8_media.social.model import Platform
from igny8_media.social.variation import is_fresh
from igny8_media.stages.article import ARTICLE
from igny8_media.stages.calendars import Calendars
from igny8_media.stages.catalog import SOCIAL
from igny8_media.stages.press import Press, open_press
from igny8_media.stages.recurring import repeat, take_turns
from igny8_media.stages.stage import run_stage
from igny8_media.stages.workshop import Workshop

_SOURCE = next((Path(__file__).parents[2] / "examples").rglob("faster-web-page.md"))
START = datetime(2027, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


class Clock:
    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at


def _shop(home: Path) -> Workshop:
    settings = Settings(home=home, time_zone="Europe/Berlin", _env_file=None)
    return Workshop(settings)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one article, and its post for X with the picture."""
    shop = _shop(tmp_path_factory.mktemp("recurring"))
    ((given,), _) = read_sources(shop.settings, [str(_SOURCE)])
    for stage in (ARTICLE, *SOCIAL[Platform.TWITTER]):
        run_stage(shop, stage, given.content_id)
    shop.engine.dispose()
    return shop.settings.home


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def press(made: Path, tmp_path: Path, clock: Clock) -> Iterator[Press]:
    home = tmp_path / "mine"
    shutil.copytree(made, home)
    with open_press(_shop(home), clock) as press:
        with Session(press.shop.engine) as session, session.begin():
            session.add(
                tables.SocialAccount(
                    service="twitter",
                    platform_user_id="1",
                    name="Ada",
                    kind="person",
                    scopes=["tweet.read", "tweet.write", "users.read", "media.write"],
                    details={},
                    tokens="",
                    issued_at=START,
                    created_at=START,
                    updated_at=START,
                )
            )
        press.approve([1])
        yield press


@pytest.fixture(autouse=True)
def links_are_paid(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IGNY8_PAY_FOR_LINKS", "true")


def _posts(press: Press) -> list[tables.SocialPost]:
    with Session(press.shop.engine, expire_on_commit=False) as session:
        return list(session.scalars(select(tables.SocialPost).order_by(tables.SocialPost.id)))


def _text(row: tables.SocialPost) -> str:
    return "\n".join(row.post["thread"] or [row.post["post_text"]])


def _sent(press: Press, publication_id: int) -> str:
    with Session(press.shop.engine) as session:
        sent = session.get_one(tables.Publication, publication_id).outgoing
        return "\n".join(sent["parts"] or [sent["text"]])


def test_each_turn_is_a_new_post_in_fresh_words_until_the_end(press: Press, clock: Clock) -> None:
    made = repeat(press, 1, None, Wish("09:00", every="14d", count=3))
    assert take_turns(press) == [], "nothing is due within a day"
    for number in range(3):
        clock.at = START + (14 * (number + 1) - 1) * DAY
        (turn,) = take_turns(press)
        assert turn.post_id is not None
        assert take_turns(press) == []
    rows = _posts(press)
    assert [row.revision for row in rows] == [1, 2, 3, 4]
    assert {row.approved_by for row in rows[1:]} == {"repetition"}
    for number, row in enumerate(rows[1:], start=1):
        assert is_fresh(_text(row), [_text(other) for other in rows[:number]])
    planned = press.planning.planned()
    for one, row in zip(planned, rows[1:], strict=True):
        sent = _sent(press, one.id)
        assert sent.count("https://example.com/") == sent.count(f"utm_content={row.id}") == 1
    due = [one.due_at for one in planned]
    # 09:00 in Berlin: the clocks go forward on 28 March.
    assert [f"{at:%m-%d %H:%M}" for at in due] == ["03-15 08:00", "03-29 07:00", "04-12 07:00"]
    (ended,) = Recurrences(press.shop.engine, clock).all()
    assert (ended.id, ended.status, ended.made, ended.next_at) == (made.id, "ended", 3, None)


def test_two_who_look_at_once_make_each_turn_once(press: Press, clock: Clock) -> None:
    repeat(press, 1, None, Wish("09:00", every="1d", first="2027-03-02", count=3))
    clock.at = START + 2 * DAY
    ready, made, failures = threading.Barrier(4), [], []
    with ExitStack() as stack:
        presses = [stack.enter_context(open_press(press.shop, clock)) for _ in range(4)]

        def take(mine: Press) -> None:
            ready.wait()
            try:
                made.extend(take_turns(mine))
            except Exception as error:
                failures.append(error)

        threads = [threading.Thread(target=take, args=(mine,)) for mine in presses]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failures == []
    made += take_turns(press)
    dues = [turn.due_at for turn in made]
    assert len(dues) == len(set(dues)) == 3
    assert len(press.planning.planned()) == sum(turn.post_id is not None for turn in made)
    assert len(_posts(press)) == 1 + len(press.planning.planned())


def test_turns_that_are_left_out_say_why(press: Press, clock: Clock) -> None:
    Calendars(press.shop.engine, "Europe/Berlin", clock).add_days_off(
        "main", read_days_off("2027-03-12", None, ""), ""
    )
    repeat(press, 1, None, Wish("09:00", every="1d", first="2027-03-02", count=40))
    clock.at = START + 9 * DAY
    notes = [turn.note for turn in take_turns(press)]
    assert notes[0] == "Nobody was there to make it while it was due."
    assert notes[-1] == ""
    for _ in range(24):
        clock.at += DAY
        notes += [turn.note for turn in take_turns(press)]
    assert "It fell on a day off." in notes
    assert "nothing more to say" in notes[-1]
    texts = [_text(row) for row in _posts(press)]
    assert len(texts) == len(set(texts)) == 1 + notes.count("")


def test_an_article_that_cannot_be_had_is_tried_again(
    press: Press, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    repeat(press, 1, None, Wish("09:00", every="1d", count=1))

    def fails(_: object, content_id: str) -> None:
        raise OutsideError("The site does not answer.")

    with monkeypatch.context() as patch:
        patch.setattr(Workshop, "article", fails)
        assert take_turns(press) == []
    (turn,) = take_turns(press)
    assert turn.post_id is not None


def test_it_stops_when_people_have_seen_it(press: Press, clock: Clock) -> None:
    repeat(press, 1, None, Wish("09:00", every="1d", first="2027-03-02", forever=True))
    for number, likes in enumerate([100, 10, 9, 8]):
        clock.at = START + number * DAY
        take_turns(press)
        with Session(press.shop.engine) as session, session.begin():
            row = session.scalars(
                select(tables.Publication).order_by(tables.Publication.id.desc())
            ).first()
            assert row is not None
            row.status, row.published_at = "published", row.due_at
            session.add(
                tables.PublicationMetrics(
                    publication_id=row.id,
                    taken_at=row.due_at + 3 * DAY,
                    likes=likes,
                    missing={},
                    raw={},
                )
            )
    clock.at = START + 5 * DAY
    assert take_turns(press) == []
    recurrences = Recurrences(press.shop.engine, clock)
    (stopped,) = recurrences.all()
    assert stopped.status == "stopped"
    assert "10, 9, 8 interactions, and the first had 100" in stopped.reason
    assert recurrences.resume(stopped.id).status == "active"


def test_pause_resume_and_end(press: Press, clock: Clock) -> None:
    made = repeat(press, 1, None, Wish("09:00", every="1d", count=30))
    recurrences = Recurrences(press.shop.engine, clock)
    recurrences.pause(made.id)
    clock.at = START + 3 * DAY
    assert take_turns(press) == []
    with pytest.raises(InputError, match="is paused already"):
        recurrences.pause(made.id)
    with pytest.raises(InputError, match="comes again already"):
        repeat(press, 1, None, Wish("09:00", every="1d", count=30))
    resumed = recurrences.resume(made.id)
    assert resumed.next_at is not None
    assert resumed.next_at > clock.at, "what was missed is not made up for"
    assert recurrences.end(made.id).status == "ended"
    for change in (recurrences.end, recurrences.resume, recurrences.pause):
        with pytest.raises(InputError, match="is ended already"):
            change(made.id)
    with pytest.raises(InputError, match="no repetition 99"):
        recurrences.get(99)


def test_what_was_taken_back_puts_nothing_off(press: Press) -> None:
    press.plan(1, None, START + 40 * DAY, lambda _: Options())
    press.cancel(1)
    made = repeat(press, 1, None, Wish("09:00", every="30d", count=3))
    assert made.next_at is not None
    assert made.next_at.date() == (START + 30 * DAY).date()


def test_a_post_of_ones_own_cannot_come_again(press: Press, tmp_path: Path) -> None:
    file = tmp_path / "own.json"
    file.write_text('{"service": "x", "text": "Mine"}')
    post, _ = press.add(file)
    press.approve([post.id])
    with pytest.raises(InputError, match="fresh words for each turn come from an article"):
        repeat(press, post.id, None, Wish("09:00", every="1d", count=3))
