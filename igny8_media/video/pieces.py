"""Pieces of type and how they arrive, and the layers of a plan that they become."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

from PIL import Image

from igny8_media.video.plan import Layer

_ARRIVAL_SECONDS: Final = 0.35
_RISE: Final = 0.02
"""How far type rises as it arrives, of the frame's height."""
_EMPTY: Final = (0, 0, 0, 0)


@dataclass(frozen=True)
class Piece:
    """A picture with alpha that arrives as one, its corner at (`x`, `y`) of the frame.

    It fades in and rises, unless `cells` show its arrival (each as large as the picture, for
    `step` frames; the picture itself follows them), or `wipe` says in how many seconds it is
    uncovered from the side it is read from. `until` is when it has left again. `scroll` and
    `window` are those of a layer, in seconds.
    """

    picture: Image.Image
    x: int = 0
    y: int = 0
    cells: tuple[Image.Image, ...] = ()
    step: int = 1
    wipe: float = 0.0
    wipe_from: Literal["left", "right"] = "left"
    until: float | None = None
    rises: bool = True
    scroll: tuple[tuple[float, float, int, int], ...] = ()
    window: tuple[int, int, int, int] | None = None


def gone_by(
    until: float | None, pieces: Sequence[tuple[Piece, float]]
) -> list[tuple[Piece, float]]:
    """The same pieces, those that stayed longer gone by a second; by None they stay as they are."""
    return [
        (piece, at)
        if until is None or (piece.until is not None and piece.until <= until)
        else (replace(piece, until=until), at)
        for piece, at in pieces
    ]


def layer_of(
    piece: Piece, at: float, folder: Path, name: str, *, fps: int, height: int, end: int | None
) -> Layer | None:
    """Save a piece as `name`.png, cut to what is drawn; None for one with nothing on it.

    It arrives `at` seconds, on a frame `height` pixels tall; by frame `end` it has left.
    """
    box = _inked(piece)
    if box is None:
        return None
    pictures = [cell.crop(box) for cell in (*piece.cells, piece.picture)]
    _strip(pictures).save(folder / f"{name}.png", compress_level=1 if piece.cells else 3)
    start = round(at * fps)
    fades = start > 0 and not piece.cells and not piece.wipe
    leaves = None if piece.until is None else round(piece.until * fps)
    ends = [moment for moment in (leaves, end) if moment is not None]
    return Layer(
        file=f"{name}.png",
        x=piece.x // 2 * 2 + box[0],
        y=piece.y // 2 * 2 + box[1],
        start=start,
        fade=round(_ARRIVAL_SECONDS * fps) if fades else 0,
        rise=_even(round(_RISE * height)) if fades and piece.rises else 0,
        end=min(ends) if ends else None,
        cells=len(pictures),
        step=piece.step,
        wipe=round(piece.wipe * fps),
        wipe_from=piece.wipe_from,
        scroll=tuple(
            (round(begin * fps), round(takes * fps), left // 2 * 2, up // 2 * 2)
            for begin, takes, left, up in piece.scroll
        ),
        window=piece.window,
    )


def _inked(piece: Piece) -> tuple[int, int, int, int] | None:
    """What is drawn in any of a piece's pictures, with even corners."""
    boxes = [b for b in (p.getbbox() for p in (*piece.cells, piece.picture)) if b is not None]
    if not boxes:
        return None
    left, top = (min(box[side] for box in boxes) // 2 * 2 for side in (0, 1))
    right, bottom = (_even(max(box[side] for box in boxes)) for side in (2, 3))
    return left, top, right, bottom


def _strip(pictures: Sequence[Image.Image]) -> Image.Image:
    if len(pictures) == 1:
        return pictures[0]
    width, height = pictures[0].size
    strip = Image.new("RGBA", (width, height * len(pictures)), _EMPTY)
    for number, picture in enumerate(pictures):
        strip.paste(picture, (0, number * height))
    return strip


def _even(value: int) -> int:
    return value + value % 2
