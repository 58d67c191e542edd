"""Who speaks, by the settings: the order, the voice, and one voice for one film whatever fails."""

import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from voice_scripts import make_script

from igny8_media.ai.espeak import Espeak
from igny8_media.ai.health import Breaker
from igny8_media.ai.piper import Piper
from igny8_media.ai.pool import Pool
from igny8_media.ai.speech import SpeechError, Utterance, Voice
from igny8_media.ai.speech_watch import WatchedSpeech
from igny8_media.ai.text import Fault
from igny8_media.ai.voices import usual_voice
from igny8_media.errors import InputError, OutsideError
from igny8_media.narration.fit import fitting
from igny8_media.narration.narrate import narrate
from igny8_media.narration.reading import Reading, read_aloud
from igny8_media.narration.speakers import fingerprint_of, open_speakers
from igny8_media.settings import Settings
from igny8_media.storage.cache import FolderCache
from igny8_media.video.model import VideoForm
from tests.ai.servers import KEY, Reply, closed_port
from tests.ai.speech_servers import RATE, VoiceServer, silence, tone, voice_server, wav

SCRIPT = make_script("Compost is alive. It needs air.", "Turn the heap once a week, or less.")


@pytest.fixture
def server() -> Iterator[VoiceServer]:
    with voice_server() as state:
        yield state


@pytest.fixture
def other() -> Iterator[VoiceServer]:
    with voice_server() as state:
        yield state


def settings(home: Path, **values: Any) -> Settings:
    return Settings(home=home, _env_file=None, **values)  # type: ignore[call-arg]


def read(settings: Settings, takes: FolderCache, script: Any = SCRIPT) -> Reading:
    with open_speakers(settings) as speakers:
        return read_aloud(script, speakers.cast(script.language), takes)


def eleven(home: Path, server: VoiceServer, **more: Any) -> Settings:
    return settings(home, elevenlabs_key=KEY, elevenlabs_url=server.url, **more)


def test_self_hosted_comes_first_then_the_cloud_then_what_is_built_in(
    server: VoiceServer, other: VoiceServer, takes: FolderCache, tmp_path: Path
) -> None:
    both = eleven(tmp_path, server, tts_url=other.url)
    reading = read(both, takes)
    assert (reading.speaker.provider, reading.speaker.voice.name) == ("tts_server", "Ana Florence")
    assert reading.speaker.model
    assert not any("did not speak" in note for note in reading.notes)
    assert not server.asked, "who is not needed is not asked anything"
    with open_speakers(both) as speakers:
        order = [candidate.name for candidate in speakers.cast("en")]
        assert order == ["tts_server", "elevenlabs", "piper", "espeak"]
        assert [one.name for one in speakers.cast("ja")] == ["tts_server", "elevenlabs"]


def test_pipers_own_server_is_asked_at_its_address(
    piper: Piper, takes: FolderCache, tmp_path: Path
) -> None:
    piper.ready()
    assert piper._http
    reading = read(settings(tmp_path, piper_url=piper._http.address), takes)
    assert reading.speaker[1:] == (piper.voices()[0], "piper_server", "")
    assert reading.timing == "engine"
    assert not reading.notes


def test_said_again_it_costs_nothing(
    server: VoiceServer, takes: FolderCache, tmp_path: Path
) -> None:
    chosen = eleven(tmp_path, server)
    first = read(chosen, takes)
    assert first.timing == "engine"
    said = len(server.said)
    assert said == 3
    again = read(chosen, takes)
    assert [[one.take.mark for one in part] for part in again.sections] == [
        [one.take.mark for one in part] for part in first.sections
    ]
    assert len(server.said) == said
    other_voice = read(eleven(tmp_path, server, voices="en=elevenlabs:Anna"), takes)
    assert other_voice.speaker.voice.id == "id-anna"
    assert len(server.said) == 2 * said


