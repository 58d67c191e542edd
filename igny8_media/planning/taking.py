"""What each part of a site's automation takes, for a sentence about a value that it does not."""

from collections.abc import Iterator
from enum import Enum
from typing import Any, get_args

from annotated_types import Ge, Le
from pydantic import ValidationError

from igny8_media.planning.automation import Automation


def misfit(error: ValidationError) -> str:
    """The first value that does not fit, and what would."""
    first = error.errors()[0]
    name = str(first["loc"][0])
    return f"{name} takes {_taken(name)}, not {str(first['input'])[:60]!r}."


def _taken(name: str) -> str:
    field = Automation.model_fields[name]
    if field.annotation is bool:
        return "true or false"
    if field.annotation is int:
        least = next(each.ge for each in field.metadata if isinstance(each, Ge))
        most = next(each.le for each in field.metadata if isinstance(each, Le))
        return f"a whole number from {least} to {most}"
    *first, last = dict.fromkeys(_names(field.annotation))
    names = f"{', '.join(first)} or {last}"
    # What is None unless somebody sets it is a list that the settings give.
    return names if field.default else f"a list of {names} with commas between, none, or default"


def _names(annotation: Any) -> Iterator[str]:
    """The words of a literal, an enumeration, or of what is made of them."""
    if isinstance(annotation, str):
        yield annotation
    elif isinstance(annotation, type) and issubclass(annotation, Enum):
        yield from (str(member.value) for member in annotation)
    else:
        for part in get_args(annotation):
            yield from _names(part)
