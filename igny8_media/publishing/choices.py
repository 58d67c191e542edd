"""`NAME=VALUE`: what a person chooses for platforms, on the command line or in a table."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from pydantic import ValidationError

from igny8_media.accounts.model import Service
from igny8_media.errors import InputError
from igny8_media.misfits import misfits
from igny8_media.publishing.model import Options

Chosen = Callable[[Service], Options]
"""What a person chose for the posts of a service."""


def read_options(given: Sequence[str]) -> Chosen:
    """The values of `--option`: see `read_choices`. Raises InputError naming everything off."""
    chosen, wrong = read_choices(tuple(given), "--option")
    if wrong:
        raise InputError(" ".join(wrong))
    return chosen


@lru_cache(maxsize=256)
def read_choices(given: tuple[str, ...], where: str) -> tuple[Chosen, tuple[str, ...]]:
    """`name=value` pairs, for all platforms or, with its name before a colon, for one of them:
    `tiktok:privacy=SELF_ONLY`; and all that is wrong with them, which stand in `where`."""
    fields: dict[Service | None, dict[str, Any]] = {}
    wrong: list[str] = []
    for pair in given:
        place, colon, rest = pair.partition(":")
        service = _service(place) if colon else None
        name, equals, value = (pair if service is None else rest).partition("=")
        name, value = name.strip(), value.strip()
        if not equals or name not in Options.model_fields:
            known = ", ".join(sorted(Options.model_fields))
            wrong.append(
                f"{where} takes NAME=VALUE or PLATFORM:NAME=VALUE with one of {known}; "
                f"'{pair[:80]}' is none."
            )
            continue
        tags = [tag.strip() for tag in value.split(",") if tag.strip()]
        fields.setdefault(service, {})[name] = tags if name == "tags" else value
    wrong += [why for chosen in fields.values() for why in _misfits(chosen, where)]
    return lambda service: _of(fields, service), tuple(wrong)


def _service(text: str) -> Service | None:
    """By its name, or by the one that people know it by."""
    plain = text.strip().casefold()
    return next((s for s in Service if plain in (s.value, s.label.casefold())), None)


def _of(fields: Mapping[Service | None, Mapping[str, Any]], service: Service) -> Options:
    return Options.model_validate({**fields.get(None, {}), **fields.get(service, {})})


def _misfits(fields: Mapping[str, Any], where: str) -> list[str]:
    try:
        Options.model_validate(fields)
    except ValidationError as error:
        return [f"{where} {why}." for why in misfits(error, Options)]
    return []
