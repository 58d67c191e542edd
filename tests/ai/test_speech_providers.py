"""Clients of speech: what they send is what the vendors take, what they read is meant so."""

import io
import json
import struct
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from scipy.io import wavfile

from igny8_media.ai.characters import words_of_characters
from igny8_media.ai.coqui_speech import CoquiSpeech, XttsSpeech
from igny8_media.ai.elevenlabs_speech import ElevenLabsSpeech
from igny8_media.ai.espeak import Espeak
from igny8_media.ai.openai_speech import OpenAIShapedSpeech, OpenAISpeech
from igny8_media.ai.piper import Piper
from igny8_media.ai.speech import SpeechError, Voice
from igny8_media.ai.text import Fault
from igny8_media.ai.wav import read_wav
from igny8_media.errors import InputError
from tests.ai.servers import KEY, Reply, closed_port
from tests.ai.speech_servers import (
    MODEL,
    RATE,
    VoiceServer,
    evenly,
    silence,
    tone,
    voice_server,
    wav,
)

SPECS = Path(__file__).parents[3] / "shared" / "specs"
needs_specs = pytest.mark.skipif(not SPECS.is_dir(), reason="the specs are not beside the project")

TEXT = "The café's 24 crêpes — “naïve” or not — cost 5,000 ₩."
ANNA = Voice(name="Anna", id="id-anna", language="de")
OPENED: list[Any] = []
SECONDS = 20.0


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    while OPENED:
        OPENED.pop().close()


@pytest.fixture
def server() -> Iterator[VoiceServer]:
    with voice_server() as state:
        yield state


def opened(engine: Any) -> Any:
    OPENED.append(engine)
    return engine


def openai_at(url: str, seconds: float = SECONDS) -> Any:
    return opened(OpenAISpeech(f"{url}/v1", KEY, "tts-1", seconds=seconds))


def eleven_at(url: str, seconds: float = SECONDS) -> Any:
    return opened(ElevenLabsSpeech(url, KEY, MODEL, 10_000, seconds=seconds))


def coqui_at(url: str, seconds: float = SECONDS) -> Any:
    return opened(CoquiSpeech(url, KEY, "coqui-xtts-v2", seconds=seconds))


def xtts_at(url: str, seconds: float = SECONDS) -> Any:
    return opened(XttsSpeech(url, KEY, "coqui-xtts-v2", seconds=seconds))


def shaped_at(url: str, seconds: float = SECONDS) -> Any:
    return opened(OpenAIShapedSpeech(f"{url}/v1/", KEY, "kokoro", seconds=seconds))


EVERY = pytest.mark.parametrize("connect", [openai_at, eleven_at, coqui_at, xtts_at, shaped_at])


def german(engine: Any) -> Voice:
    listed = [voice.speaking("de") for voice in engine.voices() if voice.speaks("de")]
    return listed[0] if listed else Voice(name="somebody", language="de")


@EVERY
def test_it_speaks_and_the_words_are_those_of_the_text(
    connect: Any, server: VoiceServer, tmp_path: Path
) -> None:
    engine = connect(server.url)
    said = engine.speak(TEXT, german(engine), tmp_path / "said.wav")
    samples, rate = read_wav(said.audio, "it")
    assert (rate, len(samples) / rate) == (said.sample_rate, said.duration)
    assert [word.text for word in said.words] == TEXT.split()
    times = [moment for word in said.words for moment in (word.start, word.end)]
    assert times == sorted(times)
    assert 0 <= times[0] <= times[-1] <= said.duration
    assert said.timing == ("engine" if connect is eleven_at else "estimate")


@needs_specs
@pytest.mark.parametrize("speed", [1.0, 1.1, 0.1, 9.0])
def test_openai_takes_what_is_sent(speed: float, server: VoiceServer, tmp_path: Path) -> None:
    engine = openai_at(server.url)
    engine.speak(TEXT, engine.voices()[0].speaking("en"), tmp_path / "said.wav", speed=speed)
    document = json.loads((SPECS / "openai" / "openapi.json").read_bytes())
    (asked,) = server.said
    _holds(document, "CreateSpeechRequest", asked.body)
    assert asked.path == "/v1/audio/speech"
    assert asked.body["response_format"] == "wav"
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    shared = document["components"]["schemas"]["CreateSpeechRequest"]["properties"]["voice"]
    assert all(f"`{voice.name}`" in shared["description"] for voice in engine.voices())


