"""Words heard by a real Whisper, here and behind OpenAI's API, judged by Piper's own times."""

import io
import json
import random
import socket
import statistics
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from jsonschema import Draft202012Validator

from igny8_media.ai.espeak import Espeak
from igny8_media.ai.health import Breaker
from igny8_media.ai.heard import error_rate, find_words, letters, matched
from igny8_media.ai.openai_transcription import OpenAITranscription
from igny8_media.ai.piper import Piper
from igny8_media.ai.pool import Pool
from igny8_media.ai.speech import Utterance, Word
from igny8_media.ai.text import Fault, TextError
from igny8_media.ai.transcription import Transcript
from igny8_media.ai.transcription_router import NobodyHeardError, TranscriptionRouter
from igny8_media.ai.whisper import Whisper, threads
from igny8_media.errors import InputError, OutsideError
from tests.ai.whisper_server import Sent, WhisperServer, whisper_server

SPECS = Path(__file__).parents[3] / "shared" / "specs"
KEY = "sk-test-563492ad6f91700001"
TEXTS = (
    "The museum opened a new wing in spring, and visitors came from all over the country.",
    "Engineers tested the bridge for six weeks before the first train was allowed to cross.",
    "It is not the size of the garden that matters, but how often somebody looks after it.",
    "The river rose quickly during the night, yet nobody in the village was hurt.",
    "Cheap sensors make it possible to measure the quality of air in every street.",
)


@pytest.fixture(scope="module")
def whisper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whisper]:
    own = Whisper(tmp_path_factory.mktemp("models"))
    yield own
    own.close()


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, Utterance]]:
    """Sentences by Piper, with its own times."""
    folder = tmp_path_factory.mktemp("spoken")
    with Espeak() as espeak, Piper(espeak) as piper:
        voice = next(voice for voice in piper.voices() if voice.language == "en")
        return [
            (text, piper.speak(text, voice, folder / f"{number}.wav"))
            for number, text in enumerate(TEXTS)
        ]


@pytest.fixture
def server() -> Iterator[WhisperServer]:
    with whisper_server() as state:
        yield state


@pytest.fixture
def client(server: WhisperServer) -> Iterator[OpenAITranscription]:
    own = OpenAITranscription("whisper_server", server.url, None, server.served[0], own_server=True)
    yield own
    own.close()


def test_whisper_gives_words_with_times_that_agree_with_the_voice(
    whisper: Whisper, spoken: list[tuple[str, Utterance]]
) -> None:
    errors = []
    for text, utterance in spoken:
        heard = whisper.transcribe(utterance.audio, "en", 60)
        assert heard.duration == pytest.approx(utterance.duration, abs=0.01)
        found = find_words(utterance.audio, text, heard.words)
        assert not found.problem
        assert [word.text for word in found.words] == text.split()
        pairs = zip(found.words, utterance.words, strict=True)
        errors += [abs(ours.start - piper.start) for ours, piper in pairs]
        assert all(word.start <= word.end <= utterance.duration for word in found.words)
        starts = [word.start for word in found.words]
        assert starts == sorted(starts)
    errors.sort()
    assert statistics.median(errors) <= 0.06
    assert errors[int(0.95 * len(errors))] <= 0.15


def test_whisper_finds_the_language_out(
    whisper: Whisper, spoken: list[tuple[str, Utterance]]
) -> None:
    heard = whisper.transcribe(spoken[0][1].audio, None, 60)
    assert heard.language == "en"
    assert heard.model == "whisper-base"
    assert error_rate(TEXTS[0], heard.text) < 0.1


