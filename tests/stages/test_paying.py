"""Assets ask for credits before they are made, pay for what was used, and nothing for the rest."""

import threading
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from igny8_media.credits.ledger import LEASE_SECONDS, Credits
from igny8_media.credits.model import Entry, OutOfCredits
from igny8_media.credits.prices import Grade, Task, Use
from igny8_media.errors import OutsideError
from igny8_media.settings import Settings
from igny8_media.stages.costs import Cost
from igny8_media.stages.paying import reclaim
from igny8_media.stages.stage import Built, BuiltFile, Job, Stage, run_stage
from igny8_media.stages.workshop import Workshop
from igny8_media.storage.records import Record, Records
from tests.credits.purse import Clock

SPEECH = Use(task=Task.SPEECH, quantity=Decimal(2), grade=Grade.STANDARD, provider="p", model="m")
"""Costs 20."""


def _shop(home: Path, **settings: Any) -> Workshop:
    return Workshop(Settings(home=home, _env_file=None, **settings))


@pytest.fixture
def shop(tmp_path: Path) -> Workshop:
    return _shop(tmp_path, credits=True)


def _stage(
    build: Callable[[Job, Path], Built] | None = None,
    *,
    asset: str = "speech",
    used: str = "0.5",
    needs: tuple[str, ...] = (),
    version: str = "1",
) -> Stage:
    def write(_: Job, folder: Path) -> Built:
        (folder / "a.txt").write_text(used)
        return Built(files=(BuiltFile("a.txt", "text"),), facts={"voice": "m"})

    real = SPEECH.model_copy(update={"quantity": Decimal(used)})
    cost = Cost(most=lambda *_: (SPEECH,), used=lambda *_: (real,))
    return Stage(asset, needs, version, build or write, cost=cost)


def _broken(_: Job, __: Path) -> Built:
    raise OutsideError("The provider is down.")


def _available(shop: Workshop) -> Decimal:
    balance, entries = shop.credits.balance(), shop.credits.entries(1000)
    assert balance.available == sum((entry.amount for entry in entries), Decimal(0))
    return balance.available


def _last(shop: Workshop) -> Entry:
    return shop.credits.entries(1)[0]


def test_without_the_setting_nothing_is_asked_and_nothing_is_written(tmp_path: Path) -> None:
    shop = _shop(tmp_path)
    assert dict(run_stage(shop, _stage(), "c").record.facts) == {"voice": "m"}
    assert not list(tmp_path.glob("*.db"))


def test_an_asset_refuses_to_start_without_credit(shop: Workshop) -> None:
    begun = []

    def build(_: Job, __: Path) -> Built:
        begun.append(True)
        return Built()

    with pytest.raises(OutOfCredits, match="speech of c needs up to 20 credits and 0 are left"):
        run_stage(shop, _stage(build), "c")
    assert not begun
    assert shop.records.current("c", "speech") is None


def test_it_pays_for_what_it_used_and_says_so(shop: Workshop) -> None:
    shop.credits.grant(Decimal(20))
    record = run_stage(shop, _stage(), "c", run="run-1").record
    assert record.facts["credits"] == "5"
    assert record.facts["credits_for"] == {"speech": "5"}
    assert _available(shop) == 15
    entry = _last(shop)
    assert (entry.kind, entry.content_id, entry.asset, entry.run) == (
        "settle", "c", "speech", "run-1",
    )  # fmt: skip
    assert (entry.provider, entry.model, entry.task) == ("p", "m", "speech")
    assert entry.reservation_id == record.facts["reservation"]


def test_unchanged_work_and_work_that_comes_back_cost_nothing(shop: Workshop) -> None:
    shop.credits.grant(Decimal(30))
    run_stage(shop, _stage(), "c")
    run_stage(shop, _stage(version="2"), "c")
    before = shop.credits.entries(1000)
    assert not run_stage(shop, _stage(version="2"), "c").fresh
    assert not run_stage(shop, _stage(), "c").fresh
    assert shop.credits.entries(1000) == before
    run_stage(shop, _stage(), "c", force=True)
    assert _available(shop) == 15


def test_a_failure_gives_back(shop: Workshop) -> None:
    shop.credits.grant(Decimal(20))
    with pytest.raises(OutsideError):
        run_stage(shop, _stage(_broken), "c")
    assert _available(shop) == 20
    assert _last(shop).note == "The provider is down."
    assert shop.credits.balance().reserved == 0


