"""`igny8-media calendar` and the queue, as a person types them."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy.orm import Session

from igny8_media.database.engine import open_database
from igny8_media.database.tables import Content
from igny8_media.sandbox.server import Running, running
from tests.command.conftest import YEAR, Answer, Run


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running() as sandbox:
        yield sandbox


@pytest.fixture(autouse=True)
def sandbox(server: Running, monkeypatch: pytest.MonkeyPatch) -> Running:
    server.reset()
    monkeypatch.setenv("IGNY8_SANDBOX_URL", server.url)
    monkeypatch.setenv("IGNY8_TIME_ZONE", "Europe/Berlin")
    return server


@pytest.fixture
def add(run: Run, tmp_path: Path) -> Callable[..., int]:
    """Adds posts, approved unless said otherwise; the last one's ID."""

    def call(*words: str, service: str = "x", approved: bool = True) -> int:
        for text in words:
            file = tmp_path / "post.json"
            file.write_text(json.dumps({"service": service, "text": text}))
            post_id: int = told(run("posts", "add", file, "--json"))["posts"][0]["id"]
            if approved:
                assert run("posts", "approve", str(post_id)).status == 0
        return post_id

    return call


def told(answer: Answer, status: int = 0) -> Any:
    assert answer.status == status, (answer.out, answer.err)
    return json.loads(answer.out)


def planned(answer: Answer) -> dict[int, dict[str, Any]]:
    return {post["id"]: post["publications"][0] for post in told(answer)["posts"]}


def test_the_queue_from_approval_to_another_time(run: Run, add: Callable[..., int]) -> None:
    add("one", "two", "three", approved=False)
    queued = planned(run("posts", "approve", "1", "2", "--queue", "--json"))
    assert all(one["queued"] for one in queued.values())
    assert queued[1]["due_at"] < queued[2]["due_at"]
    run("posts", "approve", "3")
    urgent = planned(
        run("posts", "schedule", "--all-approved", "--queue", "--priority", "5", "--json")
    )
    assert list(urgent) == [3]
    assert urgent[3]["due_at"] == queued[1]["due_at"]
    free = told(run("calendar", "next", "x", "--count", "2", "--json"))["free"]
    assert len(free) == 2
    day = date(YEAR, 1, 1)
    moved = told(run("calendar", "move", "1", f"{day}T09:00", "--json"))
    assert (moved["due_at"], moved["queued"]) == (f"{day}T08:00:00Z", False)
    assert f"at {day} 09:00 CET." in run("calendar", "move", "1", f"{day}T09:00").out
    week = told(run("calendar", "--week", "--from", str(day), "--json"))
    assert week["zone"] == "Europe/Berlin"
    mine = [e for day in week["days"] for e in day["entries"] if e["publication_id"]]
    assert [(e["local"], e["text"]) for e in mine] == [(f"{day}T09:00:00+01:00", "one")]
    shown = run("calendar", "--from", str(day)).out
    assert f"{day:%a %Y-%m-%d}" in shown
    assert "`igny8-media calendar move` takes the number" in shown
    assert "09:00 X" in run("calendar", "--month", "--from", str(day)).out


def test_cancelling_closes_the_queue_up(run: Run, add: Callable[..., int]) -> None:
    add("one", "two")
    before = planned(run("posts", "schedule", "1", "2", "--queue", "--json"))
    assert run("posts", "cancel", "1").status == 0
    after = told(run("posts", "show", "2", "--json"))["publications"][0]
    assert after["due_at"] == before[1]["due_at"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("posts", "schedule", "1"), "Say when: --at TIME, or --queue"),
        (("posts", "schedule", "1", "--queue", "--at", "2030-01-01"), "Say when"),
        (("posts", "schedule", "1", "--at", "2030-01-01", "--priority", "1"), "for the queue"),
        (("posts", "schedule", "--queue"), "Name the posts, or give --all-approved"),
        (("posts", "schedule", "1", "--queue", "--from", "soon"), "'soon' is no date"),
        (("posts", "approve", "1", "--account", "sandbox"), "give --queue too"),
        (("calendar", "slots", "add", "x", "24:30", "--days", "mon"), "would never come"),
        (("calendar", "slots", "add", "x", "08:45", "--days", "mon"), "overlaps Monday 08:30"),
        (("calendar", "slots", "add", "x", "09:00", "--days", "blue"), "no day of the week"),
        (("calendar", "slots", "remove", "x", "03:00", "--days", "mon"), "has no slot Monday"),
        (("calendar", "plan", "x"), "Nothing was given to change"),
        (("calendar", "plan", "x", "--gap", "0"), "A gap of 0 minutes"),
        (("calendar", "plan", "x", "--cap", "0"), "0 posts a day"),
        (("calendar", "site", "main", "--zone", "Mars/Olympus"), "no time zone 'Mars/Olympus'"),
        (("calendar", "blackout", "add", "2026-12-24", "2026-12-01"), "ends before it begins"),
        (("calendar", "blackout", "remove", "7"), "no blackout 7"),
        (("calendar", "move", "9", f"{YEAR}-01-01T09:00"), "no publication 9"),
        (("calendar", "next", "myspace"), "no platform 'myspace'"),
        (("calendar", "--from", "9999-12-31"), "in no calendar"),
        (("posts", "schedule", "1", "--queue", "--from", "0001-01-01"), "in no calendar"),
        (("calendar", "export", "/nowhere/c.ics"), "cannot be written"),
        (("calendar", "import", "none.csv"), "no file none.csv"),
    ],
)
def test_what_cannot_be_is_one_sentence(run: Run, arguments: tuple[str, ...], says: str) -> None:
    done = run(*arguments)
    assert done.status == 2
    assert done.out == ""
    (line,) = done.err.splitlines()
    assert says in line


