"""What work costs: the list that is shipped, and what the settings make of it."""

import tomllib
from collections.abc import Iterable, Mapping
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import Annotated, Any, Final

from pydantic import Field

from igny8_media.frozen import Frozen

Price = Annotated[Decimal, Field(ge=0, allow_inf_nan=False)]

SMALLEST: Final = Decimal("0.0001")
"""A ten-thousandth of a credit: what costs anything costs at least that."""


class Task(StrEnum):
    """What is paid for."""

    ADAPT = "adapt"
    HASHTAGS = "hashtags"
    THREAD = "thread"
    CAROUSEL = "carousel"
    SOCIAL_IMAGE = "social_image"
    SCRIPT = "script"
    SPEECH = "speech"
    VISUALS = "visuals"
    THUMBNAIL = "thumbnail"
    COMPOSITION = "composition"
    VIDEO_METADATA = "video_metadata"
    SELF_HOSTED_TEXT = "self_hosted_text"


class Grade(StrEnum):
    """Who does the work: a cloud provider, its best quality, or a machine of one's own."""

    STANDARD = "standard"
    HIGH = "high"
    SELF_HOSTED = "self_hosted"


class Rates(Frozen):
    """Prices of one unit of a task, by grade; None where nothing is said."""

    standard: Price | None = None
    high: Price | None = None
    self_hosted: Price | None = None


class Prices(Frozen):
    """Prices by task, as far as they are said."""

    adapt: Rates = Rates()
    hashtags: Rates = Rates()
    thread: Rates = Rates()
    carousel: Rates = Rates()
    social_image: Rates = Rates()
    script: Rates = Rates()
    speech: Rates = Rates()
    visuals: Rates = Rates()
    thumbnail: Rates = Rates()
    composition: Rates = Rates()
    video_metadata: Rates = Rates()
    self_hosted_text: Rates = Rates()


class Use(Frozen):
    """Work that is done, or will be: so much of a task, in the price list's unit, and by whom."""

    task: Task
    quantity: Decimal
    grade: Grade
    provider: str
    model: str = ""


class Charge(Frozen):
    """A use with what it costs."""

    use: Use
    credits: Decimal


class PriceList:
    """The shipped prices with `changed` ones in their place."""

    def __init__(self, changed: Prices) -> None:
        self._prices: dict[Task, dict[Grade, Decimal]] = {
            task: {
                grade: price
                for rates in (_shipped_rates(task), getattr(changed, task))
                for grade in Grade
                if (price := getattr(rates, grade)) is not None
            }
            for task in Task
        }

    def unit(self, task: Task) -> str:
        """What one of it is, as in "minute"."""
        return str(_shipped()[task]["unit"])

    def rate(self, task: Task, grade: Grade) -> Decimal:
        """Credits for one unit; a grade without a price of its own costs the standard one."""
        rates = self._prices[task]
        return rates.get(grade, rates[Grade.STANDARD])

    def charges(self, uses: Iterable[Use]) -> tuple[Charge, ...]:
        """What these cost, each rounded up to a ten-thousandth."""
        return tuple(
            Charge(
                use=use,
                credits=(use.quantity * self.rate(use.task, use.grade)).quantize(
                    SMALLEST, ROUND_CEILING
                ),
            )
            for use in uses
        )


def total(charges: Iterable[Charge]) -> Decimal:
    return sum((charge.credits for charge in charges), Decimal(0))


def shown(amount: Decimal) -> str:
    """As people write it: without needless zeros."""
    text = f"{amount:.4f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _shipped_rates(task: Task) -> Rates:
    return Rates.model_validate({k: v for k, v in _shipped()[task].items() if k != "unit"})


@lru_cache(maxsize=1)
def _shipped() -> Mapping[str, Any]:
    return tomllib.loads((files(__package__) / "prices.toml").read_text(encoding="utf-8"))
