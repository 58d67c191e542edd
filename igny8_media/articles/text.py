"""Cleaning of text: what no reader sees, or no font and no voice can use, goes."""

import html
import re
import unicodedata

# Zero-width junk, soft hyphens and every direction override or embedding. An embedding that is cut
# in the middle (posts cut text) would turn the rest of the page round, so none is kept. The plain
# marks LRM, RLM and ALM and the joiners that Persian, Indic scripts and emoji need stay.
_INVISIBLE = re.compile("[\u00ad\u180e\u200b\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc]")
# C0 and C1 controls (all but tab and line feed), lone surrogates, private use (icon fonts),
# noncharacters.
_UNUSABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff"
    "\U000f0000-\U0010ffff]"
)
# Tag characters spell hidden text, except in the flags of England, Scotland and Wales.
_TAGS = re.compile("(\U0001f3f4[\U000e0020-\U000e007f]+)|[\U000e0000-\U000e007f]")


def clean_code(text: str) -> str:
    """Code as written, tabs and spacing included, without controls and lone surrogates."""
    text = _UNUSABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = [line.rstrip() for line in _INVISIBLE.sub("", text).split("\n")]
    while lines and not lines[0]:
        lines.pop(0)
    while lines and not lines[-1]:
        lines.pop()
    return "\n".join(lines)


def clean_text(text: str) -> str:
    """Prose in NFC on one line: junk characters dropped, runs of white space folded to a space."""
    text = re.sub("[\u2028\u2029\x0b\x0c\x85]", " ", text)
    text = _UNUSABLE.sub("", text.replace("\r", " "))
    text = _INVISIBLE.sub("", text)
    text = _TAGS.sub(lambda match: match[1] or "", text)
    return " ".join(unicodedata.normalize("NFC", text).split())


def clean_value(text: str) -> str:
    """A metadata value: `clean_text` after entities, which many systems leave encoded twice."""
    return clean_text(html.unescape(html.unescape(text)))


def has_words(text: str) -> bool:
    """Whether anything in the text can be read aloud: a letter or a digit in any script."""
    return any(char.isalnum() for char in text)


def word_count(text: str) -> int:
    return len(text.split())


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, cut after a sentence if one ends in the second half, else after
    a word and marked with an ellipsis."""
    if len(text) <= limit:
        return text
    cut = text[:limit]
    ends = [match.end() for match in re.finditer(r"[.!?…](?=\s)|[。！？]", cut)]
    if ends and ends[-1] >= limit // 2:
        return cut[: ends[-1]].rstrip()
    head = cut[: limit - 1]
    if " " in head and not text[limit - 1].isspace():
        head = head.rsplit(" ", 1)[0]
    return head.rstrip(" ,;:–—-") + "…"


def name_set(names: str) -> frozenset[str]:
    """A set of names written with spaces between them, as long lists are easiest to read."""
    return frozenset(names.split())
