"""LinkedIn's little text format."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from igny8_media.social.littletext import escape, unescape

_TEXTS = st.text(st.sampled_from("ab1 #@[]()<>{}|\\*_~\n:&é日"), max_size=60) | st.text(max_size=80)


@given(_TEXTS)
@example("a\\#b")
@example("#one#two")
@example("@[Ann](urn:li:person:a-1) and \\@[Ann](urn:li:person:a-1)")
@example("{hashtag|\\#|word}")
@example("\\{hashtag|\\#|word}")
def test_the_way_back_gives_the_same_text(text: str) -> None:
    assert unescape(escape(text)) == text


@given(_TEXTS)
def test_nothing_reserved_is_left_bare(text: str) -> None:
    bare = re.sub(r"\\[\\|{}@\[\]()<>#*_~]", "", escape(text))
    bare = re.sub(r"@\[[^\[\]\\]+\]\(urn:li:\w+:[\w-]+\)", "", bare)
    bare = re.sub(r"\{hashtag\|\|[^{}|]+\}", "", bare)
    bare = re.sub(r"#[^\W_]+", "", bare)
    assert not re.search(r"[\\|{}@\[\]()<>#*_~]", bare)


@pytest.mark.parametrize(
    ("text", "commentary"),
    [
        ("Faster (by 71%) now", "Faster \\(by 71%\\) now"),
        ("read_me * 2 ~ [1]", "read\\_me \\* 2 \\~ \\[1\\]"),
        ("#WebPerformance is #1", "#WebPerformance is \\#1"),
        ("C# and a@b.c", "C\\# and a\\@b.c"),
        (
            "Hi @[Acme Ltd](urn:li:organization:12)!",
            "Hi @[Acme Ltd](urn:li:organization:12)!",
        ),
        ("a|b\\c", "a\\|b\\\\c"),
    ],
)
def test_markup_stays_and_the_rest_is_literal(text: str, commentary: str) -> None:
    assert escape(text) == commentary
