"""Narrations that say their script, and some that do not, heard by a real Whisper."""

import shutil
import wave
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from voice_scripts import make_script

from igny8_media.ai.espeak import Espeak
from igny8_media.ai.health import Breaker
from igny8_media.ai.pool import Pool
from igny8_media.ai.transcription_router import TranscriptionRouter
from igny8_media.ai.voices import Speaker, usual_voice
from igny8_media.ai.whisper import Whisper
from igny8_media.narration.listening import listen
from igny8_media.narration.narrate import narrate
from igny8_media.settings import Settings
from igny8_media.stages.listened import listened, unlike_script
from igny8_media.storage.cache import FolderCache
from igny8_media.video.model import Narration

Spoken = tuple[Narration, Path]


@pytest.fixture(scope="module")
def hear(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TranscriptionRouter]:
    folder = tmp_path_factory.mktemp("hearing")
    whisper = Whisper(folder / "models")
    yield TranscriptionRouter([whisper], Breaker(folder / "health"), Pool(folder / "pools"))
    whisper.close()


def test_a_narration_that_says_its_script(spoken: Spoken, hear: TranscriptionRouter) -> None:
    found = listen(*spoken, hear)
    assert found.problems == ()
    assert found.errors < 0.15
    assert found.heard_by == "faster_whisper (whisper-base)"


def test_a_sentence_that_is_missing(
    spoken: Spoken, hear: TranscriptionRouter, tmp_path: Path
) -> None:
    narration, folder = spoken
    gone = narration.sections[1]
    found = listen(*_muted(narration, folder, tmp_path, gone.start, gone.end), hear)
    (problem,) = found.problems
    assert problem.startswith("At ")
    assert "keep the rest of the week free" in problem
    assert 0.2 < found.errors < 0.5


def test_silence_instead_of_words(
    spoken: Spoken, hear: TranscriptionRouter, tmp_path: Path
) -> None:
    narration, folder = spoken
    found = listen(*_muted(narration, folder, tmp_path, 0.0, narration.duration), hear)
    assert found.problems == ("No words are heard in it.",)
    assert found.errors == 1.0


def test_another_language_than_the_script_has(
    espeak: Espeak, takes: FolderCache, hear: TranscriptionRouter, tmp_path: Path
) -> None:
    german = usual_voice(espeak.voices(), "de")
    assert german is not None
    script = make_script(
        "Das Museum hat im Frühjahr einen neuen Flügel eröffnet, und viele Besucher kamen.",
        "Auf dem Dach liefern Solarzellen jetzt ein Drittel des Stroms.",
        language="de",
    )
    narration = narrate(script, tmp_path, speakers=[Speaker(espeak, german)], takes=takes)
    right = listen(narration, tmp_path, hear)
    assert right.problems == ()
    words = iter("The museum opened a new wing and many people came to see it".split())  # noqa: SIM905
    sections = tuple(
        section.model_copy(
            update={
                "words": tuple(
                    word.model_copy(update={"text": next(words, "there")}) for word in section.words
                )
            }
        )
        for section in narration.sections
    )
    english = narration.model_copy(update={"language": "en", "sections": sections})
    (problem,) = listen(english, tmp_path, hear).problems
    assert problem.startswith("Other words are heard than the script has: ")


def test_nothing_is_heard_unless_it_was_asked_for(
    spoken: Spoken, hear: TranscriptionRouter
) -> None:
    off, on = _settings(), _settings(hear_narrations=True)
    assert listened(off, *spoken, hear) == ({}, ())
    nobody = listened(on, *spoken, None)
    assert nobody.notes == ("It was not listened to: no provider of transcripts is set up.",)
    found = listened(on, *spoken, hear)
    assert found.facts["heard_by"] == "faster_whisper (whisper-base)"
    assert unlike_script(None, _record(found.facts)) == []  # type: ignore[arg-type]
    told = {"heard_problems": ["No words are heard in it."]}
    assert unlike_script(None, _record(told)) == ["No words are heard in it."]  # type: ignore[arg-type]
    assert unlike_script(None, _record({})) == []  # type: ignore[arg-type]


def test_who_cannot_hear_costs_no_narration(spoken: Spoken, tmp_path: Path) -> None:
    nobody = TranscriptionRouter([], Breaker(tmp_path / "h"), Pool(tmp_path / "p"))
    told = listened(_settings(hear_narrations=True), *spoken, nobody)
    assert told.facts == {}
    assert "No provider of transcripts gave one" in told.notes[0]


def _settings(**given: Any) -> Settings:
    return Settings(_env_file=None, **given)  # type: ignore[call-arg]


def _record(facts: dict[str, Any]) -> Any:
    return SimpleNamespace(facts=facts)


def _muted(narration: Narration, folder: Path, out: Path, start: float, end: float) -> Spoken:
    """The same narration with silence from `start` to `end` seconds."""
    target = out / narration.audio
    shutil.copyfile(folder / narration.audio, target)
    with wave.open(str(target), "rb") as wav:
        shape, rate = wav.getparams(), wav.getframerate()
        samples = np.frombuffer(wav.readframes(wav.getnframes()), "<i2").copy()
    samples[int(start * rate) : int(end * rate)] = 0
    with wave.open(str(target), "wb") as wav:
        wav.setparams(shape)
        wav.writeframes(samples.tobytes())
    return narration, out
