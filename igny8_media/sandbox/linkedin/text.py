"""LinkedIn's little text format, read as LinkedIn reads it (learn.microsoft.com, 2026-10)."""

import re
from typing import Final

_RESERVED: Final = "\\|{}@[]()<>#*_~"
_MENTION: Final = re.compile(
    r"@\[((?:[^\\\[\]]|\\.)+)\]\(urn:li:(?:person|organization|company):[\w-]+\)"
)
_TEMPLATE: Final = re.compile(r"\{hashtag\|\\?#\|([^{}|\\]+)\}")
_HASHTAG: Final = re.compile(r"#([^\W_]+)")
_PLAIN: Final = re.compile(rf"[^{re.escape(_RESERVED)}]+")


def shown(commentary: str) -> str:
    """What people see: markup resolved, escapes removed. An unescaped reserved character ends the
    post there, without an error."""
    return _read(commentary)[0]


def listed(commentary: str) -> str:
    """What the API gives back: hashtags as templates, and nothing after the point where it ends."""
    return _read(commentary)[1]


def _read(commentary: str) -> tuple[str, str]:
    seen: list[str] = []
    kept: list[str] = []
    at = 0
    while at < len(commentary):
        if found := _PLAIN.match(commentary, at):
            seen.append(found[0])
            kept.append(found[0])
        elif commentary[at] == "\\" and commentary[at + 1 : at + 2] in tuple(_RESERVED):
            seen.append(commentary[at + 1])
            kept.append(commentary[at : at + 2])
            at += 2
            continue
        elif found := _MENTION.match(commentary, at):
            seen.append(re.sub(r"\\(.)", r"\1", found[1]))
            kept.append(found[0])
        elif found := _TEMPLATE.match(commentary, at) or _HASHTAG.match(commentary, at):
            seen.append(f"#{found[1]}")
            kept.append(f"{{hashtag|\\#|{found[1]}}}")
        else:
            break
        at = found.end()
    return "".join(seen), "".join(kept)
