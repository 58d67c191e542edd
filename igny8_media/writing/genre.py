"""What an article is, as far as its words tell, and what its readers are asked to do."""

import re
from typing import Final, Literal

from igny8_media.articles.model import Article, Heading
from igny8_media.writing.digest import Digest

Genre = Literal["steps", "news", "opinion", "other"]

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_QUOTED: Final = re.compile(r"[“„«][^”“»]*[”“»]|\"[^\"]*\"")
_OPENING: Final = 3  # sentences
_LONGEST_NEWS: Final = 900  # words
_MOST_HEADINGS: Final = 2
_OWN: Final = 0.008
"""Of an opinion's words, how many say "I" or "my" at least."""

_CALLS: Final[dict[Genre, dict[str, str]]] = {
    "steps": {"tiktok_call_plain": "instagram_save_plain"},
    "news": {
        "linkedin_question": "follow",
        "facebook_question": "follow",
        "instagram_save": "tiktok_call",
        "instagram_save_plain": "follow",
        "tiktok_call_plain": "follow",
        "thread_end_plain": "follow",
        "closing_slide": "follow",
        "closing_slide_body": "outro_card",
        "closing_slide_body_plain": "",
    },
    "opinion": {
        "linkedin_question": "ask",
        "facebook_question": "ask_comments",
        "instagram_save": "tiktok_call",
        "instagram_save_plain": "ask_comments",
        "tiktok_call_plain": "ask",
        "thread_end_plain": "ask",
        "closing_slide": "ask",
        "closing_slide_body": "outro_card",
        "closing_slide_body_plain": "",
    },
    "other": {},
}
"""The phrase that takes the place of another: steps are saved, news followed, opinions answered."""


def genre_of(article: Article, digest: Digest, *, instructs: bool) -> Genre:
    """Steps are told by their lists, opinions by who says "I", news by the day in their opening."""
    if instructs:
        return "steps"
    lexicon = digest.lexicon
    prose = [s for s in digest.sentences if s.speakable]
    words = _words(" ".join(_QUOTED.sub(" ", s.text) for s in prose))
    if not words or not lexicon.known:
        return "other"
    own = sum(word in lexicon.first_person for word in words) / len(words)
    if own >= _OWN:
        return "opinion"
    headings = sum(isinstance(block, Heading) for block in article.blocks)
    brief = len(words) <= _LONGEST_NEWS and headings <= _MOST_HEADINGS
    addressed = lexicon.second_person.intersection(words)
    opening = _words(" ".join(s.text for s in prose[:_OPENING]))
    dated = lexicon.calendar.intersection(opening)
    return "news" if brief and dated and not addressed else "other"


def suited(name: str, genre: Genre) -> str:
    """The name of the phrase that an article of a genre has in the place of `name`, if any."""
    return _CALLS[genre].get(name, name)


def _words(text: str) -> list[str]:
    return [word.casefold().replace("’", "'") for word in _WORD.findall(text)]
