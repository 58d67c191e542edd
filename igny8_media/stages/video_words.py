"""Script, voice-over and captions: what is said in a video, and when."""

from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from igny8_media.credits.prices import Task, Use
from igny8_media.stages.article import read_article
from igny8_media.stages.costs import SCRIPT_COST, voiceover_cost
from igny8_media.stages.languages import unkept_language
from igny8_media.stages.listened import listened, unlike_script
from igny8_media.stages.serving import served, written
from igny8_media.stages.stage import Built, BuiltFile, Check, Job, Stage
from igny8_media.stages.workshop import Workshop
from igny8_media.storage.records import Record
from igny8_media.video.model import Narration, VideoForm, VideoScript

if TYPE_CHECKING:
    from igny8_media.settings import Settings


def script_stage(form: VideoForm) -> Stage:
    return Stage(
        asset=f"video/{form}/script",
        needs=("article",),
        version="2",
        build=partial(_write_script, form),
        cost=SCRIPT_COST,
        settings=_who_writes,
        remember=partial(_remember_script, form),
    )


def voiceover_stage(form: VideoForm) -> Stage:
    return Stage(
        asset=f"video/{form}/voiceover",
        needs=("article", f"video/{form}/script"),
        version="2",
        build=partial(_speak, form),
        cost=voiceover_cost(form),
        settings=_who_speaks,
        outside=partial(edited_script, form),
        remember=partial(_remember_spoken, form),
        failed=partial(mark_failed, form),
        checks=(
            Check(
                "loudness_and_length",
                partial(_voice_problems, form),
                "The narration is as loud as platforms play it, and fits the video's length.",
            ),
            Check(
                "says_its_script",
                unlike_script,
                "What is heard in the narration is what the script says, where somebody listens.",
                blocking=False,
            ),
        ),
    )


def captions_stage(form: VideoForm) -> Stage:
    return Stage(
        asset=f"video/{form}/captions",
        needs=(f"video/{form}/voiceover",),
        version="2",
        build=partial(_caption, form),
        settings=lambda settings: settings.theme.model_dump(mode="json"),
        checks=(
            Check(
                "in_sync",
                partial(_caption_problems, form),
                "Each caption shows while its words are spoken, and long enough to be read.",
            ),
        ),
    )


def edited_script(form: VideoForm, shop: Workshop, content_id: str) -> dict[str, Any] | None:
    """The script in the database, if a person changed or approved it."""
    return shop.films.edited_script(content_id, form)


def mark_failed(form: VideoForm, job: Job) -> None:
    """The project's row must not look busy for ever."""
    job.workshop.films.video_status(job.content_id, form, "failed")


def read_spoken(job: Job, form: VideoForm) -> tuple[VideoScript, Narration]:
    """The script as it was really spoken, and its narration."""
    voice = f"video/{form}/voiceover"
    return (
        VideoScript.model_validate_json(job.path(voice, "script.json").read_bytes()),
        Narration.model_validate_json(job.path(voice, "narration.json").read_bytes()),
    )


def _write_script(form: VideoForm, job: Job, folder: Path) -> Built:
    from igny8_media.ai.voices import words_per_minute
    from igny8_media.scripts.writer import TooThin, write_script

    article, settings = read_article(job), job.workshop.settings
    script: VideoScript | TooThin
    facts: dict[str, Any] = {}
    uses: tuple[Use, ...] = ()
    if settings.text_sources:
        from igny8_media.generation.opening import open_router
        from igny8_media.generation.script import ScriptWriter

        with open_router(settings) as router:
            made = ScriptWriter(router, settings.brand, words_per_minute).compose(article, form)
        if isinstance(made, TooThin):
            return Built(skipped=made.reason)
        script, facts = made.script, made.facts
        uses = written(Task.SCRIPT, 1, made.calls, "generate_video_script")
    else:
        script = write_script(article, form, words_per_minute(article.language))
    if isinstance(script, TooThin):
        return Built(skipped=script.reason)
    (folder / "script.json").write_text(script.model_dump_json(indent=1), encoding="utf-8")
    return Built(
        files=(BuiltFile("script.json", "text"),),
        facts={
            "title": script.title,
            "writer": script.writer,
            "sections": len(script.sections),
            "duration_estimate": script.total_duration_estimate,
            **facts,
        },
        notes=(*script.notes, *unkept_language(settings, article)),
        uses=uses,
    )


def _who_writes(settings: "Settings") -> Any:
    """None while nobody but the extractive writer is asked, so that its scripts stay as they
    are."""
    if not settings.text_sources:
        return None
    from igny8_media.generation.opening import fingerprint_of
    from igny8_media.generation.prompt import SCRIPT_PROMPT

    return fingerprint_of(settings, [SCRIPT_PROMPT])


def _remember_script(form: VideoForm, job: Job, record: Record) -> None:
    if record.skipped:
        return
    path = job.workshop.store.local_path(record.named("script.json").key)
    script = VideoScript.model_validate_json(path.read_bytes())
    job.workshop.films.propose_script(
        job.content_id,
        form,
        record.fingerprint,
        script.model_dump(mode="json"),
        review=job.review,
    )


