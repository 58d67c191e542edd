"""Memory that was freed goes back to the system."""

import ctypes
from functools import lru_cache
from typing import Any


def give_back() -> None:
    """Return what this process has freed; does nothing where the C library is not glibc.

    Converting a picture takes several times its size for a moment. glibc keeps tens of megabytes
    of that in each thread's heap, where neither the encoder nor anybody else can use them. Costs
    a millisecond: call it once a picture, not once a frame.
    """
    if (trim := _malloc_trim()) is not None:
        trim(0)


@lru_cache(maxsize=1)
def _malloc_trim() -> Any:
    """`malloc_trim(3)`, or None."""
    return getattr(ctypes.CDLL(None), "malloc_trim", None)
