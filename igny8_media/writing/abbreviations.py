"""Abbreviations of several parts ("z. B.", "p. ej."), which no line or sentence may part."""

from collections.abc import Sequence

# Always about what follows, so that no sentence ends with them.
_LEADING = (
    "z. B.", "d. h.", "i. d. R.", "v. a.", "u. a.", "m. a. W.", "u. U.", "z. T.", "p. ej.",
    "p. ex.", "p. es.", "e. g.", "i. e.", "d. w. z.", "o. a.", "m. a. w.", "c. à d.", "т. е.",
)  # fmt: skip
_CLOSING = ("s. o.", "s. u.", "o. Ä.", "u. Ä.", "u. v. m.", "n. Chr.", "v. Chr.", "e. V.")
_OPENING_MARKS = "\"'“„«»‚‘(["


def _parts(abbreviation: str) -> tuple[str, ...]:
    return tuple(abbreviation.casefold().split())


_SPACED = {_parts(text): text in _LEADING for text in (*_LEADING, *_CLOSING)}
_SOLID = {"".join(parts) for parts, leads in _SPACED.items() if leads}
_LONGEST = max(map(len, _SPACED))


def held(words: Sequence[str]) -> frozenset[int]:
    """The places (before word n) at which words may not be parted: inside and after them.

    >>> sorted(held(["Zieht", "man", "z.", "B.", "20", "ab"]))
    [3, 4]
    """
    bare = [word.lstrip(_OPENING_MARKS).casefold() for word in words]
    found: set[int] = set()
    for start, word in enumerate(bare):
        if word in _SOLID:
            found.add(start + 1)
        for count in range(2, _LONGEST + 1):
            leads = _SPACED.get(tuple(bare[start : start + count]))
            if leads is not None:
                found.update(range(start + 1, start + count + leads))
    return frozenset(found) - {len(words)}


def parted(before: str, after: str) -> bool:
    """Whether a cut between these two texts parts an abbreviation, or it from what it leads to."""
    head, tail = before.split()[-_LONGEST:], after.split()[:_LONGEST]
    return bool(tail) and len(head) in held([*head, *tail])
