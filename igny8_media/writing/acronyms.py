"""Abbreviations that an article explains once, for those who meet them further down."""

import re
from collections.abc import Iterable, Mapping, Sequence

_SHORT = r"[A-Z](?:[A-Za-z0-9]{0,4}[A-Z0-9])"
_AFTER = re.compile(rf"(?<![\w-])(?P<short>{_SHORT}) \((?P<long>[^()]{{4,70}})\)")
_BEFORE = re.compile(
    rf"(?P<long>[^().,;:!?]{{4,120}})"
    rf"(?: \((?P<short>{_SHORT})\)|, (?:or|oder|kurz|o|ou|ossia|of|kortweg) (?P<named>{_SHORT})\b)"
)
_PARTS = re.compile(r"[^\W_]+")
_SMALL = 4
"""Letters of words that an abbreviation may leave out: "of", "and", "the", "für"."""


def explanations(sentences: Iterable[str], title: str) -> dict[str, str]:
    """Abbreviations with what they stand for: in brackets after them, or they after it.

    What the title names is taken to be known.

    >>> explanations(["The FDA (Food and Drug Administration) counts tea."], "Tea")
    {'FDA': 'Food and Drug Administration'}
    """
    named = set(_PARTS.findall(title))
    found: dict[str, str] = {}
    for sentence in sentences:
        for match in _AFTER.finditer(sentence):
            if _stands_for(match["short"], match["long"]):
                found.setdefault(match["short"], match["long"].strip())
        for match in _BEFORE.finditer(sentence):
            words, short = match["long"].split(), match["short"] or match["named"]
            # The fewest words before the bracket that the letters stand for.
            for count in range(1, min(len(words), len(short) + 3) + 1):
                text = " ".join(words[-count:])
                if _stands_for(short, text):
                    found.setdefault(short, text)
                    break
    return {short: long for short, long in found.items() if short not in named}


def explained(texts: Sequence[str], known: Mapping[str, str]) -> list[str]:
    """The texts, told one after the other, with every abbreviation explained where it comes first.

    The brackets follow it, which suits any grammar: `FDA` becomes `FDA (Food and Drug
    Administration)`. A plural or a part of a compound is left as it is.
    """
    left = dict(known)
    told: list[str] = []
    for text in texts:
        for short, long in list(left.items()):
            if re.search(rf"\b{re.escape(long)}\b", text, re.IGNORECASE):
                del left[short]
                continue
            alone = re.compile(rf"(?<![\w(/-]){re.escape(short)}(?![\w)/-]|['’]\w| \()")
            text, count = alone.subn(f"{short} ({long})", text, count=1)
            if count:
                del left[short]
        told.append(text)
    return told


def _stands_for(short: str, long: str) -> bool:
    """Whether the letters begin the words one after the other, or stand in a single compound."""
    letters = short.casefold()
    parts = _PARTS.findall(long.casefold())
    # "of Works" is no Office of Works.
    opens = bool(parts) and (long.strip()[0].isupper() or len(parts[0]) > _SMALL)
    if not opens or parts[0][0] != letters[0]:
        return False
    if len(parts) == 1:
        rest = iter(parts[0])
        return len(parts[0]) >= 3 * len(letters) and all(letter in rest for letter in letters)
    initials = [part[0] for part in parts]
    place = 0
    for part, initial in zip(parts, initials, strict=True):
        if place < len(letters) and initial == letters[place]:
            place += 1
        elif len(part) > _SMALL:
            return False
    return place == len(letters)
