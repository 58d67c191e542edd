"""`igny8-media voices`: who can read videos aloud, and how they sound."""

import json
import re
import shutil
import tempfile
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import click

from igny8_media.ai.models import Models
from igny8_media.ai.speech import Voice
from igny8_media.ai.speech_watch import WatchedSpeech
from igny8_media.ai.voices import Candidate
from igny8_media.command.voice_samples import SENTENCES
from igny8_media.errors import InputError, OutsideError
from igny8_media.narration.choosing import known_provider, named_voice
from igny8_media.narration.narrate import narrate
from igny8_media.narration.speakers import Speakers, open_speakers
from igny8_media.settings import load_settings
from igny8_media.settings.providers import SpeechProviderName
from igny8_media.settings.registry import models_of
from igny8_media.stages.workshop import Workshop
from igny8_media.video.ffmpeg import run
from igny8_media.video.model import Narration, Section, VideoScript

_LONGEST: Final = 1000
"""Characters of a sample: about a minute."""
_SUFFIXES: Final = (".wav", ".mp3")
_PAID: Final = ("openai", "elevenlabs")
_MILLION: Final = 1_000_000


def voices_list(language: str | None, provider: str | None, *, as_json: bool) -> int:
    """Every voice; 1 where a provider that was named cannot be asked."""
    settings = load_settings()
    asked = [known_provider(provider, settings)] if provider else list(settings.speech_sources)
    found: dict[str, tuple[Voice, ...]] = {}
    silent: dict[str, str] = {}
    with open_speakers(settings) as speakers:
        for name in asked:
            try:
                every = speakers.engine(name).voices()
            except OutsideError as error:
                silent[name] = str(error)
                continue
            found[name] = tuple(one for one in every if not language or one.speaks(language))
    if as_json:
        _print(
            {
                "voices": [
                    _as_json(name, voice) for name, voices in found.items() for voice in voices
                ],
                "not_asked": [{"provider": n, "reason": why} for n, why in silent.items()],
            }
        )
    else:
        for who, voices in found.items():
            _show(who, voices)
        for who, why in silent.items():
            click.echo(f"{who}: {why}", err=True)
    return 1 if provider and silent else 0


def voices_sample(
    text: str | None, voice: str | None, language: str, out: Path | None, *, as_json: bool
) -> int:
    """Write a spoken text, and say by whom and what it cost."""
    settings = load_settings()
    language = language.lower().split("-")[0]
    said = _text(text, language)
    if out is not None and out.suffix.lower() not in _SUFFIXES:
        raise InputError(f"A sample is a .wav or .mp3 file; {out.name!r} is neither.")
    with open_speakers(settings) as speakers:
        candidates: Sequence[Candidate] = (
            (speakers.only(named_voice(language, voice, settings)),)
            if voice
            else speakers.cast(language)
        )
        with tempfile.TemporaryDirectory(prefix="igny8-sample-") as name:
            folder, takes = Path(name), Workshop(settings).cache("speech")
            narration = narrate(_script(said, language), folder, speakers=candidates, takes=takes)
            target = out or Path(f"voice-{_slug(narration)}.wav")
            _write(folder / narration.audio, target)
        sent = _sent(speakers, narration)
    dollars = _dollars(narration, sent, models_of(settings))
    if as_json:
        _print(
            {
                "path": str(target.absolute()),
                "text": said,
                "language": language,
                **narration.model_dump(
                    include={"provider", "engine", "voice", "model", "duration", "timing",
                             "loudness", "true_peak", "characters", "notes"}
                ),
                "characters_sent": sent,
                "dollars": None if dollars is None else str(dollars),
            }
        )  # fmt: skip
        return 0
    for note in narration.notes:
        click.echo(f"note: {note}", err=True)
    by = f"{narration.provider}:{narration.voice}"
    model = f" with {narration.model}" if narration.model else ""
    click.echo(f"{target}: {narration.duration:.1f} s by {by}{model}, {_price(sent, dollars)}")
    return 0


def _show(provider: str, voices: Sequence[Voice]) -> None:
    if not voices:
        click.echo(f"{provider}: no voice")
    for voice in voices:
        spoken = voice.languages or ((voice.language,) if voice.language else ())
        shown = ", ".join(spoken[:8]) + (f" and {len(spoken) - 8} more" * (len(spoken) > 8))
        click.echo(f"{f'{provider}:{voice.name}':<40} {shown or 'languages not told'}")


def _as_json(provider: str, voice: Voice) -> dict[str, Any]:
    return {
        "provider": provider,
        "name": voice.name,
        "id": voice.id or voice.name,
        "languages": list(voice.languages or ((voice.language,) if voice.language else ())),
        "licence": voice.licence,
    }


def _text(text: str | None, language: str) -> str:
    said = (text or SENTENCES.get(language, "")).strip()
    if not said:
        raise InputError(
            f"There is no sentence of ours in {language!r}; give one: "
            f'igny8-media voices sample "..." --language {language}.'
        )
    if len(said) > _LONGEST:
        raise InputError(f"A sample has {_LONGEST:,} characters at most; this has {len(said):,}.")
    return said


def _script(text: str, language: str) -> VideoScript:
    """As in a video: so numbers are read, pauses made and loudness set in the same way."""
    section = Section(
        section_id="sample",
        type="point",
        narration=text,
        visual_cue="title_card",
        duration_estimate=1,
    )
    return VideoScript(
        title="",
        description="",
        tags=(),
        sections=(section,),
        total_duration_estimate=1,
        language=language,
        writer="",
    )


def _slug(narration: Narration) -> str:
    return re.sub(r"[^\w.-]+", "-", f"{narration.provider}-{narration.voice}").strip("-")


def _write(sound: Path, target: Path) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.suffix.lower() != ".mp3":
            shutil.copyfile(sound, target)
            return
    except OSError as error:
        raise InputError(
            f"{target} cannot be written: {error.strerror or error}; name another file."
        ) from None
    arguments = ["-y", "-i", str(sound), "-c:a", "libmp3lame", "-q:a", "2"]
    run([*arguments, str(target.absolute())], cwd=sound.parent, task="write the sample as MP3")


def _sent(speakers: Speakers, narration: Narration) -> int:
    """Characters that were really sent to who spoke: what was kept from before was not."""
    provider: SpeechProviderName = known_provider(narration.provider, speakers.settings)
    engine = speakers.engine(provider)
    return engine.characters if isinstance(engine, WatchedSpeech) else 0


def _dollars(narration: Narration, sent: int, models: Models) -> Decimal | None:
    if not sent or narration.provider not in _PAID:
        return Decimal(0)
    entry = models.find("speech", narration.provider, narration.model)
    if entry is None or entry.price is None:
        return None
    return Decimal(entry.price * sent / _MILLION)


def _price(sent: int, dollars: Decimal | None) -> str:
    if dollars is None:
        return f"{sent} characters; what they cost is not known here"
    return f"${dollars:.4f} for {sent} characters" if dollars else "at no cost"


def _print(document: dict[str, Any]) -> None:
    click.echo(json.dumps(document, indent=2, ensure_ascii=False))
