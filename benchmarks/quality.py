"""Size, CPU and VMAF of each quality and encoder on moving photographs, against the painted frames.

`python benchmarks/quality.py`: about twelve seconds of four photographs at 1080x1920.
"""

import json
import subprocess
import sys
from pathlib import Path

import cv2
from baselines import feed
from measure import cpu
from timeline import Timeline, timeline

from igny8_media.storage.cache import FolderCache
from igny8_media.video import ffmpeg
from igny8_media.video.model import VideoForm
from igny8_media.video.plan import ScenePlan
from igny8_media.video.presets import Encoder, Quality
from igny8_media.video.render import render

_GOALS = {Quality.FAST: 90, Quality.STANDARD: 94, Quality.HIGH: 95}
_SECONDS_EACH = 3


def _photographs(plan: ScenePlan) -> ScenePlan:
    """The first seconds of each photograph, one after the other."""
    scenes, first = [], 0
    for scene in (scene for scene in plan.scenes if scene.kind == "image"):
        frames = min(scene.frames, _SECONDS_EACH * plan.fps)
        scenes.append(scene.model_copy(update={"first": first, "frames": frames}))
        first += frames
    return plan.model_copy(update={"scenes": tuple(scenes), "frames": first})


def _vmaf(made: Timeline, plan: ScenePlan, video: Path) -> float:
    """VMAF v0.6.1 of every second frame (mean) against the frames as they were painted."""
    size = f"{plan.width}x{plan.height}"
    report = made.folder / "vmaf.json"
    process = subprocess.Popen(
        [
            *(ffmpeg.executable(), "-loglevel", "error", "-i", str(video)),
            *("-f", "rawvideo", "-pixel_format", "yuv420p", "-video_size", size),
            *("-framerate", "30", "-i", "pipe:0", "-lavfi"),
            "[0:v]settb=1/30,setpts=N[a];[1:v]settb=1/30,setpts=N[b];"
            f"[a][b]libvmaf=log_fmt=json:log_path={report}:n_threads=2:n_subsample=2",
            *("-f", "null", "-"),
        ],
        stdin=subprocess.PIPE,
    )
    assert process.stdin is not None
    feed(made, plan, process.stdin)
    assert process.wait() == 0
    return float(json.loads(report.read_text())["pooled_metrics"]["vmaf"]["mean"])


def main() -> None:
    wanted = [Encoder(name) for name in sys.argv[1:]] or [Encoder.X264, Encoder.X265]
    with timeline(VideoForm.SHORT, sections=6) as made:
        plan = _photographs(made.plan)
        for encoder in wanted:
            for quality in (Quality.FAST, Quality.STANDARD, Quality.HIGH):
                out = made.folder / f"{encoder}-{quality}.mp4"

                def work() -> None:
                    render(
                        plan,
                        made.sound,
                        None,
                        made.composition,
                        out,  # noqa: B023
                        folder=made.scenes,
                        work_dir=made.folder / "work",
                        segments=FolderCache(made.folder / f"kept-{out.stem}", 10**12),  # noqa: B023
                        quality=quality,  # noqa: B023
                        encoder=encoder,  # noqa: B023
                    )

                spent = cpu(work)
                cv2.setNumThreads(1)
                found = _vmaf(made, plan, out)
                mark = "ok  " if found >= _GOALS[quality] else "LOW "
                seconds = plan.frames / plan.fps
                megabits = out.stat().st_size * 8 / seconds / 1e6
                print(
                    f"{mark} {encoder} {quality}: VMAF {found:.1f} (at least {_GOALS[quality]}), "
                    f"{spent / seconds:.2f} CPU s and {megabits:.1f} Mbit for a second",
                    flush=True,
                )


if __name__ == "__main__":
    main()
