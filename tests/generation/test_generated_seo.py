"""What stands beside a video, by a model: kept where it is good and fits, else the extractive."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from igny8_media.ai.text import TextRequest
from igny8_media.ai.voices import words_per_minute
from igny8_media.generation.seo import SeoWriter, Told
from igny8_media.scripts.seo import VideoMetadata, Words, metadata, problems
from igny8_media.scripts.writer import write_script
from igny8_media.social.brand import Brand
from igny8_media.video.model import TARGETS, ChapterMarker, VideoForm, VideoScript, VideoTarget
from tests.generation.fuzz import Anything
from tests.generation.models import Model, router_with, shown_article
from tests.words_corpus import corpus

ARTICLE = corpus()["faster-web-page"]
PLACES = [(form, target) for form, targets in TARGETS.items() for target in targets]


def script_of(form: VideoForm) -> VideoScript:
    script = write_script(ARTICLE, form, words_per_minute("en"))
    assert isinstance(script, VideoScript)
    return script


def composer(form: VideoForm, target: VideoTarget) -> Callable[[Words | None], VideoMetadata]:
    script = script_of(form)
    length = script.total_duration_estimate
    chapters: tuple[ChapterMarker, ...] = script.chapter_markers
    return lambda words: metadata(script, ARTICLE, target, chapters, length, words=words)


def write(
    model: Model, folder: Path, form: VideoForm, target: VideoTarget
) -> tuple[Told, list[str]]:
    router = router_with(model, folder)
    writer = SeoWriter(router, Brand(), ARTICLE, script_of(form))
    return writer.write(target, composer(form, target)), writer.log.notes


def good(request: TextRequest[Any]) -> dict[str, Any]:
    said = shown_article(request)["text"]
    title = said[0].split(". ")[0][:90]
    return {
        "title": title,
        "description": said[0],
        "tags": ["web page", "Blockchain riches", "images"],
        "hashtags": ["page", "GetRich"],
    }


@pytest.mark.parametrize(("form", "target"), PLACES)
def test_a_models_words_stand_beside_the_video(
    form: VideoForm, target: VideoTarget, tmp_path: Path
) -> None:
    model = Model(good)
    told, notes = write(model, tmp_path, form, target)
    base, made = composer(form, target)(None), told.metadata
    said = good(model.asked[0])
    assert told.writer == "stand-in m-1"
    assert notes == []
    assert problems(made) == []
    assert made.description.startswith(said["description"])
    assert made.title == (said["title"] if base.title else "")
    assert made.chapters == base.chapters
    assert made.hashtags[0] == "#page"
    assert len(made.hashtags) == len(base.hashtags)
    assert not any("rich" in tag.casefold() for tag in (*made.tags, *made.hashtags))
    if base.tags:
        assert made.tags[0] == "web page"
        assert set(base.tags) <= {*made.tags, "web page"} | set(base.tags)
    if form is VideoForm.LONG:
        assert "0:00" in made.description


@pytest.mark.parametrize(
    "change",
    [
        {"description": "Margaret Hamilton made 9,731 pages faster."},
        {"description": "fast page " * 200},
        {"description": "A page < 9 kB is fast."},
        {"title": "Get rich with 9,731 pages"},
        {"title": "page " * 30},
        {"title": ""},
        {"description": "See evil.example for more."},
    ],
)
def test_what_is_wrong_is_the_extractive_writers(change: dict[str, str], tmp_path: Path) -> None:
    form, target = VideoForm.LONG, VideoTarget.YOUTUBE
    model = Model(lambda request: {**good(request), **change})
    told, notes = write(model, tmp_path, form, target)
    assert told.writer == "extractive"
    assert told.metadata == composer(form, target)(None)
    assert "without a model's help" in notes[0]
    assert len(model.asked) == 2


def test_limits_hold_whatever_a_model_writes(tmp_path: Path) -> None:
    """Some here, a thousand in benchmarks/limits.py."""
    anything, kept = Anything(ARTICLE, 11), 0

    def says(request: TextRequest[Any]) -> Any:
        answer = anything.says(request)
        said = shown_article(request)["text"]
        # Now and then it says what may be said, or nothing would be kept of any answer.
        return {**answer, **({"title": said[0][:90], "description": said[0]} if kept < 9 else {})}

    for n in range(40):
        form, target = PLACES[n % len(PLACES)]
        told, _ = write(Model(says), tmp_path, form, target)
        assert problems(told.metadata) == []
        kept += told.writer != "extractive"
    assert kept > 0
