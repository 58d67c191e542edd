"""What does not fit into a model, in words for people who have never heard of one."""

import re
from collections.abc import Callable, Sequence
from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

_TAKES: Final = {
    "bool_parsing": "it takes true or false",
    "int_parsing": "it takes a whole number",
    "int_from_float": "it takes a whole number",
    "float_parsing": "it takes a number",
    "decimal_parsing": "it takes a number",
    "finite_number": "it takes a number",
    "greater_than": "it takes a number above {gt:g}",
    "greater_than_equal": "it takes a number from {ge:g} on",
    "less_than": "it takes a number below {lt:g}",
    "less_than_equal": "it takes a number up to {le:g}",
    "decimal_max_places": "it takes at most {decimal_places} decimal places",
    "string_too_long": "it takes at most {max_length} characters",
    "extra_forbidden": "there is none of that name",
}


def setting_misfit(error: ValidationError, variable: Callable[[str], str]) -> str:
    """The first setting that does not fit, and what would; `variable` names it by its fields in
    capitals. Values are shown only of settings that take one of a few words."""
    told = error.errors(include_url=False)
    fields = _fields(told[0])
    place = told[0]["loc"][: len(fields) + 1]
    same = [each for each in told if each["loc"][: len(place)] == place]
    name = variable("__".join(fields).upper())
    return f"The setting {name} does not fit: {_why(same)}; see docs/settings.md."


def _fields(told: ErrorDetails) -> tuple[str, ...]:
    """The names down to the setting: after an item's number come the kinds it was tried as."""
    fields: list[str] = []
    for part in told["loc"]:
        if not isinstance(part, str):
            break
        fields.append(part)
    return tuple(fields)


def _why(same: Sequence[ErrorDetails]) -> str:
    first = same[0]
    details = first.get("ctx", {})
    words = [
        word
        for each in same
        if each["type"] in ("enum", "literal_error")
        for word in re.findall(r"'([^']*)'", each["ctx"]["expected"])
    ]
    if words:
        return f"'{str(first['input'])[:40]}' is none of {', '.join(dict.fromkeys(words))}"
    if first["type"] == "value_error":
        return str(details["error"])
    if first["type"] in _TAKES:
        return _TAKES[first["type"]].format(**details)
    return first["msg"]