def test_a_provider_that_fails_in_the_middle_gives_all_of_it_to_the_next(
    server: VoiceServer, other: VoiceServer, takes: FolderCache, tmp_path: Path
) -> None:
    quota = Reply({"detail": {"status": "quota_exceeded", "message": "0 left"}}, 401)
    server.replies = [Reply(server.timed("Compost is alive.")), quota]
    both = eleven(
        tmp_path,
        server,
        openai_key=KEY,
        openai_url=f"{other.url}/v1",
        voices="en=elevenlabs:Rachel",
    )
    out = tmp_path / "out"
    out.mkdir()
    with open_speakers(both) as speakers:
        narration = narrate(SCRIPT, out, speakers=speakers.cast("en"), takes=takes)
    assert (narration.provider, narration.voice, narration.model) == ("openai", "alloy", "tts-1")
    assert narration.characters == sum(len(one.body["input"]) for one in other.said if one.body)
    (told,) = [note for note in narration.notes if note.startswith("elevenlabs")]
    assert "elevenlabs did not speak: elevenlabs has no credit left" in told
    assert KEY not in " ".join(narration.notes)
    asked = len(server.asked)
    assert read(both, takes).notes[0].startswith("elevenlabs did not speak: elevenlabs has no")
    assert len(server.asked) == asked, "who has no credit is left alone, in the next run too"


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (Reply(b"<html>Welcome to nginx</html>"), "not an answer|not a WAV|no list|not of Piper"),
        (Reply({"detail": "no"}, 500), "failed"),
        (Reply(b"", 429), "overloaded"),
        (None, "cannot be reached"),
    ],
)
@pytest.mark.parametrize("provider", ["piper_server", "tts_server", "elevenlabs", "openai"])
def test_whoever_is_unwell_is_passed_over_and_told(
    provider: str,
    trouble: Reply | None,
    said: str,
    server: VoiceServer,
    takes: FolderCache,
    tmp_path: Path,
    quick: None,
) -> None:
    server.trouble = trouble
    url = server.url if trouble else closed_port()
    own: dict[str, dict[str, Any]] = {
        "piper_server": {"piper_url": url},
        "tts_server": {"tts_url": url, "tts_api": "xtts"},
        "elevenlabs": {"elevenlabs_key": KEY, "elevenlabs_url": url},
        "openai": {"openai_key": KEY, "openai_url": f"{url}/v1"},
    }
    reading = read(
        settings(tmp_path, speech_providers=f"{provider},espeak", **own[provider]), takes
    )
    assert reading.speaker.provider == "espeak"
    (note,) = reading.notes
    assert note.startswith(f"{provider} did not speak: ")
    assert any(part in note for part in said.split("|")), note


@pytest.mark.parametrize(
    ("say", "said"),
    [
        (silence, "returned silence"),
        (lambda _: tone("a"), "broke off after"),
        (lambda _: tone("a" * 2000), "took 120 s for a text"),
        (lambda text: wav(np.resize(np.frombuffer(tone(text)[44:], "<i2"), 900), 900), "900 Hz"),
    ],
)
def test_what_cannot_be_the_sentence_is_not_taken(
    say: Any, said: str, server: VoiceServer, takes: FolderCache, tmp_path: Path, quick: None
) -> None:
    server.say = say
    chosen = settings(
        tmp_path, tts_url=server.url, tts_api="xtts", speech_providers="tts_server,espeak"
    )
    reading = read(chosen, takes)
    assert reading.speaker.provider == "espeak"
    assert said in reading.notes[0]


def test_nobody_left_is_an_error_that_names_all(
    server: VoiceServer, takes: FolderCache, tmp_path: Path, quick: None
) -> None:
    server.trouble = Reply(b"", 500)
    chosen = eleven(
        tmp_path, server, tts_url=closed_port(), speech_providers="tts_server,elevenlabs"
    )
    with pytest.raises(OutsideError, match=r"tts_server did not speak.*elevenlabs did not speak"):
        read(chosen, takes)
    nobody = settings(tmp_path, speech_providers="openai")
    with pytest.raises(InputError, match="No voice here reads 'en'; set up a provider"):
        read(nobody, takes)


@pytest.mark.parametrize(
    ("language", "says"),
    [("xx", "'xx'; check that it is a language's code, as in de, or set up"), ("th", "Thai; set")],
)
def test_a_language_without_a_voice_is_no_unknown_one(
    tmp_path: Path, language: str, says: str
) -> None:
    local = settings(tmp_path, speech_providers="piper,espeak")
    with (
        open_speakers(local) as speakers,
        pytest.raises(InputError, match=f"No voice here reads {says}"),
    ):
        speakers.cast(language)


