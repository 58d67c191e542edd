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
_NUMERAL = regex.compile(r"[一二三四五六七八九十百千万两几]$")
_TWICE = regex.compile(r"(\p{Han})一\1")
_PARTICLE = regex.compile(r"[的了着过吗呢吧们]")
_LETTER = regex.compile(r"[\p{L}\p{N}]")
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
    chinese = _HAN.search(token) and not _KANA.search(token)
    if chinese:
        ends = [end for end in ends if end == len(token) or not _torn(token, end)]
    cut = [token[a:b] for a, b in zip([0, *ends[:-1]], ends, strict=True)]
    return _paired(cut) if chinese else cut


def _torn(token: str, at: int) -> bool:
    """Whether a cut would part what nobody reads apart, or leave a single character over.

    BudouX cuts short texts of characters finely: between a numeral and what it counts, in a verb
    said twice, before a particle or the last character.
    """
    after = token[at:]
    return (
        bool(_NUMERAL.search(token[:at]) and _HAN.match(after))
        or bool(_TWICE.match(token, max(0, at - 1)) or _TWICE.match(token, max(0, at - 2)))
        or bool(_PARTICLE.match(after))
        or len(_LETTER.findall(after)) < 2
    )


def _paired(pieces: list[str]) -> list[str]:
    """Two single characters in a row as one piece: apart they hardly ever mean the same."""
    joined: list[str] = []
    for piece in pieces:
        alone = len(_PARTICLE.sub("", piece)) == 1
        if alone and joined and len(joined[-1]) == 1:
            joined[-1] += piece
        else:
            joined.append(piece)
    return joined


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
