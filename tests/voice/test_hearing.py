"""Sentences whose words nobody could place, heard by a real Whisper."""

import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest
from voice_scripts import make_script

from igny8_media.ai.espeak import Espeak
from igny8_media.ai.forced import Alignment
from igny8_media.ai.health import Breaker
from igny8_media.ai.pool import Pool
from igny8_media.ai.speech import Utterance, Voice
from igny8_media.ai.text import Fault, TextError
from igny8_media.ai.transcription import Transcript
from igny8_media.ai.transcription_router import TranscriptionRouter
from igny8_media.ai.voices import Speaker
from igny8_media.ai.whisper import Whisper
from igny8_media.narration import takes as takes_module
from igny8_media.narration.hearing import checks, open_hearing
from igny8_media.narration.reading import read_aloud
from igny8_media.settings import Settings
from igny8_media.storage.cache import FolderCache

TEXTS = ("Engineers tested the bridge for six weeks.", "The river rose quickly during the night.")


class Mute:
    """Espeak that tells no times."""

    name, version = "mute", "1"

    def __init__(self, espeak: Espeak) -> None:
        self.espeak = espeak
        self.spoken: list[Utterance] = []

    def voices(self) -> tuple[Voice, ...]:
        return self.espeak.voices()

    def speak(self, text: str, voice: Voice, out: Path, *, speed: float = 1.0) -> Utterance:
        said = self.espeak.speak(text, voice, out, speed=speed)
        self.spoken.append(said)
        words = tuple(word.model_copy(update={"start": 0.0, "end": 0.1}) for word in said.words)
        return said.model_copy(update={"timing": "estimate", "words": words})


class Counting:
    """A transcriber that counts, around another one."""

    name = "counting"

    def __init__(self, whisper: Whisper) -> None:
        self.whisper, self.asked = whisper, 0
        self.model = whisper.model
        self.error: TextError | None = None
        self.deaf = False

    def transcribe(self, audio: Path, language: str | None, timeout: float) -> Transcript:
        self.asked += 1
        if self.error:
            raise self.error
        heard = self.whisper.transcribe(audio, language, timeout)
        return heard.model_copy(update={"words": heard.words[:1]}) if self.deaf else heard

    def models(self, timeout: float) -> tuple[str, ...]:
        return self.whisper.models(timeout)


@pytest.fixture(scope="module")
def whisper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whisper]:
    own = Whisper(tmp_path_factory.mktemp("models"))
    yield own
    own.close()


@pytest.fixture
def listener(whisper: Whisper) -> Counting:
    return Counting(whisper)


@pytest.fixture
def hear(listener: Counting, tmp_path: Path) -> TranscriptionRouter:
    return TranscriptionRouter([listener], Breaker(tmp_path / "h"), Pool(tmp_path / "p"))


@pytest.fixture
def mute(espeak: Espeak, robot: Speaker, monkeypatch: pytest.MonkeyPatch) -> Speaker:
    """A voice of whose words neither it nor the comparison knows when they are said."""
    found = Alignment((), "the sound is unlike the text")
    monkeypatch.setattr(takes_module, "align", lambda *_: found)
    return Speaker(Mute(espeak), robot.voice)


def test_words_that_nobody_placed_are_heard_once(
    mute: Speaker, takes: FolderCache, hear: TranscriptionRouter, listener: Counting
) -> None:
    script = make_script(*TEXTS)
    reading = read_aloud(script, [mute], takes, hear=hear)
    assert reading.timing == "transcription"
    assert reading.notes == (
        "The word times of 2 of 2 sentences were heard by counting (whisper-base).",
    )
    errors = []
    assert isinstance(mute.engine, Mute)
    for said, spoken in zip(
        [said for section in reading.sections for said in section], mute.engine.spoken, strict=True
    ):
        pairs = zip(said.take.words, spoken.words, strict=True)
        errors += [abs(ours.start - own.start) for ours, own in pairs]
    assert statistics.median(errors) <= 0.1
    asked = listener.asked
    again = read_aloud(script, [mute], takes, hear=hear)
    assert listener.asked == asked  # kept with the take
    assert again.sections == reading.sections


def test_without_ears_they_stay_estimates_and_are_heard_later(
    mute: Speaker, takes: FolderCache, hear: TranscriptionRouter
) -> None:
    script = make_script(*TEXTS)
    assert read_aloud(script, [mute], takes).timing == "estimate"
    assert isinstance(mute.engine, Mute)
    spoken = len(mute.engine.spoken)
    assert read_aloud(script, [mute], takes, hear=hear).timing == "transcription"
    assert len(mute.engine.spoken) == spoken  # nothing was spoken again


def test_ears_that_fail_cost_no_narration(
    mute: Speaker, takes: FolderCache, hear: TranscriptionRouter, listener: Counting
) -> None:
    listener.error = TextError("counting has no credit left.", Fault.QUOTA)
    reading = read_aloud(make_script(*TEXTS), [mute], takes, hear=hear)
    assert reading.timing == "estimate"
    assert "the sound is unlike the text; No provider of transcripts gave one" in reading.notes[0]


def test_other_words_than_the_text_are_no_times(
    mute: Speaker, takes: FolderCache, hear: TranscriptionRouter, listener: Counting
) -> None:
    listener.deaf = True
    reading = read_aloud(make_script(*TEXTS), [mute], takes, hear=hear)
    assert reading.timing == "estimate"
    assert "other words are heard than the text has" in reading.notes[0]


def test_nobody_is_asked_where_words_are_known(
    robot: Speaker, takes: FolderCache, hear: TranscriptionRouter, listener: Counting
) -> None:
    assert read_aloud(make_script(*TEXTS), [robot], takes, hear=hear).timing == "engine"
    assert listener.asked == 0


def test_the_settings_say_who_hears(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("WHISPER_URL", "IGNY8_OPENAI_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("IGNY8_HOME", str(tmp_path))
    with open_hearing(_settings(transcription_providers="openai")) as nobody:
        assert nobody is None
    with open_hearing(_settings()) as here:
        assert here is not None
        assert [one.name for one in here.providers] == ["faster_whisper"]
    monkeypatch.setenv("WHISPER_URL", "http://127.0.0.1:9/")
    monkeypatch.setenv("GPU_SERVER_AUTH_TOKEN", "token-of-the-server")
    both = _settings(openai_key="sk-of-openai")
    with open_hearing(both) as all_three:
        assert all_three is not None
        names = [(one.name, one.model) for one in all_three.providers]
    assert [name for name, _ in names] == ["whisper_server", "openai", "faster_whisper"]
    assert all(model for _, model in names)
    assert "sk-of-openai" not in repr(all_three.providers)
    assert "token-of-the-server" not in repr(all_three.providers)


def test_checks_tell_of_every_provider(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from igny8_media.ai.models import load_models

    monkeypatch.setenv("IGNY8_HOME", str(tmp_path))
    monkeypatch.setenv("WHISPER_URL", "http://127.0.0.1:9")
    found = [check() for check in checks(_settings(), load_models())]
    assert [one.provider for one in found] == ["whisper_server", "openai", "faster_whisper"]
    server, openai, here = found
    assert (server.configured, server.healthy) == (True, False)
    assert "cannot be reached" in server.problem
    assert (openai.configured, openai.healthy) == (False, None)
    assert openai.problem == "Set IGNY8_OPENAI_KEY."
    assert (here.healthy, here.model, here.cost_of_article) == (True, "whisper-base", 0)


def _settings(**given: object) -> Settings:
    return Settings(_env_file=None, **given)  # type: ignore[call-arg, arg-type]
