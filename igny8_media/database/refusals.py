"""What a database refuses, as one sentence for a person, and never with a password in it."""

import re
import sqlite3
from typing import Final

from sqlalchemy import URL
from sqlalchemy.exc import DatabaseError, OperationalError, ProgrammingError

from igny8_media.errors import Igny8Error, InputError, OutsideError, disk_remedy

_SQLITE_REMEDIES: Final = {
    sqlite3.SQLITE_FULL: "free some space there",
    # Where a file beside the database could not grow, SQLite says this of a full disk.
    sqlite3.SQLITE_IOERR: "free some space there, or check its disk",
    sqlite3.SQLITE_READONLY: "let it be written",
    sqlite3.SQLITE_PERM: "let it be written",
    sqlite3.SQLITE_CANTOPEN: "let it be read and written",
    sqlite3.SQLITE_BUSY: "let the command that works on it finish first",
    sqlite3.SQLITE_LOCKED: "let the command that works on it finish first",
    sqlite3.SQLITE_NOTADB: "move away what lies there",
    sqlite3.SQLITE_CORRUPT: "put a copy of it back",
}
_SECRETS: Final = (
    (re.compile(r"://\S*@"), "://***@"),
    (re.compile(r"(?i)(password|passwd|pwd)\s*=\s*('[^']*'|\S+)"), r"\1=***"),
)
_LACKING: Final = re.compile(
    r"no such (table|column)|has no column|already exists|duplicate column"
)
_UNDEFINED: Final = {"42P01", "42703", "42P07", "42701"}
"""PostgreSQL's codes of a table or column that is not there, or is there already:
https://www.postgresql.org/docs/current/errcodes-appendix.html"""


def cannot_open(address: URL, error: Exception) -> Igny8Error:
    """Why a database cannot be opened, or brought to the current schema."""
    shown = address.render_as_string(hide_password=True)
    if _of_schema(error):
        return misfit(shown, _said(error))
    if address.get_backend_name() == "sqlite":
        remedy = f"{_file_remedy(error)}, or choose another folder with IGNY8_HOME."
    else:
        remedy = "start it, or point IGNY8_DATABASE_URL elsewhere."
    return OutsideError(f"The database {shown} cannot be opened: {_said(error)}; {remedy}")


def misfit(database: str, why: str) -> InputError:
    """For a schema that this version cannot work with."""
    return InputError(
        f"The database {database} does not fit this version of igny8-media: {why}. A newer version "
        "has made it, or an unfinished one: install that, or choose another IGNY8_HOME or "
        "IGNY8_DATABASE_URL."
    )


def refused(error: BaseException) -> Igny8Error | None:
    """What a database refused to a command that was at work; None for anything else, which is a
    mistake of ours and wants its traceback."""
    if isinstance(error, ProgrammingError | OperationalError) or type(error) is DatabaseError:
        if _of_schema(error):
            return misfit("in use", _said(error))
        remedy = "see to it, then try again."
        if _sqlite_code(error) is not None:
            remedy = f"{_file_remedy(error)}, then try again."
        return OutsideError(f"The database failed: {_said(error)}; {remedy}")
    return None


def _of_schema(error: Exception) -> bool:
    cause = getattr(error, "orig", None)
    if _sqlite_code(error) == sqlite3.SQLITE_ERROR:
        return bool(_LACKING.search(str(cause)))
    return getattr(cause, "pgcode", None) in _UNDEFINED


def _sqlite_code(error: Exception) -> int | None:
    code = getattr(getattr(error, "orig", None), "sqlite_errorcode", None)
    return code & 0xFF if isinstance(code, int) else None  # without what details it


def _file_remedy(error: Exception) -> str:
    if isinstance(error, OSError):
        return disk_remedy(error)
    return _SQLITE_REMEDIES.get(_sqlite_code(error) or 0, "check its disk")


def _said(error: Exception) -> str:
    """The driver's own words: SQLAlchemy's also have the statement and its values."""
    cause = getattr(error, "orig", None) or error
    if isinstance(cause, OSError) and cause.strerror:
        return cause.strerror
    line = (str(cause).strip().splitlines() or [type(cause).__name__])[0].rstrip(".")
    for secret, hidden in _SECRETS:
        line = secret.sub(hidden, line)
    return line
