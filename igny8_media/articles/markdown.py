"""Markdown to HTML: CommonMark with tables, strike-through and footnotes."""

import re
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

# Deeper lists and quotes are hostile, and the block parser recurses.
_MAX_NESTING = 120
# `{{< figure >}}`, `{{% note %}}` (Hugo) and `{% include %}` (Jekyll, Liquid): site machinery.
_SHORTCODE = re.compile(r"\{\{[<%].*?[%>]\}\}|\{%-?.*?-?%\}")


def to_html(text: str) -> str:
    """The HTML of a Markdown text without front matter."""
    parser = _parser()
    # The parser would turn NUL into a replacement character, as CommonMark says.
    tokens = parser.parse(text.replace("\x00", ""))
    for token in tokens:
        _drop_shortcodes(token)
    return str(parser.renderer.render(tokens, parser.options, {}))


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": _MAX_NESTING})
    return parser.enable(["table", "strikethrough"]).use(footnote_plugin, always_match_refs=False)


def _drop_shortcodes(token: Token) -> None:
    for child in token.children or ():
        if child.type == "text" and "{" in child.content:
            child.content = _SHORTCODE.sub("", child.content)
