"""Titles, descriptions, chapters and tags, one set for each target of a form."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from igny8_media.credits.prices import Task, Use
from igny8_media.stages.article import read_article
from igny8_media.stages.costs import metadata_cost
from igny8_media.stages.serving import own, written
from igny8_media.stages.stage import Built, BuiltFile, Check, Job, Stage
from igny8_media.stages.video_picture import CREDITS
from igny8_media.stages.video_words import read_spoken
from igny8_media.stages.workshop import Workshop
from igny8_media.storage.records import Record
from igny8_media.video.model import TARGETS, VideoForm, VideoTarget

if TYPE_CHECKING:
    from igny8_media.generation.parts import Log
    from igny8_media.generation.seo import Told
    from igny8_media.scripts.seo import VideoMetadata
    from igny8_media.settings import Settings

EXTRACTIVE = "extractive"


def seo_stage(form: VideoForm) -> Stage:
    return Stage(
        asset=f"video/{form}/seo",
        needs=("article", f"video/{form}/voiceover", f"video/{form}/scenes"),
        version="2",
        settings=_decides,
        build=partial(_write, form),
        cost=metadata_cost(form),
        checks=(
            Check("limits", _problems, "Title, description and tags keep to each target's limits."),
        ),
    )


def _decides(settings: "Settings") -> Any:
    """The music, and who writes where somebody but the extractive writer is asked."""
    if not settings.text_sources:
        return settings.music
    from igny8_media.generation.opening import fingerprint_of
    from igny8_media.generation.prompt import SEO_PROMPT

    return [settings.music, fingerprint_of(settings, [SEO_PROMPT])]


def _write(form: VideoForm, job: Job, folder: Path) -> Built:
    from igny8_media.music.choose import choose_music
    from igny8_media.scripts.seo import Words, measured_chapters, metadata
    from igny8_media.stock.model import Credit

    settings, article = job.workshop.settings, read_article(job)
    script, narration = read_spoken(job, form)
    chapters = measured_chapters(script, narration)
    shown = job.path(f"video/{form}/scenes", CREDITS).read_bytes()
    credits = TypeAdapter(tuple[Credit, ...]).validate_json(shown)
    track = choose_music(script, settings.music).track
    music = track.line if track else ""

    def compose(target: VideoTarget, words: Words | None = None) -> "VideoMetadata":
        length = narration.duration
        return metadata(script, article, target, chapters, length, credits, music, words)

    facts: dict[str, Any] = {"chapters": len(chapters)}
    uses: tuple[Use, ...] = ()
    notes: tuple[str, ...] = ()
    if settings.text_sources:
        from igny8_media.generation.opening import open_router
        from igny8_media.generation.seo import SeoWriter

        with open_router(settings) as router:
            writer = SeoWriter(router, settings.brand, article, script)
            made = {t: writer.write(t, partial(compose, t)) for t in TARGETS[form]}
        log, uses = writer.log, _uses(made, writer.log)
        facts |= {"writer": log.served or EXTRACTIVE, **log.facts}
        notes = tuple(log.notes)
        found = {target: told.metadata for target, told in made.items()}
    else:
        found = {target: compose(target) for target in TARGETS[form]}
    for target, one in found.items():
        (folder / f"{target}.json").write_text(one.model_dump_json(indent=1), encoding="utf-8")
    files = tuple(BuiltFile(f"{target}.json", "metadata") for target in found)
    return Built(files=files, facts=facts, notes=notes, uses=uses)


def _uses(made: "Mapping[VideoTarget, Told]", log: "Log") -> tuple[Use, ...]:
    """What a model wrote as its own, the rest as ours."""
    rest = sum(told.writer == EXTRACTIVE for told in made.values())
    ours = (own(Task.VIDEO_METADATA, rest, EXTRACTIVE),) if rest else ()
    if rest == len(made):
        return ours
    count = len(made) - rest
    return (*written(Task.VIDEO_METADATA, count, log.calls, "generate_video_seo"), *ours)


def _problems(shop: Workshop, record: Record) -> list[str]:
    from igny8_media.scripts.seo import VideoMetadata, problems

    return [
        problem
        for artifact in record.artifacts
        for problem in problems(
            VideoMetadata.model_validate_json(shop.store.read_bytes(artifact.key))
        )
    ]
