"""Captions cut by frames: what libass draws on a stretch of the video, wherever that stretch lies.

A scene's captions must come out the same when the scenes before it grow or shrink, so they are
handled in whole frames and written as times only for FFmpeg.
"""

import math
from pathlib import Path
from typing import Final, NamedTuple, Self

import pysubs2

from igny8_media.errors import InputError
from igny8_media.video.quiet import root_logger_untouched

_EARLY: Final = 0.5
"""Frames before its first that an event is written to start: between two frames nothing can
round the wrong way, though the format has hundredths of a second only."""


class Line(NamedTuple):
    """An event shown from frame `start` to before frame `end`."""

    start: int
    end: int
    event: pysubs2.SSAEvent

    @property
    def mark(self) -> tuple[int, int, int, str, str]:
        """Everything that decides what is seen, and when."""
        return self.start, self.end, self.event.layer, self.event.style, self.event.text


class BurnedCaptions:
    """An ASS file whose events show the same thing from their first frame to their last."""

    def __init__(self, file: pysubs2.SSAFile, fps: int) -> None:
        self._file = file
        self._fps = fps
        self._lines = [
            Line(self._frame(event.start), self._frame(event.end), event)
            for event in file.events
            if not event.is_comment
        ]

    @classmethod
    def read(cls, path: Path, fps: int) -> Self:
        """Raises InputError for a file that is missing or not an ASS file."""
        try:
            with root_logger_untouched():
                return cls(pysubs2.SSAFile.load(str(path), encoding="utf-8", format_="ass"), fps)
        except FileNotFoundError as error:
            raise InputError(f"The caption file {path.name} is missing: make it again.") from error
        except (OSError, UnicodeDecodeError, pysubs2.Pysubs2Error) as error:
            raise InputError(
                f"The caption file {path.name} cannot be read: make it again."
            ) from error

    @property
    def style(self) -> str:
        """The file without its events: styles and the size they were made for."""
        return self.text([])

    def within(self, first: int, frames: int) -> list[Line]:
        """What is shown in a stretch, in frames from the stretch's own start."""
        return [
            Line(max(line.start, first) - first, min(line.end, first + frames) - first, line.event)
            for line in self._lines
            if line.start < first + frames and line.end > first
        ]

    def text(self, lines: list[Line]) -> str:
        """An ASS file of these lines, their frames counted from its start."""
        made = pysubs2.SSAFile()
        made.info, made.styles = self._file.info, self._file.styles
        for line in lines:
            event = line.event.copy()
            event.start, event.end = self._time(line.start), self._time(line.end)
            made.events.append(event)
        return made.to_string("ass")

    def _frame(self, milliseconds: int) -> int:
        """The first frame at or after a time."""
        return math.ceil(milliseconds * self._fps / 1000 - 1e-6)

    def _time(self, frame: int) -> int:
        return max(0, round((frame - _EARLY) * 1000 / self._fps))
