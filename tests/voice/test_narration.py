"""A real narration, measured; and what happens when engines or scripts are bad."""

import wave
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from silence import silences
from voice_scripts import TEXTS, make_script

from igny8_media.ai.speech import Utterance, Voice, Word
from igny8_media.ai.voices import Speaker
from igny8_media.ai.wav import read_wav
from igny8_media.errors import InputError, OutsideError
from igny8_media.narration.loudness import measure, normalise
from igny8_media.narration.narrate import narrate
from igny8_media.storage.cache import FolderCache
from igny8_media.video.model import Narration


def test_the_file_is_what_platforms_expect(spoken: tuple[Narration, Path]) -> None:
    narration, folder = spoken
    with wave.open(str(folder / narration.audio)) as wav:
        assert (wav.getframerate(), wav.getnchannels(), wav.getsampwidth()) == (48000, 1, 2)
        assert abs(wav.getnframes() / 48000 - narration.duration) < 1e-6
    loudness = measure(folder / narration.audio)
    assert abs(loudness.integrated + 14) <= 0.5
    assert loudness.true_peak <= -1.0
    assert narration.loudness == loudness.integrated
    assert narration.true_peak == loudness.true_peak
    assert (narration.engine, narration.voice) == ("piper", "en_US-joe-medium")
    assert narration.timing == "engine"
    assert narration.notes == ()


def test_sections_tile_the_time_and_hold_their_words(spoken: tuple[Narration, Path]) -> None:
    narration, _ = spoken
    sections = narration.sections
    assert sections[0].start == 0
    assert sections[-1].end == narration.duration
    assert all(a.end == b.start for a, b in pairwise(sections))
    for section, text in zip(sections, TEXTS, strict=True):
        assert [word.text for word in section.words] == text.split()
        times = [t for word in section.words for t in (word.start, word.end)]
        assert times == sorted(times)
        assert section.start <= times[0]
        assert times[-1] <= section.end
        assert all(word.end > word.start for word in section.words)


def test_words_begin_and_end_with_the_sound(spoken: tuple[Narration, Path]) -> None:
    narration, folder = spoken
    words = [word for section in narration.sections for word in section.words]
    quiet = silences(folder / narration.audio, floor=-45, shortest=0.2)
    assert len(quiet) >= 4
    for gap in quiet[:-1]:
        if gap.start > 0:
            assert min(abs(word.end - gap.start) for word in words) <= 0.1
        assert min(abs(word.start - gap.end) for word in words) <= 0.1


def test_pauses_are_natural(spoken: tuple[Narration, Path]) -> None:
    narration, _ = spoken
    sections = narration.sections
    for before, after in pairwise(sections):
        assert 0.4 <= after.words[0].start - before.words[-1].end <= 0.75
    assert 0.1 <= sections[0].words[0].start <= 0.3
    assert 0.5 <= narration.duration - sections[-1].words[-1].end <= 0.9
    first = sections[0].words
    assert 0.25 <= first[7].start - first[6].end <= 0.6  # "week. Here"


def test_joins_do_not_click(spoken: tuple[Narration, Path]) -> None:
    narration, folder = spoken
    samples, rate = read_wav(folder / narration.audio, "test")
    swing = np.abs(samples.astype(int))
    quiet = silences(folder / narration.audio, floor=-60, shortest=0.1)
    assert len(quiet) >= 4
    for gap in quiet:
        # A click would be there at once: speech takes some milliseconds to rise and to fall.
        before = swing[max(0, int((gap.start - 0.002) * rate)) : int(gap.start * rate)]
        after = swing[int(gap.end * rate) : int((gap.end + 0.002) * rate)]
        assert max(before.max(initial=0), after.max(initial=0)) < 600  # of 32768


@pytest.mark.parametrize("text", ["…!?", "🎉🎉", "\x00\x1b", "   "])
def test_a_section_with_nothing_to_say_is_named(
    text: str, robot: Speaker, takes: FolderCache, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="Section 's1' has nothing that can be said"):
        narrate(make_script("Hello.", text), tmp_path, speakers=[robot], takes=takes)
    assert list(tmp_path.iterdir()) == []


