"""The stills shown before a video plays: its title huge, beside the article's best picture, or
beside one that a model drew where the article has none."""

from functools import partial
from pathlib import Path

from igny8_media.credits.prices import Task
from igny8_media.stages.article import pictures_of, read_article
from igny8_media.stages.backdrop import open_backdrop, what_decides_stills
from igny8_media.stages.costs import THUMBNAIL_COST
from igny8_media.stages.painting import painted_uses
from igny8_media.stages.stage import Built, BuiltFile, Job, Stage
from igny8_media.stages.video_words import edited_script
from igny8_media.stages.workshop import Workshop
from igny8_media.video.model import VideoForm, VideoScript


def thumbnail_stage(form: VideoForm) -> Stage:
    return Stage(
        asset=f"video/{form}/thumbnail",
        needs=("article", f"video/{form}/script"),
        version="2",
        build=partial(_thumbnail, form),
        cost=THUMBNAIL_COST,
        settings=what_decides_stills,
        outside=partial(_edited_title, form),
    )


def _edited_title(form: VideoForm, shop: Workshop, content_id: str) -> str | None:
    """What a person called the video; what is no title is for the voice-over stage to tell."""
    title = (edited_script(form, shop, content_id) or {}).get("title")
    return title.strip() or None if isinstance(title, str) else None


def _thumbnail(form: VideoForm, job: Job, folder: Path) -> Built:
    from igny8_media.imaging.cover import cover
    from igny8_media.imaging.thumbnail import thumbnail

    script = VideoScript.model_validate_json(
        job.path(f"video/{form}/script", "script.json").read_bytes()
    )
    settings, article = job.workshop.settings, read_article(job)
    backdrop = open_backdrop(job, article, pictures_of(job, article))
    notes = list(backdrop.notes)
    makers = {"thumbnail.jpg": thumbnail}
    if form is VideoForm.SHORT:
        makers["cover.jpg"] = cover
    files: list[BuiltFile] = []
    for name, make in makers.items():
        made = make(
            job.outside or script.title,
            backdrop.pictures,
            settings.theme,
            folder / name,
            language=script.language,
        )
        figures = made.model_dump(mode="json", exclude={"notes"})
        files.append(BuiltFile(name, "image", figures))
        notes += [note for note in made.notes if note not in notes]
    return Built(
        files=tuple(files),
        facts=backdrop.facts,
        notes=tuple(notes),
        uses=painted_uses(Task.THUMBNAIL, backdrop.drawn, settings),
    )