def test_slots_days_off_and_density(run: Run) -> None:
    assert run("calendar", "slots", "add", "x", "21:00", "--days", "weekend").status == 0
    slots = told(run("calendar", "slots", "list", "x", "--json"))["platforms"]["twitter"]
    assert slots["slots"]["sat"] == ["11:00", "21:00"]
    assert "are closer than that" in run("calendar", "plan", "x", "--gap", "300").out
    assert "of which 1 are used" in run("calendar", "plan", "x", "--cap", "1").out
    assert run("calendar", "slots", "reset", "x").status == 0
    slots = told(run("calendar", "slots", "list", "x", "--json"))["platforms"]["twitter"]
    assert (slots["slots"]["sat"], slots["gap_minutes"]) == (["11:00"], 60)
    run("calendar", "blackout", "add", "2030-12-24", "2030-12-26", "--note", "Christmas")
    (off,) = told(run("calendar", "blackout", "list", "--json"))["blackouts"]
    assert (off["first"], off["last"], off["note"]) == ("2030-12-24", "2030-12-26", "Christmas")
    day = told(run("calendar", "--day", "--from", "2030-12-25", "--json"))["days"][0]
    assert (day["off"], day["entries"]) == ({"": "Christmas"}, [])
    assert run("calendar", "blackout", "remove", str(off["id"])).status == 0
    assert "--day" in run("calendar", "--help").out
    assert "Tokyo" in run("calendar", "site", "shop", "--zone", "Asia/Tokyo").out


def test_the_feed_is_a_file(run: Run, add: Callable[..., int], tmp_path: Path) -> None:
    add("one")
    run("posts", "schedule", "1", "--queue")
    assert told(run("calendar", "export", "c.ics", "--json"))["events"] == 1
    (event,) = Calendar.from_ical((tmp_path / "c.ics").read_bytes()).walk("VEVENT")
    assert event["SUMMARY"] == "X: one"


def test_a_table_is_planned_whole_or_not_at_all(
    run: Run, add: Callable[..., int], tmp_path: Path
) -> None:
    add("one", "two", "three")
    add("draft", approved=False)
    add("five", "six")
    file = tmp_path / "posts.csv"
    file.write_text(
        "post,at,priority,account\n"
        f"1,{YEAR}-01-01T09:00,,\n"
        "2,,,sandbox\n"
        "2,,,\n"
        "4,,,\n"
        "77,,,\n"
        "3,2027-03-28T02:30,,\n"
        "5,2020-01-01,,\n"
        "6,,,Nobody\n"
    )
    errors = told(run("calendar", "import", file, "--json"), 2)["errors"]
    assert [error["line"] for error in errors] == [4, 5, 6, 7, 8, 9]
    for error, says in zip(
        errors,
        ("in line 3", "not approved", "no post 77", "does not exist", "is past", "Nobody"),
        strict=True,
    ):
        assert says in error["message"]
    shown = run("calendar", "import", file)
    assert shown.status == 2
    assert "line 4: " in shown.err
    assert "Nothing was planned: 6 things to correct." in shown.err
    assert told(run("posts", "list", "--status", "scheduled", "--json"))["posts"] == []

    file.write_text(f"post,at,priority\n1,{YEAR}-01-01T09:00,\n2,,\n3,,5\n")
    preview = told(run("calendar", "import", file, "--preview", "--json"))
    assert preview["planned"] == 0
    assert told(run("posts", "list", "--status", "scheduled", "--json"))["posts"] == []
    done = told(run("calendar", "import", file, "--json"))
    assert done["planned"] == 3
    assert [row["at"] for row in done["rows"]] == [row["at"] for row in preview["rows"]]
    assert done["rows"][2]["at"] < done["rows"][1]["at"]
    again = told(run("calendar", "import", file, "--json"))
    assert [row["at"] for row in again["rows"]] == [row["at"] for row in done["rows"]]


