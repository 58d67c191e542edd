"""Pictures go where a person would put them, and each goes once."""

from itertools import pairwise, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from igny8_media.visuals.matching import STANDARD, Weights, assign, shared_words, worths
from igny8_media.visuals.meaning import similarities
from igny8_media.visuals.model import Shown, Spoken
from igny8_media.visuals.places import places_of, shown_in, told_in
from igny8_media.writing.digest import digest
from tests.visuals.labelled import labelled

WORDS = st.sampled_from(
    ["", "a red door", "bees on flowers", "the old red train", "snow", "a train in the snow"]
)
PLACES = st.one_of(st.none(), st.floats(0, 500))
PICTURES = st.lists(st.builds(Shown, st.just("k"), WORDS, PLACES), max_size=5)
PASSAGES = st.lists(
    st.builds(Spoken, WORDS, st.one_of(st.none(), st.just((10.0, 40.0)), st.just((80.0, 90.0)))),
    max_size=5,
)


def _found(weights: Weights, held_out: bool) -> tuple[int, int, int]:
    """How many pairs there are, are found, and are wrong."""
    pairs = right = wrong = 0
    for case in (one for one in labelled() if one.held_out == held_out):
        read = digest(case.article)
        shown = shown_in(case.article, read)
        told = told_in([text for text, _ in case.spoken], case.article, read)
        matched = assign(shown, told, case.article.language, weights)
        for number, (_, wanted) in enumerate(case.spoken):
            got = shown[matched[number]].key if number in matched else None
            pairs += wanted is not None
            right += wanted is not None and got == wanted
            wrong += None not in (wanted, got) and got != wanted
    return pairs, right, wrong


@pytest.mark.parametrize("held_out", [False, True])
def test_most_pictures_stand_where_a_person_puts_them(held_out: bool) -> None:
    pairs, right, wrong = _found(STANDARD, held_out)
    assert pairs > 20
    assert right / pairs >= 0.8
    assert wrong / pairs <= 0.05


def test_all_signs_together_see_more_than_each() -> None:
    def right(weights: Weights) -> int:
        return sum(_found(weights, held_out)[1] for held_out in (False, True))

    together = right(STANDARD)
    assert together > right(Weights(1, 0, 0, 0.2))
    assert together > right(Weights(0, 1, 0, 0.1))
    assert together > right(Weights(0, 0, 1, 0.1))


@given(PICTURES, PASSAGES)
def test_an_assignment_is_the_best_there_is(pictures: list[Shown], passages: list[Spoken]) -> None:
    matched = assign(pictures, passages, "en")
    assert len(set(matched.values())) == len(matched)
    worth = worths(pictures, passages, "en")
    assert all(worth[picture, place] >= STANDARD.least for place, picture in matched.items())
    if not worth.size:
        return
    useful = np.where(worth >= STANDARD.least, worth, 0)
    padded = np.zeros((5, 5))
    padded[: len(pictures), : len(passages)] = useful
    best = max(sum(padded[row, n] for n, row in enumerate(p)) for p in permutations(range(5)))
    assert sum(worth[row, n] for n, row in matched.items()) == pytest.approx(best)


@given(PICTURES, PASSAGES)
def test_it_is_the_same_every_time(pictures: list[Shown], passages: list[Spoken]) -> None:
    assert assign(pictures, passages, "en") == assign(list(pictures), list(passages), "en")


def test_place_decides_where_a_picture_says_nothing() -> None:
    passages = [Spoken("One thing.", (0, 30)), Spoken("Another.", (200, 230))]
    assert assign([Shown("k", "", 205.0)], passages, "en") == {1: 0}
    assert assign([Shown("k", "IMG_2034")], passages, "en") == {}


def test_a_language_without_meaning_goes_by_words() -> None:
    passages = [Spoken("Mbwa analala nyumbani", None), Spoken("Samaki anaogelea baharini", None)]
    assert assign([Shown("k", "Samaki mkubwa baharini")], passages, "sw") == {1: 0}


@pytest.mark.parametrize(
    ("language", "caption", "near", "far"),
    [
        ("ar", "كلب على الشاطئ", "كلبي يحب البحر والرمال", "ارتفعت أسعار الفائدة"),
        ("ja", "雪の中の電車", "冬の鉄道は遅れることが多い", "新しい税制について"),
        ("ru", "Собака на пляже", "Мой пёс любит море", "Ставки по кредитам выросли"),
    ],
)
def test_meaning_is_seen_without_a_common_word(
    language: str, caption: str, near: str, far: str
) -> None:
    related, unrelated = similarities([caption], [near, far])[0]
    assert related > unrelated + 0.1
    assert assign([Shown("k", caption)], [Spoken(far), Spoken(near)], language) == {1: 0}


def test_empty_texts_are_near_to_nothing() -> None:
    assert np.all(similarities(["", "a dog"], ["", " "]) == 0)
    assert np.all(shared_words(["", "a dog"], ["", "the"], "en") == 0)


def test_blocks_lie_behind_one_another() -> None:
    for case in labelled():
        places = list(places_of(case.article, digest(case.article)).values())
        assert all(a.end <= b.start for a, b in pairwise(places))
