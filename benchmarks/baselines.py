"""What a render is measured against: the encoder alone, and MoviePy as it is commonly written."""

import fcntl
import os
import subprocess
import threading
from typing import IO

from timeline import Timeline

from igny8_media.video import ffmpeg
from igny8_media.video.compose import Composer
from igny8_media.video.encoders import codec_arguments
from igny8_media.video.planes import Frame
from igny8_media.video.presets import Encoder, Quality


def encode_alone(made: Timeline, quality: Quality) -> float:
    """CPU seconds of one encoder that is handed the finished frames, captions included.

    The frames are painted by this process and captioned by another FFmpeg; neither is counted.
    """
    size = f"{made.composition.width}x{made.composition.height}"
    raw = ["-f", "rawvideo", "-pixel_format", "yuv420p", "-video_size", size, "-framerate", "30"]
    fonts = made.fonts.name
    captioner = subprocess.Popen(
        [
            *(ffmpeg.executable(), "-loglevel", "error", *raw, "-i", "pipe:0"),
            *("-vf", f"ass={made.ass.name}:fontsdir={fonts}", "-f", "rawvideo", "pipe:1"),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=made.folder,
    )
    composition = made.composition
    encoder = subprocess.Popen(
        [
            *(ffmpeg.executable(), "-y", "-loglevel", "error", *raw, "-i", "pipe:0"),
            *codec_arguments(Encoder.X264, quality, 1),
            *("-maxrate", str(composition.max_bitrate)),
            *("-bufsize", str(2 * composition.max_bitrate), "-g", "60"),
            "alone.mp4",
        ],
        stdin=captioner.stdout,
        cwd=made.folder,
    )
    assert captioner.stdin is not None
    assert captioner.stdout is not None
    fcntl.fcntl(captioner.stdout, fcntl.F_SETPIPE_SZ, 1 << 20)
    captioner.stdout.close()
    feeder = threading.Thread(target=_feed, args=(made, captioner.stdin))
    feeder.start()
    _, status, usage = os.wait4(encoder.pid, 0)
    encoder.returncode = os.waitstatus_to_exitcode(status)
    feeder.join()
    assert (encoder.returncode, captioner.wait()) == (0, 0)
    return usage.ru_utime + usage.ru_stime


def _feed(made: Timeline, pipe: IO[bytes]) -> None:
    frame = Frame(*made.plan.size)
    with pipe, Composer(made.plan, made.scenes) as composer:
        for number, scene in enumerate(made.plan.scenes):
            for at in range(scene.frames):
                composer.paint(number, at, frame)
                pipe.write(frame.bytes)
