"""What can be said of an article, worked out once and shared by every post and script."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from igny8_media.articles.model import Article, Code, ListBlock, Paragraph, Quote, Table
from igny8_media.writing.compress import compress, connective_length
from igny8_media.writing.judge import (
    is_code,
    is_foreign,
    is_prose,
    opens_alone,
    points_elsewhere,
    stands_alone,
)
from igny8_media.writing.keyphrases import key_phrases, keywords
from igny8_media.writing.lexicon import Lexicon, lexicon
from igny8_media.writing.lists import BulletList, lists_of
from igny8_media.writing.outline import OutlineSection, heading_text, outline
from igny8_media.writing.people import introductions, leans_on_name
from igny8_media.writing.sentences import clean, split, word_count
from igny8_media.writing.statistics import Statistic, statistic
from igny8_media.writing.terms import stop_words, terms
from igny8_media.writing.textrank import rank

# "... is ever finished. — Ann Miller, gardener"
_SIGNED = re.compile(
    r"(?P<text>.+[.!?…。”“»\"])\s*(?:[—–―]|--?(?=\s))\s*(?P<who>[^\W\d_a-z][^—–.!?]{1,70})"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and its worth.

    `text` is the article's, `short` the same compressed; `section` and `block` are indices,
    `position` its place in the block. `score` is 0..1. `usable`: whole prose, no code.
    `standalone`: understood without the sentence before it. `opens`: the same, judged by how it
    begins, which is enough under a heading. `speakable`: may be read aloud in its place, where what
    came before has been said.
    """

    text: str
    short: str
    section: int
    block: int
    position: int
    index: int
    words: frozenset[str]
    score: float
    usable: bool
    standalone: bool
    opens: bool
    speakable: bool
    figure: Statistic | None


@dataclass(frozen=True, slots=True)
class Quotation:
    section: int
    block: int
    text: str
    attribution: str


@dataclass(frozen=True, slots=True)
class Digest:
    """`sections` are the article's and `sentences` all of them, in order; `key_phrases` best first.

    `promises` are the blocks that a list, code or table follows: their last sentence leads into it.
    """

    language: str
    lexicon: Lexicon
    title: str
    sections: tuple[OutlineSection, ...]
    sentences: tuple[Sentence, ...]
    by_block: dict[int, tuple[Sentence, ...]]
    by_section: dict[int, tuple[Sentence, ...]]
    promises: frozenset[int]
    lists: tuple[BulletList, ...]
    quotes: tuple[Quotation, ...]
    codes: tuple[int, ...]
    key_phrases: tuple[str, ...]
    title_words: frozenset[str]
    notes: tuple[str, ...]

    def is_name(self, phrase: str) -> bool:
        """Capitalised wherever it stands, as names are, and as German has every noun."""
        if not all(word[:1].isupper() for word in phrase.split()):
            return False
        lower = phrase.lower()
        return not any(lower in sentence.text for sentence in self.sentences)

    def is_subject(self, phrase: str) -> bool:
        """Whether a key phrase can be a tag: no filler, nothing counted, and if alone a noun.

        A word alone counts as a noun if it is a name inside a sentence, or stands between a
        determiner and what cannot belong to the same noun phrase.
        """
        words, lexicon = phrase.casefold().split(), self.lexicon
        if not lexicon.known:
            return True
        if lexicon.numerals.intersection(words) or words[-1] in lexicon.fillers:
            return False
        if len(words) > 1:
            return True
        word = re.escape(phrase)
        if phrase[0].isupper() and self.is_name(phrase):
            inside = re.compile(rf"[\w,;] {word}\b")
        else:
            before = "|".join(map(re.escape, lexicon.determiners | lexicon.prepositions))
            closed = lexicon.prepositions | lexicon.auxiliaries | lexicon.conjunctions
            after = "|".join(map(re.escape, closed))
            inside = re.compile(rf"\b(?:{before}) {word}(?:[.,;:!?]| (?:{after})\b)", re.IGNORECASE)
        return any(inside.search(sentence.text) for sentence in self.sentences)

    def best(self, section: int) -> tuple[Sentence, ...]:
        """The sentences of a section that may stand alone, best first."""
        fit = [s for s in self.by_section.get(section, ()) if s.usable and s.standalone]
        return tuple(sorted(fit, key=lambda s: -s.score))


