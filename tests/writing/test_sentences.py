"""Where sentences end, in several languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from igny8_media.narration.segments import split_sentences
from igny8_media.writing.sentences import clean, split, word_count

CASES = [
    ("en", ["Dr. Smith paid $3.50 to Acme Inc. in the U.S. last year.", "He left."]),
    ("en", ["See https://example.com/a.b?c=1.", "It works!"]),
    ("en", ["He used node.js v2.0.1 (e.g. the LTS).", "Really?", "Yes."]),
    ("de", ["Dr. Müller zahlte z. B. 3,5 Mio. Euro am 3. Oktober 2023.", "Was nun?"]),
    ("es", ["El Sr. Pérez pagó 3.500 € en EE. UU. el lunes.", "¿Funciona?", "¡Sí!"]),
    ("fr", ["M. Dupont a payé 3,50 €.", "« Est-ce rapide ? » demanda-t-elle.", "Oui !"]),
    ("pt", ["O Sr. Silva pagou R$ 3,50.", "Funciona?", "Sim!"]),
    ("nl", ["Dhr. Jansen betaalde ca. 3,50 euro.", "Werkt dat?"]),
    ("ru", ["Это тест, т. е. проверка.", "Работает?"]),
    ("ar", ["هذا اختبار.", "هل يعمل؟", "السعر 3.5 دولار."]),
]


@pytest.mark.parametrize(("language", "sentences"), CASES)
def test_abbreviations_figures_and_addresses_do_not_end_a_sentence(
    language: str, sentences: list[str]
) -> None:
    assert list(split(" ".join(sentences), language)) == sentences


def test_chinese_needs_no_spaces() -> None:
    parts = ["今天天气很好。", "我们去公园吧！", "价格是3.5元。"]
    assert list(split("".join(parts), "zh")) == parts


@given(st.text(max_size=400), st.sampled_from(["en", "de", "zh", "ar", "xx"]))
def test_splitting_loses_nothing_but_space(text: str, language: str) -> None:
    assert "".join("".join(split(text, language)).split()) == "".join(clean(text).split())


@given(st.text(st.characters(), max_size=200))
def test_clean_text_can_be_stored_and_stays_clean(text: str) -> None:
    once = clean(text)
    once.encode("utf-8")
    assert clean(once) == once
    assert not any(ord(c) < 32 for c in once)


def test_words_of_unspaced_scripts_count_by_halves() -> None:
    assert word_count("two words") == 2
    assert word_count("今天天气很好") == 3


@pytest.mark.parametrize("language", ["de", "es", "en", "it", "fi", "xx"])
@pytest.mark.parametrize(
    "text",
    [
        "Zieht man z. B. Anna ab, bleibt wenig.",
        "Das kostet i. d. R. Geld und u. a. Zeit.",
        "Sirve, p. ej. Python o algo así.",
        "It runs, i. e. The tool works, e. g. Python.",
    ],
)
def test_no_splitter_parts_an_abbreviation(text: str, language: str) -> None:
    assert split(text, language) == (text,)
    assert split_sentences(text, language) == [text]
