"""`--option NAME=VALUE`: what a person chooses for platforms."""

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from igny8_media.accounts.model import Service
from igny8_media.errors import InputError
from igny8_media.publishing.model import Options
from igny8_media.stages.press import Chosen


def read_options(given: Sequence[str]) -> Chosen:
    """`name=value` pairs, for all platforms or, with its name before a colon, for one of them:
    `tiktok:privacy=SELF_ONLY`. Raises InputError naming what is off."""
    fields: dict[Service | None, dict[str, Any]] = {}
    for pair in given:
        place, colon, rest = pair.partition(":")
        service = next((s for s in Service if colon and s == place), None)
        name, equals, value = (pair if service is None else rest).partition("=")
        if not equals or name not in Options.model_fields:
            known = ", ".join(sorted(Options.model_fields))
            raise InputError(f"--option takes NAME=VALUE with one of {known}; '{pair}' is none.")
        tags = [tag.strip() for tag in value.split(",") if tag.strip()]
        fields.setdefault(service, {})[name] = tags if name == "tags" else value
    for chosen in fields.values():
        _checked(chosen)
    return lambda service: _checked({**fields.get(None, {}), **fields.get(service, {})})


def _checked(fields: dict[str, Any]) -> Options:
    try:
        return Options.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        raise InputError(f"--option {first['loc'][0]} does not fit: {first['msg']}.") from error
