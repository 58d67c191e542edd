"""What a video file says of itself at its beginning, as far as platforms judge by it."""

import struct
from dataclasses import dataclass
from typing import Final

_MOST_BOXES: Final = 200


@dataclass(frozen=True)
class Facts:
    """Seconds and pixels; None where the beginning of the file does not tell.

    `index_first` is whether the index (moov) comes before the pictures (mdat), which Instagram
    asks for.
    """

    seconds: float | None = None
    width: int | None = None
    height: int | None = None
    index_first: bool | None = None

    @property
    def ratio(self) -> float | None:
        return self.width / self.height if self.width and self.height else None


def facts_of(head: bytes) -> Facts:
    """Read an MP4 or MOV file's boxes (ISO/IEC 14496-12) from its first bytes."""
    if head[4:8] != b"ftyp":
        return Facts()
    for kind, begin, end in _boxes(head, 0, len(head)):
        if kind == b"mdat":
            return Facts(index_first=False)
        if kind == b"moov":
            return _moov(head, begin, min(end, len(head)))
    return Facts()


def _moov(data: bytes, begin: int, end: int) -> Facts:
    seconds: float | None = None
    size: tuple[int, int] | None = None
    for kind, at, to in _boxes(data, begin, end):
        if kind == b"mvhd":
            seconds = _seconds(data[at:to])
        elif kind == b"trak" and size is None:
            for inner, first, last in _boxes(data, at, to):
                if inner == b"tkhd":
                    size = _pixels(data[first:last])
    width, height = size or (None, None)
    return Facts(seconds, width, height, index_first=True)


def _seconds(box: bytes) -> float | None:
    try:
        if box[0] == 1:
            scale, length = struct.unpack_from(">IQ", box, 20)
        else:
            scale, length = struct.unpack_from(">II", box, 12)
    except (struct.error, IndexError):
        return None
    # A fragmented file says 0 here.
    return length / scale if scale and length else None


def _pixels(box: bytes) -> tuple[int, int] | None:
    """A track's width and height as shown, in 16.16 fixed point; None for sound."""
    if len(box) < 84:
        return None
    a, b = struct.unpack_from(">ii", box, len(box) - 44)
    width, height = (number >> 16 for number in struct.unpack_from(">II", box, len(box) - 8))
    if not (width and height):
        return None
    turned = a == 0 and b != 0
    return (height, width) if turned else (width, height)


def _boxes(data: bytes, begin: int, end: int) -> list[tuple[bytes, int, int]]:
    """Kind, begin and end of the content of each box that begins there."""
    found: list[tuple[bytes, int, int]] = []
    at = begin
    while at + 8 <= end and len(found) < _MOST_BOXES:
        size, kind = struct.unpack_from(">I4s", data, at)
        header = 8
        if size == 1 and at + 16 <= end:
            (size,) = struct.unpack_from(">Q", data, at + 8)
            header = 16
        stop = at + size if size >= header else end
        found.append((kind, at + header, stop))
        at = stop
    return found