def test_unusable_requests_are_refused(robot: Speaker, takes: FolderCache, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no sections"):
        narrate(make_script(), tmp_path, speakers=[robot], takes=takes)
    with pytest.raises(InputError, match=r"speed of 1\.5"):
        narrate(make_script("Hi."), tmp_path, speakers=[robot], speed=1.5, takes=takes)
    with pytest.raises(InputError, match="No voice"):
        narrate(make_script("Hi."), tmp_path, speakers=[], takes=takes)


class _Broken:
    """An engine that fails, or returns silence, or something absurd."""

    name = "broken"
    version = "1"

    def __init__(self, seconds: float | None) -> None:
        self._seconds = seconds

    def voices(self) -> tuple[Voice, ...]:
        return ()

    def speak(self, text: str, voice: Voice, out: Path, *, speed: float = 1.0) -> Utterance:
        if self._seconds is None:
            raise OutsideError("The server is on fire.")
        with wave.open(str(out), "wb") as wav:
            wav.setnchannels(1)
            wav.setsampwidth(2)
            wav.setframerate(22050)
            wav.writeframes(bytes(round(self._seconds * 22050) * 2))
        words = tuple(Word(text=word, start=0, end=0) for word in text.split())
        return Utterance(
            audio=out, sample_rate=22050, duration=self._seconds, words=words, timing="engine"
        )


_NOBODY = Voice(name="nobody", language="en")


def test_the_next_voice_speaks_and_says_why(
    robot: Speaker, takes: FolderCache, tmp_path: Path
) -> None:
    broken = Speaker(_Broken(None), _NOBODY)
    narration = narrate(
        make_script("Hello there."), tmp_path, speakers=[broken, robot], takes=takes
    )
    assert narration.engine == "espeak-ng"
    assert narration.notes == ("broken did not speak: The server is on fire. (section 's0')",)


@pytest.mark.parametrize("seconds", [None, 0.0, 1.0])
def test_dead_and_silent_engines_are_named(
    seconds: float | None, takes: FolderCache, tmp_path: Path
) -> None:
    broken = Speaker(_Broken(seconds), _NOBODY)
    with pytest.raises(OutsideError, match=r"broken did not speak: .*section 's0'"):
        narrate(make_script("Hello."), tmp_path, speakers=[broken], takes=takes)
    assert not list(tmp_path.rglob("*.wav"))


def test_hostile_text_is_spoken_all_the_same(
    robot: Speaker, takes: FolderCache, tmp_path: Path
) -> None:
    text = "Ring\x07 the bell \ud800now 🎉, please; " + "very " * 120 + "soon."
    narration = narrate(make_script(text), tmp_path, speakers=[robot], takes=takes)
    shown = " ".join(word.text for word in narration.sections[0].words)
    assert shown.startswith("Ring the bell now , please; very")
    assert shown.endswith("very soon.")


def test_loudness_is_reached_from_any_level(spoken: tuple[Narration, Path], tmp_path: Path) -> None:
    narration, folder = spoken
    samples, rate = read_wav(folder / narration.audio, "test")
    quiet = tmp_path / "quiet.wav"
    with wave.open(str(quiet), "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(rate)
        wav.writeframes((samples // 40).astype("<i2").tobytes())
    assert measure(quiet).integrated < -40
    reached = normalise(quiet, tmp_path / "out.wav", rate=48000)
    assert abs(reached.integrated + 14) <= 0.5
    assert reached.true_peak <= -1.0


def test_silence_and_no_sound_have_no_loudness(tmp_path: Path) -> None:
    silent = tmp_path / "silent.wav"
    with wave.open(str(silent), "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(22050)
        wav.writeframes(bytes(44100))
    with pytest.raises(OutsideError, match=r"silent\.wav is silent"):
        normalise(silent, tmp_path / "out.wav", rate=48000)
    text = tmp_path / "text.wav"
    text.write_text("no sound")
    with pytest.raises(OutsideError, match=r"measure text\.wav"):
        measure(text)
