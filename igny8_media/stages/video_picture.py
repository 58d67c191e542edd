"""Scenes and render: what is seen in a video."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from igny8_media.credits.prices import Task
from igny8_media.errors import OutsideError
from igny8_media.stages.article import pictures_of, read_article
from igny8_media.stages.costs import RENDER_COST, SCENES_COST
from igny8_media.stages.painting import painted_uses, painting_mark
from igny8_media.stages.places import composed, presets_of
from igny8_media.stages.stage import Built, BuiltFile, Check, Job, Stage
from igny8_media.stages.video_words import mark_failed, read_spoken
from igny8_media.stages.workshop import Workshop
from igny8_media.storage.records import Record
from igny8_media.video.model import VideoForm
from igny8_media.video.presets import FORM_COMPOSITIONS, Quality

if TYPE_CHECKING:
    from igny8_media.settings import Settings
    from igny8_media.video.render import Progress


CREDITS = "credits.json"
"""Whose stock pictures and clips the scenes show."""
PAINTED = "painted"
"""The fact that tells which of their pictures a model drew."""


def scenes_stage(form: VideoForm) -> Stage:
    return Stage(
        asset=f"video/{form}/scenes",
        needs=("article", f"video/{form}/voiceover"),
        version="3",
        build=partial(_plan, form),
        cost=SCENES_COST,
        failed=partial(mark_failed, form),
        settings=_what_decides_scenes,
    )


def _what_decides_scenes(settings: "Settings") -> Any:
    known = [
        settings.theme.model_dump(mode="json"),
        settings.video_quality is Quality.DRAFT,
        settings.stock_libraries,
    ]
    painted = painting_mark(settings)
    # Scenes of those who have nobody to draw stay as they were before anybody could.
    return known if painted is None else [*known, painted, settings.pictures_per_video]


def render_stage(form: VideoForm) -> Stage:
    return Stage(
        asset=f"video/{form}/render",
        needs=tuple(f"video/{form}/{name}" for name in ("voiceover", "captions", "scenes")),
        version="3",
        build=partial(_render, form),
        cost=RENDER_COST,
        failed=partial(mark_failed, form),
        settings=lambda settings: [
            settings.video_quality,
            settings.video_encoder,
            settings.video_also,
            settings.music,
        ],
        checks=(
            Check(
                "probe",
                _probe_problems,
                "The finished file plays: its streams, size, length, loudness and captions are as "
                "planned.",
            ),
        ),
        remember=partial(_remember_render, form),
    )


def _plan(form: VideoForm, job: Job, folder: Path) -> Built:
    from igny8_media.stages.picture_sources import picture_sources
    from igny8_media.stock.model import Credit
    from igny8_media.video.scenes import plan_scenes
    from igny8_media.visuals.painter import painted_facts
    from igny8_media.visuals.pictures import dress_with_pictures

    job.workshop.films.video_status(job.content_id, form, "generating_visuals")
    script, narration = read_spoken(job, form)
    settings = job.workshop.settings
    composition = FORM_COMPOSITIONS[form].at(settings.video_quality)
    article = read_article(job)
    pictures = {picture.key: picture.path for picture in pictures_of(job, article)}
    with picture_sources(job.workshop, composition.size, job.progress) as sources:
        dressed = dress_with_pictures(script, article, pictures, sources)
    plan = plan_scenes(
        dressed.script,
        narration,
        {**pictures, **dressed.files},
        settings.theme,
        composition.size,
        folder,
        drawn=job.workshop.cache("scenes"),
        fps=composition.fps,
    )
    (folder / "plan.json").write_text(plan.model_dump_json(indent=1), encoding="utf-8")
    (folder / CREDITS).write_bytes(TypeAdapter(tuple[Credit, ...]).dump_json(dressed.credits))
    described = ("plan.json", "preview.jpg", CREDITS)
    layers = sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in described
    )
    return Built(
        files=(
            BuiltFile("preview.jpg", "image"),
            BuiltFile("plan.json", "metadata"),
            BuiltFile(CREDITS, "metadata"),
            *(BuiltFile(name, "metadata") for name in layers),
        ),
        facts={
            "scenes": len(plan.scenes),
            "frames": plan.frames,
            "stock": [credit.page_url for credit in dressed.credits],
            **({PAINTED: painted_facts(dressed.painted)} if dressed.painted else {}),
        },
        uses=painted_uses(Task.VISUALS, list(dressed.painted.values()), settings),
        notes=tuple(dict.fromkeys((*dressed.notes, *plan.notes))),
    )


def _render(form: VideoForm, job: Job, folder: Path) -> Built:
    from igny8_media.captions.ass import write_ass
    from igny8_media.captions.cues import captions
    from igny8_media.captions.unsaid import beside_type
    from igny8_media.music.choose import choose_music
    from igny8_media.music.mix import mix
    from igny8_media.video.inspect import Expectation, inspect
    from igny8_media.video.plan import ScenePlan
    from igny8_media.video.render import render

    films = job.workshop.films
    films.video_status(job.content_id, form, "rendering")
    work = folder / "work"
    scenes = job.lay_out(f"video/{form}/scenes", work / "scenes")
    voice = job.lay_out(f"video/{form}/voiceover", work / "voice")
    script, narration = read_spoken(job, form)
    music = choose_music(script, job.workshop.settings.music)
    sound = mix(
        voice / narration.audio,
        work / "mix.wav",
        sections=narration.sections,
        music=music.track,
    )
    plan = ScenePlan.model_validate_json((scenes / "plan.json").read_bytes())
    settings = job.workshop.settings
    composition, size_notes = composed(FORM_COMPOSITIONS[form], settings, settings.video_quality)
    fonts = work / "fonts"
    fonts.mkdir()
    ass = work / "burned.ass"
    if burned := beside_type(captions(narration, form), script, narration, plan):
        write_ass(
            burned,
            ass,
            form=form,
            size=FORM_COMPOSITIONS[form].size,
            theme=settings.theme,
            language=narration.language,
            fonts_dir=fonts,
        )
    result = render(
        plan,
        work / sound.audio,
        ass if burned else None,
        composition,
        folder / "video.mp4",
        folder=scenes,
        work_dir=work,
        fonts_dir=fonts,
        quality=settings.video_quality,
        segments=job.workshop.cache("segments"),
        encoder=settings.video_encoder,
        progress=_Progress(job, form),
    )
    found = inspect(
        result.path,
        expected=Expectation(
            duration=narration.duration,
            size=composition.size,
            fps=composition.fps,
            max_bytes=min(preset.max_bytes for preset in presets_of(form)),
        ),
    )
    for name in ("speech", "scenes", "segments", "stock"):
        job.workshop.cache(name).trim()
    if found.problems:
        raise OutsideError(
            f"The rendered {form} video is not fit to be kept: {' '.join(found.problems)}"
        )
    (folder / "inspection.json").write_text(found.model_dump_json(indent=1), encoding="utf-8")
    figures = {
        "duration": round(found.duration, 3),
        "width": composition.width,
        "height": composition.height,
        "frames": result.frames,
        "loudness": found.loudness,
        "true_peak": found.true_peak,
    }
    return Built(
        files=(
            BuiltFile("video.mp4", "video", figures),
            *(
                BuiltFile(path.name, "video", {"width": width, "height": height})
                for path, (width, height) in zip(result.smaller, composition.sizes[1:], strict=True)
            ),
            BuiltFile("inspection.json", "metadata"),
        ),
        facts={
            **figures,
            "encoder": result.encoder,
            "cpu_seconds": round(result.cpu_seconds, 1),
            "encode_seconds": round(result.encode_seconds, 1),
            "reused_frames": result.reused,
            "music": sound.track.line if sound.track else None,
            "music_chosen": music.because,
        },
        notes=(*size_notes, *sound.notes, *result.notes),
    )


class _Progress:
    """Tells of every twentieth of a render, in the log and in the project's row.

    Each costs a commit or two, so they are few. `render` calls it from its workers, one at a time.
    """

    def __init__(self, job: Job, form: VideoForm) -> None:
        self._job, self._form, self._told = job, form, 0

    def __call__(self, progress: "Progress") -> None:
        percent = int(progress.fraction * 20) * 5
        if percent <= self._told:
            return
        self._told = percent
        self._job.workshop.films.video_status(
            self._job.content_id, self._form, "rendering", percent
        )
        left = progress.seconds_left
        self._job.progress(
            f"{self._form} video rendered to {percent} %, {progress.fps:.0f} frames a second"
            + (f", about {left:.0f} s left" if left else "")
        )


def _probe_problems(shop: Workshop, record: Record) -> list[str]:
    from igny8_media.video.inspect import Inspection

    path = shop.store.local_path(record.named("inspection.json").key)
    return list(Inspection.model_validate_json(path.read_bytes()).problems)


def _remember_render(form: VideoForm, job: Job, record: Record) -> None:
    if record.skipped:
        return
    job.workshop.films.video_files(
        job.content_id, form, record.asset, [(a.name, a.kind, a.key) for a in record.artifacts]
    )
    job.workshop.films.video_status(job.content_id, form, "ready", 100)
