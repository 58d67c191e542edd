"""What does not fit into a model, in words for people who have never heard of one."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin

from pydantic import AwareDatetime, BaseModel, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

_KINDS: Final[Mapping[Any, str]] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    Decimal: "a number",
    datetime: "a day and time as in 2026-12-01T09:30:00Z",
    AwareDatetime: "a day and time with its zone as in 2026-12-01T09:30:00Z",
    date: "a day as in 2026-12-01",
    str: "a text",
    SecretStr: "a text",
}
_UNKNOWN: Final = "extra_forbidden"
_LONGEST: Final = 60
"""Characters that are shown of what came."""


@dataclass(frozen=True)
class Besides:
    """What the field that this annotates takes besides what its type says: `none, or default`."""

    words: str


def misfits(error: ValidationError, model: type[BaseModel], *, secret: bool = False) -> list[str]:
    """Of each field that does not fit, what it takes and what came: `price takes a number from 0
    on, not 'much'`, without a full stop. Of a `secret` what came is not shown."""
    found: dict[str, str] = {}
    # A misspelt name explains a missing one.
    told_first = sorted(error.errors(include_url=False), key=lambda one: one["type"] != _UNKNOWN)
    for told in told_first:
        name, _, field = _place(told, model)
        said, clause = _why(told, field, shown=not secret)
        found.setdefault(name, f"{name}{' ' if clause else ': '}{said}" if name else said)
    return list(found.values())


def setting_misfit(
    error: ValidationError, model: type[BaseModel], variable: Callable[[str], str]
) -> str:
    """The first setting that does not fit, and what would; `variable` names it by its fields in
    capitals. Values are shown only of settings that take one of a few words."""
    told = error.errors(include_url=False)[0]
    _, fields, field = _place(told, model)
    worded = field is not None and any(_words(field.annotation))
    said, clause = _why(told, field, shown=worded)
    name = variable("__".join(fields).upper())
    return f"The setting {name} does not fit: {'it ' * clause}{said}; see docs/settings.md."


def _place(
    told: ErrorDetails, model: type[BaseModel]
) -> tuple[str, tuple[str, ...], FieldInfo | None]:
    """The field as people read it, "model 2, price"; its name and those above it, without numbers;
    and itself, None for a name that there is none of."""
    inner: type[BaseModel] | None = model
    field: FieldInfo | None = None
    parts: list[str] = []
    fields: list[str] = []
    for part in told["loc"]:
        if inner is None:  # an item's number, or the kind of value that it was tried as
            break
        if isinstance(part, int):
            parts[-1] += f" {part + 1}"
            continue
        parts.append(part)
        fields.append(part)
        field = inner.model_fields.get(part)
        inner = _model_in(field.annotation) if field is not None else None
    return ", ".join(parts), tuple(fields), field


def _why(told: ErrorDetails, field: FieldInfo | None, *, shown: bool) -> tuple[str, bool]:
    """Why it does not fit, and whether that goes on after the field's name as a clause."""
    if told["type"] == "value_error":
        return str(told["ctx"]["error"]), False
    if told["type"] == _UNKNOWN:
        return "there is none of that name", False
    if told["type"] == "missing":
        return "is missing", True
    if told["type"] in ("model_type", "dict_type"):
        return "it must be names and values in braces", False
    taken = _taken(field) if field is not None else ""
    if not taken:
        return f"{told['msg'][:1].lower()}{told['msg'][1:]}", False
    came = str(told["input"])[:_LONGEST] if shown else ""
    return f"takes {taken}{f', not {came!r}' if shown else ''}", True


def _taken(field: FieldInfo) -> str:
    """Empty for what has no words here."""
    annotation, metadata = _plain(field.annotation, field.metadata)
    besides = next((f", {one.words}" for one in metadata if isinstance(one, Besides)), "")
    if get_origin(annotation) is tuple:
        item = _one(*_plain(get_args(annotation)[0], ()))
        if any(_words(annotation)):
            return f"a list of {item} with commas between{besides}"
        return f"a list, each {item}" if item else ""
    return _one(annotation, metadata) + besides


def _one(annotation: Any, metadata: Sequence[object]) -> str:
    """A value that is not a list."""
    if words := list(dict.fromkeys(_words(annotation))):
        *first, last = words
        return f"{', '.join(first)} or {last}" if first else last
    limits = {
        name: limit
        for one in metadata
        for name in ("gt", "ge", "le", "min_length", "max_length", "decimal_places")
        if (limit := getattr(one, name, None)) is not None
    }
    return _KINDS.get(annotation, "") + _within(limits)


def _within(limits: Mapping[str, Any]) -> str:
    """The limits that a kind of value has, as words that follow it."""
    said = ""
    if (above := limits.get("gt")) is not None:
        said = f" above {above}" + (f" and up to {limits['le']}" if "le" in limits else "")
    elif (least := limits.get("ge")) is not None:
        said = f" from {least} " + (f"to {limits['le']}" if "le" in limits else "on")
    elif "le" in limits:
        said = f" of {limits['le']} at most"
    if "min_length" in limits and "max_length" in limits:
        said = f" of {limits['min_length']} to {limits['max_length']} characters"
    elif "max_length" in limits:
        said = f" of {limits['max_length']} characters at most"
    elif "min_length" in limits:
        said = " that is not empty"
    places = limits.get("decimal_places")
    return said if places is None else f"{said} with {places} decimal places at most"


def _plain(annotation: Any, metadata: Sequence[object]) -> tuple[Any, Sequence[object]]:
    """A type without the None beside it, and without what annotates it."""
    if get_origin(annotation) in (Union, UnionType):
        kinds = [kind for kind in get_args(annotation) if kind is not NoneType]
        return _plain(kinds[0], metadata) if len(kinds) == 1 else (annotation, metadata)
    if get_origin(annotation) is Annotated:
        inner, *own = get_args(annotation)
        found = [part for one in own for part in getattr(one, "metadata", (one,))]
        return _plain(inner, (*metadata, *found))
    return annotation, metadata


def _model_in(annotation: Any) -> type[BaseModel] | None:
    annotation, _ = _plain(annotation, ())
    if get_origin(annotation) is tuple:
        annotation, _ = _plain(get_args(annotation)[0], ())
    made = isinstance(annotation, type) and issubclass(annotation, BaseModel)
    return annotation if made else None


def _words(annotation: Any) -> Iterator[str]:
    """The words of a literal, an enumeration, or of what is made of them."""
    if isinstance(annotation, str):
        yield annotation
    elif isinstance(annotation, type) and issubclass(annotation, Enum):
        yield from (str(member.value) for member in annotation)
    else:
        for part in get_args(annotation):
            yield from _words(part)
