"""Where a line may end: Unicode line breaking (UAX #14), by phrase where words have no spaces."""

from functools import cache, lru_cache
from itertools import accumulate

import budoux
import regex
from uniseg.linebreak import line_break_units

# A word with ordinary punctuation around it has no break inside (Korean breaks at spaces in good
# setting); everything else, such as hyphens and slashes, goes through the full algorithm.
_PLAIN = regex.compile(
    r"[(\[“‘«\"'¿¡]*[\p{Latin}\p{Greek}\p{Cyrillic}\p{Hebrew}\p{Arabic}\p{Hangul}\p{M}\p{Nd}'’]*"
    r"[.,:;!?%…)\]”’»\"']*\s*"
)
_TOKEN = regex.compile(r"\s*\S+\s*")
# French sets a space before these marks, and they must not open a line all the same.
_CLINGS = regex.compile(r"[!?:;»%…)\]]")
_OPENS = regex.compile(r"[«¿¡(\[]\s*$")
_KANA, _HAN, _THAI = (
    regex.compile(rf"\p{{Script={script}}}") for script in ("Hiragana", "Han", "Thai")
)


@lru_cache(maxsize=4096)
def break_units(text: str) -> tuple[str, ...]:
    """Split a paragraph into the pieces no line may cut; joined again they are the text."""
    units: list[str] = []
    for token in _TOKEN.findall(text):
        pieces = [token] if _PLAIN.fullmatch(token) else _pieces(token)
        if units and (_CLINGS.match(pieces[0]) or _OPENS.search(units[-1])):
            units[-1] += pieces.pop(0)
        units += pieces
    return tuple(units) or ((text,) if text else ())


def _pieces(token: str) -> list[str]:
    """The token cut where both the Unicode rules and the sense of a phrase allow it."""
    pieces = list(line_break_units(token))
    parser = _parser(token)
    if parser is None:
        return pieces
    phrases = set(accumulate(len(phrase) for phrase in parser.parse(token)))
    if not _THAI.search(token):  # the Unicode rules leave Thai to dictionaries
        phrases &= set(accumulate(len(piece) for piece in pieces))
    ends = sorted(phrases | {len(token)})
    return [token[a:b] for a, b in zip([0, *ends[:-1]], ends, strict=True)]


def _parser(token: str) -> budoux.Parser | None:
    if _KANA.search(token):
        return _japanese()
    if _HAN.search(token):
        return _chinese()
    return _thai() if _THAI.search(token) else None


@cache
def _japanese() -> budoux.Parser:
    return budoux.load_default_japanese_parser()


@cache
def _chinese() -> budoux.Parser:
    return budoux.load_default_simplified_chinese_parser()


@cache
def _thai() -> budoux.Parser:
    return budoux.load_default_thai_parser()
