"""How a video is cut for TikTok (Media Transfer Guide, developers.tiktok.com, 2026)."""

from dataclasses import dataclass
from typing import Final

_WHOLE: Final = 64_000_000
_CHUNK: Final = 10_000_000


@dataclass(frozen=True)
class Chunks:
    """`count` chunks of `size` bytes, of a file of `total`; the last one takes what remains too."""

    total: int
    size: int
    count: int

    def bounds(self, index: int) -> tuple[int, int]:
        """First byte and number of bytes of a chunk, 0 first."""
        first = self.size * index
        return first, (self.total - first) if index == self.count - 1 else self.size

    def holding(self, offset: int) -> int:
        """The chunk that this byte belongs to: chunks are sent whole."""
        return min(offset // self.size, self.count - 1)


def cut(total: int) -> Chunks:
    """Files of up to 64 MB go whole; longer ones in chunks of 10 MB and a last one below 20 MB.

    Chunks may have 5 to 64 MB, the last 128, and there may be 1,000; these are far from each
    limit, whichever MB TikTok means.
    """
    if total <= _WHOLE:
        return Chunks(total, total, 1)
    return Chunks(total, _CHUNK, total // _CHUNK)
