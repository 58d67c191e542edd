"""Words that arrive one by one: their pictures, their order, and when they come."""

import time

import numpy as np
import pytest

from igny8_media.ai.speech import Word
from igny8_media.imaging.frame import frame, headline
from igny8_media.imaging.theme import Theme
from igny8_media.video.counting import on_the_way
from igny8_media.video.kinetic import arriving, units_of
from igny8_media.video.model import SpokenSection
from igny8_media.video.timeline import unit_times

INK = (240, 240, 240)
BOX = frame((540, 960))


def _units(text: str, language: str = "en"):
    laid = headline(text, Theme(), BOX.width, BOX.height, 70, language)
    return units_of(laid, (BOX.left, BOX.top), text)


def _section(text: str, pace: float = 0.3) -> SpokenSection:
    words = tuple(
        Word(text=word, start=n * pace, end=(n + 1) * pace) for n, word in enumerate(text.split())
    )
    return SpokenSection(section_id="s", start=0, end=len(words) * pace + 0.5, words=words)


@pytest.mark.parametrize(
    ("text", "count"),
    [("Measure one page first", 4), ("قِس صفحتك أولاً", 3), ("A 🚀 flies", 3), ("One", 1)],
)
def test_every_word_is_a_unit(text: str, count: int) -> None:
    units = _units(text)
    assert [unit.text for unit in units] == text.split()
    assert len(units) == count


def test_words_without_spaces_come_phrase_by_phrase() -> None:
    pytest.importorskip("manimgx_fonts_cjk", reason="needs a CJK font")
    units = _units("为什么无聊很重要", "zh")
    assert "".join(unit.text for unit in units) == "为什么无聊很重要"
    assert 2 <= len(units) <= 5


def test_right_to_left_words_come_from_the_right() -> None:
    first, second, *_ = _units("قِس صفحتك", "ar")
    assert min(x for _, x, _ in first.glyphs) > max(x for _, x, _ in second.glyphs)


def test_a_word_grows_past_its_size_and_settles() -> None:
    piece = arriving(_units("Measure")[0], INK, 30)

    def extent(picture) -> tuple[int, int]:
        alpha = np.asarray(picture.getchannel("A"))
        shown = np.flatnonzero((alpha > 0.4 * max(1, alpha.max())).any(axis=0))
        return int(alpha.max()), int(np.ptp(shown))

    solid, widths = zip(*map(extent, piece.cells), strict=True)
    final = extent(piece.picture)
    assert list(solid[:4]) == sorted(solid[:4])
    assert solid[0] < 120
    assert solid[-1] == 255
    assert widths[0] < 0.93 * final[1]
    assert 1.005 * final[1] < max(widths) < 1.12 * final[1]
    assert abs(widths[-1] - final[1]) <= 4
    assert len({cell.size for cell in (*piece.cells, piece.picture)}) == 1


def test_fifteen_words_cost_less_than_half_a_second() -> None:
    text = "Most teams waste nearly half of their week and here is how you get it"
    arriving(_units("warm")[0], INK, 30)
    begun = time.process_time()
    for unit in _units(text):
        arriving(unit, INK, 30)
    assert time.process_time() - begun < 0.6


def test_words_come_as_they_are_spoken() -> None:
    text = "First we measured one page, then we changed one thing."
    times = unit_times(text.split(), _section(text), start=0.15, latest=5.0)
    assert times[0] == 0.15
    spoken = [0.3 * n for n in range(10)]
    assert all(abs(a - b) < 0.16 for a, b in zip(times, spoken, strict=True))


@pytest.mark.parametrize("latest", [0.6, 2.0])
def test_words_that_are_not_spoken_follow_each_other(latest: float) -> None:
    times = unit_times(
        ["Quite", "other", "words"], _section("We said this."), start=0.1, latest=latest
    )
    assert list(times) == sorted(times)
    assert times[0] == 0.1
    assert times[-1] <= latest


@pytest.mark.parametrize(
    ("number", "last", "same"),
    [
        ("73%", "72%", r"\d+%"),
        ("1.240 €", "1.239 €", r"[\d.]+ €"),
        ("$1,250,000", None, r"\$[\d,]+"),
        ("6.2 s", "6.2 s", r"\d\.\d s"),
        ("3,5 ms", None, r"\d,\d ms"),
    ],
)
def test_figures_count_up_in_their_own_writing(number: str, last: str | None, same: str) -> None:
    import re

    shown = on_the_way(number, 14)
    assert len(shown) == 13
    assert all(re.fullmatch(same, text) for text in shown), shown
    values = [float(re.sub(r"[^\d]", "", text)) for text in shown]
    assert values == sorted(values)
    assert values[0] < 0.4 * values[-1]


@pytest.mark.parametrize("number", ["2019", "1990", "3 of 4", "10–20", "many", "0", "24/7", ""])
def test_what_is_no_amount_does_not_count(number: str) -> None:
    assert on_the_way(number, 14) == []
