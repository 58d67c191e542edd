"""Who meets an abbreviation further down than where it is explained is told what it stands for."""

import pytest

from igny8_media.writing.acronyms import explained, explanations

_FDA = {"FDA": "Food and Drug Administration"}


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("The FDA (Food and Drug Administration) counts tea.", _FDA),
        ("An SSD (solid-state drive) keeps data in chips.", {"SSD": "solid-state drive"}),
        ("We measured the Largest Contentful Paint (LCP) ten times.",
         {"LCP": "Largest Contentful Paint"}),
        ("We chose Largest Contentful Paint, or LCP: it is a moment.",
         {"LCP": "Largest Contentful Paint"}),
        ("Es wechselt in das Ruhezustandsnetzwerk (RZN), ein Geflecht.",
         {"RZN": "Ruhezustandsnetzwerk"}),
        ("The Department of Health (DOH) and the Office of Works (OW) met.",
         {"DOH": "Department of Health", "OW": "Office of Works"}),
        ("He lives in Berlin (DE) and met the NATO (in May) there.", {}),
        ("Hard disks (HDD) are cheap.", {}),
        ("It came from the USA (see below) by ship.", {}),
    ],
)  # fmt: skip
def test_explanations_are_found_on_either_side(sentence: str, found: dict[str, str]) -> None:
    assert explanations([sentence], "A title") == found


def test_what_the_title_names_is_known() -> None:
    assert explanations(["The FDA (Food and Drug Administration) waits."], "The FDA waits") == {}


def test_an_abbreviation_is_explained_where_it_comes_first() -> None:
    assert explained(["It waits.", "The FDA asks.", "The FDA waits."], _FDA) == [
        "It waits.",
        "The FDA (Food and Drug Administration) asks.",
        "The FDA waits.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The FDA (Food and Drug Administration) asks.",
        "The Food and Drug Administration (FDA) asks.",
        "The FDA-approved tin.",
        "The FDA's tin.",
        "Two FDAs.",
    ],
)
def test_nothing_is_explained_twice_or_inside_a_word(text: str) -> None:
    assert explained([text], _FDA) == [text]
    assert explained([text], {}) == [text]