def test_a_voice_is_taken_by_name_or_named_back(
    server: VoiceServer, takes: FolderCache, tmp_path: Path
) -> None:
    def voice(named: str, language: str = "en") -> Voice:
        chosen = eleven(tmp_path, server, voices=f"{language}=elevenlabs:{named}")
        with open_speakers(chosen) as speakers:
            return speakers.cast(language)[0].ready().voice

    assert voice("rachel").id == voice("id-rachel").id == "id-rachel"
    with pytest.raises(InputError, match=r"no voice called 'Rachael'; it has Rachel"):
        voice("Rachael")
    with pytest.raises(InputError, match=r"does not speak 'sv' but de, en, ja"):
        voice("Rachel", "sv")
    with open_speakers(eleven(tmp_path, server)) as speakers:
        assert speakers.cast("de")[0].ready().voice.name == "Anna", "it was verified for German"
        with pytest.raises(SpeechError, match="no voice for the language 'sv'"):
            speakers.cast("sv")[0].ready()


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("Rachel", "IGNY8_VOICES has 'Rachel', not LANGUAGE=PROVIDER:NAME"),
        ("en=elevenlabs", "'elevenlabs' is no voice of a provider"),
        ("en=amazon:Joanna", "'amazon' is none of piper_server"),
        ("en=openai:alloy", "openai is not set up"),
    ],
)
def test_voices_that_nobody_can_give_are_refused(named: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=said), open_speakers(settings(tmp_path, voices=named)):
        pass


def test_a_server_without_a_list_speaks_with_the_voice_that_is_named(
    server: VoiceServer, takes: FolderCache, tmp_path: Path
) -> None:
    url = {"tts_url": server.url, "tts_api": "openai", "speech_providers": "tts_server,espeak"}
    unnamed = read(settings(tmp_path, **url), takes)
    assert "IGNY8_VOICES=en=tts_server:NAME" in unnamed.notes[0]
    named = read(settings(tmp_path, voices="en=tts_server:af_heart", tts_model="k", **url), takes)
    assert named.speaker.provider == "tts_server"
    assert server.said[0].body is not None
    assert (server.said[0].body["voice"], server.said[0].body["model"]) == ("af_heart", "k")


def test_a_voice_without_times_is_aligned_with_what_it_said(
    server: VoiceServer, espeak: Espeak, takes: FolderCache, tmp_path: Path
) -> None:
    """The sound is espeak-ng's, higher and faster; its own times are what is to be found."""
    true: dict[str, Utterance] = {}

    def say(text: str) -> bytes:
        voice = next(voice for voice in espeak.voices() if voice.name == "en-us")
        true[text] = espeak.speak(text, voice, tmp_path / "true.wav", speed=1.1)
        return (tmp_path / "true.wav").read_bytes()

    server.say = say
    chosen = settings(tmp_path, openai_key=KEY, openai_url=f"{server.url}/v1")
    reading = read(chosen, takes)
    assert reading.timing == "alignment"
    errors = [
        abs(found.start - word.start)
        for section in reading.sections
        for one in section
        for found, word in zip(one.take.words, true[one.sentence.spoken].words, strict=True)
    ]
    assert statistics.median(errors) < 0.03
    assert max(errors) < 0.15


def test_who_gave_up_is_not_asked_for_another_script(
    server: VoiceServer, other: VoiceServer, takes: FolderCache, tmp_path: Path, quick: None
) -> None:
    """Of a script that was rewritten for the next voice's pace."""
    server.say = silence
    other.say = lambda _: tone("x" * 400)  # 24 seconds a sentence
    chosen = eleven(tmp_path, other, tts_url=server.url, tts_api="xtts")
    long = make_script(*["One sentence that is long enough to be told from another."] * 6)
    short = make_script("A short one that is long enough.", "And another one of that length.")
    with open_speakers(chosen) as speakers:
        found = fitting(long, VideoForm.SHORT, speakers.cast("en"), lambda _: short, takes=takes)
    assert found.reading.script is short
    assert found.reading.speaker.provider == "elevenlabs"
    assert len(server.said) == 2, "once more for what may pass, and not for the second script"
    assert "returned silence" in found.reading.notes[0]


