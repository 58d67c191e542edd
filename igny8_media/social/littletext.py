"""LinkedIn's little text format: what a post's commentary must escape.

Every reserved character takes a backslash, in ordinary prose too: LinkedIn cuts a post short at
the first one that has none. Intended markup stays: `#hashtag`, `{hashtag|\\#|word}` and
`@[Name](urn:li:organization:123)` (learn.microsoft.com, little text format, 2026-10).
"""

import re

_RESERVED = re.compile(r"[\\|{}@\[\]()<>#*_~]")
_ESCAPED = re.compile(r"\\([\\|{}@\[\]()<>#*_~])")
_MARKUP = re.compile(
    r"(?P<mention>@\[[^\[\]\\]+\]\(urn:li:(?:person|organization|company):[\w-]+\))"
    r"|(?P<template>\{hashtag\|\\#\|[^{}|\\]+\})"
    r"|(?P<hashtag>(?<![\w&#\\])#(?=\w*[^\W\d_])[^\W_]+(?![\w#]))"
)


def escape(text: str) -> str:
    """The text as commentary: hashtags and mentions kept, everything else literal."""
    parts: list[str] = []
    end = 0
    for markup in _MARKUP.finditer(text):
        parts += (_escape_all(text[end : markup.start()]), markup[0])
        end = markup.end()
    parts.append(_escape_all(text[end:]))
    return "".join(parts)


def unescape(commentary: str) -> str:
    """The text that `escape` was given."""
    parts: list[str] = []
    end = 0
    for template in re.finditer(_MARKUP.pattern, commentary):
        parts += (_ESCAPED.sub(r"\1", commentary[end : template.start()]), template[0])
        end = template.end()
    parts.append(_ESCAPED.sub(r"\1", commentary[end:]))
    return "".join(parts)


def _escape_all(text: str) -> str:
    return _RESERVED.sub(r"\\\g<0>", text)
