"""Lines of code are lit when the narration speaks about them."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from igny8_media.ai.speech import Word
from igny8_media.video.model import SpokenSection
from igny8_media.video.spokenlines import spoken_lines

CODE = """\
def slowest_page(urls):
    timings = {}
    for url in urls:
        response = client.get(url)
        timings[url] = response.elapsed
    return max(timings, key=timings.get)
""".splitlines()


def _said(text: str) -> SpokenSection:
    words = tuple(
        Word(text=word, start=2 + 0.4 * n, end=2.3 + 0.4 * n) for n, word in enumerate(text.split())
    )
    return SpokenSection(section_id="s", start=2.0, end=60.0, words=words)


@pytest.mark.parametrize(
    ("said", "lines"),
    [
        ("Slowest page takes the addresses. Then the client asks, and response elapsed is kept.",
         [1, 4, 5]),
        ("At the end we return the max.", [6]),
        ("Look at line three, and then at the last line.", [3, 6]),
        ("In the first line it gets its name.", [1]),
        ("In Zeile 2 liegt alles.", [2]),
        ("Nothing here is about any of it.", []),
        ("Read line 99 if you can.", []),
    ],
)  # fmt: skip
def test_lines_are_known_by_their_names_and_numbers(said: str, lines: list[int]) -> None:
    assert [lit.line for lit in spoken_lines(CODE, _said(said))] == lines


def test_a_line_is_lit_when_its_words_begin() -> None:
    (lit,) = spoken_lines(CODE, _said("And now the response elapsed is stored"))
    assert lit.line == 5
    assert lit.start == pytest.approx(3 * 0.4, abs=0.41)


_WORDS = st.sampled_from(
    ["timings", "client", "url", "max", "return", "page", "the", "line", "two"]
)


@given(st.lists(_WORDS, max_size=40), st.lists(st.sampled_from([*CODE, "", "}"]), min_size=1))
def test_whatever_is_said_lines_follow_each_other_at_a_calm_pace(said, lines) -> None:
    lit = spoken_lines(lines, _said(" ".join(said)))
    assert all(1 <= one.line <= len(lines) for one in lit)
    assert all(a.line != b.line for a, b in pairwise(lit))
    assert all(b.start - a.start >= 0.9 - 1e-9 for a, b in pairwise(lit))


def test_what_told_of_one_line_does_not_tell_of_another() -> None:
    """Both "dry" and "return" are in the last line too, and 8 is said in letters."""
    code = """\
def choose_source(low, high, forecast_mm):
    if low.is_dry():
        return "tap"
    if high.is_wet() or forecast_mm > 8:
        return "barrel"
    return "barrel" if soil.is_dry() else "none"
""".splitlines()
    said = _said(
        "If the low switch is dry, we return the tap. When the forecast is more than eight "
        "millimetres, we return the barrel. Otherwise the soil decides."
    )
    assert [lit.line for lit in spoken_lines(code, said)] == [2, 3, 4, 5, 6]
