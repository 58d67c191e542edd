"""Lengths as the platforms count them, X's against its own vectors."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from igny8_media.social.length import is_valid_on_x, length, links_on_x, weighted_length
from igny8_media.social.model import Platform
from igny8_media.social.rules import RULES

VECTORS = (
    Path(__file__).parents[3] / "shared" / "specs" / "x" / "twitter-text"
) / "conformance_validate.yml"
# The suite for version 2 of the configuration (WeightedTweetsCounterTest) differs by design.
SUITES = ("WeightedTweetsWithDiscountedEmojiCounterTest", "UnicodeDirectionalMarkerCounterTest")


def _vectors() -> list[dict[str, Any]]:
    if not VECTORS.is_file():
        return []
    # The vectors hold characters that YAML forbids to stand as they are.
    tests = yaml.safe_load(VECTORS.read_text(encoding="utf-8"))["tests"]
    return [case for suite in SUITES for case in tests[suite]]


def test_the_official_vectors_pass() -> None:
    cases = _vectors()
    if not cases:
        pytest.skip("The official twitter-text vectors are not on this machine.")
    assert len(cases) >= 20
    for case in cases:
        text, expected = case["text"], case["expected"]
        assert weighted_length(text) == expected["weightedLength"], case["description"]
        assert is_valid_on_x(text) == expected["valid"], case["description"]


def test_the_official_vectors_for_links_pass() -> None:
    extract = VECTORS.with_name("conformance_extract.yml")
    if not extract.is_file():
        pytest.skip("The official twitter-text vectors are not on this machine.")
    cases = yaml.safe_load(extract.read_text(encoding="utf-8"))["tests"]["urls"]
    assert len(cases) >= 80
    for case in cases:
        assert links_on_x(case["text"]) == case["expected"], case["description"]


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("a" * 280, 280),
        ("日本語", 6),
        ("See https://example.com/a/very/long/path/that/goes/on/and/on?and=on now", 31),
        ("example.dev", 23),
        ("👨‍👩‍👧‍👦", 2),
        ("e\u0301", 1),
    ],
)
def test_weights(text: str, weight: int) -> None:
    assert weighted_length(text) == weight


@given(
    st.lists(
        st.sampled_from(["word", "é", "e\u0301", "a.b", "x.com", "end. ", "“so.” ", "©", "1️⃣", "…"])
        | st.text(max_size=5),
        max_size=12,
    )
)
def test_the_short_cut_agrees_with_the_parser(parts: list[str]) -> None:
    from twitter_text.parse_tweet import parse_tweet

    text = " ".join(parts)
    if text.strip():
        result = parse_tweet(text)
        assert (weighted_length(text), is_valid_on_x(text)) == (result.weightedLength, result.valid)


def test_other_platforms_count_in_their_own_units() -> None:
    assert length("👍", Platform.TIKTOK) == 2
    assert length("👍", Platform.INSTAGRAM) == 1
    assert length("(a)", Platform.LINKEDIN) == 5
    assert length("#tag", Platform.LINKEDIN) == 4


def test_every_platform_has_rules_that_agree_with_themselves() -> None:
    assert set(RULES) == set(Platform)
    for rules in RULES.values():
        assert rules.target <= rules.limit
        assert rules.hashtags[0] <= rules.hashtags[1] <= rules.hashtag_limit
    assert RULES[Platform.LINKEDIN].limit == 3000
    assert RULES[Platform.TWITTER].limit == 280
    assert RULES[Platform.INSTAGRAM].hashtag_limit == 30