def digest(article: Article) -> Digest:
    """Read an article; the last few are remembered."""
    return _digest(_Key(article))


def without(found: Digest, said: Sequence[str]) -> Digest:
    """The same with nothing to take from the sentences that are in one of these texts."""

    def left(sentence: Sentence) -> Sentence:
        if not any(sentence.short in text or sentence.text in text for text in said):
            return sentence
        return replace(sentence, usable=False, standalone=False, opens=False, speakable=False)

    sentences = tuple(map(left, found.sentences))

    def those(held: dict[int, tuple[Sentence, ...]]) -> dict[int, tuple[Sentence, ...]]:
        return {n: tuple(sentences[one.index] for one in run) for n, run in held.items()}

    return replace(
        found,
        sentences=sentences,
        by_block=those(found.by_block),
        by_section=those(found.by_section),
        lists=tuple(one for one in found.lists if not any(one.heads[0] in text for text in said)),
    )


class _Key:
    """An article as a cache key: its hash is cheap, and equal is who says the same throughout.

    The version is not enough: it is the source's, and a picture may be fetched only later.
    """

    __slots__ = ("article",)

    def __init__(self, article: Article) -> None:
        self.article = article

    def __hash__(self) -> int:
        return hash((self.article.id, self.article.version))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.article == other.article


@lru_cache(maxsize=24)  # a backfill goes through 20 articles, one platform after the other
def _digest(key: _Key) -> Digest:
    article = key.article
    language = article.language
    words, stop = lexicon(language), stop_words(language)
    sections = outline(article, words)
    raw = [
        (section, number, position, text)
        for section in sections
        for number, block in section.blocks
        if isinstance(block, Paragraph)
        for position, text in enumerate(split(block.text, language))
    ]
    found = [frozenset(terms(text, stop)) for *_, text in raw]
    ranks = _percentiles(rank(found))
    title = heading_text(article.title) or clean(article.title)
    about = frozenset(terms(" ".join((title, *keywords(article))), stop))
    sentences = tuple(
        _sentence(index, place, found[index], ranks[index], about, words)
        for index, place in enumerate(raw)
    )
    introduced = introductions([text for *_, text in raw], title, words)
    sentences = tuple(
        replace(one, standalone=False, opens=False)
        if leans_on_name(one.text, one.index, introduced)
        else one
        for one in sentences
    )
    body = "\n".join(text for *_, text in raw)
    return Digest(
        language=language,
        lexicon=words,
        title=title,
        sections=sections,
        sentences=sentences,
        by_block=_grouped(sentences, "block"),
        by_section=_grouped(sentences, "section"),
        promises=_promises(sections),
        lists=lists_of(sections, title, language),
        quotes=_quotes(sections),
        codes=tuple(n for s in sections for n, b in s.blocks if isinstance(b, Code)),
        key_phrases=key_phrases(f"{title}.\n{body}", language),
        title_words=about,
        notes=_notes(language, words, stop),
    )


def _sentence(
    index: int,
    place: tuple[OutlineSection, int, int, str],
    found: frozenset[str],
    ranked: float,
    about: frozenset[str],
    words: Lexicon,
) -> Sentence:
    section, block, position, text = place
    short = compress(text, words)
    prose = is_prose(text, least=2) and not is_foreign(text, words.language)
    code = is_code(text)
    figure = statistic(short)
    return Sentence(
        text=text,
        short=short,
        section=section.index,
        block=block,
        position=position,
        index=index,
        words=found,
        score=_score(text, short, section, position, found, ranked, about, words, figure),
        usable=prose and not code and not section.skip,
        standalone=is_prose(short)
        and not connective_length(short, words)
        and (stands_alone(short, words) or (index == 0 and _begins(short, words))),
        opens=opens_alone(text, words),
        speakable=prose and not code and not section.skip and not points_elsewhere(text, words),
        figure=figure,
    )


