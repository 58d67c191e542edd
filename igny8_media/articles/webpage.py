"""A whole web page: which part of it is the article.

trafilatura tells the main text from the rest of a page. Its own tree loses the language of code,
captions and many pictures and headings (tried on real pages), so it is only used to find the
smallest element that holds that text, and the blocks are read from there.
"""

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborNode
from trafilatura import bare_extraction
from trafilatura.settings import Document

from igny8_media.articles.dom import BLOCKS, is_hidden, parse, walk
from igny8_media.articles.metadata import Metadata
from igny8_media.articles.model import Block, Heading, Image, ListBlock, Paragraph
from igny8_media.articles.page_metadata import page_metadata
from igny8_media.articles.references import Resolve
from igny8_media.articles.text import name_set
from igny8_media.articles.walker import blocks_below

# libxml2 and trafilatura recurse into the tree; no readable page is this deep.
_EXTRACTABLE_DEPTH = 200
# The content element holds at least this share of the main text.
_ENOUGH = 0.85
_KEY_LENGTH = 48
_SHORTEST_KEY = 12
_LONG_PARAGRAPH = 100
# Some 70,000 words: what comes after them is not searched for.
_LONGEST_MAIN_TEXT = 400_000

_FURNITURE_TAGS = name_set("div section ul ol p table header span")
_FURNITURE = re.compile(
    r"(?:^|[-_ ])(?:shar(?:e|ing)|social|related|recommend\w*|newsletter|subscri\w*|promo\w*|"
    r"advert\w*|ads?|sponsor\w*|cookie\w*|consent|comments?|respond|breadcrumbs?|toc|"
    r"table-of-contents|sidebar|pagination|pager|prev-?next|post-?nav\w*|byline|"
    r"author-?(?:box|bio|card)|post-?meta|entry-?meta|entry-?footer|tag-?list|paywall|read-?more|"
    r"read-?next|outbrain|taboola|popup|modal|masthead|navbar|docnav|legalnotice)(?:$|[-_ ])",
    re.I,
)


@dataclass(frozen=True)
class Page:
    """The element that holds the article, and the page's main text in the shape of `_bare`."""

    content: LexborNode
    main_text: str

    def blocks(self, resolve: Resolve) -> list[Block]:
        return _trimmed(blocks_below(self.content, resolve), self.main_text)


def read_page(html: str, where: str, url: str | None) -> tuple[Page, Metadata]:
    """The page's article and its metadata. Raises InputError for hostile nesting."""
    body = parse(html, where)
    if _depth(body) > _EXTRACTABLE_DEPTH:
        note = "The page is nested too deeply to tell the article from the rest: all was read."
        return Page(body, ""), Metadata(notes=(note,))
    clean = html.encode("utf-8", "ignore").decode().replace("\x00", "")
    metadata = page_metadata(body, clean, url)
    main_text = _main_text(clean, url) or _long_paragraphs(body)
    weights = _weights(body, main_text)
    content = _located(body, weights)
    if content is None:
        note = "The main text could not be told from the rest of the page: all was read."
        return Page(body, ""), metadata.over(Metadata(notes=(note,)))
    _remove_furniture(content, weights)
    return Page(content, main_text), metadata


def _main_text(html: str, url: str | None) -> str:
    found = bare_extraction(
        html, url=url, include_comments=False, include_tables=True, favor_recall=True
    )
    text = found.text if isinstance(found, Document) else None
    return _bare((text or "")[:_LONGEST_MAIN_TEXT])


def _long_paragraphs(body: LexborNode) -> str:
    """The main text of a page that is too short for trafilatura to judge."""
    texts = (text for _, text in _lines(body) if len(text) >= _LONG_PARAGRAPH)
    return _bare("".join(texts)[:_LONGEST_MAIN_TEXT])


def _bare(text: str) -> str:
    """What two copies of a text share, however their white space and punctuation differ."""
    return re.sub(r"[\W_]+", "", text).casefold()


def _is_main(text: str, main_text: str) -> bool:
    key = _bare(text[: _KEY_LENGTH * 4])[:_KEY_LENGTH]
    return len(key) >= _SHORTEST_KEY and key in main_text


