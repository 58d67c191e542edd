"""What settings are read from, as something to compare: a sensor asks for them with every tick."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple


class Environment(NamedTuple):
    """While it is equal, so is what is read from it: variables, and the `.env` file with its time
    of change in nanoseconds."""

    variables: tuple[tuple[str, str], ...]
    file: str
    written: int


def environment(wanted: Callable[[str], bool]) -> Environment:
    """Of now; `wanted` chooses variables by their names in capitals, as no setting minds case."""
    own = [(name, value) for name, value in os.environ.items() if wanted(name.upper())]
    file = Path(".env")
    written = file.stat().st_mtime_ns if file.is_file() else 0
    return Environment(tuple(sorted(own)), str(file.absolute()), written)
