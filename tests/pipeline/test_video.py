"""A whole short from an article nobody tuned it for, measured with tools that are not ours."""

import json
import re
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from tests.command.conftest import Run, run

__all__ = ["run"]  # the command-line fixture

_ARTICLE = """---
title: What a lighthouse keeper knew about deadlines
canonical_url: https://example.com/lighthouse
---
For thirty-one years Anna Bergström lit the lamp on Hållö at sunset and put it out at dawn.
She never missed a night. In 1911 a storm took the roof of her kitchen, and the log for that
evening has one line: lamp lit 16:42, wind hard.

## A deadline that cannot move
Sunset does not wait for anyone. Bergström did not plan her day from the morning forward.
She planned it from the lamp backward. The lens took 40 minutes to clean, and the clockwork took
15 minutes to wind. So the last moment to begin was always 55 minutes before sunset, and she
began 90 minutes before it. Half an hour was kept for whatever the sea had done to the stairs.

## Small margins, used every day
> A spare half hour is worth more than a spare lamp.

Her successor bought a second lamp for 900 kronor and dropped the spare half hour.
The light failed 4 times in his first winter. The second lamp was never the reason, and it was
never the cure either. What had failed each time was the time to notice that something was wrong.

## What it means for us
Most of our deadlines move when we push them. That is why we never learn to plan backward.
Choose one deadline this month and treat it like sunset. Write down the last moment to begin,
and begin half an hour before it.
"""


@pytest.fixture
def made(run: Run, tmp_path: Path) -> dict[str, Any]:
    (tmp_path / "lighthouse.md").write_text(_ARTICLE, encoding="utf-8")
    answer = run(
        "run", "lighthouse.md", "--platforms", "twitter", "--videos", "short,long", "--json",
        IGNY8_VIDEO_QUALITY="draft",
    )  # fmt: skip
    assert answer.status == 0, answer.err
    return answer.contents[0]


def _paths(content: dict[str, Any], asset: str) -> dict[str, Path]:
    return {a["name"]: Path(a["path"]) for a in content["artifacts"] if a["asset"] == asset}


def test_a_short_is_made_and_a_thin_article_gets_no_long_video(
    made: dict[str, Any], tmp_path: Path
) -> None:
    assets = {a["asset"] for a in made["artifacts"]}
    steps = ("script", "voiceover", "captions", "scenes", "render", "thumbnail", "seo", "posts")
    assert {f"video/short/{step}" for step in steps} <= assets
    assert not any(asset.startswith("video/long/") for asset in assets)
    assert any(n["asset"] == "video/long/script" and n["message"] for n in made["notes"])

    video = _paths(made, "video/short/render")["video.mp4"]
    with av.open(str(video)) as container:
        picture, sound = container.streams.video[0], container.streams.audio[0]
        assert (picture.codec_context.name, picture.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert picture.average_rate == 30
        assert (sound.codec_context.name, sound.codec_context.sample_rate) == ("aac", 48000)
        seconds = float((container.duration or 0) / av.time_base)
        assert 45 <= seconds <= 58
        brightness = [
            float(np.mean(frame.to_ndarray(format="gray")))
            for number, frame in enumerate(container.decode(picture))
            if number % 30 == 15
        ]
    assert len(brightness) >= 45
    assert min(brightness) > 3, "a black second"

    words = re.sub(r"\s+", " ", " ".join(_cue_texts(_paths(made, "video/short/captions"))))
    script = json.loads(_paths(made, "video/short/voiceover")["script.json"].read_bytes())
    said = re.sub(r"\s+", " ", " ".join(s["narration"] for s in script["sections"]))
    assert words == said
    known = re.sub(r"\s+", " ", _ARTICLE)
    for section in script["sections"]:
        if section["type"] != "outro":  # it ends with a phrase of ours
            for sentence in re.split(r"(?<=[.!?]) ", section["narration"]):
                assert sentence.rstrip(".") in known

    stills = _paths(made, "video/short/thumbnail")
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    for name in ("thumbnail.jpg", "cover.jpg"):
        assert stills[name].is_file()
        assert f'src="{stills[name].relative_to(tmp_path / "out")}"' in page

    for target in ("youtube_shorts", "instagram_reels", "tiktok"):
        metadata = json.loads(_paths(made, "video/short/seo")[f"{target}.json"].read_bytes())
        assert metadata["target"] == target
        assert len(metadata["title"]) <= 100


def _cue_texts(files: dict[str, Path]) -> list[str]:
    blocks = files["captions.srt"].read_text(encoding="utf-8").strip().split("\n\n")
    return [" ".join(block.split("\n")[2:]) for block in blocks]
