"""Script and metadata stages ask a model where one is configured; else nothing is other."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from igny8_media.ai.voices import words_per_minute
from igny8_media.scripts.seo import VideoMetadata, problems
from igny8_media.scripts.writer import write_script
from igny8_media.settings import Settings
from igny8_media.stages.stage import Built, BuiltFile, Job, Stage, run_stage
from igny8_media.stages.video_metadata import seo_stage
from igny8_media.stages.video_picture import CREDITS
from igny8_media.stages.video_words import script_stage
from igny8_media.stages.workshop import Workshop
from igny8_media.storage.records import Record
from igny8_media.video.model import TARGETS, Narration, SpokenSection, VideoForm, VideoScript
from tests.ai.servers import ModelServer, model_server
from tests.generation.test_generated_script import in_german
from tests.generation.test_post_stage import ARTICLE, own, writes

SHORT = VideoForm.SHORT


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with model_server() as state:
        state.write = writes
        yield state


def _article(_: Job, folder: Path) -> Built:
    (folder / "article.json").write_text(ARTICLE.model_dump_json())
    return Built(files=(BuiltFile("article.json", "metadata"),))


def _spoken(job: Job, folder: Path) -> Built:
    """The script as if a voice had spoken it at its estimates."""
    text = job.path("video/short/script", "script.json").read_text()
    script = VideoScript.model_validate_json(text)
    start, sections = 0.0, []
    for section in script.sections:
        end = start + section.duration_estimate
        sections.append(
            SpokenSection(section_id=section.section_id, start=start, end=end, words=())
        )
        start = end
    narration = Narration(
        audio="a.wav",
        duration=start,
        sections=tuple(sections),
        engine="e",
        voice="v",
        language=script.language,
        timing="estimate",
        loudness=-14,
        true_peak=-1,
    )
    (folder / "script.json").write_text(text)
    (folder / "narration.json").write_text(narration.model_dump_json())
    return Built(files=(BuiltFile("script.json", "text"), BuiltFile("narration.json", "metadata")))


def _scenes(_: Job, folder: Path) -> Built:
    (folder / CREDITS).write_text("[]")
    return Built(files=(BuiltFile(CREDITS, "metadata"),))


def make(settings: Settings) -> tuple[Record, Record, bool]:
    """The records of script and metadata, and whether either was made just now."""
    shop = Workshop(settings)
    stages = [
        Stage("article", (), "1", _article),
        script_stage(SHORT),
        Stage("video/short/voiceover", ("video/short/script",), "1", _spoken),
        Stage("video/short/scenes", (), "1", _scenes),
        seo_stage(SHORT),
    ]
    quiet = [Stage(**{**s.__dict__, "remember": lambda _job, _record: None}) for s in stages]
    made = {stage.asset: run_stage(shop, stage, "c") for stage in quiet}
    script, seo = made["video/short/script"], made["video/short/seo"]
    return script.record, seo.record, script.fresh or seo.fresh


def read(settings: Settings, record: Record, name: str) -> str:
    return Workshop(settings).store.read_bytes(record.named(name).key).decode()


def test_without_a_provider_nothing_is_other_than_before(tmp_path: Path) -> None:
    settings = own(tmp_path)
    script, seo, _ = make(settings)
    found = VideoScript.model_validate_json(read(settings, script, "script.json"))
    assert found == write_script(ARTICLE, SHORT, words_per_minute("en"))
    assert script_stage(SHORT).settings(settings) is None
    assert seo_stage(SHORT).settings(settings) == settings.music
    assert "calls" not in script.facts
    assert seo.facts.keys() == {"chapters"}
    assert not make(own(tmp_path, brand={"tone": "dry"}))[2]


def test_a_configured_provider_writes_both(server: ModelServer, tmp_path: Path) -> None:
    settings = own(tmp_path, gpu_server_url=server.url)
    script, seo, fresh = make(settings)
    assert fresh
    assert script.facts["writer"] == "gpu_server served-1"
    assert script.facts["functions"] == "generate_video_script"
    assert script.facts["calls"] == 1
    assert seo.facts["writer"] == "gpu_server served-1"
    assert seo.facts["calls"] == len(TARGETS[SHORT])
    asked = len(server.asked)
    for target in TARGETS[SHORT]:
        one = VideoMetadata.model_validate_json(read(settings, seo, f"{target}.json"))
        assert problems(one) == []
    assert not make(settings)[2]
    assert len(server.asked) == asked
    assert make(own(tmp_path, gpu_server_url=server.url, brand={"tone": "dry"}))[2]


def test_who_wrote_is_who_is_charged_for(server: ModelServer, tmp_path: Path) -> None:
    cloud = own(tmp_path, openai_key="sk-1", openai_url=server.url, credits=True)
    Workshop(cloud).credits.grant(Decimal(100))
    script, seo, _ = make(cloud)
    assert script.facts["credits_for"] == {"script": "5"}
    assert seo.facts["credits_for"] == {"video_metadata": "3"}
    mine = own(tmp_path, gpu_server_url=server.url, credits=True)
    script, seo, _ = make(mine)
    assert script.facts["credits_for"] == {"self_hosted_text": "0.06"}  # 120 tokens
    assert seo.facts["credits_for"] == {"self_hosted_text": "0.18"}


def test_a_language_that_nobody_can_write_is_told(tmp_path: Path) -> None:
    script, _, _ = make(own(tmp_path, brand={"language": "de"}))
    assert any("IGNY8_BRAND__LANGUAGE asks for de" in note for note in script.notes)


def test_what_is_beside_a_video_is_in_the_videos_language(
    server: ModelServer, tmp_path: Path
) -> None:
    def write(body: dict[str, Any]) -> str:
        class Request:
            task = body["response_format"]["json_schema"]["name"]
            prompt = body["messages"][-1]["content"]

        if Request.task == "generate_video_script":
            return json.dumps(in_german(Request()))  # type: ignore[arg-type]
        said = "Die Seite wird schnell, wenn man sie misst."
        return json.dumps({"title": said, "description": said, "tags": ["Seite"], "hashtags": []})

    server.write = write
    settings = own(tmp_path, gpu_server_url=server.url, brand={"language": "de"})
    script, seo, _ = make(settings)
    assert script.facts["writer"].startswith("gpu_server"), script.notes
    one = VideoMetadata.model_validate_json(read(settings, seo, "youtube_shorts.json"))
    assert one.language == "de"
    assert one.title == "Die Seite wird schnell, wenn man sie misst."
    assert one.tags == ("Seite",)
    assert "article" not in one.description
