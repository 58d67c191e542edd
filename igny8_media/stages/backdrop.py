"""The picture behind a title where an article has none: one for its stills and posts together."""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from igny8_media.errors import OutsideError
from igny8_media.stages.painting import open_painter, painting_mark
from igny8_media.stages.stage import Job

if TYPE_CHECKING:
    from igny8_media.articles.model import Article
    from igny8_media.generation.thumbnail import ThumbnailScene
    from igny8_media.imaging.social import SourcePicture
    from igny8_media.settings import Settings
    from igny8_media.visuals.painting import PaintedScene

PAINTED: Final = "painted"
"""What the picture is called in facts, and where others name the article's picture."""
_SHAPE: Final = (1024, 1024)
"""It is cut to wide stills as well as to tall ones, and both forms of a video share it."""


@dataclass(frozen=True)
class Backdrop:
    """The pictures to choose from: the article's, or the one in `drawn`."""

    pictures: "Sequence[SourcePicture]"
    drawn: "tuple[PaintedScene, ...]" = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def what_decides_stills(settings: "Settings") -> Any:
    """The theme; and where somebody draws, who, and who describes what."""
    theme = settings.theme.model_dump(mode="json")
    painted = painting_mark(settings)
    # Stills of those who have nobody to draw stay as they were before anybody could.
    return theme if painted is None else [theme, painted, _described(settings)]


def open_backdrop(job: Job, article: "Article", pictures: "Sequence[SourcePicture]") -> Backdrop:
    """The article's pictures, or one by a model if none of them can be used and somebody draws.

    Raises InputError for settings that do not fit; who cannot draw now costs a note.
    """
    theme = job.workshop.settings.theme
    if not job.workshop.settings.image_sources:
        return Backdrop(pictures)
    from igny8_media.imaging.social import SourcePicture
    from igny8_media.imaging.thumbnail import best_picture
    from igny8_media.visuals.painter import painted_facts
    from igny8_media.visuals.painting import framed

    if best_picture(pictures, theme, _SHAPE)[0] is not None:
        return Backdrop(pictures)
    said = _subject(job, article)
    with open_painter(job.workshop, job.progress) as painter:
        if painter is None:
            return Backdrop(pictures)
        try:
            scene = painter.make(framed(said.words, theme, _SHAPE), _SHAPE)
        except OutsideError as error:
            note = f"The title stands on a designed backdrop. {error}"
            return Backdrop(pictures, facts=said.facts, notes=(*said.notes, note))
    return Backdrop(
        pictures=(SourcePicture(path=scene.path, alt="", key=PAINTED),),
        drawn=(scene,),
        facts={**said.facts, PAINTED: painted_facts({"backdrop": scene})},
        notes=said.notes,
    )


def _described(settings: "Settings") -> Any:
    """What decides the words a picture is drawn by."""
    from igny8_media.generation.opening import fingerprint_of
    from igny8_media.generation.prompt import THUMBNAIL_PROMPT

    return fingerprint_of(settings, (THUMBNAIL_PROMPT,))


def _subject(job: Job, article: "Article") -> "ThumbnailScene":
    """What is to be drawn, described once for an article: a second description would be another
    picture, and another bill."""
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
