"""A piece of music read from its file, whatever its format."""

import re
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from igny8_media.errors import InputError, OutsideError
from igny8_media.music.loop import RATE, Stereo
from igny8_media.music.tracks import Track
from igny8_media.video.ffmpeg import run

_SHORTEST: Final = 3.0  # seconds
_SILENT: Final = -55.0  # LUFS
_SIDE: Final = 0.2
"""Power of the difference of both channels to that of their sum: 0.8 dB lost in mono."""
_OPPOSED: Final = 0.1
"""The same the other way round, below which both channels cancel out."""


class Music(NamedTuple):
    """`sound` lies in a file and is read as needed; `side` scales the difference of the channels.

    `loudness` is integrated LUFS of the part that was read.
    """

    sound: Stereo
    loudness: float
    side: float
    notes: tuple[str, ...]


def read_music(track: Track, seconds: float, folder: Path) -> Music:
    """The first `seconds` of a track as 48 kHz stereo, kept in `folder` while it is used.

    At least three seconds are read, where the track has as many: its loudness is measured on them.
    Raises InputError for a file that is no sound, shorter than three seconds, or silent.
    """
    raw = folder / "music.raw"
    wanted = max(seconds, _SHORTEST + 0.1)
    arguments = ["-t", f"{wanted:.3f}", "-i", str(track.path.resolve()), "-map", "0:a:0", "-vn"]
    arguments += ["-af", f"aresample={RATE},aformat=channel_layouts=stereo,ebur128=framelog=quiet"]
    try:
        log, _ = run([*arguments, "-f", "s16le", str(raw)], cwd=folder, task="read the music")
    except OutsideError as error:
        if "disk is full" in str(error):
            raise
        raise InputError(
            f"The music {track.path.name} cannot be read as sound; give an MP3, WAV, FLAC or Ogg"
            " file."
        ) from error
    samples = raw.stat().st_size // 4
    if samples < _SHORTEST * RATE:
        raise InputError(
            f"The music {track.path.name} lasts {samples / RATE:.1f} s; give a piece of at least"
            f" {_SHORTEST:.0f} s."
        )
    heard = re.findall(r"I:\s+(\S+) LUFS", log)
    loudness = float(heard[-1]) if heard else float("-inf")
    if loudness < _SILENT:
        raise InputError(f"The music {track.path.name} is silent; give another piece.")
    sound = np.memmap(raw, dtype="<i2", mode="r").reshape(-1, 2)
    return _mono_safe(sound, loudness, track)


def _mono_safe(sound: Stereo, loudness: float, track: Track) -> Music:
    """What to do so that hardly anything is lost when both channels are added up."""
    middle = difference = 0.0
    for at in range(0, len(sound), RATE):
        left, right = sound[at : at + RATE].astype(np.float64).T
        middle += float(np.square(left + right).sum())
        difference += float(np.square(left - right).sum())
    if middle < _OPPOSED * difference:
        # Both channels play the same with opposite signs, or nearly: one of them is the piece.
        note = f"The channels of {track.name} cancel out in mono, so the left one plays on both."
        return Music(np.repeat(sound[:, :1], 2, axis=1), loudness, 0.0, (note,))
    if difference <= _SIDE * middle:
        return Music(sound, loudness, 1.0, ())
    side = float(np.sqrt(_SIDE * middle / difference))
    note = f"{track.name} was narrowed to {side:.0%} of its width, to sound the same in mono."
    return Music(sound, loudness, side, (note,))
