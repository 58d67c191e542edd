"""From an HTML tree to an article's blocks: the one way, for Markdown, CMS bodies and pages."""

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from igny8_media.articles import image_tags
from igny8_media.articles.code import code_language, code_text
from igny8_media.articles.dom import BLOCKS, inline_text, is_hidden, walk
from igny8_media.articles.model import Block, Code, Heading, Image, ListBlock, Paragraph, Quote
from igny8_media.articles.references import Resolve
from igny8_media.articles.tables import caption, data_table
from igny8_media.articles.text import clean_text

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LINE = "\x0b"  # a line break in the buffer; clean text never holds one
_TASK_BOX = re.compile(r"^\[[ xX]\] ")
_ALERT = re.compile(r"^\[!(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]\s*", re.I)
_DASHED = re.compile(r"^(?:—|–|--)\s*(?=\S)")


@dataclass
class _List:
    node: LexborNode
    ordered: bool
    items: list[str] = field(default_factory=list)
    depth: int = 1
    open_item: bool = False
    joiner: str = " "


@dataclass
class _Quote:
    node: LexborNode
    parts: list[str] = field(default_factory=list)
    attribution: str | None = None
    after: list[Block] = field(default_factory=list)


@dataclass
class _Figure:
    node: LexborNode
    start: int
    caption: str | None = None


_Frame = _List | _Quote | _Figure


