"""Titles, descriptions, chapters and tags, one set for each target of a form."""

from functools import partial
from pathlib import Path

from igny8_media.stages.article import read_article
from igny8_media.stages.stage import Built, BuiltFile, Check, Job, Stage
from igny8_media.stages.video_words import read_spoken
from igny8_media.stages.workshop import Workshop
from igny8_media.storage.records import Record
from igny8_media.video.model import TARGETS, VideoForm


def seo_stage(form: VideoForm) -> Stage:
    return Stage(
        asset=f"video/{form}/seo",
        needs=("article", f"video/{form}/voiceover"),
        version="1",
        build=partial(_write, form),
        checks=(Check("limits", _problems),),
    )


def _write(form: VideoForm, job: Job, folder: Path) -> Built:
    from igny8_media.scripts.seo import measured_chapters, metadata

    article = read_article(job)
    script, narration = read_spoken(job, form)
    chapters = measured_chapters(script, narration)
    files = []
    for target in TARGETS[form]:
        made = metadata(script, article, target, chapters, narration.duration)
        (folder / f"{target}.json").write_text(made.model_dump_json(indent=1), encoding="utf-8")
        files.append(BuiltFile(f"{target}.json", "metadata"))
    return Built(files=tuple(files), facts={"chapters": len(chapters)})


def _problems(shop: Workshop, record: Record) -> list[str]:
    from igny8_media.scripts.seo import VideoMetadata, problems

    return [
        problem
        for artifact in record.artifacts
        for problem in problems(
            VideoMetadata.model_validate_json(shop.store.read_bytes(artifact.key))
        )
    ]
