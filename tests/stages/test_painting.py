"""Who draws, by the settings: and nothing changes for who has set nothing."""

from pathlib import Path
from typing import Any

import pytest

from igny8_media.ai.models import load_models
from igny8_media.credits.prices import Task
from igny8_media.errors import InputError
from igny8_media.settings import Settings
from igny8_media.stages.painting import (
    image_model,
    image_provider,
    open_painter,
    painted_uses,
    painting_mark,
)
from igny8_media.stages.video_picture import scenes_stage
from igny8_media.stages.video_thumbnail import thumbnail_stage
from igny8_media.stages.workshop import Workshop
from igny8_media.video.model import VideoForm
from igny8_media.visuals.painting import PaintedScene

KEYS = {"openai_key": "sk-1", "runware_key": "rw-1", "bria_key": "br-1"}
URL = "http://127.0.0.1:1"


def settings(**changes: Any) -> Settings:
    return Settings(_env_file=None, **changes)


def no_fetch(_url: str) -> bytes:
    raise AssertionError


def test_nothing_changes_for_who_has_set_nothing(tmp_path: Path) -> None:
    plain = settings()
    assert painting_mark(plain) is None
    theme = plain.theme.model_dump(mode="json")
    assert thumbnail_stage(VideoForm.SHORT).settings(plain) == theme
    assert scenes_stage(VideoForm.SHORT).settings(plain) == [theme, False, ()]
    assert painting_mark(settings(comfyui_url=URL, image_providers="none")) is None
    with open_painter(Workshop(settings(home=tmp_path)), print) as painter:
        assert painter is None


def test_what_decides_is_in_the_fingerprint(tmp_path: Path) -> None:
    marks = [
        painting_mark(settings(**changes))
        for changes in (
            {"comfyui_url": URL},
            {"comfyui_url": URL, "comfyui_workflow": "flux"},
            {"comfyui_url": URL, "comfyui_model": "mine.safetensors"},
            {"comfyui_url": URL, "image_quality": "high"},
            {"comfyui_url": URL, "openai_key": "k"},
            {"openai_key": "k"},
            {"openai_key": "k", "openai_image_model": "m"},
        )
    ]
    assert all(marks.count(mark) == 1 for mark in marks)
    # Where it answers and by which key decides nothing.
    assert painting_mark(settings(comfyui_url="http://elsewhere")) == marks[0]
    one, other = settings(comfyui_url=URL), settings(comfyui_url=URL, pictures_per_video=2)
    stage = scenes_stage(VideoForm.LONG)
    assert stage.settings(one) != stage.settings(other)


def test_models_come_from_settings_or_the_registry() -> None:
    models = load_models()
    usual = settings(comfyui_url=URL, **KEYS)
    for name in usual.image_sources:
        assert image_model(name, usual, models)
        with_key = image_provider(name, usual, models, no_fetch)
        assert not any(key in repr(with_key) for key in KEYS.values())
        with_key.close()
    named = settings(openai_image_model="mine", runware_model="flux", **KEYS)
    assert image_model("openai", named, models) == "mine"
    assert image_model("runware", named, models) == models.default("image", "runware")
    better = settings(image_quality="high", **KEYS)
    assert image_model("openai", better, models) != image_model("openai", usual, models)
    sdxl, flux = (
        image_model("comfyui", settings(comfyui_workflow=name), models) for name in ("sdxl", "flux")
    )
    assert sdxl
    assert flux
    assert sdxl != flux


def test_a_workflow_that_is_not_there_is_told(tmp_path: Path) -> None:
    wrong = settings(home=tmp_path, comfyui_url=URL, comfyui_workflow=str(tmp_path / "no.json"))
    with pytest.raises(InputError, match="IGNY8_COMFYUI_WORKFLOW"):
        painting_mark(wrong)
    with (
        pytest.raises(InputError, match="IGNY8_COMFYUI_WORKFLOW"),
        open_painter(Workshop(wrong), print),
    ):
        pass


def test_the_bill_names_the_dearest(tmp_path: Path) -> None:
    own = PaintedScene(path=tmp_path, provider="comfyui", model="sdxl", prompt="p")
    cloud = PaintedScene(path=tmp_path, provider="runware", model="r", prompt="p")
    high = settings(image_quality="high")
    assert painted_uses(Task.VISUALS, [], high) == ()
    (use,) = painted_uses(Task.VISUALS, [own, own], high)
    assert (use.quantity, use.grade.value, use.provider) == (1, "self_hosted", "comfyui")
    (use,) = painted_uses(Task.VISUALS, [own, cloud], high)
    assert (use.grade, use.provider, use.model) == ("high", "runware", "r")
    kept = cloud.model_copy(update={"fresh": False})
    assert painted_uses(Task.THUMBNAIL, [kept], settings()) == ()
    (use,) = painted_uses(Task.THUMBNAIL, [cloud], settings())
    assert use.grade == "standard"
