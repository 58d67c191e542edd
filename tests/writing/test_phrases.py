"""Short phrases are the sentence's own words, whole and brief."""

import re

import pytest

from igny8_media.writing.digest import digest
from igny8_media.writing.lexicon import lexicon
from igny8_media.writing.phrases import counted, enumeration, fits, main_clause, phrases
from tests.words_corpus import corpus

BEST = [
    (
        "en",
        "After four weeks it was fast, and nobody had rewritten anything.",
        "Nobody had rewritten anything",
    ),
    ("en", "He hid it in the end, in a subordinate clause.", "A subordinate clause"),
    ("en", "Between them stood six third-party scripts and a font.", "Six third-party scripts"),
    ("en", 'He told his students in three: "Omit needless words."', "Omit needless words"),
    ("es", "Es un alimento fuerte; no siembres en compost puro.", "No siembres en compost puro"),
    (
        "de",
        "Der Server war schnell, und niemand hatte etwas geändert.",
        "Niemand hatte etwas geändert",
    ),
]
NONE = [
    ("en", "First byte went from 0.9 seconds to 0.2, and LCP to 1.8."),
    ("en", "The whole commercial side will have, thus, more to release, often and in haste."),
    ("en", "It was slow because of this, which they had never measured before that day."),
    ("nl", "Hij moest zijn hele leven lang elke dag opnieuw de regels van het huis volgen."),
]


@pytest.mark.parametrize(("language", "sentence", "best"), BEST)
def test_the_telling_phrase_is_found(language: str, sentence: str, best: str) -> None:
    found = phrases(sentence, lexicon(language), alone=False)
    assert found
    assert found[0].text == best


@pytest.mark.parametrize(("language", "sentence"), NONE)
def test_a_fragment_is_no_phrase(language: str, sentence: str) -> None:
    assert phrases(sentence, lexicon(language), alone=False) == []


@pytest.mark.parametrize("name", list(corpus()))
def test_phrases_stand_in_their_sentence_word_for_word(name: str) -> None:
    read = digest(corpus()[name])
    for sentence in read.sentences:
        said = re.findall(r"\w+", sentence.text.casefold())
        found = phrases(sentence.text, read.lexicon, alone=sentence.standalone)
        texts = [phrase.text for phrase in found]
        texts += [clause] if (clause := main_clause(sentence.text, read.lexicon)) else []
        for text in texts:
            words = re.findall(r"\w+", text.casefold())
            assert any(said[at : at + len(words)] == words for at in range(len(said)))
            assert "…" not in text
            assert not text[0].islower() or any(c.isupper() for c in text.split()[0])
        assert all(fits(phrase.text) for phrase in found)


def test_what_follows_a_colon_may_be_a_list() -> None:
    sentence = "Measure the ordinary case: a four-year-old phone, a slow line and an empty cache."
    assert enumeration(sentence, lexicon("en")) == (
        "Measure the ordinary case",
        ("A four-year-old phone", "A slow line", "An empty cache"),
    )
    for other in (
        "They left: nobody waits.",
        "It has two parts: a queue and a giant.",
        "One reason: it is slow, it is old, and it is ours.",
    ):
        assert enumeration(other, lexicon("en")) is None


def test_counted_things_end_where_their_plural_does() -> None:
    assert list(counted("we had four font files stood in line", lexicon("en"))) == [
        "Four font files"
    ]
    assert list(counted("in two famous halls", lexicon("en"))) == ["Two famous halls"]
    assert list(counted("mit vier kleinen Änderungen", lexicon("de"))) == []