@needs_specs
@pytest.mark.parametrize("speed", [1.0, 1.1, 2.0])
def test_elevenlabs_takes_what_is_sent(speed: float, server: VoiceServer, tmp_path: Path) -> None:
    engine = eleven_at(server.url)
    said = engine.speak(TEXT, ANNA, tmp_path / "said.wav", speed=speed)
    document = json.loads((SPECS / "elevenlabs" / "openapi.json").read_bytes())
    (asked,) = server.said
    told = document["paths"]["/v1/text-to-speech/{voice_id}/with-timestamps"]["post"]
    schema = told["requestBody"]["content"]["application/json"]["schema"]["$ref"].split("/")[-1]
    _holds(document, schema, asked.body)
    known = document["components"]["schemas"][schema]["properties"]
    assert set(asked.body) <= set(known)
    formats = next(one for one in told["parameters"] if one["name"] == "output_format")
    assert asked.query["output_format"] in formats["schema"]["enum"]
    assert asked.path == "/v1/text-to-speech/id-anna/with-timestamps"
    assert asked.headers["xi-api-key"] == KEY
    answer = "AudioWithTimestampsResponseModel"
    _holds(document, answer, server.timed(TEXT))
    if speed == 2.0:  # beyond what they take, sound and times are stretched together
        assert asked.body["voice_settings"] == {"speed": 1.2}
        assert said.duration == pytest.approx(len(tone(TEXT)) / 2 / RATE * 1.2 / 2, rel=0.02)
        assert said.words[1].start == pytest.approx(0.05 * TEXT.index("café") * 1.2 / 2, abs=1e-6)


@needs_specs
def test_speaches_takes_what_is_sent(server: VoiceServer, tmp_path: Path) -> None:
    engine = shaped_at(server.url)
    engine.speak(TEXT, Voice(name="af_heart", language="en"), tmp_path / "a.wav", speed=1.2)
    document = json.loads((SPECS / "selfhosted" / "speaches-openapi.json").read_bytes())
    _holds(document, "CreateSpeechRequestBody", server.said[0].body)


def _holds(document: Any, schema: str, body: Any) -> None:
    components = document["components"]
    shape = {**components["schemas"][schema], "components": components}
    assert not list(Draft202012Validator(shape).iter_errors(body))


def test_a_text_over_the_limit_is_not_sent(server: VoiceServer, tmp_path: Path) -> None:
    for engine, most in ((openai_at(server.url), 4096), (eleven_at(server.url), 10_000)):
        with pytest.raises(SpeechError, match=f"takes {most:,} characters") as told:
            engine.speak("a" * (most + 1), ANNA, tmp_path / "x.wav")
        assert told.value.fault is Fault.REFUSED
        with pytest.raises(InputError, match="nothing to say"):
            engine.speak(" ", ANNA, tmp_path / "x.wav")
    assert not server.said


IN_DETAIL = [
    (Reply({"detail": {"status": "invalid_api_key", "message": f"Bad key {KEY}"}}, 401), "AUTH"),
    (Reply({"detail": {"status": "quota_exceeded", "message": "5 left"}}, 401), "QUOTA"),
    (Reply({"detail": {"status": "too_many_concurrent_requests"}}, 429), "OVERLOADED"),
    (Reply({"detail": {"status": "voice_not_found", "message": "No such."}}, 400), "REFUSED"),
    (Reply({"detail": [{"loc": ["body"], "msg": "too long"}]}, 422), "REFUSED"),
    (Reply({"detail": "Error: CUDA out of memory"}, 500), "UNAVAILABLE"),
]
COMMON = [
    (Reply({"error": {"code": "insufficient_quota", "message": "Pay."}}, 429), "QUOTA"),
    (Reply(b"<html>Bad gateway</html>", 502), "UNAVAILABLE"),
    (Reply(b"", 302, headers={"location": "http://127.0.0.1:1/"}), "UNAVAILABLE"),
]


