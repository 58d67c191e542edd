"""Work already done is not done again, and what is half done is never vouched for."""

from collections.abc import Callable
from pathlib import Path

import pytest

from igny8_media.errors import InputError
from igny8_media.settings import Settings
from igny8_media.stages.stage import Built, BuiltFile, Job, Stage, run_stage, up_to_date
from igny8_media.stages.workshop import Workshop
from igny8_media.storage.records import Record


class Text:
    """Stands for the world outside: what the first stage is made from."""

    def __init__(self) -> None:
        self.value = "one"
        self.built: list[str] = []
        self.remembered: list[int] = []


@pytest.fixture
def shop(tmp_path: Path) -> Workshop:
    return Workshop(Settings(home=tmp_path, _env_file=None))  # type: ignore[call-arg]


@pytest.fixture
def text() -> Text:
    return Text()


@pytest.fixture
def first(text: Text) -> Stage:
    def build(_: Job, folder: Path) -> Built:
        text.built.append("first")
        (folder / "a.txt").write_text(text.value)
        return Built(files=(BuiltFile("a.txt", "text"),))

    return Stage("first", (), "1", build, outside=lambda _shop, _id: text.value)


def _second(text: Text, version: str = "1") -> Stage:
    def build(job: Job, folder: Path) -> Built:
        text.built.append("second")
        (folder / "b.txt").write_text(job.path("first", "a.txt").read_text().upper())
        return Built(files=(BuiltFile("b.txt", "text"),))

    def remember(_: Job, record: Record) -> None:
        text.remembered.append(record.revision)

    return Stage("second", ("first",), version, build, remember=remember)


def _content(shop: Workshop, asset: str) -> str:
    record = shop.records.current("c", asset)
    assert record is not None
    return shop.store.read_bytes(record.artifacts[0].key).decode()


def test_the_same_inputs_are_made_once(shop: Workshop, text: Text, first: Stage) -> None:
    second = _second(text)
    for _ in range(3):
        run_stage(shop, first, "c")
        run_stage(shop, second, "c")
    assert text.built == ["first", "second"]
    assert up_to_date(shop, second, "c")


def test_a_change_goes_only_as_far_as_it_changes_something(
    shop: Workshop, text: Text, first: Stage
) -> None:
    run_stage(shop, first, "c")
    run_stage(shop, _second(text), "c")
    text.value = "two"
    assert not up_to_date(shop, first, "c")
    assert run_stage(shop, first, "c").fresh
    assert run_stage(shop, _second(text), "c").fresh
    assert _content(shop, "second") == "TWO"
    assert not run_stage(shop, first, "c").fresh
    assert run_stage(shop, _second(text, version="2"), "c").fresh


def test_going_back_brings_back_the_earlier_result(
    shop: Workshop, text: Text, first: Stage
) -> None:
    run_stage(shop, first, "c")
    text.value = "two"
    run_stage(shop, first, "c")
    text.value = "one"
    assert not run_stage(shop, first, "c").fresh
    assert _content(shop, "first") == "one"
    assert text.built == ["first", "first"]


def test_force_makes_a_new_revision_and_keeps_the_old_file(
    shop: Workshop, text: Text, first: Stage
) -> None:
    old = run_stage(shop, first, "c").record
    new = run_stage(shop, first, "c", force=True).record
    assert (old.revision, new.revision) == (1, 2)
    assert old.artifacts[0].key != new.artifacts[0].key
    assert shop.store.exists(old.artifacts[0].key)
    assert not run_stage(shop, first, "c").fresh


def test_a_failing_stage_leaves_the_previous_result_in_force(
    shop: Workshop, text: Text, first: Stage
) -> None:
    run_stage(shop, first, "c")
    text.value = "two"

    def broken(_: Job, folder: Path) -> Built:
        (folder / "a.txt").write_text("half")
        raise InputError("no")

    with pytest.raises(InputError):
        run_stage(shop, Stage("first", (), "1", broken, outside=first.outside), "c")
    assert _content(shop, "first") == "one"
    assert list((Path(shop.store.uri) / "scratch").iterdir()) == []


def test_a_removed_file_is_made_again(shop: Workshop, text: Text, first: Stage) -> None:
    record = run_stage(shop, first, "c").record
    shop.store.local_path(record.artifacts[0].key).unlink()
    assert up_to_date(shop, first, "c") is None
    assert run_stage(shop, first, "c").fresh


def test_a_missing_need_is_named(shop: Workshop, text: Text) -> None:
    with pytest.raises(InputError, match="second of c needs first"):
        run_stage(shop, _second(text), "c")


def test_what_stands_on_nothing_is_nothing_with_the_same_reason(shop: Workshop, text: Text) -> None:
    thin: Callable[[Job, Path], Built] = lambda _job, _folder: Built(skipped="Too thin.")  # noqa: E731
    run_stage(shop, Stage("first", (), "1", thin), "c")
    made = run_stage(shop, _second(text), "c")
    assert made.record.skipped == "Too thin."
    assert text.built == []


def test_the_database_is_told_again_when_nothing_changed(
    shop: Workshop, text: Text, first: Stage
) -> None:
    run_stage(shop, first, "c")
    run_stage(shop, _second(text), "c")
    run_stage(shop, _second(text), "c")
    assert text.remembered == [1, 1]


def test_a_failure_is_told_and_raised(shop: Workshop, text: Text) -> None:
    told: list[str] = []

    def broken(_: Job, __: Path) -> Built:
        raise InputError("no")

    stage = Stage("first", (), "1", broken, failed=lambda job: told.append(job.content_id))
    with pytest.raises(InputError, match="no"):
        run_stage(shop, stage, "c")
    assert told == ["c"]