def test_nothing_changes_for_whoever_configured_nothing(
    server: VoiceServer, tmp_path: Path
) -> None:
    assert fingerprint_of(settings(tmp_path)) is None
    assert fingerprint_of(settings(tmp_path, speech_quality="high")) is None
    marks = [
        fingerprint_of(eleven(tmp_path, server)),
        fingerprint_of(eleven(tmp_path, server, voices="en=elevenlabs:Rachel")),
        fingerprint_of(eleven(tmp_path, server, elevenlabs_model="eleven_v3")),
        fingerprint_of(eleven(tmp_path, server, tts_url=server.url)),
        fingerprint_of(settings(tmp_path, openai_key=KEY)),
        fingerprint_of(settings(tmp_path, openai_key=KEY, speech_quality="high")),
        fingerprint_of(settings(tmp_path, speech_providers="espeak")),
    ]
    assert all(marks)
    assert len({str(mark) for mark in marks}) == len(marks)
    moved = settings(tmp_path, elevenlabs_key="another", elevenlabs_url="http://127.0.0.1:1")
    assert fingerprint_of(moved) == marks[0], "where it answers and with which key says nothing"
    dashed = eleven(tmp_path, server, elevenlabs_model="eleven-multilingual-v2")
    assert fingerprint_of(dashed) == marks[0], "it is the same model"


def test_the_usual_voice_is_always_the_same() -> None:
    piper = [Voice(name=name, language="en") for name in ("en_GB-alan", "en_US-amy", "en_US-joe")]
    found = usual_voice(piper[::-1], "en")
    assert found is not None
    assert found.name == "en_US-amy"
    assert usual_voice(piper, "de") is None


class _Failing:
    name = "failing"
    version = "1"

    def __init__(self, *faults: Fault | None) -> None:
        self.faults = list(faults)

    def voices(self) -> tuple[Voice, ...]:
        return ()

    def speak(self, text: str, voice: Voice, out: Path, *, speed: float = 1.0) -> Utterance:
        fault = self.faults.pop(0)
        if fault:
            raise SpeechError(f"It is {fault}.", fault)
        return Utterance(audio=out, sample_rate=RATE, duration=1, words=(), timing="estimate")


@pytest.mark.parametrize(
    ("faults", "tries", "rests"),
    [
        ([Fault.UNAVAILABLE, None], 2, False),
        ([Fault.UNAVAILABLE, Fault.UNAVAILABLE], 2, True),
        ([Fault.OVERLOADED, Fault.OVERLOADED, None], 3, False),
        ([Fault.OVERLOADED] * 3, 3, True),
        ([Fault.MALFORMED, None], 2, False),
        ([Fault.MALFORMED] * 2, 2, False),
        ([Fault.QUOTA], 1, True),
        ([Fault.AUTH], 1, True),
        ([Fault.REFUSED], 1, False),
    ],
)
def test_what_may_pass_is_tried_again_and_who_is_unwell_is_left_alone(
    faults: list[Fault | None], tries: int, rests: bool, tmp_path: Path
) -> None:
    engine, waited = _Failing(*faults), list[float]()
    breaker = Breaker(tmp_path / "health")
    watched = WatchedSpeech(engine, "x", breaker, Pool(tmp_path / "pools"), wait=waited.append)
    hello = ("Hello.", Voice(name="a", language="en"), tmp_path / "x.wav")
    if faults[-1] is None:
        watched.speak(*hello)
    else:
        with pytest.raises(SpeechError, match=f"It is {faults[-1]}"):
            watched.speak(*hello)
    assert watched.characters == tries * len("Hello.")
    assert len(waited) == tries - 1
    assert bool(breaker.resting("x")) is rests
    if rests:
        with pytest.raises(SpeechError, match="left alone for"):
            watched.voices()


def test_nobody_waits_twice_for_a_silent_server(
    server: VoiceServer, takes: FolderCache, tmp_path: Path
) -> None:
    server.replies = [Reply(b"", wait=30)] * 2
    chosen = settings(
        tmp_path,
        tts_url=server.url,
        tts_api="xtts",
        speech_timeout=1.0,
        speech_providers="tts_server,espeak",
    )
    for said in ("did not answer within 1 seconds", "It is left alone for"):
        reading = read(chosen, takes)
        assert reading.speaker.provider == "espeak"
        assert said in reading.notes[0]
    assert len(server.said) == 1


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the pause before something is tried again."""
    monkeypatch.setitem(WatchedSpeech.__init__.__kwdefaults__, "wait", lambda _: None)
