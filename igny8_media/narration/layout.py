"""Sections of speech laid out so that each lasts a whole number of video frames.

A section's sound and word times depend on nothing but its own sentences (and on being the last),
so an edit elsewhere moves it by whole frames and leaves its captions and pictures as they were.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from igny8_media.ai.speech import Word
from igny8_media.ai.wav import read_wav, voiced
from igny8_media.narration.reading import Said
from igny8_media.narration.sound import Piece
from igny8_media.narration.spoken import SpokenWord
from igny8_media.narration.takes import FRAME_RATE, Take, at_tempo
from igny8_media.storage.cache import FolderCache

_HEAD: Final = 5
"""Video frames before a section's first word: its picture is there before its voice."""
_REST: Final = 10
"""Video frames after a section's last word, at least; with the next head half a second."""
_TAIL: Final = 18
"""Video frames after the last word of all."""

_FADE = 4  # milliseconds
_MARGIN = 0.02  # seconds kept around the voice
_LEVEL = -21.0  # dBFS that every sentence is brought to: a constant, so that no edit moves it
_LOUDER, _SOFTER = 6.0, -12.0  # dB that a sentence may be moved at most
_CLIP = -1.0  # dBFS that no sentence is raised beyond
_SHORTEST = 0.02  # seconds that a word lasts at least


class Block(NamedTuple):
    """One section: `frames` video frames of sound, and its words in seconds from its start."""

    sound: Piece
    frames: int
    words: tuple[Word, ...]


def block(said: Sequence[Said], takes: FolderCache, *, tempo: float, last: bool) -> Block:
    """Lay out one section: a head, its sentences with their pauses, and the rest to a full frame.

    `tempo` is how many times faster than spoken it is to be; pauses stay as they are.
    """
    first = at_tempo(said[0].take, tempo, takes)
    rate = first.rate
    unit = rate // FRAME_RATE
    pieces = [Piece.silence(_HEAD * unit, rate)]
    words: list[Word] = []
    samples = pieces[0].samples
    for index, (sentence, take) in enumerate(said):
        if index:
            pieces.append(Piece.silence(round(said[index - 1].sentence.pause * rate), rate))
            samples += pieces[-1].samples
        sound, own = _trimmed(at_tempo(take, tempo, takes), sentence.words)
        pieces.append(_levelled(sound))
        words += _moved(own, samples / rate)
        samples += sound.samples
    frames = -(-samples // unit) + (_TAIL if last else _REST)
    pieces.append(Piece.silence(frames * unit - samples, rate))
    return Block(Piece.joined(pieces), frames, tuple(words))


def _trimmed(take: Take, shown: Sequence[SpokenWord]) -> tuple[Piece, tuple[Word, ...]]:
    """The voice without the silence around it, and its words as captions show them."""
    samples, rate = read_wav(take.sound, "The voice")
    duration = len(samples) / rate
    heard = voiced(samples, rate) or (0.0, duration)
    start, end = max(0.0, heard[0] - _MARGIN), min(duration, heard[1] + _MARGIN)
    sound = Piece.read(take.sound).cut(start, end).softened(_FADE)
    return sound, _shown(take.words, shown, start, end - start)


def _levelled(sound: Piece) -> Piece:
    up = max(0.0, min(_LOUDER, _CLIP - sound.peak))
    return sound.gained(max(_SOFTER, min(up, _LEVEL - sound.level)))


def _shown(
    said: Sequence[Word], words: Sequence[SpokenWord], offset: float, duration: float
) -> tuple[Word, ...]:
    """The spoken words gathered into those that captions show."""
    shown: list[Word] = []
    at = 0
    clock = 0.0
    for word in words:
        own = said[at : at + len(word.spoken.split())]
        at += len(own)
        start = min(max(own[0].start - offset, clock), duration)
        clock = min(max(own[-1].end - offset, start + _SHORTEST), duration)
        shown.append(Word(text=word.display, start=min(start, clock), end=clock))
    return tuple(shown)


def _moved(words: Sequence[Word], by: float) -> list[Word]:
    """To the millisecond: whatever comes before the section must not decide the last digit."""
    return [
        Word(text=word.text, start=round(word.start + by, 3), end=round(word.end + by, 3))
        for word in words
    ]
