"""Speech made small for sending: FLAC, mono, 16 kHz."""

import io
from pathlib import Path
from typing import Final

import av

from igny8_media.errors import OutsideError

_RATE: Final = 16_000


def as_flac(audio: Path) -> bytes:
    """The sound of a file, without loss below 8 kHz. Raises OutsideError if it cannot be read."""
    packed = io.BytesIO()
    try:
        with av.open(str(audio)) as source, av.open(packed, "w", format="flac") as target:
            stream = target.add_stream("flac", rate=_RATE, layout="mono", format="s16")
            shape = av.AudioResampler("s16", "mono", _RATE, frame_size=4096)
            for frame in source.decode(audio=0):
                for part in shape.resample(frame):
                    target.mux(stream.encode(part))
            for part in shape.resample(None):
                target.mux(stream.encode(part))
            target.mux(stream.encode(None))
    except (OSError, av.FFmpegError, IndexError) as error:
        raise OutsideError(f"The sound {audio.name} cannot be read: {error}.") from None
    return packed.getvalue()
