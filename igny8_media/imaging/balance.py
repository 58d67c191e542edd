"""Of all ways to cut a text into lines, the one that reads best: even, and parting no phrase."""

from functools import lru_cache
from itertools import accumulate
from typing import Final

from igny8_media.imaging.wrapping import Block
from igny8_media.writing.lexicon import lexicon

_MOST_UNITS: Final = 60
"""Longer texts are paragraphs, in which a line's end is not looked at."""
_HANGS: Final = 0.35
"""What a line that ends in a small word costs; one that is half as long as it might be, 0.25."""
_ALONE: Final = 0.4
_SMALL: Final = 7  # letters; a longer word may well stand alone on its line
_LAST: Final = 0.6
"""The last line may be shorter."""


@lru_cache(maxsize=64)
def leading_words(language: str) -> frozenset[str]:
    """The words of a language that lead to the next one: articles, prepositions, "is"."""
    words = lexicon(language)
    return words.prepositions | words.determiners | words.conjunctions | words.auxiliaries


def even_lines(
    block: Block, count: int, width: float, language: str
) -> tuple[list[tuple[int, int]], float] | None:
    """The best cut into at most `count` lines of at most `width` ems, and what it costs a reader.

    None for a text too long to be a line of type, or one that cannot be cut so.
    """
    units = len(block.spans)
    if units > _MOST_UNITS:
        return None
    starts = [0.0, *accumulate(block.full)]
    texts = [block.paragraph.text[a:b].strip() for a, b in block.spans]
    leading = leading_words(language)

    def cost(first: int, end: int, longest: float) -> float:
        length = starts[end - 1] - starts[first] + block.solid[end - 1]
        if length > width + 1e-6:
            return float("inf")
        last = end == units
        price = max(0.0, 1 - length / longest) ** 2 * (_LAST if last else 1.0)
        word = texts[end - 1].strip("\"'“”«»„(").casefold()
        price += _HANGS * (not last and word in leading)
        alone = end - first == 1 and len(texts[first].strip(".,!?:;")) <= _SMALL
        return price + _ALONE * (alone and units > 1)

    # Even lines are as long as the longest of them, not as the room.
    natural = starts[units - 1] + block.solid[-1]
    longest = min(width, max(1.1 * natural / count, max(block.solid)))
    best: dict[tuple[int, int], tuple[float, int]] = {(0, 0): (0.0, 0)}
    for line in range(1, count + 1):
        for end in range(1, units + 1):
            options = [
                (best[line - 1, first][0] + cost(first, end, longest), first)
                for first in range(end)
                if (line - 1, first) in best
            ]
            if options and min(options)[0] < float("inf"):
                best[line, end] = min(options)
    ways = [(best[line, units][0], line) for line in range(1, count + 1) if (line, units) in best]
    if not ways:
        return None
    price, line = min(ways)
    cuts, end = [], units
    while end:
        first = best[line, end][1]
        start, stop = block.spans[first][0], block.spans[end - 1][1]
        cuts.append((start, start + len(block.paragraph.text[start:stop].rstrip())))
        line, end = line - 1, first
    return cuts[::-1], price
