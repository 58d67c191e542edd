"""The few words that are ours fit any topic and speak to a reader in one form only."""

import re

import pytest

from igny8_media.social.model import Platform
from igny8_media.social.writer import ExtractiveWriter
from igny8_media.writing.lexicon import lexicon
from tests.words_corpus import corpus

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
    for name in ("outro_card", "outro_card_plain"):
        assert all(len(p.split()) <= 7 for p in lexicon(language).phrases[name])


# What only an article with an address may be called by.
PROMISE = re.compile(
    r"\bbio\b|\blinks?\b|\benlace|\bverlinkt|\{link\}|artículo|article|artikel|articolo|artigo",
    re.IGNORECASE,
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_article_without_an_address_is_promised_nowhere(language: str) -> None:
    table = lexicon(language)
    named = {name for name, all_ in table.phrases.items() if any(map(PROMISE.search, all_))}
    # These are only used with the link in them.
    with_link = {"read_more", "read_more_facebook", "read_article"}
    for name in named - with_link:
        plain = table.call(name, "seed", None)
        assert plain, name
        assert not PROMISE.search(plain), plain


@pytest.mark.parametrize("platform", list(Platform))
@pytest.mark.parametrize("name", ["faster-web-page", "compost-en-casa", "write-less"])
def test_posts_without_an_address_promise_no_link(name: str, platform: Platform) -> None:
    changes = {"canonical_url": None, "version": "unlinked"}
    post = ExtractiveWriter().write(corpus()[name].model_copy(update=changes), platform)
    ours = [post.call_to_action, post.slides[-1].body if post.slides else ""]
    said = "\n".join((post.post_text, *post.thread, *ours))
    assert not re.search(r"\bbio\b|full article|artículo completo|whole article", said)
