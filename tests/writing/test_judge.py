"""Which sentences can be taken out of their article."""

import pytest

from igny8_media.writing.judge import is_code, is_foreign, is_prose, stands_alone
from igny8_media.writing.lexicon import lexicon

LEANING = [
    ("en", "This makes the page slow."),
    ("en", "It was approved before lunch."),
    ("en", "As shown above, the page is slow."),
    ("en", "For example, the page is slow."),
    ("en", "The second version had one page."),
    ("en", "Table 3.1 lists every architecture."),
    ("en", "Click here and read on."),
    ("es", "Esto hace que la página sea lenta."),
    ("es", "Por eso la página es lenta."),
    ("de", "Dadurch wird die Seite langsam."),
    ("de", "Das ist für alle langsam."),
    ("fr", "Cela rend la page lente."),
    ("it", "Questo rende la pagina lenta."),
    ("pt", "Isso torna a página lenta."),
    ("nl", "Daardoor wordt de pagina traag."),
]
STANDING = [
    ("en", "It is wise to measure before you change anything."),
    ("en", "There are three ways to store a picture."),
    ("en", "Most visitors arrive with an empty cache."),
    ("es", "El compost no se fabrica: se cuida."),
    ("de", "Das System braucht keinen zweiten Server."),
    ("de", "Es gibt drei Wege, ein Bild zu speichern."),
    ("fr", "Il faut mesurer avant de changer quoi que ce soit."),
    ("it", "Lo strumento trova ogni servizio in rete."),
    ("nl", "Het systeem heeft geen tweede server nodig."),
]


@pytest.mark.parametrize(("language", "sentence"), LEANING)
def test_sentences_that_lean_are_seen(language: str, sentence: str) -> None:
    assert not stands_alone(sentence, lexicon(language))


@pytest.mark.parametrize(("language", "sentence"), STANDING)
def test_sentences_that_stand_are_let_through(language: str, sentence: str) -> None:
    assert stands_alone(sentence, lexicon(language))


@pytest.mark.parametrize(
    "text",
    [
        "Three things help a lot here:",
        "and the rest of a sentence.",
        "He said “never and left the room.",
        "No full stop at the end of this",
        "Too short.",
    ],
)
def test_fragments_are_not_prose(text: str) -> None:
    assert not is_prose(text)


def test_code_is_told_from_money() -> None:
    assert is_code("Run foo_bar() with --force in /etc/cron.d today.")
    assert not is_code("The whole thing cost us $400 and a weekend.")


def test_english_left_in_a_translation_is_foreign() -> None:
    english = "The extensive documentation of the system contains more information for you."
    assert is_foreign(english, "fr")
    assert not is_foreign(english, "en")
    assert not is_foreign("La documentation du système est très complète et utile.", "fr")
