"""An article without pictures, and a server that draws: its pictures are in the film."""

import json
from pathlib import Path

import av
import numpy as np
from PIL import Image

from tests.ai.picture_servers import ComfyServer, serving
from tests.command.conftest import Run, run

__all__ = ["run"]  # the command-line fixture

_SCRIPT = {
    "title": "A lamp on a rock",
    "language": "en",
    "sections": [
        {"narration": "A lamp is lit each night.", "visual_cue": "title_card"},
        {"narration": "The sun sets behind the hills beyond the bay.", "visual_cue": "ai_scene"},
        {"narration": "Nobody waits.", "visual_cue": "title_card"},
    ],
}


def test_a_drawn_picture_is_seen_and_drawn_once(run: Run, tmp_path: Path) -> None:
    (tmp_path / "lamp.json").write_text(json.dumps(_SCRIPT), encoding="utf-8")
    server = ComfyServer()
    with serving(server):
        for quality in ("draft", "draft"):
            made = run(
                "video", "render", "lamp.json", "--preset", "youtube_short", "--json",
                "--out", "lamp.mp4",
                IGNY8_VIDEO_QUALITY=quality, COMFYUI_URL=server.url, IGNY8_MUSIC="none",
            )  # fmt: skip
            assert made.status == 0, made.err
    assert len(server.bodies("/prompt")) == 1
    told = json.loads(made.out)
    assert any("drew the pictures of the sections" in note for note in told["notes"])
    (_, section, _) = told["sections"]
    middle = (section["start"] + section["end"]) / 2
    with av.open(str(tmp_path / "lamp.mp4")) as container:
        frame = next(f for f in container.decode(video=0) if f.time and f.time >= middle)
    shown = frame.to_ndarray(format="rgb24")
    (kept,) = (tmp_path / "home" / "cache" / "painted").glob("*/picture.png")
    with Image.open(kept) as opened:
        drawn = np.asarray(opened.convert("RGB"))
    # The hills at the foot and the sky at the top, where no type stands.
    for rows in (slice(0.02, 0.06), slice(0.9, 0.98)):
        seen, meant = (
            np.median(p[int(rows.start * len(p)) : int(rows.stop * len(p))], axis=(0, 1))
            for p in (shown, drawn)
        )
        assert np.abs(seen - meant).max() < 45, (seen, meant)


def test_a_server_that_is_down_costs_its_picture_only(run: Run, tmp_path: Path) -> None:
    (tmp_path / "lamp.json").write_text(json.dumps(_SCRIPT), encoding="utf-8")
    with serving(server := ComfyServer()):
        pass
    made = run(
        "video", "render", "lamp.json", "--preset", "youtube_short", "--json", "--out", "l.mp4",
        IGNY8_VIDEO_QUALITY="draft", COMFYUI_URL=server.url, IGNY8_MUSIC="none",
    )  # fmt: skip
    assert made.status == 0, made.err
    notes = json.loads(made.out)["notes"]
    assert any("became a card" in note and "cannot be reached" in note for note in notes)
