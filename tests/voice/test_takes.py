"""Whole frames, and speech that is kept: what an edit of one section may and may not change."""

import wave
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from silence import silences
from voice_scripts import make_script

from igny8_media.ai.espeak import Espeak
from igny8_media.ai.piper import Piper
from igny8_media.ai.speech import Utterance, Voice
from igny8_media.ai.voices import Speaker
from igny8_media.ai.wav import read_wav
from igny8_media.errors import OutsideError
from igny8_media.narration.fit import fit_narration
from igny8_media.narration.narrate import narrate
from igny8_media.storage.cache import FolderCache
from igny8_media.video.model import Narration, SpokenSection, VideoForm, VideoScript

TEXTS = tuple(f"This is part {n} of a longer text. It has {n} ideas." for n in range(1, 11))


class Counting:
    """Passes everything on to a real engine, and remembers what it was asked to say."""

    def __init__(self, speaker: Speaker) -> None:
        self._engine = speaker.engine
        self.name, self.version = self._engine.name, self._engine.version
        self.said: list[str] = []

    def voices(self) -> tuple[Voice, ...]:
        return self._engine.voices()

    def speak(self, text: str, voice: Voice, out: Path, *, speed: float = 1.0) -> Utterance:
        self.said.append(text)
        return self._engine.speak(text, voice, out, speed=speed)


@pytest.fixture
def counted(robot: Speaker) -> tuple[Counting, Speaker]:
    engine = Counting(robot)
    return engine, Speaker(engine, robot.voice)


def relative(section: SpokenSection) -> list[tuple[str, float, float]]:
    return [
        (w.text, round(w.start - section.start, 6), round(w.end - section.start, 6))
        for w in section.words
    ]


def frame(seconds: float) -> int:
    number = seconds * 30
    assert abs(number - round(number)) < 1e-9
    return round(number)


def new_folder(parent: Path) -> Path:
    folder = parent / f"run{len(list(parent.iterdir()))}"
    folder.mkdir()
    return folder


def assert_whole_frames(narration: Narration, folder: Path) -> None:
    for section in narration.sections:
        assert frame(section.end) > frame(section.start)
    with wave.open(str(folder / narration.audio)) as wav:
        assert wav.getnframes() == frame(narration.duration) * 1600


def test_editing_one_of_ten_speaks_only_that_one(
    counted: tuple[Counting, Speaker], takes: FolderCache, tmp_path: Path
) -> None:
    engine, speaker = counted
    one = new_folder(tmp_path)
    before = narrate(make_script(*TEXTS), one, speakers=[speaker], takes=takes)
    assert len(engine.said) == 20
    engine.said.clear()
    edited = (*TEXTS[:3], "Something else is said here, and it takes longer.", *TEXTS[4:])
    other = new_folder(tmp_path)
    after = narrate(make_script(*edited), other, speakers=[speaker], takes=takes)
    assert engine.said == ["Something else is said here, and it takes longer."]
    assert_whole_frames(before, one)
    assert_whole_frames(after, other)
    for old, new in zip(before.sections, after.sections, strict=True):
        if old.section_id != "s3":
            assert frame(new.end - new.start) == frame(old.end - old.start)
            assert relative(new) == relative(old)
    # The sound of an unedited section behind the edit is the same, at a very similar level.
    old, new = (
        read_wav(folder / "narration.wav", "test")[0][
            frame(n.sections[7].start) * 1600 : frame(n.sections[7].end) * 1600
        ].astype(float)
        for n, folder in ((before, one), (after, other))
    )
    assert np.corrcoef(old, new)[0, 1] > 0.999
    assert abs(20 * np.log10(np.std(new) / np.std(old))) < 0.5


