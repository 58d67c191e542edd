from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from igny8_media.ai.alignment import estimated_spans, word_spans


def timed(ipa: str, seconds: float = 0.1) -> list[tuple[str, float]]:
    return [(symbol, seconds) for symbol in ipa]


def test_words_that_the_engine_joined_are_parted_again() -> None:
    # "one of the first", as Piper says it; alone, "of" and "the" sound different.
    spans = word_spans(timed("^wʌn ʌvðə fɜst.$"), ["wˈʌn", "ˈʌv", "ðˈiː", "fˈɜːst"])
    assert [round(start, 1) for start, _ in spans] == [0.1, 0.4, 0.7, 0.9]
    assert round(spans[-1][1], 1) == 1.4  # the full stop is no part of the word


def test_a_word_said_as_several_stays_one() -> None:
    # "U.S." is said as two letters, "45%" as three words
    said = "^ɪn jˈuːˈɛs fɔːti faɪv pɚsɛnt$"
    spans = word_spans(timed(said), ["ɪn", "jˌuːˈɛs", "fɔːti faɪv pɚsˈɛnt"])
    assert round(spans[1][0], 1) == 0.3  # the space in flowing speech is already the word
    assert round(spans[2][0], 1) == round(said.index(" f") * 0.1, 1)
    assert round(spans[2][1], 1) == round((len(said) - 1) * 0.1, 1)


def test_a_pause_belongs_to_no_word() -> None:
    spans = word_spans(timed("^ab, cd.$"), ["ab", "cd"])
    assert [(round(a, 1), round(b, 1)) for a, b in spans] == [(0.1, 0.3), (0.5, 0.7)]


def test_a_word_without_a_sound_shares_its_neighbours_time() -> None:
    spans = word_spans(timed("^ab cd$"), ["ab", "", "cd"])
    assert len(spans) == 3
    assert spans[0][1] <= spans[1][0] <= spans[1][1] <= spans[2][0] + 1e-9


_IPA = st.text(alphabet="aɪʊətdsmkˈː ,.", max_size=40)


@given(spoken=_IPA, words=st.lists(st.text(alphabet="aɪʊətdsmkˈː", max_size=8), max_size=12))
def test_spans_are_in_order_and_inside_whatever_was_said(spoken: str, words: list[str]) -> None:
    spans = word_spans(timed(f"^{spoken}$"), words)
    assert len(spans) == len(words)
    clock = 0.0
    for start, end in spans:
        assert clock - 1e-9 <= start <= end + 1e-9
        clock = end
    assert clock <= (len(spoken) + 2) * 0.1 + 1e-9


@given(words=st.lists(st.text(alphabet="abɪ", max_size=8), min_size=1, max_size=12))
def test_estimates_fill_the_time_there_is(words: list[str]) -> None:
    spans = estimated_spans(words, 1.0, 3.0)
    assert spans[0][0] == 1.0
    assert abs(spans[-1][1] - 3.0) < 1e-6
    assert all(a[1] == b[0] for a, b in pairwise(spans))
