"""What a site's calendar begins with."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from pydantic import Field

from igny8_media.frozen import Frozen
from igny8_media.planning.places import PLACES
from igny8_media.planning.week import DAYS, Density, Slot, read_time


class _Start(Frozen):
    why: str
    gap: int
    cap: int
    weekdays: tuple[str, ...] = ()
    weekend: tuple[str, ...] = ()
    extra: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)


class Start(Frozen):
    """A place's first slots and density, and the reason for them."""

    slots: tuple[Slot, ...]
    density: Density
    why: str


@lru_cache(maxsize=1)
def starts() -> dict[str, Start]:
    """By place; every place has one."""
    text = files("igny8_media.planning").joinpath("slots.toml").read_text(encoding="utf-8")
    written = {place: _Start.model_validate(told) for place, told in tomllib.loads(text).items()}
    return {place: _start(written[place]) for place in PLACES}


def _start(told: _Start) -> Start:
    slots = set()
    for number, day in enumerate(DAYS):
        usual = told.weekdays if number < 5 else told.weekend
        slots |= {Slot(number, read_time(text)) for text in (*usual, *told.extra.get(day, ()))}
    return Start(slots=tuple(sorted(slots)), density=Density(told.gap, told.cap), why=told.why)
