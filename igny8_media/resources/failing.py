"""What went wrong with a step, told by Dagster as it would be at the terminal."""

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from igny8_media.errors import Igny8Error


@contextmanager
def failing_in_words() -> Iterator[None]:
    """The sentence of an error of ours is the run's own; the step is not run again."""
    try:
        yield
    except Igny8Error as error:
        raise dg.Failure(str(error), allow_retries=False) from error
