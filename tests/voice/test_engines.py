"""Both engines for real, judged by pocketsphinx, by silence and by killing them."""

import http.server
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest

from igny8_media.ai.child import GuardedProcess
from igny8_media.ai.espeak import Espeak
from igny8_media.ai.piper import Piper
from igny8_media.ai.speech import Utterance, Voice
from igny8_media.ai.voices import Speaker, words_per_minute
from igny8_media.errors import InputError, OutsideError
from igny8_media.narration.speakers import open_speakers
from igny8_media.settings import Settings
from igny8_media.video.ffmpeg import run

PLAIN = (
    "most of the teams in the office waste half of their week and nobody knows why",
    "it was one of the first things that i would have done and it is a hit",
    "the water was cold but the children stayed in it for hours",
)


def aligned(said: Utterance, text: str, folder: Path) -> list[tuple[float, float]]:
    """The words as pocketsphinx hears them."""
    from pocketsphinx import Decoder

    resampled = folder / "16k.wav"
    arguments = ["-y", "-i", str(said.audio), "-ar", "16000", str(resampled)]
    run(arguments, cwd=folder, task="resample")
    with wave.open(str(resampled)) as wav:
        raw = wav.readframes(wav.getnframes())
    decoder = Decoder(lm=None, loglevel="FATAL", beam=1e-120, wbeam=1e-100, pbeam=1e-120)
    decoder.set_align_text(text)
    decoder.start_utt()
    decoder.process_raw(raw, full_utt=True)
    decoder.end_utt()
    return [
        (seg.start_frame / 100, (seg.end_frame + 1) / 100)
        for seg in decoder.seg() or ()
        if seg.word[0] not in "<[("
    ]


def test_word_times_agree_with_an_independent_alignment(joe: Speaker, tmp_path: Path) -> None:
    errors: list[float] = []
    for text in PLAIN:
        said = joe.engine.speak(f"{text}.", joe.voice, tmp_path / "said.wav")
        heard = aligned(said, text, tmp_path)
        assert said.timing == "engine"
        # Speech differs from run to run, and sometimes the aligner gives up before the end.
        errors += [abs(w.start - h[0]) for w, h in zip(said.words, heard, strict=False)]
    assert len(errors) > 0.7 * sum(len(text.split()) for text in PLAIN)
    assert statistics.median(errors) <= 0.06
    assert sorted(errors)[int(len(errors) * 0.95)] <= 0.15


def test_words_are_those_of_the_text(joe: Speaker, robot: Speaker, tmp_path: Path) -> None:
    text = "Well, in the U.S. they'd say: “state-of-the-art”, and mean 5,000 of them!"
    for speaker in (joe, robot):
        said = speaker.engine.speak(text, speaker.voice, tmp_path / "said.wav")
        assert [word.text for word in said.words] == text.split()
        times = [t for word in said.words for t in (word.start, word.end)]
        assert times == sorted(times)
        assert times[0] >= 0
        assert times[-1] <= said.duration


def test_speed_changes_the_length_by_about_as_much(joe: Speaker, tmp_path: Path) -> None:
    def seconds(speed: float) -> float:
        out = tmp_path / "said.wav"
        return sum(joe.engine.speak(t, joe.voice, out, speed=speed).duration for t in PLAIN)

    assert 1.06 < seconds(0.92) / seconds(1.08) < 1.3


def test_espeak_reads_languages_that_piper_lacks(espeak: Espeak, tmp_path: Path) -> None:
    texts = {
        "de": "Die Donaudampfschifffahrt ist schön.",
        "ar": "مرحبا بالعالم، هذا اختبار.",
        "ru": "Привет, мир.",
        "hi": "नमस्ते दुनिया।",
    }
    for name, text in texts.items():
        voice = Voice(name=name, language=name)
        said = espeak.speak(text, voice, tmp_path / f"{name}.wav")
        assert [word.text for word in said.words] == text.split()
        assert all(word.end > word.start for word in said.words)


def test_espeak_phonemes_are_of_its_language(espeak: Espeak) -> None:
    assert espeak.phonemes(["teams", "the"], "en-us") == ["tˈiːmz", "ðə"]
    assert espeak.phonemes(["Zeit"], "de") == ["tsˈaɪt"]


def test_espeak_starts_again_after_its_worker_died(tmp_path: Path) -> None:
    with Espeak() as engine:
        engine.phonemes(["one"], "en-us")
        worker = engine._worker._process
        assert worker
        worker.kill()
        worker.wait()
        with pytest.raises(OutsideError, match="espeak-ng stopped without an answer"):
            engine.phonemes(["two"], "en-us")
        assert engine.phonemes(["two"], "en-us") == ["tˈuː"]


