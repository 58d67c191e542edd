"""`igny8-media voices`, as a person types it."""

import json
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ai.servers import KEY, Reply
from tests.ai.speech_servers import VoiceServer, voice_server
from tests.command.conftest import Run


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[VoiceServer]:
    monkeypatch.chdir(tmp_path)
    with voice_server() as state:
        monkeypatch.setenv("IGNY8_ELEVENLABS_KEY", KEY)
        monkeypatch.setenv("IGNY8_ELEVENLABS_URL", state.url)
        yield state


def test_voices_are_listed_by_who_has_them(run: Run, server: VoiceServer) -> None:
    answer = run("voices", "list", "--language", "de")
    assert answer.status == 0
    assert "elevenlabs:Anna" in answer.out
    assert "espeak:de" in answer.out
    assert "joe" not in answer.out
    found = json.loads(run("voices", "list", "--provider", "elevenlabs", "--json").out)
    assert [voice["name"] for voice in found["voices"]] == ["Rachel", "Anna"]
    assert found["voices"][1] == {
        "provider": "elevenlabs",
        "name": "Anna",
        "id": "id-anna",
        "languages": ["de", "en", "ja"],
        "licence": "",
    }
    assert not server.said


def test_who_cannot_be_asked_is_named_and_the_others_are_listed(
    run: Run, server: VoiceServer
) -> None:
    server.trouble = Reply({"detail": {"status": "invalid_api_key", "message": KEY}}, 401)
    answer = run("voices", "list", "--language", "en")
    assert answer.status == 0
    assert "piper:en_US-joe-medium" in answer.out
    assert "elevenlabs does not take the key (401)" in answer.err
    assert KEY not in answer.out + answer.err
    assert run("voices", "list", "--provider", "elevenlabs").status == 1
    refused = run("voices", "list", "--provider", "openai")
    assert refused.status == 2
    assert "openai is not set up" in refused.err


def test_a_sample_is_heard_and_paid_for_once(run: Run, server: VoiceServer) -> None:
    first = json.loads(run("voices", "sample", "--voice", "elevenlabs:anna", "--json").out)
    with wave.open(first["path"]) as sound:
        assert sound.getframerate() == 48_000
        assert sound.getnframes() / 48_000 == pytest.approx(first["duration"], abs=0.01)
    assert Path(first["path"]).name == "voice-elevenlabs-Anna.wav"
    assert first["loudness"] == pytest.approx(-14, abs=1)
    assert (first["voice"], first["timing"]) == ("Anna", "engine")
    assert first["characters_sent"] == first["characters"] > 50
    again = run("voices", "sample", "--voice", "elevenlabs:anna")
    assert "by elevenlabs:Anna with eleven_multilingual_v2, at no cost" in again.out


def test_what_it_cost_is_told_where_it_is_known(
    run: Run, server: VoiceServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IGNY8_OPENAI_KEY", KEY)
    monkeypatch.setenv("IGNY8_OPENAI_URL", f"{server.url}/v1")
    answer = run("voices", "sample", "Hello there.", "--voice", "openai:nova", "--out", "a.mp3")
    assert "a.mp3: " in answer.out
    assert "$0.0002 for 12 characters" in answer.out
    assert Path("a.mp3").read_bytes()[:3] in (b"ID3", b"\xff\xfb\x90")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--language", "tlh"), "no sentence of ours in 'tlh'"),
        (("x" * 1001,), "1,000 characters at most"),
        (("--out", "a.ogg"), "neither"),
        (("--voice", "piper"), "no voice of a provider"),
        (("--voice", "openai:alloy"), "openai is not set up"),
        (("--voice", "elevenlabs:Rachle"), "it has Rachel"),
    ],
)
def test_what_cannot_be_heard_is_a_sentence(
    arguments: tuple[str, ...], said: str, run: Run, server: VoiceServer
) -> None:
    answer = run("voices", "sample", *arguments)
    assert answer.status == 2
    assert said in answer.err
    assert not server.said
