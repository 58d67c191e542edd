"""Cutting text into words and sentences, and putting words together again, in any script."""

from collections.abc import Sequence
from functools import cache
from itertools import pairwise

import budoux
import regex
import sentencex

from igny8_media.writing.abbreviations import parted

# Scripts written without spaces between words.
_SOLID_CLASS = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー"
_SOLID = regex.compile(rf"[{_SOLID_CLASS}]")
_CJK_MARK = regex.compile(r"[\u3000-\u303f\uff00-\uffef·…—“”‘’]")
_RUN = regex.compile(rf"[{_SOLID_CLASS}\u3000-\u303f\uff00-\uffef]+|[^{_SOLID_CLASS}]+")
_GRAPHEME = regex.compile(r"\X")
_CLOSING = regex.compile(r"[\p{Pe}\p{Pf}\p{Po}]+")
_SOLID_PIECE = 6  # characters of a script that no parser cuts

_MAX_SENTENCE = 350  # characters; longer ones are cut at commas, then at words


def split_words(text: str, language: str) -> list[str]:
    """The words as captions treat them: split at white space, and where there is none, by phrase.

    Chinese, Japanese and Thai are cut into phrases by BudouX; joining by `join_words` gives the
    text back, white space normalised.
    """
    words: list[str] = []
    for word in text.split():
        if _SOLID.search(word):
            words += _solid_words(word, language)
        else:
            words.append(word)
    return words


def join_words(words: Sequence[str]) -> str:
    """Words as one text: a space between them unless both sides are written without spaces."""
    return "".join(gap + word for gap, word in zip(gaps(words), words, strict=True))


def gaps(words: Sequence[str]) -> list[str]:
    """What stands before each word when they are joined: nothing or a space."""
    between = (
        "" if _solid_end(before[-1:]) and _solid_end(after[:1]) else " "
        for before, after in pairwise(words)
    )
    return ["", *between][: len(words)]


def width(text: str) -> int:
    """Columns that a caption line takes: wide and full-width characters count for two."""
    wide = regex.findall(r"[\p{East_Asian_Width=W}\p{East_Asian_Width=F}]", text)
    marks = regex.findall(r"[\p{Mn}\p{Cf}]", text)
    return len(text) + len(wide) - len(marks)


def split_sentences(text: str, language: str) -> list[str]:
    """Sentences in order; those over 350 characters are cut further, so that a voice keeps up."""
    found: list[str] = []
    for piece in filter(None, map(str.strip, sentencex.segment(language, text))):
        if found and parted(found[-1], piece):
            found[-1] = f"{found[-1]} {piece}"
        else:
            found.append(piece)
    return [part for sentence in found for part in _shortened(sentence)]


def _shortened(sentence: str) -> list[str]:
    """Cut at the last comma, else space, else character before the limit."""
    parts = []
    while len(sentence) > _MAX_SENTENCE:
        head = sentence[:_MAX_SENTENCE]
        commas = [m.end() for m in regex.finditer(r"[,;:،、，；—–]\s?", head)]
        spaces = [m.end() for m in regex.finditer(r"\s", head)]
        late = [cut for cut in commas if cut > _MAX_SENTENCE // 3]
        cut = (late or spaces or [_MAX_SENTENCE])[-1]
        parts.append(sentence[:cut].strip())
        sentence = sentence[cut:]
    return [part for part in (*parts, sentence.strip()) if part]


def _solid_end(character: str) -> bool:
    return bool(_SOLID.match(character) or _CJK_MARK.match(character))


def _solid_words(word: str, language: str) -> list[str]:
    pieces: list[str] = []
    for run in _RUN.findall(word):
        own = _phrases(run, language) if _SOLID.search(run) else [run]
        for piece in own:
            # Closing marks stay with what they close.
            if pieces and _CLOSING.fullmatch(piece):
                pieces[-1] += piece
            else:
                pieces.append(piece)
    return pieces


def _phrases(run: str, language: str) -> list[str]:
    parser = _parser(language)
    if parser is not None:
        return list(parser.parse(run))
    letters = _GRAPHEME.findall(run)
    return ["".join(letters[at : at + _SOLID_PIECE]) for at in range(0, len(letters), _SOLID_PIECE)]


@cache
def _parser(language: str) -> budoux.Parser | None:
    loaders = {
        "ja": budoux.load_default_japanese_parser,
        "zh": budoux.load_default_simplified_chinese_parser,
        "th": budoux.load_default_thai_parser,
    }
    load = loaders.get(language)
    return load() if load else None
