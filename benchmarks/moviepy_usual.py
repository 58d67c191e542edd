"""A timeline in MoviePy the way its users write it: clips in clips, text on top, one write.

Run by baselines.py in a process of its own: `python moviepy_usual.py ORDER.json`.
"""

import json
import sys
from pathlib import Path
from typing import Any

from moviepy import (
    AudioFileClip,
    CompositeVideoClip,
    ImageClip,
    TextClip,
    VideoClip,
    VideoFileClip,
    concatenate_videoclips,
    vfx,
)

_FADE = 0.4


def _section(scene: dict[str, Any], order: dict[str, Any], first: bool) -> VideoClip:
    width, height = order["size"]
    seconds = scene["seconds"] * order["share"] + (0 if first else _FADE)
    if scene["kind"] == "stock_video":
        base = VideoFileClip(scene["base"], audio=False).subclipped(0, seconds)
        base = base.resized(height=height).cropped(
            x_center=base.w * height / base.h / 2, width=width
        )
    else:
        base = ImageClip(scene["base"]).with_duration(seconds)
        scale = max(width / base.w, height / base.h)
        base = base.resized(lambda t: scale * (1 + 0.02 * t)).with_position("center")
    clips = [base]
    for file, x, y in scene["layers"]:
        still = ImageClip(file).with_duration(seconds).with_position((x, y))
        clips.append(still.with_effects([vfx.CrossFadeIn(0.3)]))
    for text, start, end in scene["words"]:
        if start < seconds:
            word = TextClip(
                font=order["fonts"][0], text=text, font_size=88, color="white", stroke_width=6
            )
            word = word.with_start(start).with_duration(min(end, seconds) - start)
            clips.append(word.with_position(("center", 0.7), relative=True))
    made = CompositeVideoClip(clips, size=(width, height)).with_duration(seconds)
    return made if first else made.with_effects([vfx.CrossFadeIn(_FADE)])


def main() -> None:
    order = json.loads(Path(sys.argv[1]).read_text())
    sections = [_section(scene, order, not n) for n, scene in enumerate(order["scenes"])]
    video = concatenate_videoclips(sections, method="compose", padding=-_FADE)
    video = video.with_audio(AudioFileClip(order["sound"]).subclipped(0, video.duration))
    preset, crf = order["preset"]
    video.write_videofile(
        order["out"],
        fps=30,
        codec="libx264",
        preset=preset,
        ffmpeg_params=["-crf", str(crf), "-pix_fmt", "yuv420p"],
        audio_codec="aac",
        threads=1,
        logger=None,
    )


if __name__ == "__main__":
    main()
