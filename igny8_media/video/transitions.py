"""From one picture to the next: cross-fade, slide and zoom, on whole frames."""

from typing import Final, Literal

import cv2

from igny8_media.video.motion import glide
from igny8_media.video.planes import Frame

_THROUGH: Final = 0.22
"""How much a zoom enlarges the picture it goes through."""


def blend(
    kind: Literal["cut", "fade", "slide", "zoom"], before: Frame, frame: Frame, done: float
) -> None:
    """Turn `frame` into the picture between `before` and itself, `done` 0..1 of the way.

    `before` may be painted over.
    """
    if kind == "slide":
        _slide(before, frame, glide(done))
    elif kind == "zoom":
        eased = glide(done)
        _enlarge(before, 1 + _THROUGH * eased)
        _mix(before, frame, eased)
    else:
        _mix(before, frame, done)


def _mix(before: Frame, frame: Frame, share: float) -> None:
    """Cross-fade: `share` of `frame` stays, the rest comes from `before`."""
    cv2.addWeighted(before.buffer, 1 - share, frame.buffer, share, 0, dst=frame.buffer)


def _slide(before: Frame, frame: Frame, done: float) -> None:
    """Both pictures move to the left by whole chroma samples: too fast for anything finer."""
    width = frame.size[0]
    gone = round(done * width / 2) * 2
    for earlier, later, step in (
        (before.y, frame.y, 1),
        (before.u, frame.u, 2),
        (before.v, frame.v, 2),
    ):
        cut = gone // step
        later[:, -cut or later.shape[1] :] = later[:, :cut].copy()
        later[:, : later.shape[1] - cut] = earlier[:, cut:]


def _enlarge(frame: Frame, scale: float) -> None:
    """Scale a frame about its centre, in place; whole pixels will do at this speed."""
    for plane in (frame.y, frame.u, frame.v):
        height, width = plane.shape
        rows, columns = round(height / scale), round(width / scale)
        top, left = (height - rows) // 2, (width - columns) // 2
        part = plane[top : top + rows, left : left + columns]
        plane[:] = cv2.resize(part, (width, height), interpolation=cv2.INTER_LINEAR)
