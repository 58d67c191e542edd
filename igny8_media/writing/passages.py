"""Runs of sentences that belong together: the material posts and scripts are made of.

A sentence taken out of its paragraph often dangles; a few neighbouring sentences seldom do. So a
passage starts at a sentence that stands alone and goes on, in the author's own order, while there
is room.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from igny8_media.writing.digest import Digest, Sentence
from igny8_media.writing.judge import announces, points_elsewhere
from igny8_media.writing.sentences import UNSPACED

Measure = Callable[[str], int]

_QUESTION = ("?", "？", "؟")


@dataclass(frozen=True, slots=True)
class Passage:
    text: str
    sentences: tuple[Sentence, ...]
    score: float

    @property
    def section(self) -> int:
        return self.sentences[0].section

    @property
    def indices(self) -> frozenset[int]:
        return frozenset(sentence.index for sentence in self.sentences)


def passage(
    digest: Digest,
    start: Sentence,
    limit: int,
    *,
    measure: Measure = len,
    most: int = 3,
    used: Collection[int] = (),
) -> Passage | None:
    """The longest good run from `start` within `limit`, or None if `start` alone is too long."""
    if measure(start.short) > limit or start.index in used:
        return None
    run, text = [start], start.short
    for follower in digest.by_block[start.block][start.position + 1 :]:
        joined = join(text, follower.text)
        if len(run) >= most or measure(joined) > limit or follower.index in used:
            break
        if not follower.usable or points_elsewhere(follower.text, digest.lexicon):
            break
        run.append(follower)
        text = joined
    while run and _dangles(digest, run[-1]):
        run.pop()
    if not run:
        return None
    text = join(run[0].short, *(s.text for s in run[1:]))
    figures = any(s.figure and s.figure.strong for s in run[1:])
    gain = 0.08 * (len(run) - 1) + 0.06 * figures + 0.06 * (start.position == 0)
    after = digest.by_block[start.block][run[-1].position + 1 :][:1]
    # "Every database can tell you." and the command that asks it is not shown: half a thought.
    gain -= 0.35 * (len(run) == 1 and bool(after) and _dangles(digest, after[0]))
    return Passage(text, tuple(run), start.score + gain)


def _dangles(digest: Digest, last: Sentence) -> bool:
    """A question left open, or a promise ("It has four steps.") of a list that is not shown."""
    if last.text.endswith(_QUESTION) or announces(last.text, digest.lexicon):
        return True
    return last.block in digest.promises and last is digest.by_block[last.block][-1]


def best_passages(
    digest: Digest,
    sections: Iterable[int],
    limit: int,
    *,
    measure: Measure = len,
    most: int = 3,
    used: Collection[int] = (),
    least: int = 0,
) -> list[Passage]:
    """The best passage of each section that has one of at least `least` in length, in order."""
    found = []
    for section in sections:
        options = [
            option
            for start in digest.best(section)
            if (option := passage(digest, start, limit, measure=measure, most=most, used=used))
            and measure(option.text) >= least
        ]
        if options:
            found.append(max(options, key=lambda option: option.score))
    return found


def spread(passages: list[Passage], count: int) -> list[Passage]:
    """The `count` best of them, in the article's order, none repeating another."""
    kept: list[Passage] = []
    for option in sorted(passages, key=lambda p: -p.score):
        if len(kept) < count and not any(alike(option, other) for other in kept):
            kept.append(option)
    return sorted(kept, key=lambda p: p.sentences[0].index)


def alike(one: Passage, other: Passage) -> bool:
    """Whether two passages share a sentence or most of their words."""
    if one.indices & other.indices:
        return True
    a = frozenset[str]().union(*(s.words for s in one.sentences))
    b = frozenset[str]().union(*(s.words for s in other.sentences))
    return len(a & b) > 0.6 * min(len(a), len(b), 1000) if a and b else False


def join(*sentences: str) -> str:
    """Sentences as a paragraph; unspaced scripts take no space between them."""
    text = ""
    for sentence in sentences:
        glue = "" if not text or UNSPACED.match(sentence[:1]) else " "
        text += glue + sentence
    return text


def shorten(text: str, limit: int, measure: Measure = len) -> str:
    """The text within `limit`, cut between words and marked with an ellipsis if it must be."""
    if measure(text) <= limit:
        return text
    unspaced = bool(UNSPACED.search(text))
    pieces = list(text) if unspaced else text.split(" ")
    glue = "" if unspaced else " "

    def cut(count: int) -> str:
        return glue.join(pieces[:count]).rstrip(" ,.;:–—-、，：；") + "…"

    # The longest beginning that fits: lengths grow with the pieces, so halving finds it.
    fits, fails = 0, len(pieces)
    while fails - fits > 1:
        middle = (fits + fails) // 2
        if measure(cut(middle)) <= limit:
            fits = middle
        else:
            fails = middle
    return cut(fits) if fits else ""