def test_a_stochastic_voice_stays_as_it_was(
    joe: Speaker, takes: FolderCache, tmp_path: Path
) -> None:
    texts = ("One thing stays.", "Another changes.", "The last one stays as well.")
    one, other = new_folder(tmp_path), new_folder(tmp_path)
    before = narrate(make_script(*texts), one, speakers=[joe], takes=takes)
    after = narrate(
        make_script(texts[0], "Another was changed.", texts[2]),
        other,
        speakers=[joe],
        takes=takes,
    )
    assert relative(after.sections[0]) == relative(before.sections[0])
    assert relative(after.sections[2]) == relative(before.sections[2])
    assert_whole_frames(after, other)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    texts=st.lists(
        st.text(alphabet="ab cd.?, 1", min_size=1, max_size=60).map(lambda t: f"Well {t}"),
        min_size=1,
        max_size=4,
    ),
    speed=st.sampled_from([0.92, 1.0, 1.04, 1.08]),
)
def test_any_text_at_any_tempo_fills_whole_frames(
    texts: list[str], speed: float, robot: Speaker, takes: FolderCache, tmp_path: Path
) -> None:
    folder = new_folder(tmp_path)
    narration = narrate(make_script(*texts), folder, speakers=[robot], takes=takes, speed=speed)
    assert_whole_frames(narration, folder)
    for section in narration.sections:
        for _, start, end in relative(section):
            assert start == round(start, 3)
            assert 0 < start < end < section.end - section.start


def test_tempo_stretches_what_was_spoken(
    counted: tuple[Counting, Speaker], takes: FolderCache, tmp_path: Path
) -> None:
    engine, speaker = counted
    script = make_script("One two three four five, six seven eight nine ten. And then the end.")
    usual = narrate(script, new_folder(tmp_path), speakers=[speaker], takes=takes)
    folder = new_folder(tmp_path)
    quick = narrate(script, folder, speakers=[speaker], takes=takes, speed=1.08)
    assert len(engine.said) == 2
    spoken = [n.sections[0].words[-1].end - n.sections[0].words[0].start for n in (usual, quick)]
    assert 1.05 <= spoken[0] / spoken[1] <= 1.09  # the pause between the sentences stays
    # The words are where the stretched sound is.
    gap = next(s for s in silences(folder / quick.audio, floor=-45, shortest=0.2) if s.start > 0.5)
    ends = [w.end for w in quick.sections[0].words]
    assert min(abs(end - gap.start) for end in ends) <= 0.06


@pytest.mark.parametrize("rate", [16_000, 24_000, 44_100])
def test_engines_of_other_rates_fill_whole_frames(
    rate: int, takes: FolderCache, tmp_path: Path
) -> None:
    speaker = Speaker(Tone(rate), Voice(name="tone", language="en"))
    narration = narrate(
        make_script("One two.", "Three four five."), tmp_path, speakers=[speaker], takes=takes
    )
    assert_whole_frames(narration, tmp_path)
    assert abs(narration.loudness + 14) <= 1


class Tone:
    """A voice that hums, `pace` seconds a word, and may fail at the word "stop" in several ways."""

    name, version = "tone", "1"

    def __init__(self, rate: int = 24_000, fault: str = "", pace: float = 0.3) -> None:
        self._rate, self._fault, self._pace = rate, fault, pace
        self.said: list[str] = []

    def voices(self) -> tuple[Voice, ...]:
        return (Voice(name="tone", language="en"),)

    def speak(self, text: str, voice: Voice, out: Path, *, speed: float = 1.0) -> Utterance:
        from igny8_media.ai.speech import Word

        self.said.append(text)
        words = text.split()
        count = len(words)
        fault = self._fault if "stop" in text else ""
        seconds = 0.05 if fault == "short" else self._pace * count
        clock = np.arange(round(seconds * self._rate)) / self._rate
        sound = np.sin(2 * np.pi * 180 * clock) * (0.3 + 0.2 * np.sin(2 * np.pi * 3 * clock))
        if fault == "silent":
            sound *= 0
        if fault == "empty":
            sound = sound[:0]
        data = (sound * 20000).astype("<i2").tobytes()
        with wave.open(str(out), "wb") as wav:
            wav.setnchannels(1)
            wav.setsampwidth(2)
            wav.setframerate(self._rate)
            wav.writeframes(data)
        if fault == "truncated":
            out.write_bytes(out.read_bytes()[: 44 + len(data) // 3])
        if fault == "garbage":
            out.write_bytes(b"<html>502 Bad Gateway</html>")
        return Utterance(
            audio=out,
            sample_rate=self._rate,
            duration=self._pace * count,
            words=tuple(
                Word(text=w, start=self._pace * n, end=self._pace * (n + 0.8))
                for n, w in enumerate(words)
            ),
            timing="engine",
        )


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ("silent", "returned silence for 'please stop talking to the people now'"),
        ("empty", "returned silence"),
        ("truncated", "broke off: 33% of the sound it announced arrived"),
        ("short", r"broke off after 0\.1 s of a text with 31 letters"),
        ("garbage", "not a WAV file"),
    ],
)
def test_bad_sound_is_told_and_finished_sections_are_kept(
    fault: str, sentence: str, takes: FolderCache, tmp_path: Path
) -> None:
    tone = Tone(fault=fault)
    speaker = Speaker(tone, tone.voices()[0])
    script = make_script("The first is fine.", "please stop talking to the people now")
    with pytest.raises(OutsideError, match=rf"tone did not speak: .*{sentence}.*section 's1'"):
        narrate(script, tmp_path, speakers=[speaker], takes=takes)
    assert list(tmp_path.iterdir()) == []
    mended = Tone()
    narrate(script, tmp_path, speakers=[Speaker(mended, speaker.voice)], takes=takes)
    assert mended.said == ["please stop talking to the people now"]


