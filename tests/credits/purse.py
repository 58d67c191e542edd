"""What the tests of credits share: a clock, amounts, and something to pay for."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from igny8_media.credits.model import Purpose
from igny8_media.credits.prices import Charge, Grade, Task, Use

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def purpose(asset: str = "social/linkedin/post", mark: str = "m") -> Purpose:
    return Purpose(content_id="c", asset=asset, mark=mark, run="r")


def charges(
    *amounts: str | Decimal, provider: str = "openai", model: str = "m1"
) -> tuple[Charge, ...]:
    return tuple(
        Charge(
            use=Use(
                task=Task.ADAPT,
                quantity=Decimal(1),
                grade=Grade.STANDARD,
                provider=provider,
                model=model,
            ),
            credits=Decimal(amount),
        )
        for amount in amounts
    )
