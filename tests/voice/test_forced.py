"""Word times found in sound alone, against times that came about in other ways."""

import wave
from pathlib import Path

import numpy as np
import pytest
from silence import silences
from test_engines import PLAIN, aligned
from voice_scripts import make_script

from igny8_media.ai.espeak import Espeak
from igny8_media.ai.forced import align
from igny8_media.ai.speech import Utterance, Voice, Word
from igny8_media.ai.voices import Speaker
from igny8_media.narration.narrate import narrate
from igny8_media.storage.cache import FolderCache
from igny8_media.video.ffmpeg import run


def errors(found: tuple[Word, ...], known: list[float]) -> list[float]:
    assert len(found) == len(known)
    return [abs(word.start - start) for word, start in zip(found, known, strict=True)]


def assert_close(errors: list[float]) -> None:
    assert np.median(errors) <= 0.06
    assert np.percentile(errors, 95) <= 0.15


def test_it_agrees_with_piper_and_with_pocketsphinx(
    joe: Speaker, espeak: Espeak, tmp_path: Path
) -> None:
    texts = (*PLAIN, "One study of twelve hundred engineers found this, and nobody was surprised.")
    to_piper: list[float] = []
    to_sphinx: list[float] = []
    for text in texts:
        said = joe.engine.speak(text, joe.voice, tmp_path / "said.wav")
        found = align(said.audio, text, "en", espeak, tmp_path)
        assert found.problem == ""
        assert [word.text for word in found.words] == text.split()
        to_piper += errors(found.words, [word.start for word in said.words])
        if text in PLAIN:
            heard = aligned(said, text, tmp_path)
            # Sometimes pocketsphinx gives up before the end.
            to_sphinx += [abs(w.start - h[0]) for w, h in zip(found.words, heard, strict=False)]
    assert_close(to_piper)
    assert_close(to_sphinx)
    assert not (tmp_path / "model.wav").exists()


OTHERS = {
    "de": "Die meisten Teams verlieren fast die Hälfte ihrer Woche in Besprechungen, die niemand"
    " braucht. Legt sie auf zwei Tage!",
    "ar": "معظم الفرق تضيع نصف أسبوعها في اجتماعات لا يحتاجها أحد.",
    "zh": "大多数 团队 每周 把 一半 的 时间 浪费 在 会议 上。",
    "fr": "La plupart des équipes perdent presque la moitié de leur semaine en réunions.",
}
CHANGES = {
    "slower and lower": ("rubberband=tempo=0.85:pitch=0.85", 0.85),
    "faster, a higher voice": ("rubberband=tempo=1.15:pitch=1.2:formant=shifted", 1.15),
    "through a telephone": ("aecho=0.8:0.5:23:0.25,highpass=200,lowpass=3800,atempo=0.93", 0.93),
}


@pytest.mark.parametrize("language", OTHERS)
def test_it_finds_words_in_every_language_and_voice(
    language: str, espeak: Espeak, tmp_path: Path
) -> None:
    text = OTHERS[language]
    voice = next(voice for voice in espeak.voices() if voice.language == language)
    said = espeak.speak(text, voice, tmp_path / "said.wav")
    for change, tempo in CHANGES.values():
        arguments = ["-y", "-i", "said.wav", "-af", change, "-ar", "24000", "-ac", "1", "c.wav"]
        run(arguments, cwd=tmp_path, task="change the voice")
        found = align(tmp_path / "c.wav", text, language, espeak, tmp_path)
        assert found.problem == ""
        assert_close(errors(found.words, [word.start / tempo for word in said.words]))


def test_times_are_in_order_and_inside_the_sound(espeak: Espeak, tmp_path: Path) -> None:
    text = "Well: a, b, c — 42 things! Is it? Yes."
    voice = next(voice for voice in espeak.voices() if voice.name == "en-us")
    said = espeak.speak(text, voice, tmp_path / "said.wav")
    words = align(said.audio, text, "en", espeak, tmp_path).words
    times = [t for word in words for t in (word.start, word.end)]
    assert times == sorted(times)
    assert 0 <= times[0] <= times[-1] <= said.duration


def test_what_cannot_be_found_is_said(espeak: Espeak, tmp_path: Path) -> None:
    voice = next(voice for voice in espeak.voices() if voice.name == "en-us")
    said = espeak.speak(PLAIN[0], voice, tmp_path / "said.wav")

    def problem(text: str, language: str) -> str:
        found = align(said.audio, text, language, espeak, tmp_path)
        assert bool(found.words) != bool(found.problem)
        return found.problem

    assert problem(PLAIN[0], "en") == ""
    assert problem(PLAIN[0], "xx") == "espeak-ng does not read the language 'xx'"
    assert problem(PLAIN[0], "ja") == "espeak-ng does not read the language 'ja'"
    assert "cannot hold what takes" in problem("yes", "en")
    others = (*PLAIN[1:], "Nobody needs a new tool to decline all of these meetings on a Monday.")
    problems = [problem(other, "en") for other in others]
    assert problems.count("the sound is unlike the text") >= 2


class Timeless:
    """A real voice that keeps its word times to itself, or only hums."""

    name, version = "timeless", "1"

    def __init__(self, speaker: Speaker, *, hums: bool = False) -> None:
        self._speaker, self._hums = speaker, hums

    def voices(self) -> tuple[Voice, ...]:
        return (self._speaker.voice,)

    def speak(self, text: str, voice: Voice, out: Path, *, speed: float = 1.0) -> Utterance:
        said = self._speaker.engine.speak(text, voice, out, speed=speed)
        if self._hums:
            with wave.open(str(out), "wb") as wav:
                wav.setnchannels(1)
                wav.setsampwidth(2)
                wav.setframerate(said.sample_rate)
                clock = np.arange(round(said.duration * said.sample_rate)) / said.sample_rate
                wav.writeframes((np.sin(clock * 900) * 9000).astype("<i2").tobytes())
        share = said.duration / len(said.words)
        words = tuple(
            Word(text=word.text, start=n * share, end=(n + 1) * share)
            for n, word in enumerate(said.words)
        )
        return said.model_copy(update={"words": words, "timing": "estimate"})


def test_a_voice_without_times_is_aligned(joe: Speaker, takes: FolderCache, tmp_path: Path) -> None:
    text = "It waits. Extraordinarily long words, of all kinds, are in it: a, b, and c."
    speaker = Speaker(Timeless(joe), joe.voice)
    narration = narrate(make_script(text), tmp_path, speakers=[speaker], takes=takes)
    assert narration.timing == "alignment"
    assert narration.notes == ()
    words = narration.sections[0].words
    gaps = silences(tmp_path / narration.audio, floor=-45, shortest=0.2)[1:-1]
    # Piper says the same sentence a little differently each time.
    assert_close([min(abs(word.start - gap.end) for word in words) for gap in gaps])


def test_times_that_cannot_be_found_stay_estimates_and_are_told(
    robot: Speaker, takes: FolderCache, tmp_path: Path
) -> None:
    speaker = Speaker(Timeless(robot, hums=True), robot.voice)
    script = make_script("Nobody hears a single word of this sentence, and nobody could.")
    narration = narrate(script, tmp_path, speakers=[speaker], takes=takes)
    assert narration.timing == "estimate"
    (note,) = narration.notes
    assert note.startswith("The word times of 1 of 1 sentences are estimates: ")