def test_a_section_of_ten_thousand_characters_is_spoken(takes: FolderCache, tmp_path: Path) -> None:
    tone = Tone(rate=8_000, pace=0.11)
    text = "word " * 2000
    narration = narrate(
        make_script(text), tmp_path, speakers=[Speaker(tone, tone.voices()[0])], takes=takes
    )
    assert len(narration.sections[0].words) == 2000
    assert max(map(len, tone.said)) <= 350
    assert_whole_frames(narration, tmp_path)


def _lasting(words: int) -> VideoScript:
    return make_script(*(" ".join(["word"] * 20) for _ in range(words // 20)))


def test_fitting_stretches_before_it_rewrites(takes: FolderCache, tmp_path: Path) -> None:
    tone = Tone()
    voices = [Speaker(tone, tone.voices()[0])]
    script = _lasting(200)  # 60 s of words and 5 s of pauses

    def rewrite(_: float) -> VideoScript | None:
        return _lasting(180)

    said, narration = fit_narration(script, VideoForm.SHORT, voices, tmp_path, rewrite, takes=takes)
    assert len(said.sections) == 9
    assert 45 <= narration.duration <= 58
    assert len(tone.said) == 1  # all sections say the same
    assert narration.duration * 30 == pytest.approx(round(narration.duration * 30))


def test_fitting_takes_the_gentlest_tempo_in_steps(takes: FolderCache, tmp_path: Path) -> None:
    tone = Tone()
    voices = [Speaker(tone, tone.voices()[0])]
    lengths = []
    # The last section differs in length; the step of the tempo, and with it the others, does not.
    for number, extra in enumerate((0, 1)):
        script = make_script(*(f"{'word ' * 20}." for _ in range(8)), "word " * (18 + extra))
        folder = tmp_path / str(number)
        folder.mkdir()
        _, narration = fit_narration(
            script, VideoForm.SHORT, voices, folder, lambda _: None, takes=takes
        )
        assert narration.duration <= 58
        lengths.append([frame(s.end - s.start) for s in narration.sections])
    assert lengths[0][:8] == lengths[1][:8]


def test_what_was_kept_needs_no_voice_at_all(
    joe: Speaker, espeak: Espeak, takes: FolderCache, tmp_path: Path
) -> None:
    script = make_script("This was said before.")
    narrate(script, new_folder(tmp_path), speakers=[joe], takes=takes)
    with Piper(espeak) as idle:
        again = Speaker(idle, idle.voices()[0])
        narrate(script, new_folder(tmp_path), speakers=[again], takes=takes)
        assert idle._server is None  # loading the voice would cost seconds


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("times.json", b'{"words": [], "timing": "engine"}'),  # as an earlier version wrote it
        ("times.json", b"{"),
        ("times.json", None),
        ("speech.wav", b"RIFF"),
        ("speech.wav", None),
    ],
)
def test_a_kept_take_that_cannot_be_read_is_made_again(
    file: str, content: bytes | None, tmp_path: Path
) -> None:
    tone = Tone()
    kept = FolderCache(tmp_path / "takes", 10**9)
    script, voices = make_script("One two three."), [Speaker(tone, tone.voices()[0])]
    first, second = new_folder(tmp_path), new_folder(tmp_path)
    before = narrate(script, first, speakers=voices, takes=kept, speed=1.04)
    for folder in (tmp_path / "takes").iterdir():  # the take, and the same at another tempo
        path = folder / file
        path.unlink()
        if content is not None:
            path.write_bytes(content)
    after = narrate(script, second, speakers=voices, takes=kept, speed=1.04)
    assert len(tone.said) == 2
    assert after == before
