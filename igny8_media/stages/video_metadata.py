"""Titles, descriptions, chapters and tags, one set for each target of a form."""

from functools import partial
from pathlib import Path

from pydantic import TypeAdapter

from igny8_media.stages.article import read_article
from igny8_media.stages.costs import metadata_cost
from igny8_media.stages.stage import Built, BuiltFile, Check, Job, Stage
from igny8_media.stages.video_picture import CREDITS
from igny8_media.stages.video_words import read_spoken
from igny8_media.stages.workshop import Workshop
from igny8_media.storage.records import Record
from igny8_media.video.model import TARGETS, VideoForm


def seo_stage(form: VideoForm) -> Stage:
    return Stage(
        asset=f"video/{form}/seo",
        needs=("article", f"video/{form}/voiceover", f"video/{form}/scenes"),
        version="2",
        settings=lambda settings: settings.music,
        build=partial(_write, form),
        cost=metadata_cost(form),
        checks=(Check("limits", _problems),),
    )


def _write(form: VideoForm, job: Job, folder: Path) -> Built:
    from igny8_media.music.choose import choose_music
    from igny8_media.scripts.seo import measured_chapters, metadata
    from igny8_media.stock.model import Credit

    article = read_article(job)
    script, narration = read_spoken(job, form)
    chapters = measured_chapters(script, narration)
    shown = job.path(f"video/{form}/scenes", CREDITS).read_bytes()
    credits = TypeAdapter(tuple[Credit, ...]).validate_json(shown)
    track = choose_music(script, job.workshop.settings.music).track
    music = track.line if track else ""
    files = []
    for target in TARGETS[form]:
        made = metadata(script, article, target, chapters, narration.duration, credits, music)
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
