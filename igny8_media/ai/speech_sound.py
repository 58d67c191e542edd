"""Sound as servers send it, made into what is kept: mono, 16 bit, in a WAV file.

Coqui's servers write what torchaudio does by default, which is 32-bit floats.
"""

import io
import wave
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from igny8_media.errors import OutsideError

if TYPE_CHECKING:
    from av import AudioFrame

_RATES: Final = range(8_000, 192_001)
"""Hz; speech at another rate than these is a header that is wrong."""
_UNKNOWN: Final = 2**31 - 2**16
"""From here on a length says that the server did not know it when it began to send."""


def mono_wav(data: bytes, engine: str) -> bytes:
    """A WAV file of any layout as mono 16 bit, at its own rate.

    Raises OutsideError for anything else: content types are not to be trusted (Piper says
    text/html for sound), so the bytes tell.
    """
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise OutsideError(
            f"{engine} returned something that is not a WAV file; check its address."
        )
    _check_whole(data, engine)
    try:
        with wave.open(io.BytesIO(data)) as wav:
            rate, usual = wav.getframerate(), (wav.getnchannels(), wav.getsampwidth()) == (1, 2)
    except (wave.Error, EOFError):  # floats, among others
        rate, usual = None, False
    if rate is not None and rate not in _RATES:
        raise OutsideError(f"{engine} returned sound at {rate} Hz, which is no rate of speech.")
    return data if usual else _decoded(data, engine, tempo=None)


def pcm_wav(samples: bytes, rate: int) -> bytes:
    """A WAV file of raw little-endian 16-bit samples."""
    out = io.BytesIO()
    with wave.open(out, "wb") as wav:
        wav.setparams((1, 2, rate, 0, "NONE", ""))
        wav.writeframes(samples[: len(samples) // 2 * 2])
    return out.getvalue()


def stretched(wav: bytes, tempo: float, engine: str) -> bytes:
    """A WAV file `tempo` times as fast at its own pitch, for engines that know no speed."""
    return _decoded(wav, engine, tempo=tempo)


def _check_whole(data: bytes, engine: str) -> None:
    at = 12
    while at + 8 <= len(data):
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        there = len(data) - at - 8
        if name == b"data" and there < size < _UNKNOWN:
            raise OutsideError(
                f"{engine} broke off: {there / size:.0%} of the sound it announced arrived."
            )
        at += 8 + size + size % 2


def _decoded(data: bytes, engine: str, tempo: float | None) -> bytes:
    import av  # 40 MB of FFmpeg, only where it is needed

    out = io.BytesIO()
    try:
        with av.open(io.BytesIO(data), "r", format="wav") as sound, wave.open(out, "wb") as wav:
            rate = sound.streams.audio[0].rate
            resampler = av.AudioResampler(format="s16", layout="mono", rate=rate)
            wav.setparams((1, 2, rate, 0, "NONE", ""))
            for frame in _paced(sound.decode(audio=0), tempo):
                for part in resampler.resample(frame):
                    wav.writeframes(part.to_ndarray().tobytes())
    except (av.FFmpegError, IndexError, ValueError) as error:
        raise OutsideError(f"{engine} returned sound that cannot be read: {error}.") from None
    return out.getvalue()


def _paced(frames: "Iterator[AudioFrame]", tempo: float | None) -> "Iterator[AudioFrame | None]":
    """The frames `tempo` times as fast; None at the end, at which a resampler gives up its rest."""
    from av import AudioFrame
    from av import BlockingIOError as NotYet
    from av import EOFError as NoMore
    from av.filter import Graph

    def ready(graph: Graph) -> Iterator[AudioFrame]:
        with suppress(NotYet, NoMore):
            while isinstance(part := graph.pull(), AudioFrame):
                yield part

    if tempo is None:
        yield from frames
        yield None
        return
    graph: Graph | None = None
    for frame in frames:
        if graph is None:
            graph = Graph()
            source = graph.add_abuffer(
                format=frame.format.name, sample_rate=frame.sample_rate, layout=frame.layout.name
            )
            graph.link_nodes(source, graph.add("atempo", f"{tempo:.4f}"), graph.add("abuffersink"))
            graph.configure()
        graph.push(frame)
        yield from ready(graph)
    if graph is not None:
        graph.push(None)
        yield from ready(graph)
    yield None
