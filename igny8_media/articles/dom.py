"""Walking an HTML tree without recursion, and what of it no reader of the article sees."""

import re
from collections.abc import Callable

from selectolax.lexbor import LexborHTMLParser, LexborNode

from igny8_media.articles.text import name_set
from igny8_media.errors import InputError

MAX_DEPTH = 5_000

BLOCKS = name_set(
    "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html li main menu nav ol p pre section "
    "summary table tbody td tfoot th thead tr ul caption search noscript"
)
# Never part of the text: machinery, controls, and things that cannot be put into words.
DROPPED = name_set(
    "script style template head title meta link base nav form button input select option textarea "
    "label iframe frame frameset object embed applet svg canvas audio video source track map area "
    "dialog menu progress meter rt rp del s strike annotation datalist search -comment "
    "-doctype"
)
_HIDDEN_CLASSES = name_set(
    "sr-only screen-reader-text screen-reader-only visually-hidden visuallyhidden headerlink "
    "header-anchor heading-anchor anchor-link anchorjs-link permalink linenos linenodiv lineno "
    "line-numbers-rows rouge-gutter gutter gl copy-button copybtn clipboard-copy footnote-backref "
    "mw-editsection sharedaddy jp-relatedposts addtoany_share_save_container"
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_FOOTNOTE_MARK = re.compile(r"\s*[\[(]?\s*(?:\d{1,3}|[*†‡a-z])\s*[\])]?\s*↩?\s*")
_TAG = re.compile(r"<(/?)([a-z][a-z0-9-]*)", re.I)
_NOT_NESTING = name_set(
    "area base br col embed hr img input link meta source track wbr p li dt dd option optgroup tr "
    "td th thead tbody tfoot colgroup rb rt rp a b big code em font i nobr s small strike strong "
    "tt u html head body h1 h2 h3 h4 h5 h6 script style title textarea select button form "
    "path g rect circle line use"
)


def parse(html: str, where: str) -> LexborNode:
    """The body of the page or fragment. Raises InputError for nesting that no page has.

    The parser looks up through all open elements at each new one, so 100,000 open `<div>` would
    cost a minute; they are counted before it starts.
    """
    depth = deepest = 0
    for closing, name in _TAG.findall(html):
        if name.lower() not in _NOT_NESTING:
            depth = max(0, depth - 1) if closing else depth + 1
            deepest = max(deepest, depth)
    if deepest > MAX_DEPTH:
        raise InputError(
            f"{where} nests {deepest:,} HTML elements into one another; at most {MAX_DEPTH:,} are "
            "read, so repair the page (something is not being closed)."
        )
    tree = LexborHTMLParser(html.replace("\x00", "").encode("utf-8", "ignore").decode())
    body = tree.body
    if body is None:
        raise InputError(f"{where} has no HTML body; check that it is the page of an article.")
    return body


def walk(
    top: LexborNode,
    enter: Callable[[LexborNode], bool],
    leave: Callable[[LexborNode], None] = lambda node: None,
) -> None:
    """Visit each node below `top` in document order; `enter` says whether to go into it.

    A node that is not gone into is not left either. Nothing here recurses, however deep the tree.
    """
    node = top.first_child
    while node is not None:
        inside = enter(node)
        child = node.first_child if inside else None
        if child is not None:
            node = child
            continue
        if inside:
            leave(node)
        while node.next is None:
            node = node.parent
            if node is None or node.mem_id == top.mem_id:
                return
            leave(node)
        node = node.next


def classes(node: LexborNode) -> list[str]:
    return (node.attributes.get("class") or "").split()


def is_hidden(node: LexborNode) -> bool:
    """Dropped by its kind, hidden from readers, or a mark that only makes sense on the page."""
    if node.tag in DROPPED:
        return True
    attributes = node.attributes
    if attributes:
        if "hidden" in attributes or attributes.get("aria-hidden") == "true":
            return True
        if _HIDDEN_STYLE.search(attributes.get("style") or ""):
            return True
        if not _HIDDEN_CLASSES.isdisjoint((attributes.get("class") or "").lower().split()):
            return True
    return node.tag in {"sup", "a"} and _is_footnote_mark(node)


def _is_footnote_mark(node: LexborNode) -> bool:
    """`<sup><a href="#fn1">[1]</a></sup>` and the ¶ or # beside a heading."""
    link = node if node.tag == "a" else node.css_first("a")
    if link is None or not (link.attributes.get("href") or "").startswith("#"):
        return False
    text = (node.text(deep=True) or "").strip()
    if node.tag == "sup":
        return bool(_FOOTNOTE_MARK.fullmatch(text))
    return text in {"", "¶", "#", "§", "🔗", "↩", "↩︎", "^"} and link.css_first("img") is None


def inline_text(top: LexborNode) -> str:
    """All visible text below a node; a space where a block or a line begins. Not yet cleaned."""
    out: list[str] = []

    def enter(node: LexborNode) -> bool:
        if node.tag == "-text":
            out.append(node.text_content or "")
            return False
        if is_hidden(node):
            return False
        if node.tag == "br" or node.tag in BLOCKS:
            out.append(" ")
        return True

    def leave(node: LexborNode) -> None:
        if node.tag in BLOCKS:
            out.append(" ")

    walk(top, enter, leave)
    return "".join(out)
