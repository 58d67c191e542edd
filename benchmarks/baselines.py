"""What a render is measured against: the encoder alone, and MoviePy as it is commonly written."""

import fcntl
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO

import av
from measure import cpu
from timeline import Timeline

from igny8_media.video import ffmpeg
from igny8_media.video.compose import Composer
from igny8_media.video.encoders import codec_arguments, x264_settings
from igny8_media.video.plan import ScenePlan, Shot
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
    feeder = threading.Thread(target=feed, args=(made, made.plan, captioner.stdin))
    feeder.start()
    _, status, usage = os.wait4(encoder.pid, 0)
    encoder.returncode = os.waitstatus_to_exitcode(status)
    feeder.join()
    assert (encoder.returncode, captioner.wait()) == (0, 0)
    return usage.ru_utime + usage.ru_stime


def feed(made: Timeline, plan: ScenePlan, pipe: IO[bytes]) -> None:
    """Paint every frame of a plan into a pipe, and close it."""
    frame = Frame(*plan.size)
    with pipe, Composer(plan, made.scenes) as composer:
        for number, scene in enumerate(plan.scenes):
            for at in range(scene.frames):
                composer.paint(number, at, frame)
                pipe.write(frame.bytes)


def moviepy_usual(made: Timeline, quality: Quality, share: float) -> tuple[float, int]:
    """CPU seconds and frames of the timeline as it is commonly written in MoviePy.

    Each section is `share` of its length: the cost of a frame is what matters, and it is high.
    """
    script = Path(__file__).with_name("moviepy_usual.py")
    order = {
        "share": share,
        "size": made.composition.size,
        "preset": x264_settings(quality),
        "scenes": [
            {
                "kind": scene.kind,
                "seconds": scene.frames / 30,
                "base": str(_picture(made, number)),
                "layers": [[str(made.scenes / x.file), x.x, x.y] for x in scene.layers],
                "words": [
                    [word.text, word.start - spoken.start, word.end - spoken.start]
                    for word in spoken.words
                ],
            }
            for number, (scene, spoken) in enumerate(
                zip(made.plan.scenes, made.narration.sections, strict=True)
            )
        ],
        "fonts": [str(font) for font in made.fonts.iterdir()],
        "sound": str(made.sound),
        "out": str(made.folder / "moviepy.mp4"),
    }
    path = made.folder / "moviepy.json"
    path.write_text(json.dumps(order))
    spent = cpu(
        lambda: subprocess.run(
            [sys.executable, str(script), str(path)], check=True, stdout=subprocess.DEVNULL
        )
    )
    with av.open(str(made.folder / "moviepy.mp4")) as container:
        return spent, sum(1 for _ in container.demux(video=0)) - 1


def _picture(made: Timeline, number: int) -> Path:
    section, shot = made.script.sections[number], made.plan.scenes[number].shots[0]
    if section.image:
        return made.pictures[section.image]
    assert isinstance(shot, Shot)
    return made.scenes / shot.base
