"""How well captions keep time with the sound, measured by an aligner that no voice of ours uses.

pocketsphinx (CMU Sphinx, with its own model of English) finds the words of a known text in a
recording. It agrees with the time stamps of a voice to about 20 ms.
"""

import re
import statistics
import tempfile
import wave
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from igny8_media.articles.derive import language_of
from igny8_media.command.video_captions import CaptionCue
from igny8_media.errors import OutsideError
from igny8_media.frozen import Frozen
from igny8_media.narration.spoken import spoken_form
from igny8_media.video.ffmpeg import run

if TYPE_CHECKING:
    from pocketsphinx import Decoder

METHOD: Final = "pocketsphinx"
_RATE: Final = 16_000
_WORST_MEDIAN: Final = 0.1
_WORST_MOST: Final = 0.25
"""Seconds off the sound, for half and for 95 % of the captions, from which on viewers notice."""
_HEARD: Final = 0.8
"""Share of the words that has to be found for the rest of the figures to mean anything."""

# How an English letter mostly sounds, for names that the dictionary lacks: good enough to know
# where they are.
_LETTERS: Final = {
    "a": "AH", "b": "B", "c": "K", "d": "D", "e": "EH", "f": "F", "g": "G", "h": "HH", "i": "IH",
    "j": "JH", "k": "K", "l": "L", "m": "M", "n": "N", "o": "AA", "p": "P", "q": "K", "r": "R",
    "s": "S", "t": "T", "u": "AH", "v": "V", "w": "W", "x": "K", "y": "Y", "z": "Z",
}  # fmt: skip


class CaptionTiming(Frozen):
    """Seconds by which captions start off their first word, of those that could be compared.

    `bias` is the median with its sign: above 0 captions come late. `why_not` says why nothing was
    measured.
    """

    captions: int
    compared: int = 0
    median: float | None = None
    most: float | None = None
    worst: float | None = None
    bias: float | None = None
    method: str | None = None
    why_not: str | None = None

    @property
    def problems(self) -> list[str]:
        if self.median is None or self.most is None or self.bias is None:
            return []
        if self.median <= _WORST_MEDIAN and self.most <= _WORST_MOST:
            return []
        return [
            f"Captions keep bad time: half of them start {self.median * 1000:.0f} ms and 5 % more "
            f"than {self.most * 1000:.0f} ms off the voice ({self.bias * 1000:+.0f} ms typically)."
        ]


def caption_timing(
    video: Path, cues: Sequence[CaptionCue], language: str | None = None
) -> CaptionTiming:
    """Compare when captions appear with when their first words are heard.

    Raises OutsideError if the sound cannot be decoded.
    """
    try:
        from pocketsphinx import Decoder
    except ImportError:
        return _unmeasured(cues, "the package pocketsphinx is not installed")
    language = language or language_of(" ".join(cue.text for cue in cues))
    if language != "en":
        return _unmeasured(cues, f"there is no aligner for the language {language!r} here")
    decoder = Decoder(lm=None, loglevel="FATAL", beam=1e-120, wbeam=1e-100, pbeam=1e-120)
    words: list[str] = []
    first: dict[int, int] = {}
    for number, cue in enumerate(cues):
        said = [_plain(word.spoken) for word in spoken_form(cue.text, language)]
        for part in " ".join(said).split():
            first.setdefault(number, len(words))
            words.append(_known(decoder, part))
    starts = _heard(decoder, words, _sound(video))
    errors = [cues[number].start - starts[at] for number, at in first.items() if at < len(starts)]
    if not words or len(starts) < _HEARD * len(words):
        return _unmeasured(cues, "the captions' words could not be found in the sound")
    sizes = sorted(abs(error) for error in errors)
    return CaptionTiming(
        captions=len(cues),
        compared=len(errors),
        median=round(statistics.median(sizes), 3),
        most=round(sizes[min(len(sizes) - 1, int(len(sizes) * 0.95))], 3),
        worst=round(sizes[-1], 3),
        bias=round(statistics.median(errors), 3),
        method=METHOD,
    )


def _unmeasured(cues: Sequence[CaptionCue], why: str) -> CaptionTiming:
    return CaptionTiming(captions=len(cues), why_not=why)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z']*[a-z][a-z']*", text.lower().replace("’", "'")))


def _known(decoder: "Decoder", word: str) -> str:
    """The word, in the aligner's dictionary from now on."""
    if decoder.lookup_word(word) is None:
        sounds = [_LETTERS[letter] for letter in word if letter in _LETTERS]
        decoder.add_word(word, " ".join(sounds), update=True)
    return word


def _heard(decoder: "Decoder", words: Sequence[str], sound: bytes) -> list[float]:
    """Seconds at which the words start, as many of them as are found in order."""
    if not words:
        return []
    decoder.set_align_text(" ".join(words))
    decoder.start_utt()
    decoder.process_raw(sound, full_utt=True)
    decoder.end_utt()
    return [part.start_frame / 100 for part in decoder.seg() or () if part.word[0] not in "<[("]


def _sound(video: Path) -> bytes:
    """The video's sound as 16 kHz mono 16-bit samples."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        arguments = ["-loglevel", "error", "-protocol_whitelist", "file"]
        arguments += ["-i", str(video.absolute()), "-vn", "-ac", "1", "-ar", str(_RATE)]
        run([*arguments, "sound.wav"], cwd=folder, task=f"decode the sound of {video.name}")
        try:
            with wave.open(str(folder / "sound.wav")) as wav:
                return bytes(wav.readframes(wav.getnframes()))
        except wave.Error as error:
            raise OutsideError(f"The sound of {video.name} cannot be read: {error}.") from error
