"""Which figures are worth showing."""

import pytest

from igny8_media.writing.statistics import statistic


@pytest.mark.parametrize(
    ("sentence", "figure"),
    [
        ("The page became 71% faster.", "71%"),
        ("It took 6.2 seconds to load.", "6.2 seconds"),
        ("We saved $1,200 in a year.", "$1,200"),
        ("Das sind 12 % mehr als im Vorjahr.", "12 %"),
        ("La media fue de 2,7 kilos y 140 horas.", "140 horas"),
        ("A file of 260 kB was sent.", "260 kB"),
        ("Traffic grew 3x in a month.", "3x"),
    ],
)
def test_a_figure_comes_with_its_unit(sentence: str, figure: str) -> None:
    found = statistic(sentence)
    assert found is not None
    assert found.number == figure
    assert found.strong


@pytest.mark.parametrize(
    "sentence",
    [
        "Debian was founded in 1993 by a student.",
        "We run Python 3.11 on all machines.",
        "The server answers at 192.168.0.1 only.",
        "The train leaves at 12:30 from here.",
        "Version v2.0.1 came out today.",
        "See RFC 2119 for the words.",
    ],
)
def test_years_versions_times_and_addresses_are_none(sentence: str) -> None:
    assert statistic(sentence) is None