def test_all_that_is_wrong_with_a_row_is_told_at_once(
    run: Run, add: Callable[..., int], tmp_path: Path
) -> None:
    add("one")
    file = tmp_path / "posts.csv"
    file.write_text(
        "post,platform,at,zone,account,priority,options\n"
        "1,facebook,2020-01-01,Europe/Nowhere,Nobody,much,privacy\n"
        "x,,tomorrow,,,,\n"
        "1,,,,,,\n"
        "1,,2020-01-01T09:00,,,,\n"
    )
    found = told(run("calendar", "import", file, "--json"), 2)["errors"]
    said = [(error["line"], error["message"]) for error in found]
    for line, words in (
        (2, "no priority"),
        (2, "must be empty"),
        (2, "options takes NAME=VALUE"),
        (2, "is for twitter, and the line says facebook"),
        (2, "Nobody"),
        (2, "no time zone 'Europe/Nowhere'"),
        (2, "2020-01-01 is past"),
        (3, "no post's number"),
        (3, "'tomorrow' is no date"),
        # Line 2 is no rival of line 4: it is wrong itself.
        (5, "2020-01-01T09:00 is past"),
        (5, "already, in line 4"),
    ):
        assert any(number == line and words in message for number, message in said), words
    assert len(said) == 11


def test_a_table_says_what_platforms_want_to_be_told(
    run: Run, add: Callable[..., int], tmp_path: Path
) -> None:
    add("one", "two")
    file = tmp_path / "posts.csv"
    file.write_text("post,options\n1,x:reply_settings=friends\n2,privat=x; draft=perhaps\n")
    preview = told(run("calendar", "import", file, "--preview", "--json"), 2)
    assert [error["line"] for error in preview["errors"]] == [2, 3, 3]
    file.write_text("post,options\n1,x:reply_settings=following; tiktok:privacy=SELF_ONLY\n2,\n")
    assert run("calendar", "import", file).status == 0
    sent = [told(run("posts", "show", post, "--json"))["sent"]["options"] for post in "12"]
    assert [one["reply_settings"] for one in sent] == ["following", None]
    assert sent[0]["privacy"] is None
    # What was chosen stays where a row says nothing.
    file.write_text("post\n1\n")
    assert run("calendar", "import", file).status == 0
    sent = told(run("posts", "show", "1", "--json"))["sent"]["options"]
    assert sent["reply_settings"] == "following"
    refused = run("posts", "approve", "1", "--option", "x:reply_settings=following")
    assert (refused.status, "give --queue too" in refused.err) == (2, True)


@pytest.mark.parametrize(
    "typed",
    [
        ("--site", "nonesuch"),
        ("slots", "list", "--site", "nonesuch"),
        ("slots", "add", "x", "21:00", "--days", "sat", "--site", "nonesuch"),
        ("next", "x", "--site", "nonesuch"),
        ("site", "nonesuch"),
        ("export", "c.ics", "--site", "nonesuch"),
    ],
)
def test_a_site_that_there_is_not_has_no_calendar(run: Run, typed: tuple[str, ...]) -> None:
    for _ in range(2):  # nor does asking make it
        done = run("calendar", *typed)
        assert done.status == 2
        assert "There is no site 'nonesuch'; there is main." in done.err
        assert "calendar site NAME --zone ZONE" in done.err


def test_a_site_of_articles_is_there_before_its_first_use(run: Run, own_home: Path) -> None:
    assert run("calendar", "--site", "main").status == 0
    database = open_database(f"sqlite:///{own_home / 'igny8.db'}")
    with Session(database) as session, session.begin():
        article = {"content_id": "a", "source": "s", "reference": "r", "version": "1"}
        session.add(Content(**article, site="shop", registered_at=datetime.now(UTC)))
    database.dispose()
    assert "did you mean shop?" in run("calendar", "--site", "shopp").err
    assert run("calendar", "--site", "shop").status == 0
    assert run("calendar", "site", "blog", "--zone", "Europe/Paris").status == 0
    assert run("calendar", "--site", "blog").status == 0
