"""The sound that is muxed must be the sound that was mixed, in both channels."""

import subprocess
import wave
from pathlib import Path

import av
import numpy as np

from igny8_media.video import ffmpeg
from igny8_media.video.joining import join
from igny8_media.video.presets import Composition


def test_encoding_adds_no_clicks_to_either_channel(tmp_path: Path) -> None:
    """Noise bursts and silence in turn: what makes an AAC encoder reach for its tricks."""
    chance = np.random.default_rng(3)
    seconds, rate = 20, 48_000
    envelope = np.repeat(chance.random(seconds * 8) ** 3, rate // 8)
    sound = 0.5 * envelope * chance.uniform(-1, 1, seconds * rate)
    sound += 0.3 * envelope * np.sin(np.arange(seconds * rate) * 2 * np.pi * 180 / rate)
    peak = float(np.abs(sound).max())
    with wave.open(str(tmp_path / "voice.wav"), "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", ""))
        file.writeframes((sound * 32767).astype("<i2").tobytes())
    segment = [ffmpeg.executable(), "-v", "error", "-f", "lavfi"]
    segment += ["-i", f"color=gray:size=64x64:rate=30:duration={seconds}"]
    segment += ["-pix_fmt", "yuv420p", "-movie_timescale", "30000", str(tmp_path / "s.mp4")]
    subprocess.run(segment, check=True)
    join(
        [tmp_path / "s.mp4"],
        tmp_path / "voice.wav",
        1,
        Composition(width=64, height=64),
        seconds * 30,
        tmp_path / "out.mp4",
        name="out.mp4",
        hevc=False,
        work_dir=tmp_path,
    )
    with av.open(str(tmp_path / "out.mp4")) as container:
        channels = np.concatenate([f.to_ndarray() for f in container.decode(audio=0)], axis=1)
    peaks = np.abs(channels).max(axis=1)
    assert np.allclose(peaks[0], peaks[1], rtol=0.05), "one side clicks"
    assert (peaks < 1.25 * peak / np.sqrt(2)).all(), "louder than what went in"
