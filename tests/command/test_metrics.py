"""`igny8-media metrics`, as a person types it."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from igny8_media.accounts.model import Service
from igny8_media.database.engine import open_database
from igny8_media.database.tables import PublicationMetrics
from igny8_media.metrics.watch import Watch
from igny8_media.sandbox.server import Running, running
from igny8_media.settings import load_settings
from igny8_media.stages.press import open_press
from igny8_media.stages.workshop import Workshop
from tests.command.conftest import Run
from tests.metrics.published import connect, publish


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch, own_home: Path) -> Iterator[Running]:
    with running() as sandbox:
        monkeypatch.setenv("IGNY8_SANDBOX_URL", sandbox.url)
        with open_press(Workshop(load_settings())) as press:
            x = connect(press, sandbox, Service.TWITTER)
            publish(press, sandbox, x, [timedelta(days=5)], "text")
            member = connect(press, sandbox, Service.LINKEDIN, kind="person")
            publish(press, sandbox, member, [timedelta(days=1)], "text")
        yield sandbox


def test_what_is_read_is_shown_and_what_is_not_given_says_so(run: Run, sandbox: Running) -> None:
    before = run("metrics", "show")
    assert "not read yet" in before.out
    done = run("metrics", "refresh")
    assert done.status == 0
    assert done.out.startswith("1 read, 1 whose platform gives no figures")
    shown = run("metrics", "show", "1").out
    assert "- X gives none" in shown
    assert "engagement rate" in shown
    assert "%" in shown
    assert "counted as: impressions" in shown
    short = run("metrics", "show").out
    assert "impressions" in short
    assert "r_member_postAnalytics" in short
    assert "No figures are due" in run("metrics", "refresh").out


def test_for_machines(run: Run, sandbox: Running) -> None:
    done = json.loads(run("metrics", "refresh", "--all", "--json").out)
    assert done == {"read": 1, "gone": 0, "not_given": 1, "later": 0}
    told = json.loads(run("metrics", "show", "--content", "c1", "--json").out)
    (one,) = told["publications"]
    (reading,) = one["readings"]
    assert isinstance(reading["figures"]["impressions"], int)
    assert reading["figures"]["reach"] is None
    assert reading["missing"]["reach"] == "X gives none"


def test_what_is_tried_again_later_is_no_success(run: Run, sandbox: Running) -> None:
    sandbox.fault("twitter", "metrics", "error_before")
    done = run("metrics", "refresh")
    assert done.status == 1
    assert "1 tried again later" in done.out
    assert "X answered 500" in run("metrics", "show", "1").out


def test_what_a_sweep_is_reading_is_said(run: Run, sandbox: Running) -> None:
    with open_press(Workshop(load_settings())) as press:
        watch = Watch(press.shop.engine, press.ledger.now)
        watch.begin()
        assert len(watch.claim(10)) == 2
    done = run("metrics", "refresh", "--all")
    assert done.out.startswith("2 are being read by somebody else")
    assert done.status == 0
    assert sandbox.requests("twitter").get("metrics", 0) == 0


def test_what_is_not_out_is_one_sentence(run: Run, sandbox: Running) -> None:
    done = run("metrics", "show", "77")
    assert done.status == 2
    assert "Post 77 is not out;" in done.err


def test_millions_are_told_to_the_last_digit_and_moments_with_their_zone(
    run: Run, sandbox: Running, own_home: Path
) -> None:
    run("metrics", "refresh")
    engine = open_database(f"sqlite:///{own_home / 'igny8.db'}")
    with engine.begin() as connection:
        connection.execute(update(PublicationMetrics).values(impressions=1234567))
    engine.dispose()
    short = run("metrics", "show").out
    assert "1,234,567 impressions" in short
    assert re.search(r"out \d{4}-\d\d-\d\d \d\d:\d\d UTC$", short, re.MULTILINE)
