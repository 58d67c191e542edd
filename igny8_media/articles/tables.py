"""Tables in HTML: which ones hold data, and their cells with spans filled in."""

from selectolax.lexbor import LexborNode

from igny8_media.articles.dom import inline_text, walk
from igny8_media.articles.model import Table
from igny8_media.articles.text import clean_text

MAX_ROWS = 500
MAX_COLUMNS = 30
_LONGEST_MEAN_CELL = 240
_LAYOUT = "table, pre, h1, h2, h3, h4, h5, h6, blockquote"


def data_table(table: LexborNode) -> Table | None:
    """The table, or None when it only arranges the page and its cells should be read in turn."""
    role = table.attributes.get("role")
    if role in {"presentation", "none"} or _below(table, _LAYOUT):
        return None
    rows, header_rows = _grid(table)
    width = max(map(len, rows), default=0)
    cells = [cell for row in rows for cell in row if cell]
    if len(rows) < 2 or width < 2 or not cells:
        return None
    if sum(map(len, cells)) / len(cells) > _LONGEST_MEAN_CELL:
        return None
    filled = [tuple(row + [""] * (width - len(row))) for row in rows]
    header = filled[0] if header_rows else ("",) * width
    body = filled[1:] if header_rows else filled
    return Table(header=header, rows=tuple(row for row in body if any(row)))


def caption(table: LexborNode) -> str:
    found = table.css_first("caption")
    return clean_text(inline_text(found)) if found is not None else ""


def _below(node: LexborNode, selector: str) -> bool:
    """Whether anything below the node matches; selectolax also matches the node itself."""
    return any(match.mem_id != node.mem_id for match in node.css(selector))


def _grid(table: LexborNode) -> tuple[list[list[str]], bool]:
    """Cell texts by row, spans repeated, and whether the first row is made of headings."""
    rows: list[list[str]] = []
    spans: dict[int, tuple[int, str]] = {}
    first_is_header = False

    def enter(node: LexborNode) -> bool:
        nonlocal first_is_header
        if node.tag != "tr":
            return node.tag in {"thead", "tbody", "tfoot"}
        if len(rows) < MAX_ROWS:
            cells = [child for child in node.iter() if child.tag in {"td", "th"}]
            if not rows:
                in_head = node.parent is not None and node.parent.tag == "thead"
                first_is_header = bool(cells) and (in_head or all(c.tag == "th" for c in cells))
            rows.append(_row(cells, spans))
        return False

    walk(table, enter)
    return [row for row in rows if row], first_is_header


def _row(cells: list[LexborNode], spans: dict[int, tuple[int, str]]) -> list[str]:
    row: list[str] = []

    def fill_spans() -> None:
        while len(row) in spans and len(row) < MAX_COLUMNS:
            column = len(row)
            left, text = spans.pop(column)
            row.append(text)
            if left > 1:
                spans[column] = (left - 1, text)

    for cell in cells:
        fill_spans()
        text = clean_text(inline_text(cell))
        for _ in range(_span(cell, "colspan", MAX_COLUMNS)):
            if len(row) < MAX_COLUMNS:
                if (down := _span(cell, "rowspan", MAX_ROWS)) > 1:
                    spans[len(row)] = (down - 1, text)
                row.append(text)
    fill_spans()
    return row


def _span(cell: LexborNode, name: str, limit: int) -> int:
    value = cell.attributes.get(name) or "1"
    return min(limit, int(value)) if value.isascii() and value.isdigit() and int(value) else 1
