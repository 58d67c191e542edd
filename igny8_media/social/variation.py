"""The same article once more, in words that were not used for it yet."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from igny8_media.articles.model import Article
from igny8_media.errors import InputError
from igny8_media.social.model import PostType, SocialPost
from igny8_media.social.validate import problems
from igny8_media.social.writer import ExtractiveWriter

_NOT_WORDS: Final = re.compile(r"https?://\S+|[#@]\w+|\b\d+/\d+$", re.MULTILINE)
_WORD: Final = re.compile(r"\w+")
_RUN: Final = 4
_MOST_ALIKE: Final = 0.5
"""Of a text's runs of four words, how many an earlier text may have. X refuses what is the same,
and people who read both see what is nearly the same; half may come again where an article is
short."""

_TRIES: Final = 6
"""How many other openings are tried before more is allowed to come again."""
_LEAST_WORDS: Final = 8
_LEAST_SIGNS: Final = 45
"""What the first line must have of one of the two: some languages write without spaces."""


def fresh_post(article: Article, earlier: Sequence[SocialPost]) -> SocialPost | None:
    """Another post like the first of `earlier`, for its platform and with its pictures, that is
    like none of them; None where the article has no more to say.

    What the pictures show stays, because the pictures do: slides, headline, alternative text.
    """
    said = [text for post in earlier for text in texts_of(post)]
    for attempt in _attempts(earlier, said):
        avoided = list(attempt)
        for _ in range(_TRIES):
            try:
                post = _like(earlier[0], article, avoided)
            except InputError:  # what is left makes no post
                break
            text = "\n".join(texts_of(post))
            if not problems(post) and _says_something(text) and is_fresh(text, said):
                return post
            avoided.append(text.partition("\n")[0])
    return None


def _like(first: SocialPost, article: Article, avoided: Sequence[str]) -> SocialPost:
    found = ExtractiveWriter().write(article, first.platform, avoided)
    kind: PostType = "thread" if found.thread else "image"
    return found.model_copy(
        update={
            "slides": first.slides,
            "headline": first.headline,
            "alt_text": first.alt_text,
            "post_type": kind if first.post_type == "thread" else first.post_type,
            "thread": found.thread if first.post_type == "thread" else (),
        }
    )


def _attempts(earlier: Sequence[SocialPost], said: Sequence[str]) -> Iterator[Sequence[str]]:
    """What to leave out: everything that was said, then less, the oldest first to come back."""
    yield said
    for count in (2, 1):
        if len(earlier) > count:
            yield [text for post in earlier[-count:] for text in texts_of(post)]
    yield [text.partition("\n")[0] for text in said]


def _says_something(text: str) -> bool:
    """Not "A page is not.", which opens a paragraph and no post."""
    opening = text.strip().partition("\n")[0]
    return len(_opening(text)) >= _LEAST_WORDS or len(opening) >= _LEAST_SIGNS


def is_fresh(text: str, earlier: Sequence[str]) -> bool:
    """Whether a text opens and goes on unlike each of these."""
    return bool(text.strip()) and all(
        _opening(text) != _opening(other) and _alike(text, other) <= _MOST_ALIKE
        for other in earlier
    )


def texts_of(post: SocialPost) -> tuple[str, ...]:
    """The parts of a thread, or the one text."""
    return post.thread or (post.post_text,)


def words_of(post: SocialPost) -> str:
    """What it says, without links, hashtags and the numbers of its parts."""
    said = "\n".join(_NOT_WORDS.sub("", text).strip() for text in texts_of(post))
    return re.sub(r"\n{3,}", "\n\n", said)


def _words(text: str) -> list[str]:
    return _WORD.findall(_NOT_WORDS.sub(" ", text.casefold()))


def _opening(text: str) -> tuple[str, ...]:
    return tuple(_words(text.strip().partition("\n")[0]))


def _alike(text: str, other: str) -> float:
    """The share of the shorter one's runs of words that are in the longer one too. A language
    without spaces has few runs, and its sentences are compared whole, which is as strict."""
    mine, theirs = _runs(text), _runs(other)
    return len(mine & theirs) / max(1, min(len(mine), len(theirs)))


def _runs(text: str) -> set[tuple[str, ...]]:
    words = _words(text)
    size = min(_RUN, max(1, len(words)))
    return {tuple(words[n : n + size]) for n in range(len(words) - size + 1)}
