"""Where a line may end: Unicode line breaking (UAX #14), quick for words between spaces."""

from functools import lru_cache

import regex
from uniseg.linebreak import line_break_units

# A word with ordinary punctuation around it has no break inside; everything else (hyphens,
# slashes, scripts without spaces) goes through the full algorithm.
_PLAIN = regex.compile(
    r"[(\[“‘«\"'¿¡]*[\p{Latin}\p{Greek}\p{Cyrillic}\p{Hebrew}\p{Arabic}\p{M}\p{Nd}'’]*"
    r"[.,:;!?%…)\]”’»\"']*\s*"
)
_TOKEN = regex.compile(r"\s*\S+\s*")
# French sets a space before these marks, and they must not open a line all the same.
_CLINGS = regex.compile(r"[!?:;»%…)\]]")
_OPENS = regex.compile(r"[«¿¡(\[]\s*$")


@lru_cache(maxsize=4096)
def break_units(text: str) -> tuple[str, ...]:
    """Split a paragraph into the pieces no line may cut; joined again they are the text."""
    units: list[str] = []
    for token in _TOKEN.findall(text):
        pieces = [token] if _PLAIN.fullmatch(token) else list(line_break_units(token))
        if units and (_CLINGS.match(pieces[0]) or _OPENS.search(units[-1])):
            units[-1] += pieces.pop(0)
        units += pieces
    return tuple(units)
