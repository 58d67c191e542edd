"""A table of posts to plan, as spreadsheets write it: every mistake in it, each with its line."""

import codecs
import csv
import difflib
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from igny8_media.errors import InputError, OutsideError
from igny8_media.planning.places import read_place
from igny8_media.planning.week import read_day
from igny8_media.publishing.choices import Chosen, read_choices

_POST: Final = ("post", "content", "platform", "account")
COLUMNS: Final = (*_POST, "at", "zone", "from", "priority", "options")
MOST_ROWS: Final = 100_000
_MOST_BYTES: Final = 64 * 2**20
_PRIORITY: Final = 1000
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
_MARKS: Final = (
    # UTF-32 first: its mark begins as that of UTF-16 does.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One post for one account. `number` is where it stands in the file; `post` is an ID, or
    `content` and `place` name the newest approved one. Without `at` it is queued. `chosen` is
    what its `options` say.

    Of a line that something is wrong with, what could be read is there, so that everything else
    that is wrong with it can be told too: without `post` and `content`, which post it means is not
    known, and without `chosen`, what it chooses."""

    number: int
    post: int | None
    content: str
    place: str
    account: str | None
    at: str | None
    zone: str | None
    not_before: date | None
    priority: int
    chosen: Chosen | None


@dataclass(frozen=True, slots=True)
class Problem:
    line: int
    message: str


def read_table(file: Path) -> tuple[list[Line], list[Problem]]:
    """The lines, as far as they can be read, and everything that is wrong with them.

    Comma, semicolon or tab; UTF-8, or UTF-16 with its mark. Raises InputError for a file that is
    no such table, OutsideError for one that cannot be read.
    """
    text = _text(file)
    if not text.strip():
        raise InputError(
            f"{file.name} is empty; write a line with the names of columns, and one for each post."
        )
    rows = _rows(text, file.name)
    _, header = next(rows, (1, []))
    columns = _columns(header, file.name)
    lines: list[Line] = []
    problems: list[Problem] = []
    for count, (number, row) in enumerate(rows, start=1):
        if count > MOST_ROWS:
            raise InputError(f"{file.name} has more than {MOST_ROWS} rows; split it.")
        line, wrong = _line(number, row, columns)
        lines += [line] if line else []
        problems += [Problem(number, message) for message in wrong]
    if not lines and not problems:
        raise InputError(f"{file.name} has no rows below its header; write one for each post.")
    return lines, problems


def _text(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            data = opened.read(_MOST_BYTES + 1)
    except (FileNotFoundError, IsADirectoryError):
        raise InputError(f"There is no file {file}; check the path.") from None
    except PermissionError:
        raise InputError(f"{file.name} may not be read; check its permissions.") from None
    except OSError as error:
        raise OutsideError(f"{file.name} cannot be read: {error.strerror or error}.") from None
    if len(data) > _MOST_BYTES:
        raise InputError(f"{file.name} is larger than {_MOST_BYTES >> 20} MiB; split it.")
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    if encoding == "utf-8" and b"\0" in data[:4096]:
        raise InputError(
            f"{file.name} is not UTF-8 text (it looks like UTF-16 without its mark); save it as "
            "CSV UTF-8."
        )
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise InputError(
            f"{file.name} is not {encoding.removesuffix('-sig').upper()} text: line {line} has "
            "bytes that mean nothing in it; save it as CSV UTF-8."
        ) from None


def _rows(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold anything, with the line that each begins on."""
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        begins = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise InputError(
                f"{name} is no table from line {begins} on: {error}; look for a quotation mark "
                "that is not closed."
            ) from None
        if any(field.strip() for field in row):
            yield begins, row


def _columns(header: list[str], name: str) -> dict[str, int]:
    names = [field.strip().casefold() for field in header]
    known = ", ".join(COLUMNS)
    if not set(names) & {"post", "content"}:
        raise InputError(
            f"{name} has no column `post` (or `content` and `platform`) in its first line; the "
            f"columns are {known}."
        )
    for number, column in enumerate(names, start=1):
        if column not in COLUMNS:
            near = difflib.get_close_matches(column, COLUMNS, 1)
            hint = f"did you mean `{near[0]}`?" if near else f"the columns are {known}."
            raise InputError(f"{name} has a column {number} called '{column[:40]}'; {hint}")
        if names.index(column) != number - 1:
            raise InputError(f"{name} has the column `{column}` twice; keep one.")
    if "content" in names and "platform" not in names:
        raise InputError(f"{name} has a column `content` and none called `platform`; add it.")
    return {column: number for number, column in enumerate(names)}


def _line(number: int, row: list[str], columns: Mapping[str, int]) -> tuple[Line | None, list[str]]:
    """None for one of which nothing can be taken at its word."""
    if len(row) != len(columns):
        return None, [
            f"There are {len(row)} fields and the header has {len(columns)}; quote commas."
        ]
    field = {column: row[position].strip() for column, position in columns.items()}
    wrong = [
        f"{column} has a character that cannot be seen; remove it."
        for column, value in field.items()
        if _CONTROL.search(value)
    ]
    unseen = bool(wrong)

    def given(column: str) -> str:
        return field.get(column, "")

    post, content, place = None, given("content"), ""
    if given("post"):
        if given("post").isascii() and given("post").isdigit() and len(given("post")) < 10:
            post = int(given("post"))
        else:
            wrong.append(f"'{given('post')[:40]}' is no post's number; `posts list` shows them.")
        if content:
            wrong.append("It names a post and a content; keep one of the two.")
            post, content = None, ""
    elif not content:
        wrong.append("It names no post; write its number, or its content and platform.")
    if given("platform"):
        try:
            place = read_place(given("platform"))
        except InputError as error:
            wrong.append(str(error))
    elif content and not given("post"):
        wrong.append("It names a content and no platform; write one.")
    if not place:
        content = ""
    first = None
    if given("from"):
        try:
            first = read_day(given("from"))
        except InputError as error:
            wrong.append(f"from: {error}")
    priority = 0
    if given("priority"):
        told = re.fullmatch(r"[+-]?[0-9]{1,4}", given("priority"))
        if told and abs(int(told[0])) <= _PRIORITY:
            priority = int(told[0])
        else:
            wrong.append(
                f"'{given('priority')[:40]}' is no priority; write a whole number from "
                f"-{_PRIORITY} to {_PRIORITY}."
            )
    pairs = tuple(part for part in map(str.strip, given("options").split(";")) if part)
    chosen, misfits = read_choices(pairs, "options")
    wrong += misfits
    if given("at") and (given("from") or given("priority")):
        wrong.append("It has a time of its own (at), so `from` and `priority` must be empty.")
    if unseen:
        return None, wrong
    line = Line(
        number=number,
        post=post,
        content=content,
        place=place,
        account=given("account") or None,
        at=given("at") or None,
        zone=given("zone") or None,
        not_before=first,
        priority=priority,
        chosen=None if misfits else chosen,
    )
    return line, wrong
