"""What is wrong with a text that a model wrote, as sentences it can be repaired by."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from igny8_media.articles.model import Article, Paragraph
from igny8_media.generation.prompt import PROMPTS, load_prompt
from igny8_media.generation.untrusted import UNSEEN, orders
from igny8_media.social.brand import Brand
from igny8_media.social.length import links_on_x
from igny8_media.writing.facts import figures, full_text, names, unsupported
from igny8_media.writing.lexicon import lexicon
from igny8_media.writing.sentences import UNSPACED
from igny8_media.writing.terms import stop_words

_ADDRESS: Final = re.compile(
    r"https?:|www\.|\w@\w|(?<!\w)@\w|\b\d{1,3}(?:\.\d{1,3}){3}\b|\]\(", re.I
)
_DOTTED: Final = re.compile(r"\w\s?[\[({]\s?(?:\.|dot)\s?[\])}]\s?\w", re.I)
# Also of domains that do not exist: people type what they read. Names of files are none.
_DOMAIN: Final = re.compile(
    r"[\w-]{2,}\.(?!(?:js|ts|css|html?|json|md|py|svg|png|jpe?g|webp|avif|ya?ml|toml|txt)\b)"
    r"[^\W\d_]{2,}(?!\.?\w)"
)
_MARKUP: Final = re.compile(r"</?[a-z!][^>]*>|```|\*\*|\{\{|&\w+;|javascript:", re.I)
_HASHTAG: Final = re.compile(r"[#＃]\w")
_QUOTED: Final = re.compile(r"[\"“„«»”]([^\"“”„«»\n]{12,}?)[\"“”«»]")
# A name may stand there as well as a sentence's first word.
_AFTER_COLON: Final = re.compile(r"[:–—]\s+([^\W\d_]{4,})")
_SENTENCE: Final = re.compile(r"[^.!?。！？\n]+[.!?。！？]*")
_WORD: Final = re.compile(r"[^\W\d_]{4,}")
_LEAST_SHARE: Final = 0.4
"""Of a sentence's words that carry meaning, how many the article must have too, by their stems: a
paraphrase has more than half, a sentence about something else a tenth."""


def wrong(text: str, article: Article, brand: Brand, language: str = "") -> list[str]:
    """Everything in `text` that the article does not carry or the brand does not say.

    `language` is the text's, where that is not the article's: then only figures can be compared,
    and `unsure` has the rest. Raises nothing; empty when the text may stand.
    """
    found = []
    if not text.strip():
        return ["The text is empty; write one."]
    seen = (_ADDRESS, _DOTTED, _DOMAIN)
    if any(pattern.search(text) for pattern in seen) or links_on_x(text):
        found.append("It has a link, an address or a mention; take it out.")
    if _HASHTAG.search(text):
        found.append("It has a hashtag; hashtags are added later, take it out.")
    if _MARKUP.search(text):
        found.append("It has markup; write plain text.")
    if UNSEEN.search(text):
        found.append("It has characters that nobody can see; write plain text.")
    if _runs(text) & _own_words():
        found.append("It repeats these instructions; write about the article.")
    if orders(text):
        found.append("It speaks to a language model; write for readers.")
    found += [
        f"'{word}' is a word that this brand does not use; say it differently."
        for word in brand.banned_words
        if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE)
    ]
    if crosses(article, language):
        return [*found, *_unfounded_abroad(text, article)]
    return [*found, *_unfounded(text, article)]


def crosses(article: Article, language: str) -> bool:
    """Whether a text in that language is in another than its article."""
    return bool(language) and language != article.language


def unsure(texts: Iterable[str], article: Article, language: str) -> tuple[str, ...]:
    """What a reviewer must know of texts in another language than their article: a note, or none.

    Names are compared as they are written. German writes every noun like one.
    """
    if not crosses(article, language):
        return ()
    known = _letters(full_text(article))
    new = sorted({n for t in texts for n in names(t) if _letters(n) not in known})
    told = f" These names are not in the article as they stand: {', '.join(new[:8])}."
    return (
        f"The article is in {article.language} and this is in {language}: figures were compared, "
        "statements and names could not be. Read it beside the article before you approve it."
        + (told if new and language != "de" else ""),
    )


def besides(article: Article, text: str) -> Article:
    """The article with a text that may be said as well."""
    if not text.strip():
        return article
    return article.model_copy(update={"blocks": (*article.blocks, Paragraph(text=text))})


def _unfounded_abroad(text: str, article: Article) -> list[str]:
    known = {_digits(figure) for figure in figures(full_text(article))}
    found = [
        f"'{figure}' is not in the article; correct it or take it out."
        for figure in sorted(figures(text))
        if _digits(figure) not in known
    ]
    return found + [
        f"The quotation '{quoted}' is translated, and nobody said it so; say it without quoting."
        for quoted in _QUOTED.findall(text)
    ]


def _digits(figure: str) -> str:
    """Without the marks between them, which are other ones in other languages."""
    return "".join(c for c in figure if c.isdigit())


@lru_cache(maxsize=64)
def _letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def _unfounded(text: str, article: Article) -> list[str]:
    own = "\n".join(p for variants in lexicon(article.language).phrases.values() for p in variants)
    found = [
        f"'{item}' is not in the article; correct it or take it out."
        for item in unsupported(text, article, own)
    ]
    known = _stems(full_text(article))
    found += [
        f"'{word}' is not in the article; correct it or take it out."
        for word in _AFTER_COLON.findall(text)
        if word[0].isupper() and word.casefold()[:5] not in known
    ]
    said = _plain_of(full_text(article))
    found += [
        f"The quotation '{quoted}' does not stand in the article; take it out or quote exactly."
        for quoted in _QUOTED.findall(text)
        if _plain(quoted).strip(" .,!?") not in said
    ]
    return found + [
        f"The article does not say '{sentence.strip()}'; take it out or say what it says."
        for sentence in _SENTENCE.findall(text)
        if not _carried(sentence, article)
    ]


def _carried(sentence: str, article: Article) -> bool:
    """Whether a statement is about what the article is about; questions state nothing."""
    if sentence.rstrip().endswith(("?", "？")) or UNSPACED.search(sentence):
        return True
    stop = stop_words(article.language)
    words = {w.casefold()[:5] for w in _WORD.findall(sentence) if w.casefold() not in stop}
    return len(words & _stems(full_text(article))) >= _LEAST_SHARE * len(words)


@lru_cache(maxsize=1)
def _own_words() -> frozenset[tuple[str, ...]]:
    return frozenset(run for name in PROMPTS for run in _runs(load_prompt(name).system))


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    """Every six words in a row."""
    words = re.findall(r"\w+", text.casefold())
    return frozenset(zip(*(words[n:] for n in range(6)), strict=False))


@lru_cache(maxsize=8)
def _stems(text: str) -> frozenset[str]:
    return frozenset(word.casefold()[:5] for word in _WORD.findall(text))


@lru_cache(maxsize=8)
def _plain_of(text: str) -> str:
    return _plain(text)


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("’", "'").split())


def founded_tags(tags: tuple[str, ...], article: Article, most: int) -> tuple[str, ...]:
    """Hashtags with their sign, without those that are none or whose words the article lacks."""
    known = _letters(full_text(article))
    kept: dict[str, str] = {}
    for raw in tags:
        word = raw.strip().lstrip("#＃")
        fits = 2 < len(word) <= 28 and word.isalnum() and not word[0].isdigit()
        if fits and word.casefold() in known:
            kept.setdefault(word.casefold(), f"#{word}")
    return tuple(kept.values())[:most]


def founded_terms(terms: tuple[str, ...], article: Article) -> tuple[str, ...]:
    """Search terms, of one word or several, whose words follow one another in the article."""
    known = _letters(full_text(article))
    plain = (" ".join(term.strip().lstrip("#").split()) for term in terms)
    return tuple(dict.fromkeys(t for t in plain if 2 < len(t) <= 60 and _letters(t) in known))