# OpenAI says it in `error`, the others in `detail`.
OTHERS = (eleven_at, coqui_at, xtts_at, shaped_at)


@pytest.mark.parametrize(
    ("connect", "reply", "fault"),
    [
        *((connect, *one) for connect in (openai_at, *OTHERS) for one in COMMON),
        *((connect, *one) for connect in OTHERS for one in IN_DETAIL),
    ],
)
def test_what_went_wrong_is_told_by_what_helps(
    connect: Any, reply: Reply, fault: str, server: VoiceServer, tmp_path: Path
) -> None:
    engine = connect(server.url)
    voice = german(engine)
    server.replies = [reply]
    with pytest.raises(SpeechError) as told:
        engine.speak(TEXT, voice, tmp_path / "said.wav")
    assert told.value.fault is Fault[fault]
    assert KEY not in str(told.value) + repr(told.value) + repr(engine)


@EVERY
def test_who_is_down_slow_or_endless_is_left(
    connect: Any, server: VoiceServer, tmp_path: Path
) -> None:
    with pytest.raises(SpeechError, match="cannot be reached") as told:
        connect(closed_port()).voices()
    assert told.value.fault is Fault.UNAVAILABLE
    voice = german(connect(server.url))
    engine = connect(server.url, 0.5)
    for slow in (Reply(b"", wait=60), Reply(b"R" * 5000, drip=0.02)):
        server.replies = [slow]
        began = time.monotonic()
        with pytest.raises(SpeechError, match=r"did not answer within 0\.5 seconds") as told:
            engine.speak(TEXT, voice, tmp_path / "said.wav")
        assert told.value.fault is Fault.UNAVAILABLE
        assert time.monotonic() - began < 30
    server.replies = [Reply(b"RIFF" + bytes(65_000_000))]
    with pytest.raises(SpeechError, match="more than 64 MB for one sentence"):
        connect(server.url).speak(TEXT, voice, tmp_path / "said.wav")


@pytest.mark.parametrize("connect", [openai_at, coqui_at, xtts_at, shaped_at])
@pytest.mark.parametrize(
    ("sound", "said"),
    [
        (b"<html>Welcome</html>", "not a WAV file"),
        (b"", "not a WAV file"),
        (tone(TEXT)[:-20_000], "broke off"),
        (tone(TEXT)[:30], "cannot be read|broke off"),
        (silence(TEXT), "silence"),
        (wav(np.zeros(0)), "silence"),
        (wav(np.full(9000, 9000), rate=900), "900 Hz"),
    ],
)
def test_what_is_no_speech_is_refused(
    connect: Any, sound: bytes, said: str, server: VoiceServer, tmp_path: Path
) -> None:
    engine = connect(server.url)
    voice = german(engine)
    server.replies = [Reply(sound)]
    with pytest.raises(SpeechError, match=said) as told:
        engine.speak(TEXT, voice, tmp_path / "said.wav")
    assert told.value.fault is Fault.MALFORMED


def test_an_answer_that_ends_early_is_no_answer(server: VoiceServer, tmp_path: Path) -> None:
    engine = coqui_at(server.url)
    voice = german(engine)
    server.replies = [Reply(tone(TEXT)[:9000], headers={"content-length": "90000"})]
    with pytest.raises(SpeechError, match="cannot be reached"):
        engine.speak(TEXT, voice, tmp_path / "said.wav")


def test_a_length_that_was_not_known_is_no_fault(server: VoiceServer, tmp_path: Path) -> None:
    """OpenAI streams its WAV and fills in 0xFFFFFFFF."""
    sound = bytearray(tone(TEXT))
    sound[40:44] = struct.pack("<I", 0xFFFFFFFF)
    server.replies = [Reply(bytes(sound))]
    engine = openai_at(server.url)
    said = engine.speak(TEXT, engine.voices()[0], tmp_path / "said.wav")
    assert said.duration == pytest.approx(0.06 * len(TEXT), abs=0.01)