def test_what_is_rightly_empty_costs_nothing(shop: Workshop) -> None:
    shop.credits.grant(Decimal(20))
    thin = _stage(lambda _job, _folder: Built(skipped="too thin"))
    assert run_stage(shop, thin, "c").record.facts["credits"] == "0"
    # What stands on it is empty without asking: there may be no credit at all.
    poor = _shop(shop.settings.home, credits=True, credit_account="poor")
    above = _stage(asset="video", needs=("speech",))
    assert run_stage(poor, above, "c").record.skipped == "too thin"
    assert _available(shop) == 20


def test_more_than_there_is_credit_for_is_delivered_and_told(shop: Workshop) -> None:
    shop.credits.grant(Decimal(21))
    record = run_stage(shop, _stage(used="3"), "c").record
    assert (record.facts["credits"], record.facts["credits_forgone"]) == ("21", "9")
    assert _available(shop) == 0


def test_what_was_made_before_is_known_to_the_estimate(shop: Workshop) -> None:
    shop.credits.grant(Decimal(100))
    run_stage(shop, _stage(), "c")
    seen: list[Mapping[str, Any] | None] = []

    def most(
        facts: Callable[[str], Mapping[str, Any] | None], settings: Settings
    ) -> tuple[Use, ...]:
        assert settings is shop.settings
        seen.extend([facts("speech"), facts("other")])
        return ()

    above = Stage(
        "video", ("speech",), "1", lambda _job, _folder: Built(), cost=Cost(most, lambda *_: ())
    )
    run_stage(shop, above, "c")
    assert seen[0] is not None
    assert seen[0]["voice"] == "m"
    assert seen[1] is None


class Cut(BaseException):
    """The process was killed here."""


@pytest.mark.parametrize("delivered", [False, True])
def test_a_killed_run_pays_if_it_delivered(
    tmp_path: Path, delivered: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing after the kill runs, so neither settling nor releasing gets through."""
    clock = Clock()
    shop = _shop(tmp_path, credits=True)
    shop.__dict__["credits"] = Credits(shop.engine, now=clock)
    shop.credits.grant(Decimal(20))
    write = Records.write

    def killed(self: Records, record: Record) -> None:
        if delivered:
            write(self, record)
        raise Cut

    with monkeypatch.context() as patch:
        patch.setattr(Records, "write", killed)
        patch.setattr("igny8_media.stages.paying._end", lambda *_args, **_kwargs: None)
        with pytest.raises(Cut):
            run_stage(shop, _stage(), "c")
    assert shop.credits.balance().reserved == 20
    assert reclaim(shop) == 0, "its lease is not over"
    clock.pass_by(LEASE_SECONDS + 1)
    again = run_stage(shop, _stage(), "c")
    if delivered:
        assert not again.fresh
        assert reclaim(shop) == 1
    assert shop.credits.balance().reserved == 0
    assert _available(shop) == 15


def test_an_error_after_the_record_does_not_give_away_what_was_delivered(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.credits.grant(Decimal(20))
    write = Records.write

    def interrupted(self: Records, record: Record) -> None:
        write(self, record)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Records, "write", interrupted)
        with pytest.raises(KeyboardInterrupt):
            run_stage(shop, _stage(), "c")
    assert _available(shop) == 15


def test_the_lease_is_kept_while_it_is_made_and_let_go_after(shop: Workshop) -> None:
    shop.credits.grant(Decimal(20))
    names: list[str] = []

    def build(_: Job, __: Path) -> Built:
        names.extend(thread.name for thread in threading.enumerate())
        return Built()

    run_stage(shop, _stage(build), "c")
    assert any(name.startswith("credits-") for name in names)
    assert not [t for t in threading.enumerate() if t.name.startswith("credits-")]


@pytest.mark.parametrize("force", [False, True])
def test_two_who_want_the_same_at_once_do_not_both_make_it(tmp_path: Path, force: bool) -> None:
    """As `igny8-media run` beside the schedule does; each has a workshop of its own."""
    inside, most, made = 0, 0, 0
    begun, lock = threading.Event(), threading.Lock()

    def slow(_: Job, folder: Path) -> Built:
        nonlocal inside, most, made
        with lock:
            inside, made = inside + 1, made + 1
            most = max(most, inside)
        begun.wait(0.3)
        with lock:
            inside -= 1
        (folder / "a.txt").write_text("x")
        return Built(files=(BuiltFile("a.txt", "text"),), facts={"voice": "m"})

    _shop(tmp_path, credits=True).credits.grant(Decimal(100))
    failed: list[Exception] = []

    def run() -> None:
        try:
            run_stage(_shop(tmp_path, credits=True), _stage(slow), "c", force=force)
        except Exception as error:
            failed.append(error)

    both = [threading.Thread(target=run) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert not failed
    assert most == 1
    assert made == (2 if force else 1)
    spent = _shop(tmp_path, credits=True).credits.balance().spent
    assert spent == 5 * made
