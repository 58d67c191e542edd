"""Bodies of answers in pieces, however they are packed.

A packed body may be a thousand times what came over the wire, and one packed twice a million times:
whoever counts while it is unpacked can stop in time.
"""

import zlib
from collections.abc import Iterable, Iterator
from typing import Final

_PIECE: Final = 65_536


class UnreadableError(Exception):
    """A body that does not end, or is packed in a way that was not asked for."""


def unpacked(chunks: Iterable[bytes], packing: str) -> Iterator[bytes]:
    """The body of which `chunks` came over the wire; `packing` is its content-encoding.

    Some servers pack it whatever they are asked. Raises UnreadableError.
    """
    packing = packing.strip().lower()
    if packing in ("identity", ""):
        yield from chunks
        return
    if packing not in ("gzip", "x-gzip", "deflate"):
        raise UnreadableError
    unpack = zlib.decompressobj(wbits=47)  # with the head of gzip or of zlib
    came = False
    try:
        for chunk in chunks:
            came, rest = came or bool(chunk), chunk
            while rest:
                yield unpack.decompress(rest, _PIECE)
                rest = unpack.unconsumed_tail
    except zlib.error:
        raise UnreadableError from None
    if came and not unpack.eof:
        raise UnreadableError