def test_unknown_voices_are_refused(joe: Speaker, robot: Speaker, tmp_path: Path) -> None:
    for speaker in (joe, robot):
        with pytest.raises(OutsideError, match="no voice called 'klingon'"):
            speaker.engine.speak("Hi.", Voice(name="klingon", language="en"), tmp_path / "x.wav")
        with pytest.raises(InputError, match="nothing to say"):
            speaker.engine.speak("  ", speaker.voice, tmp_path / "x.wav")


def test_text_without_sound_is_silence(joe: Speaker, robot: Speaker, tmp_path: Path) -> None:
    for speaker in (joe, robot):
        with pytest.raises(OutsideError):
            speaker.engine.speak("…", speaker.voice, tmp_path / "x.wav")


def test_a_piper_server_elsewhere_serves_the_same_way(
    piper: Piper, espeak: Espeak, tmp_path: Path
) -> None:
    assert piper.voices()
    piper.ready()
    assert piper._http
    with Piper(espeak, piper._http.address) as remote:
        said = remote.speak("Hello there.", remote.voices()[0], tmp_path / "x.wav")
    assert said.timing == "engine"
    assert [word.text for word in said.words] == ["Hello", "there."]
    assert piper.voices()  # closing the client does not stop somebody else's server


def test_a_dead_piper_server_is_named(espeak: Espeak, tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}"
    with Piper(espeak, url) as engine, pytest.raises(OutsideError, match=f"Piper at {url}"):
        engine.voices()


class _Busy(http.server.BaseHTTPRequestHandler):
    """A shared server: another client's utterance came last."""

    wav = b""

    def do_GET(self) -> None:
        voices = {"shared": {"espeak": {"voice": "en-us"}}}
        info = {
            "last": {"text": "somebody else's text", "alignments": [{"phoneme": "a", "seconds": 1}]}
        }
        self._answer(json.dumps(voices if self.path == "/voices" else info).encode())

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(self.wav)

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def shared_server() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Busy)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_times_are_estimated_when_another_client_came_between(
    shared_server: str, robot: Speaker, espeak: Espeak, tmp_path: Path
) -> None:
    said = robot.engine.speak("Hello there again.", robot.voice, tmp_path / "said.wav")
    _Busy.wav = said.audio.read_bytes()
    with Piper(espeak, shared_server) as engine:
        voice = engine.voices()[0]
        other = engine.speak("Hello there again.", voice, tmp_path / "other.wav")
        _Busy.wav = b"<html>no sound</html>"
        with pytest.raises(OutsideError, match="not a WAV file"):
            engine.speak("Hello.", voice, tmp_path / "other.wav")
    assert other.timing == "estimate"
    assert abs(other.words[1].start - said.words[1].start) < 0.25


_OWNER = """
import sys, time
from igny8_media.ai.child import GuardedProcess
server = "import socket, time; s = socket.create_server(('127.0.0.1', PORT)); time.sleep(60)"
child = GuardedProcess([sys.executable, "-c", server.replace("PORT", sys.argv[1])])
time.sleep(60)
"""


def _answers(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def _until(condition: bool, port: int) -> bool:
    deadline = time.monotonic() + 60
    while _answers(port) is not condition and time.monotonic() < deadline:
        time.sleep(0.05)
    return _answers(port) is condition


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL on Windows")
def test_a_server_dies_with_its_owner() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    owner = subprocess.Popen([sys.executable, "-c", _OWNER, str(port)])
    assert _until(True, port)
    os.kill(owner.pid, signal.SIGKILL)
    owner.wait()
    assert _until(False, port)


def test_a_command_that_fails_is_quoted() -> None:
    command = [sys.executable, "-c", "import sys; sys.exit('the model is broken')"]
    with GuardedProcess(command) as child:
        deadline = time.monotonic() + 60
        while child.alive and time.monotonic() < deadline:
            time.sleep(0.02)
        assert child.last_words() == "the model is broken"


def test_the_best_voice_comes_first_and_unreadable_languages_are_refused(tmp_path: Path) -> None:
    with open_speakers(Settings(home=tmp_path, _env_file=None)) as speakers:
        found = [candidate.ready() for candidate in speakers.cast("de")]
        assert [(s.engine.name, s.voice.name) for s in found] == [("espeak-ng", "de")]
        assert speakers.cast("no")[0].ready().voice.name == "nb"
        english = [candidate.ready().voice.name for candidate in speakers.cast("en")]
        assert english == ["en_US-joe-medium", "en-us"]
        for language, name in (("ja", "Japanese"), ("tlh", "'tlh'")):
            with pytest.raises(InputError, match=f"No voice here reads .*{name}"):
                speakers.cast(language)
    assert words_per_minute("en") > words_per_minute("tr")


def test_every_voice_is_listed(piper: Piper, espeak: Espeak) -> None:
    found = {voice.language for voice in espeak.voices()}
    assert {"en", "de", "fr", "zh", "no", "ar"} <= found
    assert piper.voices() == (Voice(name="en_US-joe-medium", language="en", licence="CC0-1.0"),)
