"""The tables as files, for spreadsheets and for other programs."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

import pandas as pd

from igny8_media.errors import InputError, OutsideError, disk_remedy

Format = Literal["csv", "parquet"]

_FORMULA: Final = r"^([=+\-@\t\r\n＝＋－＠])"
"""Spreadsheets run what begins so as a formula, wherever it came from (OWASP, "CSV Injection")."""


def export(tables: Mapping[str, pd.DataFrame], folder: Path, form: Format) -> list[Path]:
    """One file for each table; what was there by that name is replaced, whole files only.

    In CSV, texts that a spreadsheet would run get an apostrophe before them; numbers stay as they
    are, moments are ISO 8601, and null is an empty cell. Parquet holds everything as it is.

    Raises InputError for a folder that cannot be one, OutsideError for a full disk.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError, PermissionError) as error:
        raise InputError(f"{folder} cannot be written to; choose another folder.") from error
    return [_write(table, folder / f"{name}.{form}", form) for name, table in tables.items()]


def _write(table: pd.DataFrame, path: Path, form: Format) -> Path:
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        if form == "csv":
            # With a mark of UTF-8, without which Excel takes it for a code page.
            disarmed(table).to_csv(
                unfinished, index=False, encoding="utf-8-sig", date_format="%Y-%m-%dT%H:%M:%S%z"
            )
        else:
            table.to_parquet(unfinished, index=False)
        unfinished.replace(path)
    except OSError as error:
        raise OutsideError(
            f"{path} cannot be written: {error.strerror}; {disk_remedy(error)}, or choose another "
            "folder."
        ) from error
    finally:
        unfinished.unlink(missing_ok=True)
    return path


def disarmed(table: pd.DataFrame) -> pd.DataFrame:
    """With an apostrophe before every text that a spreadsheet would run, column names included."""
    safe = table.copy(deep=False)
    for name in safe.columns:
        column = safe[name]
        if isinstance(column.dtype, pd.CategoricalDtype):
            column = column.astype("str")
        if pd.api.types.is_string_dtype(column.dtype):
            safe[name] = column.str.replace(_FORMULA, r"'\1", regex=True)
    return safe
