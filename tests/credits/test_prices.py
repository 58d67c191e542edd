"""Prices are data, exact, and anybody's to change."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from igny8_media.credits.prices import Grade, PriceList, Prices, Task, Use, shown, total
from igny8_media.errors import InputError
from igny8_media.settings import load_settings


def _use(task: Task, quantity: str, grade: Grade = Grade.STANDARD) -> Use:
    return Use(task=task, quantity=Decimal(quantity), grade=grade, provider="p")


@pytest.mark.parametrize(
    ("task", "grade", "price"),
    [
        (Task.ADAPT, Grade.STANDARD, "1"),
        (Task.ADAPT, Grade.SELF_HOSTED, "1"),
        (Task.HASHTAGS, Grade.STANDARD, "0.5"),
        (Task.THREAD, Grade.STANDARD, "2"),
        (Task.CAROUSEL, Grade.STANDARD, "5"),
        (Task.SOCIAL_IMAGE, Grade.STANDARD, "3"),
        (Task.SOCIAL_IMAGE, Grade.HIGH, "10"),
        (Task.SOCIAL_IMAGE, Grade.SELF_HOSTED, "1"),
        (Task.SCRIPT, Grade.STANDARD, "5"),
        (Task.SPEECH, Grade.STANDARD, "10"),
        (Task.SPEECH, Grade.HIGH, "20"),
        (Task.SPEECH, Grade.SELF_HOSTED, "2"),
        (Task.VISUALS, Grade.STANDARD, "15"),
        (Task.VISUALS, Grade.HIGH, "50"),
        (Task.THUMBNAIL, Grade.STANDARD, "3"),
        (Task.THUMBNAIL, Grade.HIGH, "10"),
        (Task.COMPOSITION, Grade.STANDARD, "5"),
        (Task.VIDEO_METADATA, Grade.STANDARD, "1"),
        (Task.SELF_HOSTED_TEXT, Grade.SELF_HOSTED, "0.5"),
    ],
)
def test_the_shipped_prices(task: Task, grade: Grade, price: str) -> None:
    assert PriceList(Prices()).rate(task, grade) == Decimal(price)


def test_one_price_is_changed_by_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IGNY8_PRICES__SPEECH__SELF_HOSTED", "0.25")
    monkeypatch.setenv("IGNY8_PRICES__ADAPT__HIGH", "4")
    prices = PriceList(load_settings().prices)
    assert prices.rate(Task.SPEECH, Grade.SELF_HOSTED) == Decimal("0.25")
    assert prices.rate(Task.SPEECH, Grade.STANDARD) == 10
    assert prices.rate(Task.ADAPT, Grade.HIGH) == 4
    assert prices.rate(Task.ADAPT, Grade.SELF_HOSTED) == 1


def test_every_task_has_a_price_that_can_be_changed() -> None:
    assert set(Prices.model_fields) == set(Task)
    assert all(PriceList(Prices()).unit(task) for task in Task)


@pytest.mark.parametrize(
    ("name", "value"),
    [("ADAPT__STANDARD", "-1"), ("ADAPT__STANDARD", "NaN"), ("ADOPT__STANDARD", "1")],
)
def test_a_price_that_is_none_names_its_variable(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"IGNY8_PRICES__{name}", value)
    with pytest.raises(InputError, match="IGNY8_PRICES"):
        load_settings()


def test_a_part_of_a_minute_costs_its_part_rounded_up() -> None:
    prices = PriceList(Prices())
    (charge,) = prices.charges([_use(Task.SPEECH, str(Decimal(1) / 3), Grade.SELF_HOSTED)])
    assert charge.credits == Decimal("0.6667")


@given(st.lists(st.decimals("0", "1000", places=7), max_size=8))
def test_never_below_the_price_and_never_a_ten_thousandth_above(quantities: list[Decimal]) -> None:
    uses = [_use(Task.SPEECH, str(quantity)) for quantity in quantities]
    cost, exact = total(PriceList(Prices()).charges(uses)), sum(quantities, Decimal(0)) * 10
    assert exact <= cost < exact + Decimal("0.0001") * max(1, len(uses))
    assert cost.as_tuple().exponent in (0, -4)


@pytest.mark.parametrize(
    ("amount", "text"),
    [("10.0000", "10"), ("0.5000", "0.5"), ("0", "0"), ("-0", "0"), ("-1.2345", "-1.2345")],
)
def test_amounts_are_shown_as_people_write_them(amount: str, text: str) -> None:
    assert shown(Decimal(amount)) == text
