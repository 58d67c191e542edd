"""Keeping a library's log calls from setting up logging for the whole program."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def root_logger_untouched() -> Iterator[None]:
    """pysubs2 logs through the root logger, which sets up a handler there when it has none.

    From then on every line of ours would be printed a second time.
    """
    root = logging.getLogger()
    before = list(root.handlers)
    try:
        yield
    finally:
        for handler in [handler for handler in root.handlers if handler not in before]:
            root.removeHandler(handler)
