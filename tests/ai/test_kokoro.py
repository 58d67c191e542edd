"""Kokoro, the real model, with one style of its voices; what it says is heard by Whisper."""

import shutil
import statistics
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from igny8_media.ai.espeak import Espeak
from igny8_media.ai.forced import align
from igny8_media.ai.heard import error_rate
from igny8_media.ai.kokoro import Kokoro
from igny8_media.ai.speech import SpeechError, Voice
from igny8_media.ai.whisper import Whisper
from igny8_media.errors import InputError
from tests.ai.kokoro_style import write_voices

TEXT = "Engineers tested the bridge for six weeks, before the first train was allowed to cross."


@pytest.fixture(scope="module")
def espeak() -> Iterator[Espeak]:
    with Espeak() as engine:
        yield engine


@pytest.fixture(scope="module")
def kokoro(espeak: Espeak, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kokoro]:
    folder = tmp_path_factory.mktemp("kokoro")
    voices = write_voices(folder / "voices.npz", "af_test", "bm_test", "if_test", "jf_test")
    with Kokoro(espeak, folder / "cache", voices) as engine:
        yield engine


@pytest.fixture
def voice(kokoro: Kokoro) -> Voice:
    return kokoro.voices()[0]


def test_what_it_says_is_understood_and_its_times_agree_with_an_alignment(
    kokoro: Kokoro, voice: Voice, espeak: Espeak, tmp_path: Path
) -> None:
    said = kokoro.speak(TEXT, voice, tmp_path / "said.wav")
    assert said.timing == "engine"
    assert [word.text for word in said.words] == TEXT.split()
    assert all(word.start <= word.end <= said.duration for word in said.words)
    whisper = Whisper(tmp_path / "models")
    heard = whisper.transcribe(said.audio, None, 60)
    whisper.close()
    assert heard.language == "en"
    assert error_rate(TEXT, heard.text) <= 0.05
    found = align(said.audio, TEXT, "en", espeak, tmp_path)
    assert not found.problem
    errors = [abs(a.start - b.start) for a, b in zip(found.words, said.words, strict=True)]
    assert statistics.median(errors) <= 0.06
    assert max(errors) <= 0.2


def test_it_speaks_as_fast_as_asked(kokoro: Kokoro, voice: Voice, tmp_path: Path) -> None:
    usual = kokoro.speak(TEXT, voice, tmp_path / "usual.wav").duration
    quick = kokoro.speak(TEXT, voice, tmp_path / "quick.wav", speed=1.25).duration
    assert 1.1 <= usual / quick <= 1.4


def test_voices_have_the_language_of_their_names(kokoro: Kokoro) -> None:
    # Japanese is not read by espeak-ng as Kokoro was taught it.
    told = [(voice.name, voice.language, voice.licence) for voice in kokoro.voices()]
    assert told == [
        ("af_test", "en", "Apache-2.0"),
        ("bm_test", "en", "Apache-2.0"),
        ("if_test", "it", "Apache-2.0"),
    ]


def test_a_british_and_an_italian_sentence(kokoro: Kokoro, tmp_path: Path) -> None:
    _, british, italian = kokoro.voices()
    for voice, text in ((british, "The garden is open."), (italian, "Il giardino è aperto.")):
        said = kokoro.speak(text, voice, tmp_path / "said.wav")
        assert said.timing == "engine"
        assert 0.8 <= said.duration <= 4.0


def test_a_folder_of_voices_serves_as_well(espeak: Espeak, kokoro: Kokoro, tmp_path: Path) -> None:
    folder = tmp_path / "voices"
    folder.mkdir()
    with np.load(write_voices(tmp_path / "all.npz", "af_one")) as archive:
        archive["af_one"].tofile(folder / "af_one.bin")
    (folder / "README.md").write_text("not a voice")
    # Its parts are joined when it first speaks.
    kokoro.speak("Good morning.", kokoro.voices()[0], tmp_path / "said.wav")
    shutil.copytree(kokoro._cache, tmp_path / "cache")
    with Kokoro(espeak, tmp_path / "cache", folder) as engine:
        (voice,) = engine.voices()
        assert engine.speak("Good morning.", voice, tmp_path / "said.wav").duration > 0.4
        assert engine.version != kokoro.version


def test_a_worker_that_dies_is_replaced(kokoro: Kokoro, voice: Voice, tmp_path: Path) -> None:
    kokoro.speak("Good morning.", voice, tmp_path / "said.wav")
    assert kokoro._worker._process is not None
    kokoro._worker._process.kill()
    with pytest.raises(SpeechError, match="stopped without an answer"):
        kokoro.speak("Good morning.", voice, tmp_path / "said.wav")
    assert kokoro.speak("Good morning.", voice, tmp_path / "said.wav").duration > 0.4


def test_what_it_cannot_speak_is_said(
    kokoro: Kokoro, voice: Voice, espeak: Espeak, tmp_path: Path
) -> None:
    out = tmp_path / "out.wav"
    with pytest.raises(InputError, match="nothing to say"):
        kokoro.speak("  ", voice, out)
    with pytest.raises(SpeechError, match="no voice called 'zf_none'"):
        kokoro.speak("Hello", Voice(name="zf_none", language="zh"), out)
    (tmp_path / "broken.bin").write_bytes(b"no voices")
    for place in (tmp_path / "broken.bin", tmp_path / "absent", tmp_path):
        with pytest.raises(InputError, match=r"IGNY8_KOKORO_VOICES.*kokoro-js"):
            Kokoro(espeak, tmp_path / "c", place).voices()
    voices = write_voices(tmp_path / "v.npz", "af_test")
    with pytest.raises(InputError, match="IGNY8_KOKORO_MODEL"):
        Kokoro(espeak, tmp_path / "c", voices, tmp_path / "none.onnx").speak("Hello", voice, out)
    (tmp_path / "bad.onnx").write_bytes(b"no model")
    with (
        Kokoro(espeak, tmp_path / "c", voices, tmp_path / "bad.onnx") as bad,
        pytest.raises(SpeechError, match="Kokoro failed"),
    ):
        bad.speak("Hello", voice, out)
