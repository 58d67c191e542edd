"""Pieces of speech cut, levelled and joined; pydub does the arithmetic on the samples."""

import warnings
from collections.abc import Sequence
from pathlib import Path

with warnings.catch_warnings():
    # pydub warns at import that there is no ffmpeg on the path; only its sample arithmetic is used.
    warnings.simplefilter("ignore")
    from pydub import AudioSegment

SAMPLE_WIDTH = 2  # bytes: 16 bit


class Piece:
    """A stretch of mono sound; times are seconds."""

    def __init__(self, segment: AudioSegment) -> None:
        self._segment = segment

    @classmethod
    def read(cls, path: Path) -> "Piece":
        with path.open("rb") as file:  # given a path, pydub leaves the file open
            return cls(AudioSegment.from_wav(file))

    @classmethod
    def silence(cls, samples: int, rate: int) -> "Piece":
        return cls(_segment(bytes(samples * SAMPLE_WIDTH), rate))

    @classmethod
    def joined(cls, pieces: Sequence["Piece"]) -> "Piece":
        """All pieces one after the other; they share one sample rate."""
        data = b"".join(piece._segment.raw_data for piece in pieces)
        return cls(_segment(data, pieces[0].rate))

    @property
    def rate(self) -> int:
        return int(self._segment.frame_rate)

    @property
    def samples(self) -> int:
        return int(self._segment.frame_count())

    @property
    def level(self) -> float:
        """Root mean square in dBFS."""
        return float(self._segment.dBFS)

    @property
    def peak(self) -> float:
        """The highest sample in dBFS."""
        return float(self._segment.max_dBFS)

    def cut(self, start: float, end: float) -> "Piece":
        """What lies between `start` and `end`, to the sample."""
        first, last = round(start * self.rate), round(end * self.rate)
        return Piece(self._segment.get_sample_slice(first, last))

    def gained(self, decibels: float) -> "Piece":
        return Piece(self._segment.apply_gain(decibels))

    def softened(self, milliseconds: int) -> "Piece":
        """The same with both ends faded, so that a join does not click."""
        return Piece(self._segment.fade_in(milliseconds).fade_out(milliseconds))

    def write(self, path: Path) -> None:
        self._segment.export(str(path), format="wav").close()


def _segment(data: bytes, rate: int) -> AudioSegment:
    return AudioSegment(data=data, sample_width=SAMPLE_WIDTH, frame_rate=rate, channels=1)
