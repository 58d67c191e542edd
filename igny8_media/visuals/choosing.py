"""Which sections gain by a stock picture, and what to ask the libraries for."""

from collections.abc import Sequence
from itertools import pairwise

from igny8_media.stock.model import MOST_QUERY_CHARACTERS, StockClip, StockPicture
from igny8_media.video.model import Section, VideoScript
from igny8_media.visuals.matching import shared_words
from igny8_media.visuals.meaning import similarities, understands
from igny8_media.writing.keyphrases import key_phrases
from igny8_media.writing.lexicon import lexicon
from igny8_media.writing.terms import WORD, stop_words

_PLAIN_CARDS = ("animated_text", "title_card")
WANTS_STOCK = ("image", "stock_video")
_LEAST_SECONDS = 2.5
_MOST_WORDS = 3
_MOST_QUERIES = 2
_NOUN = 0.15
_LEAST_SHARP = 0.6
"""Of the frame's pixels along the tighter side: below, the enlargement is seen."""
_LEAST_CLIP_SHARE = 0.6
"""Of a section's time that a clip must cover; slowed a little or held, it fills the rest."""


def wanting(script: VideoScript) -> list[int]:
    """The sections that may get a stock picture, by index in order: at most half of them all.

    Those that ask for a picture come first, then plain cards: such as stand between other cards
    before such as stand beside a picture. The hook's and the closing's words are the show
    there; figures, lists, quotations and code are better as what they are.
    """
    room = len(script.sections) // 2 - sum(
        section.visual_cue in WANTS_STOCK and bool(section.image) and is_stock(section)
        for section in script.sections
    )
    asked = [
        index
        for index, section in enumerate(script.sections)
        if not section.image and section.visual_cue in WANTS_STOCK
    ]
    plain = [
        index
        for index, section in enumerate(script.sections)
        if not section.image
        and section.visual_cue in _PLAIN_CARDS
        and section.type not in ("hook", "outro")
        and section.duration_estimate >= _LEAST_SECONDS
    ]
    chosen = asked[: max(0, room)]
    filled = {i for i, section in enumerate(script.sections) if section.image} | set(chosen)
    while plain and len(chosen) < room:
        # The longest card of those with the fewest pictures beside them; the earlier of two.
        best = min(
            plain,
            key=lambda i: (
                len({i - 1, i + 1} & filled),
                -script.sections[i].duration_estimate,
                i,
            ),
        )
        plain.remove(best)
        chosen.append(best)
        filled.add(best)
    return sorted(chosen)


def is_stock(section: Section) -> bool:
    return (section.image or "").startswith("stock/")


def queries(section: Section, script: VideoScript) -> tuple[str, ...]:
    """What to search for, most telling first: what the section is about, then the video's subject.

    One to three plain words each: the section's phrases that are nearest to it in meaning, and the
    tag that is. Figures, and words that only hold a sentence together, find nothing.
    """
    language = script.language
    text = f"{section.text_overlay}. {section.narration}"
    own = _nearest(key_phrases(text, language, 20), text, language, _nouns(text, language))
    tags = _nearest(script.tags, f"{text} {script.title}", language, frozenset())
    found = (
        _query(own or [section.text_overlay], language),
        _query(tags[:1], language),
        _query(script.tags[:1], language),
    )
    return tuple(dict.fromkeys(filter(None, found)))[:_MOST_QUERIES]


def _nearest(phrases: Sequence[str], text: str, language: str, nouns: frozenset[str]) -> list[str]:
    """Phrases, the nearest to a text in meaning first; as they come where meaning is not known."""
    if not phrases or not understands(language):
        return list(phrases)
    near = similarities(phrases, [text])[:, 0]
    worth = [
        float(value) + _NOUN * (phrase.split()[0].casefold() in nouns)
        for phrase, value in zip(phrases, near, strict=True)
    ]
    return [phrases[at] for at in sorted(range(len(phrases)), key=lambda at: (-worth[at], at))]


def _nouns(text: str, language: str) -> frozenset[str]:
    """Words that follow a determiner or preposition: what can be photographed is among them."""
    known = lexicon(language)
    before = known.determiners | known.prepositions
    words = [word.casefold() for word in WORD.findall(text)]
    return frozenset(word for last, word in pairwise(words) if last in before)


def _query(phrases: Sequence[str], language: str) -> str:
    """As many of the phrases as three words hold, none of them cut, no word twice."""
    stop = stop_words(language)
    words: dict[str, str] = {}
    for phrase in phrases:
        more = {
            word.casefold(): word
            for word in WORD.findall(phrase)
            if word.casefold() not in stop and len(word) > 1 and not any(map(str.isdigit, word))
        }
        if not words or (words.keys().isdisjoint(more) and len(words) + len(more) <= _MOST_WORDS):
            words |= more
    return " ".join(list(words.values())[:_MOST_WORDS])[:MOST_QUERY_CHARACTERS].strip()


def fitness(
    found: Sequence[StockPicture],
    section: Section,
    script: VideoScript,
    size: tuple[int, int],
) -> list[float]:
    """What each offer is worth for a section, 0 for one that cannot be used."""
    text = f"{section.text_overlay}. {section.narration}"
    words = [offer.words for offer in found]
    shared = shared_words(words, [text, script.title], script.language)
    worth = 0.4 * shared[:, 0] + 0.1 * shared[:, 1]
    if understands(script.language):
        near = similarities(words, [text, script.title])
        worth = worth + 0.8 * near[:, 0] + 0.2 * near[:, 1]
    return [
        float(value) - 0.004 * place + _shape(offer, size, section.duration_estimate)
        if _usable(offer, size, section.duration_estimate)
        else 0.0
        for place, (offer, value) in enumerate(zip(found, worth, strict=True))
    ]


def _usable(offer: StockPicture, size: tuple[int, int], seconds: float) -> bool:
    sharp = min(offer.width / size[0], offer.height / size[1]) >= _LEAST_SHARP
    long = not isinstance(offer, StockClip) or offer.duration >= _LEAST_CLIP_SHARE * seconds
    return sharp and long


def _shape(offer: StockPicture, size: tuple[int, int], seconds: float) -> float:
    """How well an offer fills the frame and the time; what moves is worth a little more."""
    frame, own = size[0] / size[1], offer.width / offer.height
    kept = min(frame, own) / max(frame, own)
    moves = 0.05 if isinstance(offer, StockClip) and offer.duration >= seconds else 0.0
    return 0.1 * kept + moves