def test_whisper_never_asks_anybody(
    spoken: list[tuple[str, Utterance]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("it asked the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    own = Whisper(tmp_path / "models")
    assert own.transcribe(spoken[3][1].audio, "en", 60).words
    kept = list((tmp_path / "models").iterdir())
    assert len(kept) == 1  # joined once, no draft left
    own.close()
    again = Whisper(tmp_path / "elsewhere", folder=kept[0])
    assert again.transcribe(spoken[3][1].audio, "en", 60).model == kept[0].name
    assert not (tmp_path / "elsewhere").exists()


def test_whisper_hears_nothing_in_silence_and_in_noise(whisper: Whisper, tmp_path: Path) -> None:
    noise = np.random.default_rng(1).normal(0, 300, 16_000 * 3).astype("<i2")
    for sound in (np.zeros(16_000 * 3, "<i2"), noise):
        path = _wav(tmp_path / "sound.wav", sound.tobytes())
        heard = whisper.transcribe(path, "en", 60)
        assert heard.words == ()
        assert find_words(path, TEXTS[0], heard.words).problem


def test_whisper_gives_up_at_its_deadline_and_knows_its_languages(
    whisper: Whisper, spoken: list[tuple[str, Utterance]]
) -> None:
    with pytest.raises(TextError, match="WHISPER_URL") as late:
        whisper.transcribe(spoken[0][1].audio, "en", 0.0)
    assert late.value.fault is Fault.UNAVAILABLE
    with pytest.raises(TextError, match="does not know the language 'qx'"):
        whisper.transcribe(spoken[0][1].audio, "qx", 60)


def test_a_folder_that_is_no_model_is_a_mistake_of_the_settings(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    own = Whisper(tmp_path, folder=tmp_path)
    with pytest.raises(InputError, match=r"lacks model\.bin, tokenizer\.json"):
        own.models(1.0)


def test_whisper_leaves_cores_to_others() -> None:
    assert threads() <= 2


# --- the same over HTTP -----------------------------------------------------------------------


def test_a_server_hears_what_whisper_hears(
    whisper: Whisper,
    server: WhisperServer,
    client: OpenAITranscription,
    spoken: list[tuple[str, Utterance]],
    tmp_path: Path,
) -> None:
    heard_here: list[Transcript] = []

    def hear(sent: Sent) -> dict[str, Any]:
        """As Speaches answers: words with a space before them."""
        path = tmp_path / "sent.wav"
        _wav(path, _decoded(sent.sound))
        heard_here.append(whisper.transcribe(path, sent.named("language")[0], 60))
        return _verbose(heard_here[-1])

    server.hear = hear
    text, utterance = spoken[1]
    heard = client.transcribe(utterance.audio, "en", 60)
    assert heard.words == heard_here[0].words
    assert (heard.language, heard.model) == ("en", server.served[0])
    assert heard.duration == pytest.approx(utterance.duration, abs=0.02)
    assert not find_words(utterance.audio, text, heard.words).problem


@pytest.mark.parametrize(
    ("spec", "schema"),
    [
        ("openai/openapi.json", "CreateTranscriptionRequest"),
        (
            "selfhosted/speaches-openapi.json",
            "Body_transcribe_file_v1_audio_transcriptions_post",
        ),
    ],
)
def test_the_request_is_what_the_vendors_describe(
    server: WhisperServer,
    client: OpenAITranscription,
    spoken: list[tuple[str, Utterance]],
    spec: str,
    schema: str,
) -> None:
    if not (SPECS / spec).is_file():
        pytest.skip(f"{spec} is not there to judge the request by")
    server.hear = lambda _: _verbose(_transcript(("Hello", 0.1, 0.5)))
    client.transcribe(spoken[1][1].audio, "en", 60)
    client.transcribe(spoken[1][1].audio, None, 60)
    document = json.loads((SPECS / spec).read_text())
    known = document["components"]["schemas"][schema]
    told, untold = server.sent
    assert told.path == "/v1/audio/transcriptions"
    assert told.named("language") == ["en"]
    assert untold.named("language") == []
    for sent in (told, untold):
        assert ("timestamp_granularities[]", "word") in sent.fields
        body: dict[str, Any] = {}
        for name, value in sent.fields:
            if name.endswith("[]"):
                body.setdefault(name.removesuffix("[]"), []).append(value)
            else:
                assert name not in body
                body[name] = value
        assert set(body) <= set(known["properties"])
        judge = Draft202012Validator({**known, "components": document["components"]})
        assert not list(judge.iter_errors(body))
        assert sent.file_name.endswith(".flac")
        assert sent.file_type == "audio/flac"
        assert sent.sound.startswith(b"fLaC")
        # A narration of 15 minutes keeps below the 25 MB that OpenAI takes.
        assert len(sent.sound) * 900 / spoken[1][1].duration < 25_000_000


def test_a_model_that_is_not_installed_can_be(
    server: WhisperServer, spoken: list[tuple[str, Utterance]]
) -> None:
    own = OpenAITranscription("whisper_server", server.url, None, "big/one", own_server=True)
    with pytest.raises(TextError, match=r"POST /v1/models/big/one") as missing:
        own.transcribe(spoken[0][1].audio, "en", 5)
    assert missing.value.fault is Fault.REFUSED
    own.close()


@pytest.mark.parametrize(
    ("status", "body", "fault"),
    [
        (500, b"oops", Fault.UNAVAILABLE),
        (503, b"", Fault.UNAVAILABLE),
        (
            429,
            b'{"error": {"message": "slow down", "code": "rate_limit_exceeded"}}',
            Fault.OVERLOADED,
        ),
        (429, b'{"error": {"message": "no", "code": "insufficient_quota"}}', Fault.QUOTA),
        (401, f'{{"error": {{"message": "wrong key {KEY}"}}}}'.encode(), Fault.AUTH),
        (400, b'{"error": {"message": "unsupported_format"}}', Fault.REFUSED),
        (200, b"<html>", Fault.UNAVAILABLE),
        (200, b'{"text": "Hello", "duration": 1', Fault.UNAVAILABLE),
        (200, b'{"text": "Hello there"}', Fault.UNAVAILABLE),
        (200, b'{"text": "Hello there", "duration": 2.0, "language": "english"}', Fault.MALFORMED),
        (
            200,
            b'{"text": "a b", "duration": 2.0, "words": [{"word": "a", "start": 1.0, "end": 1.2},'
            b' {"word": "b", "start": 0.1, "end": 0.2}]}',
            Fault.MALFORMED,
        ),
    ],
)
def test_what_goes_wrong_is_said_without_the_key(
    server: WhisperServer,
    spoken: list[tuple[str, Utterance]],
    status: int,
    body: bytes,
    fault: Fault,
) -> None:
    server.trouble = (status, body, {})
    own = OpenAITranscription("openai", server.url, KEY, server.served[0], own_server=False)
    with pytest.raises(TextError) as raised:
        own.transcribe(spoken[0][1].audio, "en", 5)
    own.close()
    assert raised.value.fault is fault
    assert KEY not in f"{raised.value}{own!r}"
    assert server.sent[0].headers["authorization"] == f"Bearer {KEY}"


def test_a_server_that_is_slow_or_gone_is_not_waited_for(
    server: WhisperServer, client: OpenAITranscription, spoken: list[tuple[str, Utterance]]
) -> None:
    server.wait = 1.0
    with pytest.raises(TextError, match="did not answer within") as late:
        client.transcribe(spoken[0][1].audio, "en", 0.2)
    assert late.value.fault is Fault.UNAVAILABLE
    nobody = OpenAITranscription("openai", "http://127.0.0.1:9/v1", KEY, "m", own_server=False)
    with pytest.raises(TextError, match="cannot be reached"):
        nobody.transcribe(spoken[0][1].audio, "en", 1.0)
    nobody.close()


def test_openai_names_languages_in_english(
    server: WhisperServer, client: OpenAITranscription, spoken: list[tuple[str, Utterance]]
) -> None:
    server.hear = lambda _: {**_verbose(_transcript(("Hallo", 0.1, 0.5))), "language": "german"}
    assert client.transcribe(spoken[0][1].audio, None, 5).language == "de"
    server.hear = lambda _: {"duration": 3.0, "text": "", "language": "english"}
    assert client.transcribe(spoken[0][1].audio, None, 5).words == ()


def test_sound_that_is_none_is_not_sent(client: OpenAITranscription, tmp_path: Path) -> None:
    (tmp_path / "broken.wav").write_bytes(b"RIFF....not a sound")
    with pytest.raises(OutsideError, match=r"broken\.wav"):
        client.transcribe(tmp_path / "broken.wav", "en", 5)
    with pytest.raises(OutsideError, match=r"absent\.wav"):
        client.transcribe(tmp_path / "absent.wav", "en", 5)


# --- who is asked -----------------------------------------------------------------------------


def test_the_next_one_hears_where_the_first_cannot(
    server: WhisperServer,
    client: OpenAITranscription,
    whisper: Whisper,
    spoken: list[tuple[str, Utterance]],
    tmp_path: Path,
) -> None:
    server.trouble = (500, b"", {})
    waited: list[float] = []
    router = TranscriptionRouter(
        [client, whisper], Breaker(tmp_path / "h"), Pool(tmp_path / "p"), wait=waited.append
    )
    heard = router.hear(spoken[0][1].audio, "en")
    assert heard.provider == "faster_whisper"
    assert [one.provider for one in heard.passed_over] == ["whisper_server"]
    assert "failed (500)" in heard.passed_over[0].reason
    assert (len(server.sent), len(waited)) == (2, 1)  # tried twice
    again = router.hear(spoken[0][1].audio, "en")
    assert "left alone" in again.passed_over[0].reason
    assert len(server.sent) == 2  # and then not at all


def test_what_passes_is_tried_again(
    server: WhisperServer,
    client: OpenAITranscription,
    spoken: list[tuple[str, Utterance]],
    tmp_path: Path,
) -> None:
    server.hear = lambda _: _verbose(_transcript(("Hello", 0.1, 0.5)))
    server.trouble, server.troubles = (429, b"", {"retry-after": "1"}), 1
    waited: list[float] = []
    router = TranscriptionRouter(
        [client], Breaker(tmp_path / "h"), Pool(tmp_path / "p"), wait=waited.append
    )
    assert router.hear(spoken[0][1].audio, "en").transcript.text == "Hello"
    (pause,) = waited
    assert 1.0 <= pause <= 1.5


def test_nobody_hears(client: OpenAITranscription, server: WhisperServer, tmp_path: Path) -> None:
    server.trouble = (401, b"", {})
    sound = _wav(tmp_path / "s.wav", b"\0\0" * 1600)
    router = TranscriptionRouter([client], Breaker(tmp_path / "h"), Pool(tmp_path / "p"))
    with pytest.raises(NobodyHeardError, match="does not take the key"):
        router.hear(sound)
    with pytest.raises(NobodyHeardError, match="No provider of transcripts gave one"):
        TranscriptionRouter([], Breaker(tmp_path / "h"), Pool(tmp_path / "p")).hear(sound)


# --- a known text in what was heard -----------------------------------------------------------


def test_a_number_that_is_written_otherwise_shares_the_time_of_its_neighbours(
    tmp_path: Path,
) -> None:
    tone = (np.sin(np.arange(16_000 * 4) / 8) * 8000).astype("<i2")
    path = _wav(tmp_path / "tone.wav", tone.tobytes())
    heard = [
        _word("made", 0.5, 1.0),
        _word("4", 1.0, 1.5),
        _word(",800", 1.5, 2.5),
        _word("good wheels", 2.5, 3.5),
    ]
    found = find_words(path, "made four thousand eight hundred good wheels", heard)
    assert not found.problem
    starts = [round(word.start, 2) for word in found.words]
    assert starts == sorted(starts)
    assert starts[0] == pytest.approx(0.57)
    assert starts[5] == pytest.approx(2.57)
    assert found.words[-1].end == pytest.approx(4.0, abs=0.02)


def test_other_words_are_no_times(tmp_path: Path) -> None:
    tone = (np.sin(np.arange(16_000 * 2) / 8) * 8000).astype("<i2")
    path = _wav(tmp_path / "tone.wav", tone.tobytes())
    found = find_words(path, "The river rose quickly", [_word("Bitte warten Sie", 0.0, 1.0)])
    assert found.words == ()
    assert found.problem == "other words are heard than the text has"


def test_times_behind_the_end_of_the_sound_are_no_times(tmp_path: Path) -> None:
    tone = (np.sin(np.arange(16_000 * 2) / 8) * 8000).astype("<i2")
    path = _wav(tmp_path / "tone.wav", tone.tobytes())
    heard = [_word(word, 1e300, 1e308) for word in ("The", "river", "rose", "quickly")]
    found = find_words(path, "The river rose quickly", heard)
    assert found.words == ()
    assert found.problem == "words are heard after the sound is over"


def test_spelling_is_no_mistake() -> None:
    assert error_rate("The screen-shot, e-mail!", "the screenshot email") == 0.0
    assert error_rate("Straße in Ägypten", "STRASSE IN ÄGYPTEN") == 0.0
    assert error_rate("नमस्ते दुनिया", "नमस्ते  दुनिया।") == 0.0
    assert error_rate("abcd", "") == 1.0
    assert error_rate("...", "anything") == 0.0


def test_the_table_agrees_with_a_plain_levenshtein() -> None:
    chance = random.Random(7)
    for _ in range(200):
        a = "".join(chance.choices("abc", k=chance.randrange(1, 9)))
        b = "".join(chance.choices("abc", k=chance.randrange(0, 9)))
        assert error_rate(a, b) * len(a) == pytest.approx(_levenshtein(a, b))
        pairs = matched(a, b)
        assert all(a[i] == b[j] for i, j in pairs)
        assert pairs == sorted(pairs)
        assert letters(a) == a


def _levenshtein(a: str, b: str) -> int:
    if not a or not b:
        return len(a) + len(b)
    if a[0] == b[0]:
        return _levenshtein(a[1:], b[1:])
    rests = ((a[1:], b), (a, b[1:]), (a[1:], b[1:]))
    return 1 + min(_levenshtein(*rest) for rest in rests)


def _word(text: str, start: float, end: float) -> Word:
    return Word(text=text, start=start, end=end)


def _transcript(*words: tuple[str, float, float]) -> Transcript:
    return Transcript(
        language="en", duration=2.0, model="m", words=tuple(_word(*word) for word in words)
    )


def _verbose(heard: Transcript) -> dict[str, Any]:
    return {
        "task": "transcribe",
        "language": heard.language,
        "duration": heard.duration,
        "text": heard.text,
        "words": [
            {"word": f" {word.text}", "start": word.start, "end": word.end} for word in heard.words
        ],
        "segments": [],
    }


def _wav(path: Path, samples: bytes) -> Path:
    with wave.open(str(path), "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(16_000)
        wav.writeframes(samples)
    return path


def _decoded(flac: bytes) -> bytes:
    import av

    with av.open(io.BytesIO(flac)) as sound:
        return b"".join(frame.to_ndarray().tobytes() for frame in sound.decode(audio=0))
