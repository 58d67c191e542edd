"""Caption times as whole frames of the video.

Scenes are encoded one by one and kept, captions included, and a scene may come to lie some frames
earlier or later when another one changes. What is shown in it must not change with that, so every
event begins and ends with a frame.
"""

import math
from typing import Final

_EVEN: Final = 1e-6
"""Of a frame: what the same moment may differ by, counted from another place."""


def frame_of(seconds: float, fps: int) -> int:
    """The frame nearest to a moment; of two, the later, wherever the counting starts."""
    return math.floor(seconds * fps + 0.5 + _EVEN)


def clock_of(frame: int, fps: int) -> str:
    """The time, as ASS writes it, at which libass begins to show (or no longer shows) a frame.

    That is half a frame before it: hundredths of a second cannot round to another frame there.
    """
    centiseconds = max(0, round((frame - 0.5) * 100 / fps))
    minutes, rest = divmod(centiseconds, 6000)
    return f"{minutes // 60}:{minutes % 60:02d}:{rest // 100:02d}.{rest % 100:02d}"
