"""Processes that a test started, among those that other tests of its process left running."""

from contextlib import suppress
from pathlib import Path


def children() -> set[int]:
    """The process numbers of all children of this process: servers of other tests too."""
    found: set[int] = set()
    for task in Path("/proc/self/task").iterdir():
        with suppress(FileNotFoundError):  # a thread that ends meanwhile
            found.update(map(int, (task / "children").read_text().split()))
    return found
