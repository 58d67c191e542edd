"""What a person's post file may hold, and a sentence for each thing that it may not."""

import difflib
import json
import math
import re
import types
import typing
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, Field, ValidationError
from pydantic_core import ErrorDetails

from igny8_media.accounts.model import Service
from igny8_media.errors import InputError, OutsideError
from igny8_media.frozen import Frozen
from igny8_media.publishing.model import Link, Options, Poll, PostKind

_MOST_BYTES: Final = 1_000_000
"""The longest thread is a few kilobytes of text; a file of this size is another one."""
_MOST_DIGITS: Final = 15
MOST_FILES: Final = 50
"""More than any platform takes in one post."""
_MOST_TOLD: Final = 20
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


class WrittenFile(Frozen):
    path: str
    alt_text: str = ""


class WrittenCaptions(Frozen):
    path: str
    language: str
    name: str = ""


class WrittenPost(Frozen):
    """The fields of a post file; paths are relative to the file's folder, or absolute."""

    service: Service
    kind: PostKind | None = None
    text: str = ""
    parts: tuple[str, ...] = ()
    title: str = ""
    link: Link | None = None
    media: tuple[WrittenFile, ...] = Field((), max_length=MOST_FILES)
    thumbnail: WrittenFile | None = None
    captions: tuple[WrittenCaptions, ...] = Field((), max_length=MOST_FILES)
    poll: Poll | None = None
    language: str = ""
    options: Options = Options()


def read_json(file: Path) -> dict[str, Any]:
    """The object in a post file, with shorthands written out. Raises InputError."""
    name = file.name
    try:
        if file.is_dir():
            raise InputError(f"{name} is a folder; name the post's JSON file.")
        if not file.is_file() and file.exists():  # a pipe may never say anything
            raise InputError(f"{name} is not a file; name the post's JSON file.")
        with file.open("rb") as opened:
            data = opened.read(_MOST_BYTES + 1)
    except FileNotFoundError:
        raise InputError(f"There is no post file {file}; check the path.") from None
    except PermissionError:
        raise InputError(f"{name} may not be read; check its permissions.") from None
    except OSError as error:
        raise OutsideError(f"{name} cannot be read: {error.strerror or error}.") from error
    if len(data) > _MOST_BYTES:
        raise InputError(f"{name} is larger than {_MOST_BYTES // 10**6} MB: that is no post.")
    try:
        text = data.decode("utf-8-sig")
        found = json.loads(
            text,
            object_pairs_hook=_unique,
            parse_constant=_no_number,
            parse_float=_number,
            parse_int=_whole_number,
        )
        json.dumps(found, ensure_ascii=False).encode()  # fails for half a sign, as \ud83d is
        unseen = next(_unseen(found), None)
    except UnicodeError:
        raise InputError(f"{name} is not UTF-8 text; save it as UTF-8.") from None
    except _TwiceError as error:
        raise InputError(f"{name} gives the field {error} twice in one place; keep one.") from None
    except json.JSONDecodeError as error:
        raise InputError(
            f"{name} is not valid JSON: line {error.lineno}, column {error.colno}: "
            f"{error.msg[:1].lower()}{error.msg[1:]}."
        ) from None
    except (RecursionError, ValueError):
        raise InputError(f"{name} is not valid JSON; write the fields of one post.") from None
    if not isinstance(found, dict):
        raise InputError(f'{name} must hold one post in braces: {{"service": "...", ...}}.')
    if unseen is not None:
        where, sign = unseen
        raise InputError(
            f"{name} has a character that cannot be seen ({sign}), {where}; remove it."
        )
    if "cover" in found and "thumbnail" in found:
        raise InputError(f"{name} gives cover and thumbnail, which mean the same; keep one.")
    return _written_out(found)


class _TwiceError(Exception):
    pass


def _no_number(word: str) -> float:
    raise ValueError(word)


def _number(word: str) -> float:
    found = float(word)
    if not math.isfinite(found):  # 1e999
        raise ValueError(word)
    return found


def _whole_number(word: str) -> int:
    if len(word) > _MOST_DIGITS:
        raise ValueError(word)
    return int(word)


def _unseen(value: Any, *loc: int | str) -> Iterator[tuple[str, str]]:
    """Where control characters are, which databases and terminals take amiss, and which."""
    if isinstance(value, str):
        if found := _CONTROL.search(value):
            yield place(*loc), f"U+{ord(found[0]):04X}"
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _unseen(name, *loc, "a name")
            yield from _unseen(inner, *loc, name)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _unseen(inner, *loc, number)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise _TwiceError(repr(name[:60]))
            seen.add(name)
    # null means what leaving the field out means.
    return {key: value for key, value in found.items() if value is not None}


def _written_out(data: dict[str, Any]) -> dict[str, Any]:
    """A text where a path or an address is meant, and the names that people use for X and for the
    picture that is shown before a video."""
    full = dict(data)
    if isinstance(service := full.get("service"), str):
        plain = service.strip().lower()
        full["service"] = "twitter" if plain == "x" else plain
    if isinstance(link := full.get("link"), str):
        full["link"] = {"url": link}
    if isinstance(media := full.get("media"), list):
        full["media"] = [{"path": one} if isinstance(one, str) else one for one in media]
    if "cover" in full:
        full["thumbnail"] = full.pop("cover")
    if isinstance(thumbnail := full.get("thumbnail"), str):
        full["thumbnail"] = {"path": thumbnail}
    return full


def validated(data: Mapping[str, Any]) -> WrittenPost | list[str]:
    """The post, or everything that its fields have wrong, each as a sentence."""
    try:
        return WrittenPost.model_validate(data)
    except ValidationError as error:
        return [_sentence(each) for each in error.errors(include_url=False)[:_MOST_TOLD]]


def place(*loc: int | str) -> str:
    """`media 2, path` of ("media", 1, "path")."""
    parts: list[str] = []
    for part in loc:
        if isinstance(part, int) and parts:
            parts[-1] += f" {part + 1}"
        else:
            parts.append(str(part))
    return ", ".join(parts)


def _sentence(error: ErrorDetails) -> str:
    loc = error["loc"]
    where = place(*loc)
    match error["type"]:
        case "extra_forbidden":
            *above, own = loc
            known = _fields(above)
            near = difflib.get_close_matches(str(own), known, 1)
            hint = f'did you mean "{near[0]}"?' if near else f"known are {', '.join(known)}."
            inside = f" in {place(*above)}" if above else ""
            return f"There is no field {own!r}{inside}; {hint}"
        case "missing":
            return f"{where} is missing; write it."
        case "enum" | "literal_error":
            return f"{where}: {_shown(error['input'])} is not one of {error['ctx']['expected']}."
    return f"{where}: {error['msg'][:1].lower()}{error['msg'][1:]}."


def _fields(loc: list[int | str]) -> list[str]:
    """The names known at a place in the post."""
    model: type[BaseModel] = WrittenPost
    for part in loc:
        if isinstance(part, str) and part in model.model_fields:
            model = _model_in(model.model_fields[part].annotation) or model
    return list(model.model_fields)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias):
        return annotation if issubclass(annotation, BaseModel) else None
    inner = map(_model_in, typing.get_args(annotation))
    return next(filter(None, inner), None)


def _shown(value: object) -> str:
    return json.dumps(value, ensure_ascii=True, default=str)[:60]
