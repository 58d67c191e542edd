"""Which picture goes with which passage: the best assignment by place, words and meaning."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from igny8_media.visuals.meaning import Matrix, similarities, understands
from igny8_media.visuals.model import Shown, Spoken
from igny8_media.writing.terms import stop_words, terms


@dataclass(frozen=True, slots=True)
class Weights:
    """What each sign is worth; a picture that reaches less than `least` in all is not shown."""

    place: float = 1.0
    words: float = 1.0
    meaning: float = 1.3
    least: float = 0.35


STANDARD = Weights()
_NEAR = 100.0
"""Words in an article after which being near counts for a good third."""
_OTHER_CHAPTER = 0.5
_NOT_YET = 0.05
_UNRELATED = 0.1
"""The cosine that two texts about nothing in common have."""
_ENOUGH = 3
"""Pictures from which on one can say how a passage is to pictures at large."""
_ALIKE = 0.45
"""The cosine of a caption with a passage that says the same: a caption leaves much out."""


def assign(
    pictures: Sequence[Shown],
    passages: Sequence[Spoken],
    language: str,
    weights: Weights = STANDARD,
) -> dict[int, int]:
    """Passage to picture, by index: no picture twice, none where it does not belong.

    The sum of what the pairs are worth is the largest there is (the Hungarian method), so one
    picture does not take the only place another one has. Deterministic.
    """
    worth = worths(pictures, passages, language, weights)
    # What falls short is worth nothing, so that it never pushes a good pair out of its place.
    useful = np.where(worth >= weights.least, worth, 0.0)
    rows, columns = linear_sum_assignment(useful, maximize=True)
    return {
        int(passage): int(picture)
        for picture, passage in zip(rows, columns, strict=True)
        if useful[picture, passage] > 0
    }


def worths(
    pictures: Sequence[Shown],
    passages: Sequence[Spoken],
    language: str,
    weights: Weights = STANDARD,
) -> Matrix:
    """What each picture (row) is worth beside each passage (column)."""
    found: Matrix = np.zeros((len(pictures), len(passages)))
    if not found.size:
        return found
    if weights.place:
        found += weights.place * _places(pictures, passages)
    if weights.words:
        found += weights.words * shared_words(
            [p.words for p in pictures], [p.text for p in passages], language
        )
    if weights.meaning and understands(language):
        near = _telling(similarities([p.words for p in pictures], [p.text for p in passages]))
        found += weights.meaning * np.clip((near - _UNRELATED) / (_ALIKE - _UNRELATED), 0.0, 1.0)
    return found


def _telling(near: Matrix) -> Matrix:
    """Similarities less what a passage has with pictures at large.

    Short passages are a little like everything ("hubs"); what counts is to be nearer to this
    picture than to the others.
    """
    count = len(near)
    if count < _ENOUGH:
        return near
    others = (near.sum(axis=0, keepdims=True) - near) / (count - 1)
    less: Matrix = near - np.maximum(others - _UNRELATED, 0.0)
    return less


def _places(pictures: Sequence[Shown], passages: Sequence[Spoken]) -> Matrix:
    """1 for a passage right beside the picture, less with each word in between."""
    return np.array([[_place(picture, passage) for passage in passages] for picture in pictures])


def _place(picture: Shown, passage: Spoken) -> float:
    if picture.at is None or passage.where is None:
        return 0.0
    start, end = passage.where
    away = max(start - picture.at, picture.at - end, 0.0)
    # Between two passages equally near, a picture illustrates what was just said.
    near = math.exp(-away / _NEAR) - (_NOT_YET if picture.at <= start else 0.0)
    near /= picture.together
    return near if picture.chapter == passage.chapter else near * _OTHER_CHAPTER


def shared_words(ones: Sequence[str], others: Sequence[str], language: str) -> Matrix:
    """How much of what each of `ones` says each of `others` says too, 0 to 1.

    A word counts the more, the fewer of `others` have it; figures count as words.
    """
    stop = stop_words(language)
    said = [frozenset(terms(text, stop)) for text in others]
    many = {word: sum(word in words for words in said) for word in frozenset().union(*said)}
    rare = {word: math.log(1 + len(said) / count) for word, count in many.items()}
    unknown = math.log(1 + len(said))
    found: Matrix = np.zeros((len(ones), len(others)))
    for row, text in enumerate(ones):
        shown = frozenset(terms(text, stop))
        # Half of a caption's words say how it shows what it shows: they are in no passage.
        whole = sum(rare.get(word, 0.5 * unknown) for word in shown)
        for column, words in enumerate(said):
            found[row, column] = sum(rare[w] for w in sorted(shown & words)) / whole if whole else 0
    return np.minimum(1.0, found * 2)