def _speak(form: VideoForm, job: Job, folder: Path) -> Built:
    from igny8_media.narration.fit import fit_narration
    from igny8_media.narration.hearing import open_hearing
    from igny8_media.narration.speakers import open_speakers
    from igny8_media.scripts.refit import rewritten
    from igny8_media.stages.edited_script import read_edited, speak_edited, usual_tempo
    from igny8_media.stages.letters import check_letters

    job.workshop.films.video_status(job.content_id, form, "generating_audio")
    article, settings = read_article(job), job.workshop.settings
    script = proposed = VideoScript.model_validate_json(
        job.path(f"video/{form}/script", "script.json").read_bytes()
    )
    edited = job.outside is not None
    if edited:
        pictures = [image.picture.key for image in article.images if image.picture]
        script = read_edited(job.outside, form, pictures)
    check_letters(script, settings.theme)

    def rewrite(words_per_minute: float) -> VideoScript | None:
        return rewritten(proposed, article, form, words_per_minute)

    takes = job.workshop.cache("speech")
    notes: tuple[str, ...] = ()
    with open_speakers(settings) as speakers, open_hearing(settings) as hear:
        voices = speakers.cast(script.language)
        if edited:
            newest = job.workshop.scripts.newest(job.content_id, form)
            # What a person read first was never spoken otherwise: to know how would cost a voice.
            spoken = newest is None or newest.approved_at is None
            same = spoken and proposed.language == script.language
            usual = usual_tempo(proposed, form, voices, rewrite, takes, hear) if same else 1.0
            narration, notes = speak_edited(
                script, form, voices, folder, usual=usual, takes=takes, hear=hear
            )
        else:
            script, narration = fit_narration(
                script, form, voices, folder, rewrite, takes=takes, hear=hear
            )
        again = listened(settings, narration, folder, hear)
    takes.trim()
    (folder / "script.json").write_text(script.model_dump_json(indent=1), encoding="utf-8")
    (folder / "narration.json").write_text(narration.model_dump_json(indent=1), encoding="utf-8")
    facts = {
        "duration": narration.duration,
        "loudness": narration.loudness,
        "true_peak": narration.true_peak,
        "engine": narration.engine,
        "voice": narration.voice,
        "provider": narration.provider,
        "model": narration.model,
        "characters": narration.characters,
        "timing": narration.timing,
        "edited": edited,
        **again.facts,
    }
    return Built(
        files=(
            BuiltFile(narration.audio, "audio", facts),
            BuiltFile("narration.json", "metadata"),
            BuiltFile("script.json", "text"),
        ),
        facts=facts,
        notes=(*script.notes, *narration.notes, *notes, *again.notes),
        uses=(_heard_from(narration, settings),),
    )


def _heard_from(narration: Narration, settings: "Settings") -> Use:
    """Minutes of a voice, by who gave it: what the narration lasts, however often it was spoken.

    Best quality is charged for where there is a better model, and it was asked.
    """
    from igny8_media.settings.registry import models_of

    entry = models_of(settings).find("speech", narration.provider, narration.model)
    better = entry is not None and entry.better
    return served(
        Task.SPEECH,
        Decimal(str(narration.duration)) / 60,
        narration.provider,
        narration.model or narration.voice,
        high=settings.speech_quality == "high" and better,
    )


def _who_speaks(settings: "Settings") -> Any:
    from igny8_media.narration.speakers import fingerprint_of

    return fingerprint_of(settings)


def _remember_spoken(form: VideoForm, job: Job, record: Record) -> None:
    """A script that was rewritten to fit is what people should see and edit."""
    if record.skipped:
        return
    spoken = job.workshop.store.read_bytes(record.named("script.json").key)
    script = VideoScript.model_validate_json(spoken)
    job.workshop.films.script_as_spoken(job.content_id, form, script.model_dump(mode="json"))


def _voice_problems(form: VideoForm, shop: Workshop, record: Record) -> list[str]:
    from igny8_media.narration.fit import problems
    from igny8_media.stages.edited_script import bounds

    path = shop.store.local_path(record.named("narration.json").key)
    allowed = bounds(form, edited=bool(record.facts.get("edited")))
    return problems(Narration.model_validate_json(path.read_bytes()), allowed)


def _caption(form: VideoForm, job: Job, folder: Path) -> Built:
    from igny8_media.captions.ass import write_ass
    from igny8_media.captions.cues import captions, write_srt, write_vtt
    from igny8_media.video.presets import FORM_COMPOSITIONS

    _, narration = read_spoken(job, form)
    cues = captions(narration, form)
    write_srt(cues, folder / "captions.srt")
    write_vtt(cues, folder / "captions.vtt")
    (folder / "fonts").mkdir()
    write_ass(
        cues,
        folder / "captions.ass",
        form=form,
        size=FORM_COMPOSITIONS[form].size,
        theme=job.workshop.settings.theme,
        fonts_dir=folder / "fonts",
        language=narration.language,
    )
    fonts = sorted(path.name for path in (folder / "fonts").iterdir())
    return Built(
        files=(
            BuiltFile("captions.srt", "subtitles", {"cues": len(cues)}),
            BuiltFile("captions.vtt", "subtitles", {"cues": len(cues)}),
            BuiltFile("captions.ass", "subtitles", {"cues": len(cues)}),
            *(BuiltFile(f"fonts/{name}", "metadata") for name in fonts),
        ),
        facts={"cues": len(cues), "timing": narration.timing, "language": narration.language},
    )


def _caption_problems(form: VideoForm, shop: Workshop, record: Record) -> list[str]:
    from igny8_media.captions.check import problems

    voice = shop.records.current(record.content_id, f"video/{form}/voiceover")
    if voice is None:
        return ["Its voice-over is gone."]
    narration = shop.store.read_bytes(voice.named("narration.json").key)
    srt = shop.store.read_bytes(record.named("captions.srt").key).decode()
    return problems(srt, Narration.model_validate_json(narration), form)
