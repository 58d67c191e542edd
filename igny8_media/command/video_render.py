"""`igny8-media video render`: a script that a person wrote becomes a video file."""

import json
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from rich.console import Console

from igny8_media.captions.ass import write_ass
from igny8_media.captions.cues import write_srt, write_vtt
from igny8_media.command.export import check_writable
from igny8_media.command.video_progress import Teller
from igny8_media.errors import InputError
from igny8_media.settings import Settings, load_settings
from igny8_media.stages.film import Film, film, form_of
from igny8_media.stages.workshop import Workshop
from igny8_media.stock.credits import credit_line
from igny8_media.video.presets import PRESETS, Preset, Quality
from igny8_media.video.scriptfile import read_script

CAPTION_SUFFIXES = (".srt", ".vtt", ".ass")


def video_render(
    script: Path,
    preset: str,
    out: Path | None,
    *,
    quality: str | None,
    preview: bool,
    music: str | None,
    captions: Sequence[Path],
    as_json: bool,
) -> int:
    """Render it; returns 0, or 1 for a video with something wrong with it.

    Raises InputError (exit status 2) for what cannot become a video, OutsideError (1) for what may
    go better later.
    """
    settings = load_settings()
    chosen = _quality(settings, quality, preview)
    written = read_script(script)
    out = out or Path(f"{script.stem}.mp4")
    _check_out(out, script, captions)
    console = Console(stderr=True, highlight=False)
    with _stopping_at_once(), Teller(console) as teller:
        made = film(
            written,
            PRESETS[preset],
            out,
            beside=script.absolute().parent,
            workshop=Workshop(settings),
            quality=chosen,
            encoder=settings.video_encoder,
            music=music or settings.music,
            tell=teller.tell,
            progress=teller.rendering,
        )
        for file in captions:
            _write_captions(made, file, PRESETS[preset], settings)
    if as_json:
        print(json.dumps(_document(made, PRESETS[preset], captions), ensure_ascii=False))
    _summary(console, made)
    return 1 if made.inspection.problems else 0


def _quality(settings: Settings, typed: str | None, preview: bool) -> Quality:
    if preview:
        if typed not in (None, Quality.DRAFT):
            raise InputError("--preview is a quality of its own: give it without --quality.")
        return Quality.DRAFT
    return Quality(typed) if typed else settings.video_quality


def _check_out(out: Path, script: Path, captions: Sequence[Path]) -> None:
    """Refuse, before any work, what could not be written in the end."""
    if out.suffix.lower() != ".mp4":
        raise InputError(f"--out {out} must end in .mp4: that is what is made.")
    if out.is_dir():
        raise InputError(f"--out {out} is a folder; name a file in it.")
    for file in captions:
        if file.suffix.lower() not in CAPTION_SUFFIXES:
            raise InputError(f"--captions {file} must end in .srt, .vtt or .ass.")
        if file.absolute() == script.absolute():
            raise InputError(f"--captions {file} would overwrite the script; name another file.")
    for folder in {file.absolute().parent for file in (out, *captions)}:
        check_writable(folder)


@contextmanager
def _stopping_at_once() -> Iterator[None]:
    """Being asked to end (SIGTERM) is what Ctrl-C is: everything started is ended, nothing left."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _write_captions(made: Film, file: Path, preset: Preset, settings: Settings) -> None:
    partial = file.with_name(f".{file.name}.part")
    try:
        match file.suffix.lower():
            case ".srt":
                write_srt(made.cues, partial)
            case ".vtt":
                write_vtt(made.cues, partial)
            case _:
                write_ass(
                    made.cues,
                    partial,
                    form=form_of(preset.composition),
                    size=preset.composition.size,
                    theme=settings.theme,
                    language=made.narration.language,
                    fonts_dir=file.with_name(f"{file.stem}-fonts"),
                )
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)


def _document(made: Film, preset: Preset, captions: Sequence[Path]) -> dict[str, Any]:
    return {
        "path": str(made.rendered.path.absolute()),
        "smaller": [str(path.absolute()) for path in made.rendered.smaller],
        "preset": preset.name,
        "title": made.script.title,
        "language": made.script.language,
        "duration": round(made.inspection.duration, 3),
        "size": made.rendered.size,
        "width": made.inspection.streams.size[0],
        "height": made.inspection.streams.size[1],
        "frames": made.rendered.frames,
        "frames_reused": made.rendered.reused,
        "encoder": made.rendered.encoder,
        "cpu_seconds": round(made.rendered.cpu_seconds, 2),
        "wall_seconds": round(made.rendered.wall_seconds, 2),
        "provider": made.narration.provider,
        "engine": made.narration.engine,
        "voice": made.narration.voice,
        "model": made.narration.model,
        "timing": made.narration.timing,
        "music": made.sound.track and made.sound.track.model_dump(mode="json"),
        "credits": [credit.model_dump(mode="json") for credit in made.credits],
        "captions": [str(file.absolute()) for file in captions],
        "sections": [
            {"section_id": s.section_id, "start": round(s.start, 3), "end": round(s.end, 3)}
            for s in made.narration.sections
        ],
        "notes": list(made.notes),
        "measured": made.inspection.model_dump(mode="json", exclude={"path"}),
    }


def _summary(console: Console, made: Film) -> None:
    def line(text: str, style: str | None = None) -> None:
        console.print(text, style=style, markup=False, soft_wrap=True)

    for note in made.notes:
        line(f"note: {note}", "yellow")
    for problem in made.inspection.problems:
        line(f"wrong: {problem}", "red")
    if made.credits or made.sound.track:
        line("Name in the description of the video:")
        for credit in made.credits:
            line(f"  {credit_line(credit, made.script.language)}")
        if track := made.sound.track:
            line(f"  {track.line}")
    found, rendered = made.inspection, made.rendered
    width, height = found.streams.size
    facts = [
        f"{found.duration:.1f} s",
        f"{width}×{height}",
        f"{rendered.size / 1e6:.1f} MB",
        rendered.encoder,
        f"voice {made.narration.voice} ({made.narration.engine})",
    ]
    if rendered.reused:
        facts.append(f"{rendered.reused / rendered.frames:.0%} of it from before")
    line(f"{rendered.path}: {', '.join(facts)}")