def _lines(body: LexborNode) -> list[tuple[LexborNode, str]]:
    """Each stretch of running text, and the block it stands in."""
    found: list[tuple[LexborNode, str]] = []
    blocks = [body]
    text: list[str] = []

    def flush() -> None:
        if line := "".join(text).strip():
            found.append((blocks[-1], line))
        text.clear()

    def enter(node: LexborNode) -> bool:
        if node.tag == "-text":
            text.append(node.text_content or "")
            return False
        if is_hidden(node):
            return False
        if node.tag in BLOCKS:
            flush()
            blocks.append(node)
        return True

    def leave(node: LexborNode) -> None:
        if node.tag in BLOCKS:
            flush()
            blocks.pop()

    walk(body, enter, leave)
    flush()
    return found


def _weights(body: LexborNode, main_text: str) -> dict[int, int]:
    """How many characters of the main text lie below each element, by its `mem_id`."""
    weights: dict[int, int] = {}
    for node, text in _lines(body):
        if _is_main(text, main_text):
            above: LexborNode | None = node
            while above is not None:
                weights[above.mem_id] = weights.get(above.mem_id, 0) + len(text)
                above = above.parent
    return weights


def _located(body: LexborNode, weights: dict[int, int]) -> LexborNode | None:
    """The smallest element that holds nearly all of the main text; None when there is none."""
    enough = weights.get(body.mem_id, 0) * _ENOUGH
    if not enough:
        return None
    node = body
    while True:
        inner = next((c for c in node.iter() if weights.get(c.mem_id, 0) >= enough), None)
        if inner is None or inner.tag not in BLOCKS | {"td", "center", "form"}:
            return node
        if inner.tag in {"p", "pre", "ul", "ol", "table", "blockquote"}:
            return node
        node = inner


def _remove_furniture(content: LexborNode, weights: dict[int, int]) -> None:
    """Take out what is named like furniture and holds little of the main text."""
    little = weights.get(content.mem_id, 0) / 4
    doomed: list[LexborNode] = []

    def enter(node: LexborNode) -> bool:
        if node.tag in {"-text", "pre", "code"}:
            return False
        weight = weights.get(node.mem_id, 0)
        named = False
        if node.tag in _FURNITURE_TAGS and weight < little:
            attributes = node.attributes
            named = bool(
                _FURNITURE.search(attributes.get("class") or "")
                or _FURNITURE.search(attributes.get("id") or "")
            )
        if named or (
            node.tag in {"aside", "footer"}
            and not weight
            and node.parent is not None
            and node.parent.tag != "blockquote"
        ):
            doomed.append(node)
            return False
        return True

    walk(content, enter)
    for node in doomed:
        node.decompose()


def _trimmed(blocks: list[Block], main_text: str) -> list[Block]:
    """Without bylines before the main text, and without links and boxes after it."""
    known = [_is_known(block, main_text) for block in blocks]
    if not any(known):
        return blocks
    first = known.index(True)
    last = len(known) - 1 - known[::-1].index(True)
    head = [block for block in blocks[:first] if isinstance(block, Heading | Image)]
    tail = blocks[last + 1 :]
    while tail and _is_loose(tail[-1]):
        tail.pop()
    return [*head, *blocks[first : last + 1], *tail]


def _is_known(block: Block, main_text: str) -> bool:
    if isinstance(block, ListBlock):
        return any(_is_main(item, main_text) for item in block.items)
    return isinstance(block, Paragraph | Heading) and _is_main(block.text, main_text)


def _is_loose(block: Block) -> bool:
    """What pages put below an article: headings, short lines, lists of links, pictures."""
    if isinstance(block, Paragraph):
        return len(block.text) < _LONG_PARAGRAPH
    return isinstance(block, Heading | ListBlock | Image)


def _depth(top: LexborNode) -> int:
    depth = deepest = 0

    def enter(node: LexborNode) -> bool:
        nonlocal depth, deepest
        deepest = max(deepest, depth + 1)
        if node.first_child is None:
            return False
        depth += 1
        return True

    def leave(node: LexborNode) -> None:
        nonlocal depth
        depth -= 1

    walk(top, enter, leave)
    return deepest
