"""The few words that are ours fit any topic and speak to a reader in one form only."""

import re

import pytest

from igny8_media.writing.lexicon import lexicon

LANGUAGES = ("en", "es", "de", "fr", "it", "pt", "nl")
# Forms of address that would clash with the one each table keeps to.
OTHER_ADDRESS = {
    "en": r"\byour team\b",
    "es": r"\b(?:vosotros|vuestr[oa]s?|os|usted(?:es)?|vos|\w+[áéí]is)\b",
    "de": r"\b(?:du|dich|dir|dein\w*|ihr|euch|euer|eure\w*|Sie|Ihnen|Ihr\w*)\b",
    "fr": r"\b(?:tu|te|toi|ton|ta|tes)\b",
    "it": r"\b(?:voi|vi|vostr[oaie]|Lei|Suo|Sua|\w+(?:ate|ete|ite|este))\b",
    "pt": r"\b(?:tu|te|teu|tua|vocês|vós)\b",
    "nl": r"\b(?:u|uw|jullie)\b",
}
WORKPLACE = r"\b(?:teams?|equip[oe]s?|équipes?|colleagues|office|work)\b"


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_form_of_address(language: str) -> None:
    for variants in lexicon(language).phrases.values():
        for phrase in variants:
            flags = 0 if language in ("de", "it") else re.IGNORECASE
            assert not re.search(OTHER_ADDRESS[language], phrase, flags), phrase
            assert not re.search(WORKPLACE, phrase, re.IGNORECASE), phrase


def test_every_language_has_every_phrase() -> None:
    names = [set(lexicon(language).phrases) for language in LANGUAGES]
    assert all(found == names[0] for found in names)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_closing_card_is_short(language: str) -> None:
    assert all(len(p.split()) <= 7 for p in lexicon(language).phrases["outro_card"])
