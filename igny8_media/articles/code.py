"""Code in HTML: its text to the letter, and its language by the customs of many highlighters."""

import re

from selectolax.lexbor import LexborNode

from igny8_media.articles.dom import classes, is_hidden, walk
from igny8_media.articles.text import clean_code, name_set

# `language-x` (HTML standard, CommonMark), `lang-x` (Prettify), `highlight-source-x` (GitHub),
# `highlight-x` (Sphinx), `brush: x` (SyntaxHighlighter), `sourceCode x` (Pandoc), `hljs x`.
_PREFIX = re.compile(
    r"(?:language|lang|highlight-source|highlight-text|highlight|code)-([a-z0-9+#.-]+)"
)
_AFTER = frozenset({"sourcecode", "brush:", "hljs", "prettyprint"})
_NAME = re.compile(r"[a-z][a-z0-9+#.-]{0,19}")
_NOT_A_LANGUAGE = name_set(
    "none text plain plaintext txt default notranslate nohighlight undefined unknown auto block "
    "copyable linenums numberlines wrapper container lines"
)


def code_text(pre: LexborNode) -> str:
    """The text below `<pre>` as a reader sees it; line numbers of the page's own dropped."""
    out: list[str] = []

    def enter(node: LexborNode) -> bool:
        if node.tag == "-text":
            out.append(node.text_content or "")
            return False
        if node.tag == "br":
            out.append("\n")
            return False
        return not is_hidden(node)

    def leave(node: LexborNode) -> None:
        if node.tag in {"div", "tr", "p", "li"} and out and not out[-1].endswith("\n"):
            out.append("\n")

    walk(pre, enter, leave)
    return clean_code("".join(out))


def code_language(pre: LexborNode) -> str | None:
    """The language that the page names on `<code>`, on `<pre>` or on up to three parents."""
    nodes = [node for node in (pre.css_first("code"), pre) if node is not None]
    parent = pre.parent
    for _ in range(3):
        if parent is None or parent.tag in {"body", "article", "main", "section", "li"}:
            break
        nodes.append(parent)
        parent = parent.parent
    return next((name for node in nodes if (name := _named_on(node))), None)


def _named_on(node: LexborNode) -> str | None:
    attributes = node.attributes
    for key in ("data-lang", "data-language", "data-code-language"):
        if name := _valid(attributes.get(key)):
            return name
    tokens = [token.lower().rstrip(";") for token in classes(node)]
    for token, following in zip(tokens, [*tokens[1:], ""], strict=False):
        found = _PREFIX.fullmatch(token)
        if name := _valid(found[1] if found else following if token in _AFTER else None):
            return name
    return None


def _valid(name: str | None) -> str | None:
    name = (name or "").strip().lower()
    return name if _NAME.fullmatch(name) and name not in _NOT_A_LANGUAGE else None
