"""A minute of video against the encoder alone, against MoviePy, and after an edit.

CPU seconds, medians, all in one run. `python benchmarks/render.py [rounds]`, three by default.
"""

import shutil
import statistics
import sys

import cv2
from baselines import encode_alone, moviepy_usual
from measure import cpu, report
from timeline import Timeline, timeline

from igny8_media.storage.cache import FolderCache
from igny8_media.video.plan import Layer, ScenePlan, Shot
from igny8_media.video.presets import Quality
from igny8_media.video.render import render

_MOVIEPY_SHARE = 0.2
"""MoviePy gets a fifth of every section and is scaled up: it takes minutes for one minute."""


def _ours(made: Timeline, plan: ScenePlan, quality: Quality, kept: FolderCache) -> float:
    return cpu(
        lambda: render(
            plan,
            made.sound,
            made.ass,
            made.composition,
            made.folder / "ours.mp4",
            folder=made.scenes,
            work_dir=made.folder / "work",
            segments=kept,
            fonts_dir=made.fonts,
            quality=quality,
        )
    )


def _edited(plan: ScenePlan) -> ScenePlan:
    """The plan with another camera in the middle of the video."""
    middle = len(plan.scenes) // 2 - 1
    scene = plan.scenes[middle]
    assert all(isinstance(part, Shot | Layer) for part in (*scene.shots, *scene.layers))
    shots = tuple(
        shot.model_copy(update={"moves_for": shot.moves_for + 1})
        for shot in scene.shots
        if isinstance(shot, Shot)
    )
    scenes = list(plan.scenes)
    scenes[middle] = scene.model_copy(update={"shots": shots})
    return plan.model_copy(update={"scenes": tuple(scenes)})


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    cv2.setNumThreads(1)
    with timeline() as made:
        frames = made.plan.frames
        print(
            f"     {frames / 30:.1f} s of 1080x1920, {len(made.plan.scenes)} sections", flush=True
        )
        for quality in (Quality.FAST, Quality.STANDARD):
            ours, alone, edits, moviepy = [], [], [], []
            for number in range(rounds):
                folder = made.folder / f"segments-{quality}-{number}"
                kept = FolderCache(folder, 10**12)
                ours.append(_ours(made, made.plan, quality, kept))
                edits.append(_ours(made, _edited(made.plan), quality, kept))
                alone.append(encode_alone(made, quality))
                if quality is Quality.FAST:
                    spent, made_frames = moviepy_usual(made, quality, _MOVIEPY_SHARE)
                    moviepy.append(spent * frames / made_frames)
                shutil.rmtree(folder)
            b, a, e = (statistics.median(found) for found in (ours, alone, edits))
            report(f"{quality}: render to encoding alone", b / a, 1.15, b=b, a=a)
            report(f"{quality}: after editing one of ten sections", e / b, 0.15, edit=e, cold=b)
            if moviepy:
                c = statistics.median(moviepy)
                report(f"{quality}: render to MoviePy (1/8)", b / c, 0.125, b=b, c=c)


if __name__ == "__main__":
    main()