@pytest.mark.parametrize("kind", ["float", "stereo", "24 bit"])
def test_sound_of_any_layout_becomes_mono_16_bit(
    kind: str, server: VoiceServer, tmp_path: Path
) -> None:
    samples = np.sin(np.arange(RATE) / 20).astype(np.float32) / 2
    out = io.BytesIO()
    if kind == "24 bit":
        packed = (samples * 2**31).astype("<i4").tobytes()
        three = b"".join(packed[at + 1 : at + 4] for at in range(0, len(packed), 4))
        form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, RATE, RATE * 3, 3, 24)
        body = b"WAVE" + form + b"data" + struct.pack("<I", len(three)) + three
        out.write(b"RIFF" + struct.pack("<I", len(body)) + body)
    else:
        wavfile.write(out, RATE, samples if kind == "float" else np.stack([samples] * 2, axis=1))
    server.replies = [Reply(out.getvalue())]
    engine = xtts_at(server.url)
    said = engine.speak("Hello there.", german(engine), tmp_path / "said.wav")
    kept, rate = read_wav(said.audio, "it")
    assert (len(kept), rate) == (RATE, RATE)
    assert np.abs(kept / 32768 - samples).max() < 0.01


def test_coqui_is_asked_by_form_in_its_own_codes(server: VoiceServer, tmp_path: Path) -> None:
    engine = coqui_at(server.url)
    assert [voice.name for voice in engine.voices()] == ["Claribel Dervla", "Ana Florence"]
    engine.speak("你好，世界。", engine.voices()[0].speaking("zh"), tmp_path / "a.wav")
    (asked,) = server.said
    assert asked.body == {
        "text": "你好，世界。",
        "language_id": "zh-cn",
        "speaker_id": "Claribel Dervla",
    }
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    engine.speak("Hi.", Voice(name="/voices/me.wav", language="en"), tmp_path / "a.wav")
    assert server.said[1].body["speaker_wav"] == "/voices/me.wav"
    with pytest.raises(SpeechError, match="no voice called 'Anna'"):
        engine.speak("Hi.", Voice(name="Anna", language="en"), tmp_path / "a.wav")
    server.listing = b"bark multilingual u\n"
    assert coqui_at(server.url).voices()[0].speaks("ja")
    server.listing = b"tacotron2-DDC en u\n"
    assert coqui_at(server.url).voices() == (Voice(name="tacotron2-DDC", language="en"),)
    server.listing = b"<!doctype html>\n<html lang=en>\n"
    with pytest.raises(SpeechError, match="check TTS_URL"):
        coqui_at(server.url).voices()


def test_xtts_is_not_asked_what_it_cannot_say(server: VoiceServer, tmp_path: Path) -> None:
    engine = xtts_at(server.url)
    narrator = engine.voices()[0]
    assert narrator.speaks("zh")
    engine.speak("Read /etc/notes.txt", narrator.speaking("zh"), tmp_path / "a.wav", speed=1.25)
    assert server.said[0].body == {
        "text": "Read /etc/notes.txt ",  # as a path of theirs it would be read out
        "speaker_wav": "narrator",
        "language": "zh-cn",
    }
    with pytest.raises(SpeechError, match="does not speak the language 'sv'"):
        engine.speak("Hej.", narrator.speaking("sv"), tmp_path / "a.wav")
    with pytest.raises(SpeechError, match="no voice called 'x'"):
        engine.speak("Hi.", Voice(name="x", language="en"), tmp_path / "a.wav")
    assert len(server.said) == 1
    server.replies = [Reply({"detail": "Error: CUDA out of memory"}, 500)]
    with pytest.raises(SpeechError, match="CUDA out of memory"):
        engine.speak("Hi.", narrator.speaking("en"), tmp_path / "a.wav")


def test_voices_are_listed_as_each_server_lists_them(server: VoiceServer) -> None:
    def listed(listing: Any) -> tuple[Voice, ...]:
        server.listing = listing
        return tuple(shaped_at(server.url).voices())

    assert listed(Reply(b"", 404)) == ()
    assert [voice.name for voice in listed({"voices": ["af_heart", "bf_emma"]})] == [
        "af_heart",
        "bf_emma",
    ]
    nested = {"voices": [{"name": "af_heart", "language": "en-us"}], "id": "kokoro"}
    (heart,) = listed({"object": "list", "data": [nested, {**nested, "id": "another"}]})
    assert (heart.name, heart.languages) == ("af_heart", ("en",))
    with pytest.raises(SpeechError, match="not an answer of its API"):
        listed(b"<html></html>")


