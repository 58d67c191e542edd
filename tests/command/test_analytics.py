"""`igny8-media analytics` as a person meets it."""

import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from sqlalchemy import func, update

from igny8_media.database.engine import open_database
from igny8_media.database.tables import CalendarSlot
from tests.analytics.history import Past, fill
from tests.command.conftest import Run

_VIEWS = ("overview", "platforms", "posts", "contents", "slots", "best-times")


@pytest.fixture
def filled(own_home: Path) -> None:
    engine = open_database(f"sqlite:///{own_home / 'igny8.db'}")
    fill(engine, Past(weeks=6))
    engine.dispose()


@pytest.mark.parametrize("view", _VIEWS)
def test_every_view_has_something_to_say_of_nothing(run: Run, view: str) -> None:
    answer = run("analytics", view)
    assert answer.status == 0
    assert "Nothing went out on real accounts" in answer.out
    assert json.loads(run("analytics", view, "--json").out)["notes"]


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("view", _VIEWS)
def test_every_view_is_a_table_and_a_document(run: Run, view: str) -> None:
    shown = run("analytics", view)
    assert shown.status == 0
    assert "nan" not in shown.out
    assert "NA>" not in shown.out
    told = run("analytics", view, "--json")
    assert "NaN" not in told.out
    assert json.loads(told.out)["notes"]


@pytest.mark.usefixtures("filled")
def test_figures_that_are_not_given_are_null_and_a_dash(run: Run) -> None:
    rows: list[dict[str, Any]] = json.loads(run("analytics", "platforms", "--json").out)[
        "platforms"
    ]
    saves = {row["platform"]: row["saves"] for row in rows}
    assert saves["facebook"] is None
    assert saves["linkedin"] > 0
    shown = run("analytics", "platforms").out
    assert "Saves not given by Facebook, TikTok, YouTube: not told." in shown


@pytest.mark.usefixtures("filled")
def test_applied_slots_are_the_calendars_and_stay_so_for_the_week(run: Run, own_home: Path) -> None:
    def told(*more: str) -> dict[str, Any]:
        text = run("analytics", "best-times", "--platform", "linkedin", "--json", *more).out
        [one] = json.loads(text)["best_times"]
        return dict(one)

    def suggested(one: dict[str, Any]) -> list[tuple[int, str]]:
        return [(slot["weekday"], slot["time"]) for slot in one["suggested"]]

    def now(one: dict[str, Any]) -> list[tuple[int, str]]:
        return [(slot["weekday"], slot["time"]) for slot in one["now"]]

    told("--apply")
    engine = open_database(f"sqlite:///{own_home / 'igny8.db'}")
    with engine.begin() as connection:  # every slot by night, where it is of little use
        connection.execute(
            update(CalendarSlot)
            .where(CalendarSlot.platform == "linkedin")
            .values(local_time="0" + func.substr(CalendarSlot.local_time, 2, 1) + ":17")
        )
    engine.dispose()
    looked = told()
    assert suggested(looked) != now(looked)
    told("--apply")
    after = told()
    assert now(after) == suggested(looked)
    assert len(now(after)) <= len(now(looked))


@pytest.mark.usefixtures("filled")
def test_what_cannot_be_is_one_sentence(run: Run, tmp_path: Path) -> None:
    for arguments, words in (
        (("posts", "--since", "yesterday"), "'yesterday' is no date"),
        (("posts", "--since", "0001-01-01"), "in no calendar"),
        (("posts", "--site", "nowhere"), "There is no site 'nowhere'; known are: main."),
        (("best-times", "--platform", "myspace"), "There is no platform 'myspace'"),
        (("export", str(tmp_path / "file" / "x")), "choose another folder"),
    ):
        (tmp_path / "file").write_text("")
        answer = run("analytics", *arguments)
        assert answer.status == 2
        assert words in answer.err
        assert answer.err.count("\n") == 1


@pytest.mark.usefixtures("filled")
def test_since_leaves_out_what_went_out_before(run: Run) -> None:
    everything = json.loads(run("analytics", "overview", "--json").out)["overview"]["posts"]
    later = json.loads(run("analytics", "overview", "--json", "--since", "2026-11-01").out)
    assert 0 < later["overview"]["posts"] < everything
    assert later["overview"]["first"] >= "2026-11-01"


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_export_writes_every_table(run: Run, tmp_path: Path, form: str) -> None:
    answer = run("analytics", "export", tmp_path / "out", "--format", form)
    assert answer.status == 0
    names = {"posts", "readings", "platforms", "contents", "slots"}
    assert {path.name for path in (tmp_path / "out").iterdir()} == {f"{n}.{form}" for n in names}


@pytest.mark.usefixtures("filled")
def test_the_figures_of_all_platforms_fit_a_terminal(run: Run) -> None:
    shown = run("analytics", "platforms").out
    table = shown[shown.index("figure ") :].splitlines()[:11]
    assert table[-1].startswith("rate ")
    assert len(table[1].split()) == 1 + 6
    assert max(len(line.rstrip()) for line in table) <= 80


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("width", [80, 140])
def test_a_post_is_a_line_that_says_which_it_is(
    run: Run, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    def console() -> Console:
        return Console(highlight=False, markup=False, emoji=False, width=width)

    monkeypatch.setattr("igny8_media.command.analytics_shown._console", console)
    lines = run("analytics", "posts", "--last", "5").out.splitlines()
    assert max(map(len, lines[:6])) <= width
    assert all("What we learn" in line for line in lines[1:6])
    assert " comes again in fresh words by: igny8-media posts repeat " in lines[-1]
    assert lines[0].split()[-1] == ("rate" if width == 140 else "usual")
