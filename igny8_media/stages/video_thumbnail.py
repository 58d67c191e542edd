"""The stills shown before a video plays: its title huge, beside the article's best picture, or
beside one that a model drew where the article has none."""

from collections.abc import Sequence
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from igny8_media.credits.prices import Task
from igny8_media.errors import OutsideError
from igny8_media.stages.article import pictures_of, read_article
from igny8_media.stages.costs import THUMBNAIL_COST
from igny8_media.stages.painting import open_painter, painted_uses, painting_mark
from igny8_media.stages.stage import Built, BuiltFile, Job, Stage
from igny8_media.stages.video_words import edited_script
from igny8_media.stages.workshop import Workshop
from igny8_media.video.model import VideoForm, VideoScript

if TYPE_CHECKING:
    from igny8_media.articles.model import Article
    from igny8_media.generation.thumbnail import ThumbnailScene
    from igny8_media.imaging.social import SourcePicture
    from igny8_media.settings import Settings
    from igny8_media.visuals.painting import PaintedScene

_SHAPE: Final = (1024, 1024)
"""Of a drawn picture: it fills the right of a wide still as well as the upper part of a tall one,
so that both forms of an article's video share one."""
_NAME: Final = "painted"


def thumbnail_stage(form: VideoForm) -> Stage:
    return Stage(
        asset=f"video/{form}/thumbnail",
        needs=("article", f"video/{form}/script"),
        version="2",
        build=partial(_thumbnail, form),
        cost=THUMBNAIL_COST,
        settings=_what_decides,
        outside=partial(_edited_title, form),
    )


def _what_decides(settings: "Settings") -> Any:
    theme = settings.theme.model_dump(mode="json")
    painted = painting_mark(settings)
    if painted is None:
        return theme
    return [theme, painted, _described(settings)]


def _described(settings: "Settings") -> Any:
    """What decides the words a picture is drawn by."""
    from igny8_media.generation.opening import fingerprint_of
    from igny8_media.generation.prompt import THUMBNAIL_PROMPT

    return fingerprint_of(settings, (THUMBNAIL_PROMPT,))


def _edited_title(form: VideoForm, shop: Workshop, content_id: str) -> str | None:
    """What a person called the video; what is no title is for the voice-over stage to tell."""
    title = (edited_script(form, shop, content_id) or {}).get("title")
    return title.strip() or None if isinstance(title, str) else None


def _thumbnail(form: VideoForm, job: Job, folder: Path) -> Built:
    from igny8_media.imaging.cover import cover
    from igny8_media.imaging.social import SourcePicture
    from igny8_media.imaging.thumbnail import thumbnail
    from igny8_media.visuals.painter import painted_facts

    script = VideoScript.model_validate_json(
        job.path(f"video/{form}/script", "script.json").read_bytes()
    )
    settings, article = job.workshop.settings, read_article(job)
    pictures: Sequence[SourcePicture] = pictures_of(job, article)
    notes: list[str] = []
    facts: dict[str, Any] = {}
    scene = _painted(job, article, pictures, notes, facts)
    if scene is not None:
        pictures = (SourcePicture(path=scene.path, alt="", key=_NAME),)
        facts |= {_NAME: painted_facts({"backdrop": scene})}
    makers = {"thumbnail.jpg": thumbnail}
    if form is VideoForm.SHORT:
        makers["cover.jpg"] = cover
    files: list[BuiltFile] = []
    for name, make in makers.items():
        made = make(
            job.outside or script.title,
            pictures,
            settings.theme,
            folder / name,
            language=script.language,
        )
        figures = made.model_dump(mode="json", exclude={"notes"})
        files.append(BuiltFile(name, "image", figures))
        notes += [note for note in made.notes if note not in notes]
    return Built(
        files=tuple(files),
        facts=facts,
        notes=tuple(notes),
        uses=painted_uses(Task.THUMBNAIL, [scene] if scene else [], settings),
    )


def _painted(
    job: Job,
    article: "Article",
    pictures: "Sequence[SourcePicture]",
    notes: list[str],
    facts: dict[str, Any],
) -> "PaintedScene | None":
    """A picture by a model, if the article has none that can be used and somebody draws; why there
    is none goes into `notes`, who described it into `facts`."""
    settings = job.workshop.settings
    if not settings.image_sources:
        return None
    from igny8_media.imaging.thumbnail import best_picture
    from igny8_media.visuals.painting import framed

    if best_picture(pictures, settings.theme, _SHAPE)[0] is not None:
        return None
    said = _subject(job, article)
    notes += said.notes
    facts |= said.facts
    with open_painter(job.workshop, job.progress) as painter:
        if painter is None:
            return None
        try:
            return painter.make(framed(said.words, settings.theme, _SHAPE), _SHAPE)
        except OutsideError as error:
            notes.append(f"The thumbnail has a designed backdrop. {error}")
            return None


def _subject(job: Job, article: "Article") -> "ThumbnailScene":
    """What is to be drawn, described once for all forms of the article's video: a second
    description would be another picture, and another bill."""
    from igny8_media.generation.opening import open_router
    from igny8_media.generation.thumbnail import ThumbnailScene, thumbnail_scene
    from igny8_media.storage.records import fingerprint

    settings = job.workshop.settings
    mark = fingerprint("thumbnail-scene", 1, article.model_dump(mode="json"), _described(settings))
    cache = job.workshop.cache("descriptions")
    kept = cache.get(mark)
    if kept is not None:
        return ThumbnailScene.model_validate_json((kept / "scene.json").read_bytes())
    with open_router(settings) if settings.text_sources else nullcontext() as router:
        scene = thumbnail_scene(article, settings.brand, router)
    if scene.lasts:
        cache.fetch(mark, lambda folder: _write(folder / "scene.json", scene))
    return scene


def _write(path: Path, scene: "ThumbnailScene") -> None:
    path.write_text(scene.model_dump_json(), encoding="utf-8")