def test_an_unknown_model_is_told_with_those_there_are(server: VoiceServer) -> None:
    engine = opened(ElevenLabsSpeech(server.url, KEY, "eleven_v9", None, seconds=SECONDS))
    with pytest.raises(SpeechError, match=f"no model called 'eleven_v9'.*{MODEL}") as told:
        engine.voices()
    assert told.value.fault is Fault.REFUSED
    assert "listener" not in str(told.value)


def test_pipers_server_gets_the_token_and_is_known_by_its_answers(
    server: VoiceServer, tmp_path: Path
) -> None:
    server.listing = {"de_DE-thorsten-high": {"espeak": {"voice": "de"}}}
    info = {"last": None}
    with Espeak() as espeak, Piper(espeak, server.url, token=KEY, seconds=2) as engine:
        (voice,) = engine.voices()
        server.trouble = None
        server.replies = [Reply(tone("Guten Tag."))]
        _with(server, "/info", info)
        said = engine.speak("Guten Tag.", voice, tmp_path / "a.wav")
        assert said.timing == "estimate"
        assert all(one.headers["authorization"] == f"Bearer {KEY}" for one in server.asked)
        server.replies = [Reply(b"<html>It works!</html>")]
        with pytest.raises(SpeechError, match="not a WAV file"):
            engine.speak("Guten Tag.", voice, tmp_path / "a.wav")
    for listing in ({"error": "no"}, b"<html>", []):
        server.listing = listing
        address = server.url.replace("//", "//me:secret@")
        with Piper(espeak, address) as engine, pytest.raises(SpeechError) as told:
            engine.voices()
        assert "not of Piper's server" in str(told.value)
        assert "secret" not in str(told.value)


def _with(server: VoiceServer, path: str, body: Any) -> None:
    usual = server._listed
    server._listed = lambda asked: Reply(body) if asked.path == path else usual(asked)  # type: ignore[method-assign]


def test_times_of_another_text_are_not_believed(server: VoiceServer, tmp_path: Path) -> None:
    engine = eleven_at(server.url)
    for times in (
        evenly("Something else."),
        [(one, 2.0 - start, 2.0 - end) for one, start, end in evenly(TEXT)],
        [(one, float("nan"), end) for one, _, end in evenly(TEXT)],
        None,
    ):
        server.time = lambda _, times=times: times  # type: ignore[misc]
        said = engine.speak(TEXT, ANNA, tmp_path / "said.wav")
        assert said.timing == "estimate"
        assert [word.text for word in said.words] == TEXT.split()


PIECES = st.sampled_from(
    ["a", "é", "e\u0301", "ñ", "x\u0323\u0307", "7", "…", "“", "ß", "한", "नि"]
)
WORD = st.lists(PIECES, min_size=1, max_size=6).map("".join)


@given(st.lists(WORD, min_size=1, max_size=8), st.booleans(), st.floats(0.5, 2.0))
def test_characters_become_words_however_they_are_cut(
    words: list[str], composed: bool, tempo: float
) -> None:
    text = " ".join(words)
    spelt = unicodedata.normalize("NFC" if composed else "NFD", text.replace(" ", "\n "))
    found = words_of_characters(text, evenly(spelt), tempo, 100.0)
    assert found is not None
    assert [word.text for word in found] == text.split()
    times = [moment for word in found for moment in (word.start, word.end)]
    assert times == sorted(times)
    at = 0
    for word, shown in zip(spelt.split(), found, strict=True):
        at = spelt.index(word, at)
        assert shown.start == pytest.approx(0.05 * at / tempo)
        at += len(word)
        assert shown.end == pytest.approx(0.05 * at / tempo)


def test_two_clients_are_two_versions(server: VoiceServer) -> None:
    """What is kept of one must not be taken for the other's."""
    one, other = eleven_at(server.url), eleven_at(server.url)
    assert one.version == other.version
    assert opened(ElevenLabsSpeech(server.url, KEY, "m", 1, seconds=1)).version != one.version
