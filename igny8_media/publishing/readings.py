"""What reading a platform's figures takes and gives, whichever platform it is."""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final, TypeVar

from igny8_media.accounts.hosts import Hosts
from igny8_media.accounts.model import Service
from igny8_media.publishing.contract import Tools
from igny8_media.publishing.model import PostKind
from igny8_media.publishing.outcomes import Refusal

COUNTS: Final = (
    "impressions",
    "reach",
    "likes",
    "comments",
    "shares",
    "clicks",
    "saves",
    "views",
)
"""Whole numbers, totals since publication."""
SECONDS: Final = ("watch_seconds", "average_view_seconds")
FIGURES: Final = (*COUNTS, *SECONDS)
"""What a platform may give; rates are worked out of them."""
_RAW: Final = 8000
_DEEP: Final = 6
_HIDDEN: Final = ("token", "secret", "signature", "proof")

_T = TypeVar("_T")


@dataclass(frozen=True)
class Asked:
    """A publication whose figures are wanted. `seen` says that they were read before."""

    publication_id: int
    platform_id: str
    kind: PostKind
    published_at: datetime
    seen: bool = False


@dataclass(frozen=True)
class Reading:
    """What a platform gave for one post, by the names in FIGURES; each other figure is in
    `missing` with the reason, a sentence's end such as "X gives none". `raw` is its answer.

    `named` is the ID that the platform has given the post since it was published, if it has.
    """

    figures: Mapping[str, float]
    missing: Mapping[str, str]
    raw: Mapping[str, Any] = field(default_factory=dict)
    named: str = ""


@dataclass(frozen=True)
class NotThere:
    """The platform says that the post is not there."""

    reason: str


@dataclass(frozen=True)
class NotGiven:
    """This account's posts have no figures, and asking soon again changes nothing."""

    reason: str


Read = Reading | NotThere | NotGiven | Refusal
"""What came of one post."""


class Reader(ABC):
    """One account of one platform, as far as its figures go.

    `series` names how the platform counts now: it gets another name when that changes, since
    figures from before and after cannot be compared (at most 32 letters). `shares_limits` says
    that reading uses up what publishing needs.
    """

    service: ClassVar[Service]
    series: ClassVar[str]
    batch: ClassVar[int]
    """How many posts one request may name."""
    shares_limits: ClassVar[bool] = False

    @property
    def daily(self) -> int | None:
        """How many posts of this account may be read in a day (UTC), where the platform allows so
        few requests that publishing would be left with none."""
        return None

    def __init__(self, tools: Tools, hosts: Hosts) -> None:
        self.tools = tools

    def lots(self, posts: Sequence[Asked]) -> list[list[Asked]]:
        """The posts as they are asked for together, in as few requests as the platform allows."""
        return chunks(posts, self.batch)

    @abstractmethod
    def read(self, lot: Sequence[Asked]) -> Mapping[str, Read]:
        """What came of each post of a lot, by its `platform_id`. Raises Refused where all of them
        met the same."""

    def age(self, post: Asked) -> timedelta:
        return self.tools.now() - post.published_at


def chunks(items: Sequence[_T], size: int) -> list[list[_T]]:
    return [list(items[first : first + size]) for first in range(0, len(items), size)]


def reading(
    given: Mapping[str, Any], why: Mapping[str, str], usual: str, raw: Mapping[str, Any]
) -> Reading:
    """A reading of the numbers among `given`. What is no number is missing, as `why` says of that
    figure, or else as `usual` does."""
    figures = {name: value for name in FIGURES if (value := number(given.get(name))) is not None}
    missing = {name: why.get(name, usual) for name in FIGURES if name not in figures}
    return Reading(figures, missing, bounded(raw))


def number(value: Any) -> float | None:
    """A number however it is written (YouTube and TikTok write some as text); None where it is
    none. Whole ones stay whole, beyond 2^53 too."""
    if isinstance(value, str):
        try:
            return int(value) if value.strip().lstrip("-").isdigit() else float(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        return None
    return value


def total(*values: Any) -> float | None:
    """The sum of the numbers among them; None where there is none."""
    numbers = [found for value in values if (found := number(value)) is not None]
    return sum(numbers) if numbers else None


def bounded(raw: Mapping[str, Any]) -> dict[str, Any]:
    """An answer as it is kept: without anything secret, and not without end."""
    plain = _without_secrets(raw, _DEEP)
    if len(json.dumps(plain, ensure_ascii=False)) <= _RAW:
        found: dict[str, Any] = plain
        return found
    return {"cut": json.dumps(plain, ensure_ascii=False)[:_RAW]}


def _without_secrets(value: Any, deep: int) -> Any:
    if isinstance(value, Mapping):
        return {
            str(name): _without_secrets(one, deep - 1)
            for name, one in value.items()
            if deep and not any(word in str(name).lower() for word in _HIDDEN)
        }
    if isinstance(value, list | tuple):
        return [_without_secrets(one, deep - 1) for one in value] if deep else []
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def mappings(value: Any) -> Iterable[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
