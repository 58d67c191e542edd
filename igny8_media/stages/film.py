"""A script filmed from its words to a measured file, without an article behind it."""

from collections.abc import Callable
from pathlib import Path

from igny8_media.captions.ass import write_ass
from igny8_media.captions.cues import Cue, captions
from igny8_media.captions.unsaid import beside_type
from igny8_media.frozen import Frozen
from igny8_media.music.choose import AUTO, choose_music
from igny8_media.music.mix import Mix, mix
from igny8_media.narration.hearing import open_hearing
from igny8_media.narration.narrate import write_narration
from igny8_media.narration.reading import read_aloud
from igny8_media.narration.speakers import open_speakers
from igny8_media.stages.film_length import check_estimate, fitted
from igny8_media.stages.film_pictures import gather
from igny8_media.stages.letters import check_letters
from igny8_media.stages.picture_sources import picture_sources
from igny8_media.stages.places import composed
from igny8_media.stages.workshop import Workshop
from igny8_media.stock.model import Credit
from igny8_media.video.coverage import unseen_letters
from igny8_media.video.inspect import Expectation, Inspection, inspect
from igny8_media.video.model import Narration, VideoForm, VideoScript
from igny8_media.video.presets import Composition, Encoder, Preset, Quality
from igny8_media.video.render import Progress, RenderResult, render
from igny8_media.video.scenes import plan_scenes
from igny8_media.visuals.pictures import dress_with_pictures


class Film(Frozen):
    """A finished video file and how it came to be; `notes` are sentences about what was replaced.

    `script` is the script as it was filmed, `sound` the mix and whom to credit for its music,
    `credits` whom to credit for what is seen, `inspection` what was measured on the file.
    """

    script: VideoScript
    narration: Narration
    cues: tuple[Cue, ...]
    sound: Mix
    credits: tuple[Credit, ...]
    rendered: RenderResult
    inspection: Inspection
    notes: tuple[str, ...]


def film(
    script: VideoScript,
    preset: Preset,
    out: Path,
    *,
    beside: Path,
    workshop: Workshop,
    quality: Quality,
    encoder: Encoder = Encoder.X264,
    music: str = AUTO,
    tell: Callable[[str], None],
    progress: Callable[[Progress], None] | None = None,
) -> Film:
    """Speak, caption, draw, render and measure `script` into the MP4 file `out`.

    Pictures are addresses, or paths that start at the folder `beside`. `music` is "auto", "none", a
    mood or the path of a file or folder. `tell` is called with what is being done. Finished
    sentences, scenes and segments are kept in the workshop's caches, so that an edited section
    costs that section and a stopped render goes on. Raises InputError for a script that cannot
    become a video of this preset, OutsideError where a voice, FFmpeg or the disk fails; then
    nothing is left at `out`.
    """
    theme = workshop.settings.theme
    composition, size_notes = composed(preset.composition, workshop.settings, quality)
    form = form_of(composition)
    check_letters(script, theme)
    check_estimate(script, preset)
    track = choose_music(script, music).track
    takes, drawn, segments = (workshop.cache(name) for name in ("speech", "scenes", "segments"))
    with workshop.store.scratch() as folder:
        with picture_sources(workshop, composition.size) as sources:
            given = gather(script, beside, folder, fetcher=sources.fetcher, store=workshop.store)
            dressed = dress_with_pictures(given.script, None, given.files, sources)
        script = dressed.script
        tell("speaking")
        settings = workshop.settings
        with open_speakers(settings) as speakers, open_hearing(settings) as hear:
            reading = read_aloud(script, speakers.cast(script.language), takes, hear=hear)
        blocks, length_notes = fitted(reading, preset, takes)
        narration = write_narration(reading, blocks, folder)
        sound = mix(
            folder / narration.audio,
            folder / "mix.wav",
            sections=narration.sections,
            music=track,
        )
        tell(f"drawing {len(script.sections)} scenes")
        scenes = folder / "scenes"
        scenes.mkdir()
        plan = plan_scenes(
            script,
            narration,
            {**given.files, **dressed.files},
            theme,
            composition.size,
            scenes,
            drawn=drawn,
            fps=composition.fps,
        )
        cues = captions(narration, form)
        fonts = folder / "fonts"
        fonts.mkdir()
        ass = folder / "captions.ass"
        if burned := beside_type(cues, script, narration, plan):
            write_ass(
                burned,
                ass,
                form=form,
                size=composition.size,
                theme=theme,
                language=narration.language,
                fonts_dir=fonts,
            )
        tell("rendering")
        rendered = render(
            plan,
            folder / sound.audio,
            ass if burned else None,
            composition,
            out,
            folder=scenes,
            work_dir=folder,
            fonts_dir=fonts,
            quality=quality,
            encoder=encoder,
            segments=segments,
            progress=progress,
        )
    tell("measuring")
    found = inspect(
        out,
        expected=Expectation(
            duration=narration.duration,
            size=composition.size,
            fps=composition.fps,
            max_bytes=preset.max_bytes,
        ),
    )
    for cache in (takes, drawn, segments, workshop.cache("stock")):
        cache.trim()
    notes = (
        *script.notes, *unseen_letters(script, theme), *dressed.notes, *narration.notes,
        *length_notes, *size_notes, *sound.notes, *rendered.notes,
    )  # fmt: skip
    return Film(
        script=script,
        narration=narration,
        cues=cues,
        sound=sound,
        credits=dressed.credits,
        rendered=rendered,
        inspection=found,
        notes=tuple(dict.fromkeys(notes)),
    )


def form_of(composition: Composition) -> VideoForm:
    """Upright videos get the captions and the layout of a short, wide ones those of a long one."""
    return VideoForm.SHORT if composition.height > composition.width else VideoForm.LONG