class _Walker:
    """Collects inline text until a block begins or ends, then hands it to the innermost frame."""

    def __init__(self, resolve: Resolve) -> None:
        self.blocks: list[Block] = []
        self._resolve = resolve
        self._text: list[str] = []
        self._images: list[Image] = []
        self._frames: list[_Frame] = []
        self._seen: set[str] = set()

    def enter(self, node: LexborNode) -> bool:
        tag = node.tag or ""
        if tag == "-text":
            self._text.append(re.sub(r"\s+", " ", node.text_content or ""))
            return False
        if is_hidden(node):
            return False
        if tag == "br":
            self._text.append(_LINE)
            return False
        if tag in {"img", "amp-img"}:
            self._image(node)
            return False
        if tag in BLOCKS:
            self._flush()
            return self._enter_block(node, tag)
        frame = self._frames[-1] if self._frames else None
        if tag == "cite" and isinstance(frame, _Quote) and not "".join(self._text).strip(" —–-"):
            self._text.clear()
            frame.attribution = clean_text(inline_text(node)) or None
            return False
        return True

    def _enter_block(self, node: LexborNode, tag: str) -> bool:
        frame = self._frames[-1] if self._frames else None
        if tag in _HEADINGS:
            self._heading(node, _HEADINGS[tag])
            return False
        if tag == "pre":
            if text := code_text(node):
                self._emit(Code(text=text, language=code_language(node)))
            return False
        if tag == "table":
            return self._table(node)
        if tag in {"ul", "ol", "dl"}:
            if isinstance(frame, _List):
                frame.depth += 1
                frame.open_item = False
            elif not isinstance(frame, _Quote):
                self._frames.append(_List(node, tag == "ol"))
        elif isinstance(frame, _List) and tag in {"li", "dt", "dd"}:
            frame.open_item = tag == "dd" and frame.open_item
            frame.joiner = ": " if tag == "dd" else " "
        elif tag == "blockquote" and not isinstance(frame, _Quote):
            self._frames.append(_Quote(node))
        elif tag == "footer" and isinstance(frame, _Quote):
            frame.attribution = clean_text(inline_text(node)) or None
            return False
        elif tag == "figure":
            self._frames.append(_Figure(node, len(self.blocks)))
        elif tag == "figcaption" and isinstance(frame, _Figure):
            frame.caption = clean_text(inline_text(node)) or None
            return False
        return True

    def leave(self, node: LexborNode) -> None:
        if node.tag not in BLOCKS:
            return
        self._flush()
        frame = self._frames[-1] if self._frames else None
        if isinstance(frame, _List) and node.tag in {"ul", "ol", "dl"}:
            frame.depth -= 1
            frame.open_item = False
            if frame.depth == 0:
                self._frames.pop()
                self._emit_list(frame)
        elif frame is not None and frame.node.mem_id == node.mem_id:
            self._frames.pop()
            if isinstance(frame, _Quote):
                self._emit_quote(frame)
            elif isinstance(frame, _Figure):
                self._caption(frame)

    def finish(self) -> list[Block]:
        self._flush()
        return self.blocks

    def _flush(self) -> None:
        raw, images = "".join(self._text), self._images
        self._text, self._images = [], []
        # Two line breaks in a row are how old editors ended a paragraph.
        for part in re.split(rf"{_LINE}\s*{_LINE}", raw):
            if text := clean_text(part.replace(_LINE, " ")):
                self._route(text)
        for image in images:
            self._emit(image)

    def _route(self, text: str) -> None:
        frame = self._frames[-1] if self._frames else None
        if isinstance(frame, _List):
            if frame.open_item and frame.items:
                ends = frame.items[-1].endswith(":") and frame.joiner == ": "
                frame.items[-1] += (" " if ends else frame.joiner) + text
                frame.joiner = " "
            else:
                frame.items.append(_TASK_BOX.sub("", text))
            frame.open_item = True
        elif isinstance(frame, _Quote):
            frame.parts.append(text)
        else:
            self.blocks.append(Paragraph(text=text))

    def _emit(self, block: Block) -> None:
        """Put a block that is not running text where the reader meets it."""
        quote = next((f for f in self._frames if isinstance(f, _Quote)), None)
        if quote is not None:
            quote.after.append(block)
            return
        for frame in self._frames:
            if isinstance(frame, _List):
                self._emit_list(frame)
                frame.items, frame.open_item = [], False
        self.blocks.append(block)

    def _emit_list(self, frame: _List) -> None:
        items = tuple(item for item in frame.items if item)
        if items:
            self.blocks.append(ListBlock(ordered=frame.ordered, items=items))

    def _emit_quote(self, frame: _Quote) -> None:
        if len(frame.parts) > 1 and not frame.attribution and _DASHED.match(frame.parts[-1]):
            frame.attribution = frame.parts.pop()
        attribution = _DASHED.sub("", frame.attribution) if frame.attribution else None
        if text := _ALERT.sub("", " ".join(frame.parts)):
            self._emit(Quote(text=text, attribution=attribution))
        elif frame.attribution:
            self._emit(Paragraph(text=frame.attribution))  # nothing is quoted, so nobody is
        for block in frame.after:
            self._emit(block)

    def _heading(self, node: LexborNode, level: int) -> None:
        for picture in node.css("img"):
            self._image(picture)
        images, self._images = self._images, []
        if text := clean_text(inline_text(node)):
            frame = self._frames[-1] if self._frames else None
            if isinstance(frame, _List | _Quote):
                self._route(text)
            else:
                self.blocks.append(Heading(level=level, text=text))
        for image in images:
            self._emit(image)

    def _table(self, node: LexborNode) -> bool:
        table = data_table(node)
        if table is None:
            return True
        if text := caption(node):
            self._route(text)
        self._emit(table)
        for image in node.css("img"):
            self._image(image)
        self._flush()
        return False

    def _image(self, node: LexborNode) -> None:
        written = image_tags.source(node)
        alt = image_tags.alt_text(node)
        if image_tags.is_decoration(node) or not written:
            if node.attributes.get("width") != "1" and len(alt) <= 4:
                self._text.append(alt)  # an emoji drawn as a picture
            return
        found = self._resolve(written)
        # A lazy picture stands on the page twice: once for scripts, once in <noscript>.
        if found.source in self._seen:
            return
        self._seen.add(found.source)
        self._images.append(
            Image(
                source=found.source, alt=alt, caption=image_tags.title(node), missing=found.missing
            )
        )

    def _caption(self, frame: _Figure) -> None:
        if not frame.caption:
            return
        captioned = False
        for place in range(frame.start, len(self.blocks)):
            block = self.blocks[place]
            if isinstance(block, Image) and not captioned:
                self.blocks[place] = block.model_copy(update={"caption": frame.caption})
                captioned = True
            elif isinstance(block, Quote) and not captioned:
                source = _DASHED.sub("", frame.caption)
                self.blocks[place] = block.model_copy(update={"attribution": source})
                captioned = True
        if not captioned and len(self.blocks) > frame.start:
            self._route(frame.caption)


def blocks_below(top: LexborNode, resolve: Resolve) -> list[Block]:
    """The blocks of an article whose body is `top`. Text is clean; nothing is fetched."""
    walker = _Walker(resolve)
    walk(top, walker.enter, walker.leave)
    return walker.finish()
