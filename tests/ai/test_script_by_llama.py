"""A script by a real server with a small model, from the stage to the record.

What so small a model writes is chance, and so is whether it is done in time: what is held here is
the path, the limits and that a fallback is told, which hold either way.
"""

from pathlib import Path

from igny8_media.ai.voices import words_per_minute
from igny8_media.scripts.writer import SHORT_SECONDS, write_script
from igny8_media.settings import Settings
from igny8_media.stages.stage import Built, BuiltFile, Job, Stage, run_stage
from igny8_media.stages.video_words import script_stage
from igny8_media.stages.workshop import Workshop
from igny8_media.video.model import VideoForm, VideoScript
from tests.words_corpus import corpus

ARTICLE = corpus()["write-less"].model_copy(
    update={"blocks": corpus()["write-less"].blocks[:12], "version": "short"}
)


def _article(_: Job, folder: Path) -> Built:
    (folder / "article.json").write_text(ARTICLE.model_dump_json())
    return Built(files=(BuiltFile("article.json", "metadata"),))


def test_a_script_by_a_small_model_keeps_its_limits(llama: str, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, _env_file=None, gpu_server_url=llama, text_timeout=6)  # type: ignore[call-arg]
    shop = Workshop(settings)
    run_stage(shop, Stage("article", (), "1", _article), "c")
    record = run_stage(shop, script_stage(VideoForm.SHORT), "c").record
    script = VideoScript.model_validate_json(shop.store.read_bytes(record.named("script.json").key))
    assert SHORT_SECONDS[0] <= script.total_duration_estimate <= SHORT_SECONDS[1]
    base = write_script(ARTICLE, VideoForm.SHORT, words_per_minute("en"))
    assert isinstance(base, VideoScript)
    assert [s.section_id for s in script.sections] == [s.section_id for s in base.sections]
    notes = " ".join(record.notes)
    if record.facts["calls"]:
        assert record.facts["served_by"].startswith("gpu_server ")
        assert record.facts["output_tokens"] > 0
    else:
        assert "No provider of text gave an answer. gpu_server" in notes
    if script.writer == "extractive":
        assert record.facts["functions"] == ""
        assert "without a model's help" in notes
        assert script.sections == base.sections
    else:
        assert record.facts["functions"] == "generate_video_script"