def _begins(short: str, words: Lexicon) -> bool:
    """Whether an article's first sentence may open a post as well: nothing before it is missing.

    "She baked the same cookies for forty years" leans on nobody there, "As a result" still does.
    """
    return opens_alone(short, words) and not points_elsewhere(short, words)


def _score(
    text: str,
    short: str,
    section: OutlineSection,
    position: int,
    found: frozenset[str],
    ranked: float,
    about: frozenset[str],
    words: Lexicon,
    figure: Statistic | None,
) -> float:
    """How much a reader gains from this sentence alone: a weighted sum, 0..1."""
    said = set(short.lower().split())
    score = 0.35 * ranked
    score += 0.2 * min(len(found & about) / 2, 1.0)
    score += 0.15 * _comfort(word_count(short))
    score += 0.08 * (position == 0)
    score += 0.12 * bool(figure and figure.strong)
    score += 0.07 * bool(said & words.punch) + 0.05 * bool(said & words.second_person)
    score += 0.05 * section.closing
    score -= 0.1 * (short != text) + 0.15 * short.endswith(("?", "؟", "？"))
    score -= 0.1 * ("(" in short or ";" in short or '"' in short)
    return max(0.0, min(1.0, score))


def _comfort(words: float) -> float:
    """1 for a sentence of 8 to 22 words, less for shorter and longer ones."""
    if words < 8:
        return words / 8
    return 1.0 if words <= 22 else max(0.0, 1.0 - (words - 22) / 20)


def _percentiles(ranks: list[float]) -> list[float]:
    order = sorted(range(len(ranks)), key=ranks.__getitem__)
    places = [0.0] * len(ranks)
    for place, index in enumerate(order):
        places[index] = (place + 1) / len(ranks)
    return places


def _grouped(sentences: tuple[Sentence, ...], by: str) -> dict[int, tuple[Sentence, ...]]:
    groups: dict[int, list[Sentence]] = {}
    for sentence in sentences:
        groups.setdefault(getattr(sentence, by), []).append(sentence)
    return {number: tuple(group) for number, group in groups.items()}


def _promises(sections: tuple[OutlineSection, ...]) -> frozenset[int]:
    return frozenset(
        number
        for section in sections
        for (number, block), (_, after) in pairwise(section.blocks)
        if isinstance(block, Paragraph) and isinstance(after, ListBlock | Code | Table)
    )


def _quotes(sections: tuple[OutlineSection, ...]) -> tuple[Quotation, ...]:
    return tuple(
        Quotation(section.index, number, *quotation(block))
        for section in sections
        if not section.skip
        for number, block in section.blocks
        if isinstance(block, Quote)
    )


def quotation(quote: Quote) -> tuple[str, str]:
    """A quotation's words, and who said them: as marked up, or after a dash at its end."""
    text, who = clean(quote.text), clean(quote.attribution or "").strip("—–- ")
    signed = None if who else _SIGNED.fullmatch(text)
    return (signed["text"], signed["who"]) if signed else (text, who)


def _notes(language: str, words: Lexicon, stop: frozenset[str]) -> tuple[str, ...]:
    notes = []
    if not stop:
        notes.append(
            f"There is no stop-word list for the language '{language}': sentences were ranked "
            "with every word counted, and no key phrases were found."
        )
    if not words.known:
        notes.append(
            f"There is no phrase table for the language '{language}': no call to action was added "
            "and sentences that lean on others may have been picked."
        )
    return tuple(notes)
