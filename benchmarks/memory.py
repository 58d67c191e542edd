"""Peak memory of a render and all its children: ten minutes of 1920x1080, and two minutes.

Proportional set size, so that pages which processes share are counted once.
"""

import multiprocessing
import threading
from pathlib import Path

from timeline import Timeline, timeline

from igny8_media.storage.cache import FolderCache
from igny8_media.video.model import VideoForm
from igny8_media.video.plan import ScenePlan
from igny8_media.video.presets import Quality
from igny8_media.video.render import render


class _Watch:
    """The largest memory of a process and its children while it is open, in MB."""

    def __init__(self, pid: int) -> None:
        self.peak = 0.0
        self._pid = pid
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "_Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(0.5):
            self.peak = max(self.peak, sum(_megabytes(pid) for pid in _family(self._pid)))


def _family(pid: int) -> list[int]:
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [one for child in task.read_text().split() for one in _family(int(child))]
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def _megabytes(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return sum(float(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1000


def _repeated(plan: ScenePlan, times: int) -> ScenePlan:
    scenes, first = [], 0
    for _ in range(times):
        for scene in plan.scenes:
            scenes.append(scene.model_copy(update={"first": first}))
            first += scene.frames
    return plan.model_copy(update={"scenes": tuple(scenes), "frames": first})


def _render(made: Timeline, times: int) -> None:
    render(
        _repeated(made.plan, times),
        made.sound,
        made.ass,
        made.composition,
        made.folder / "long.mp4",
        folder=made.scenes,
        work_dir=made.folder / "work",
        segments=FolderCache(made.folder / f"kept-{times}", 10**12),
        fonts_dir=made.fonts,
        quality=Quality.FAST,
    )


def _peak(made: Timeline, times: int) -> float:
    """MB while the timeline is rendered so many times over, in a process that did nothing else."""
    process = multiprocessing.get_context("spawn").Process(target=_render, args=(made, times))
    process.start()
    assert process.pid is not None
    with _Watch(process.pid) as watch:
        process.join()
    assert process.exitcode == 0
    return watch.peak


def main() -> None:
    with timeline(VideoForm.LONG) as made:
        minutes = made.plan.duration / 60
        short, long = _peak(made, 2), _peak(made, round(10 / minutes))
        mark = "ok  " if long <= 500 and long < short * 1.1 else "OVER"
        print(
            f"{mark} peak memory: {long:.0f} MB for ten minutes, {short:.0f} MB for two "
            "(at most 500, and flat)",
            flush=True,
        )


if __name__ == "__main__":
    main()
