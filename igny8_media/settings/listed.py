"""Lists in the environment: `linkedin,twitter`."""

from typing import Final

from pydantic import BeforeValidator


def _listed(value: object) -> object:
    """Lists are written as on the command line; nothing, or `none`, is an empty list."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip() and part != "none"]
    return value


LISTED: Final = BeforeValidator(_listed)
