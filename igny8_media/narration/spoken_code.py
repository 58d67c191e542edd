"""Addresses and identifiers as people read them aloud in English."""

import re
from typing import Final

from igny8_media.narration.spoken_tables import EXTENSIONS, KEYS

_SUFFIXES: Final = "com|org|net|io|dev|ai|co|edu|gov|app|info|uk|de|fr|es|it|nl|eu|us|ca|me|tv|cloud|tech|blog|site|shop|online"  # noqa: E501 - one alternation
_URL = re.compile(
    rf"(?:(?P<scheme>https?://)(?:www\.)?(?P<any>[^\s/]+)|(?:www\.)?(?P<host>(?:[\w-]+\.)+(?:{_SUFFIXES})))"
    r"(?P<path>/\S*)?",
    re.I,
)
_EMAIL = re.compile(r"(?P<name>[\w.+-]+)@(?P<host>[\w-]+(?:\.[\w-]+)+)")
_PATH_WORDS = 3  # a longer path says nothing to a listener


def read_address(core: str) -> str | None:
    """Web and e-mail addresses ("example dot com"), hashtags, handles; None for anything else."""
    email = _EMAIL.fullmatch(core)
    if email:
        return f"{_dotted(email['name'])} at {_dotted(email['host'])}"
    url = _URL.fullmatch(core)
    if url:
        name, _, port = (url["any"] or url["host"]).partition(":")
        host = _dotted(name) + (f" port {port}" if port.isdigit() else "")
        parts = [part for part in re.split(r"[/?#&=]", url["path"] or "") if part]
        if 0 < len(parts) <= _PATH_WORDS and sum(map(len, parts)) < 30:
            return " slash ".join([host, *(_words(part) for part in parts)])
        return host
    if re.fullmatch(r"[#@]\w*[^\W\d]\w*", core):
        return f"{'hashtag' if core[0] == '#' else 'at'} {_words(core[1:])}"
    return None


def read_keys(core: str) -> str | None:
    """ "Ctrl+C" as "Control C"; None for anything else."""
    first, *rest = re.split(r"[+-]", core)
    if first not in KEYS or not rest or not all(rest):
        return None
    return " ".join(KEYS.get(key, key) for key in (first, *rest))


def read_identifier(core: str) -> str | None:
    """Code names and file names as words ("snake case", "main dot pie"); None for plain words."""
    bare = re.sub(r"\(.*?\)$", "", core).strip("`")
    if re.fullmatch(r"(?:[A-Za-z]\.)+[A-Za-z]", bare):  # "U.S."
        return " ".join(bare.replace(".", "").upper())
    address = re.fullmatch(r"((?:\d{1,3}\.){3}\d{1,3})(?::(\d+))?", bare)
    if address:
        return address[1].replace(".", " dot ") + (f" port {address[2]}" if address[2] else "")
    raised = re.fullmatch(r"([A-Za-z]\w*)([²³])", bare)
    if raised:
        return f"{raised[1]} {'squared' if raised[2] == '²' else 'cubed'}"
    if re.fullmatch(r"!\w+", bare):
        return f"not {_words(bare[1:])}"
    if re.fullmatch(r"\.[a-z]\w*", bare) and bare[1:] not in EXTENSIONS:
        return f"dot {_words(bare[1:])}"
    standard = re.fullmatch(r"([A-Z])\.(\d+)", bare)
    if standard:  # "H.264"
        return f"{standard[1]} {standard[2]}"
    if re.fullmatch(r"-{1,2}[A-Za-z][\w-]*", bare):
        return _words(bare.lstrip("-"))
    name = re.fullmatch(r"(?P<stem>[\w./-]*\w)?\.(?P<ext>\w{1,5})", bare)
    if name and name["ext"].lower() in EXTENSIONS:
        return f"{_words(name['stem'] or '')} dot {EXTENSIONS[name['ext'].lower()]}".strip()
    if re.fullmatch(r"[~.]*(?:/[\w.-]+)+/?", bare):
        return _words(bare)
    if re.search(r"\w_\w|\w/\w|\w::\w|[a-z][A-Z]|\w\.\w|\w=\w", bare):
        return _words(bare)
    if bare != core:
        return bare
    # A letter next to a figure ("GPT-4", "H2"): the voice reads the figure itself.
    return re.sub(r"(?<=[A-Za-z])-(?=\d)", " ", core) if re.search(r"[A-Za-z]-\d", core) else None


def _dotted(host: str) -> str:
    *rest, last = host.split(".")
    spoken = [_words(part) for part in rest]
    return " dot ".join([*spoken, EXTENSIONS.get(last, _domain(last))])


def _domain(suffix: str) -> str:
    spelled = len(suffix) == 2 and suffix not in ("me", "io")
    return " ".join(suffix.upper()) if spelled or suffix == "io" else suffix


def _words(name: str) -> str:
    """Parts of a name set apart: at separators, and where lower case turns to upper."""
    if re.fullmatch(r"[A-Z]?[a-z]+(?:[A-Z]{2,}|[A-Z])", name):  # "GitHub", "OpenAI": as it is
        return name
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z][a-z])", " ", name)
    name = re.sub(r"(?<=\d)\.(?=\d)", " point ", name)
    name = name.replace(".", " dot ").replace("=", " equals ").replace("+", " plus ")
    return " ".join(re.sub(r"[_/\-:~]+", " ", name).split())
