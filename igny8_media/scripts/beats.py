"""An article as beats: one idea each, what can be said of it and what there is to show."""

import re
from dataclasses import dataclass

from igny8_media.articles.model import Block, Code, Image, ListBlock, Paragraph, Quote, Table
from igny8_media.video.model import CodeBlock, VisualCue
from igny8_media.writing.digest import Digest, Sentence, quotation
from igny8_media.writing.judge import is_code, is_prose
from igny8_media.writing.lists import BulletList
from igny8_media.writing.outline import OutlineSection
from igny8_media.writing.passages import join
from igny8_media.writing.sentences import UNSPACED, clean, split, word_count
from igny8_media.writing.statistics import is_unit

_COLON = re.compile(r"\s?[:：]$")
_STOP = re.compile(r"[.!?…。！？؟]['\"”’»)]*$")
_LONGEST_BEAT = 38  # words: about 15 seconds on one picture
_STUMP = 7  # words: less is over before it has been seen
_LONGEST_EXPLANATION = 45  # words spoken over one piece of code
_MOST_ITEMS = 7
_MOST_ROWS = 6
_MOST_COLUMNS = 4
_CELL_WORDS = 7
_ITEM_CHARACTERS = 64
_MOST_CODE_LINES = 40
# "Rain (mm)", "Weight, with pedals", "Price in euros": a column's name and what it is counted in.
_COLUMN = re.compile(
    r"(?P<name>[^,(\[]+?)(?:\s*[,(\[]\s*(?P<unit>[^)\]]*)[)\]]?|\s+in\s+(?P<counted>\S+))?"
)
_NAME_WORDS = 3
_ROW_CHARACTERS = 90
_MOST_FIGURES = 12  # some 25 seconds: nobody listens to more of them
_FIGURE = re.compile(r"\d[\d.,]*")


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence to be spoken; `leans` on the line before it; `score` is what it is worth."""

    text: str
    score: float
    leans: bool = False


@dataclass(frozen=True, slots=True)
class Beat:
    """`block` is where in the article it stands; `items`, `code` go with the cue."""

    section: int
    block: int
    lines: tuple[Line, ...]
    cue: VisualCue = "animated_text"
    items: tuple[str, ...] = ()
    code: CodeBlock | None = None

    @property
    def text(self) -> str:
        return join(*(line.text for line in self.lines))

    @property
    def score(self) -> float:
        return max((line.score for line in self.lines), default=0.0)


def spoken_words(text: str) -> float:
    """How many words a voice needs: figures and signs are read out in several."""
    extra = 0.0
    for figure in _FIGURE.findall(text):
        digits = sum(c.isdigit() for c in figure)
        extra += 0.7 * (min(digits, 4) - 1) + 0.7 * ("." in figure[:-1] or "," in figure[:-1])
    extra += 0.7 * sum(text.count(sign) for sign in "%€$£°&+=")
    return word_count(text) + extra


def beats(digest: Digest) -> list[Beat]:
    """Every beat of the article that can be spoken, in order."""
    found: list[Beat] = []
    said = True
    for section in digest.sections:
        if section.skip:
            said = False
            continue
        more, said = _of_section(digest, section, said)
        found += more
    return found


def _of_section(digest: Digest, section: OutlineSection, said: bool) -> tuple[list[Beat], bool]:
    """The beats of a section; `said` is whether what stands right before has been told."""
    found: list[Beat] = []
    for place, (number, block) in enumerate(section.blocks):
        after = section.blocks[place + 1][1] if place + 1 < len(section.blocks) else None
        if isinstance(block, Paragraph):
            lines, said = _spoken(digest, number, said, under_heading=place == 0)
            found += _in_portions(section.index, number, lines)
            said = said and not _leads(block, after)
            continue
        lead = section.blocks[place - 1][1] if place else None
        beat = _shown(digest, section, number, block, lead)
        if beat:
            _append(found, beat)
        if not isinstance(block, Image):
            said = beat is not None
    return found, said


def _append(found: list[Beat], beat: Beat) -> None:
    """Code is on screen while the whole paragraph that leads to it is spoken, if it is short."""
    before = found[-1] if found else None
    if beat.code and before and before.cue == "animated_text" and before.block == beat.block - 1:
        lines = (*before.lines, *beat.lines)
        if sum(spoken_words(line.text) for line in lines) <= _LONGEST_EXPLANATION:
            found[-1] = Beat(beat.section, beat.block, lines, beat.cue, beat.items, beat.code)
            return
    found.append(beat)


def _leads(block: Paragraph, after: Block | None) -> bool:
    return bool(_COLON.search(clean(block.text))) and not isinstance(after, Paragraph | None)


def _spoken(
    digest: Digest, block: int, said: bool, *, under_heading: bool
) -> tuple[list[Line], bool]:
    """The lines of a paragraph; a sentence goes when the one that it leans on has gone."""
    lines: list[Line] = []
    for sentence in digest.by_block.get(block, ()):
        begins = under_heading and sentence.position == 0 and sentence.opens
        said = sentence.speakable and (sentence.standalone or said or begins)
        if said:
            lines.append(Line(sentence.text, sentence.score, leans=_leans(sentence)))
    return lines, said


def _leans(sentence: Sentence) -> bool:
    return not sentence.standalone or (sentence.position > 0 and word_count(sentence.text) < 5)


def _in_portions(section: int, block: int, lines: list[Line]) -> list[Beat]:
    """A paragraph as beats of at most some twenty seconds, none of them a stump.

    A beat begins with a line that stands by itself, unless it would get too long for that.
    """
    total = sum(spoken_words(line.text) for line in lines)
    share = total / max(1, round(total / _LONGEST_BEAT + 0.3))
    groups: list[list[Line]] = []
    length = 0.0
    for line in lines:
        words = spoken_words(line.text)
        full = length + words / 2 > share and length >= _STUMP
        if not groups or (full and (not line.leans or length + words > _LONGEST_BEAT)):
            groups.append([])
            length = 0.0
        groups[-1].append(line)
        length += words
    if len(groups) > 1 and length < _STUMP:
        groups[-2:] = [groups[-2] + groups[-1]]
    return [Beat(section, block, tuple(group)) for group in groups]


def _shown(
    digest: Digest, section: OutlineSection, number: int, block: Block, lead: Block | None
) -> Beat | None:
    line = _lead_line(digest, lead) if isinstance(lead, Paragraph) else None
    if isinstance(block, ListBlock):
        bullets = next((b for b in digest.lists if b.block == number), None)
        return list_beat(bullets, line) if bullets else None
    if isinstance(block, Table):
        return _table(section.index, number, block, line)
    if isinstance(block, Code):
        return _code(section.index, number, block, line)
    if isinstance(block, Quote):
        return _quote(section.index, number, block, digest.language)
    return None


def _lead_line(digest: Digest, lead: Paragraph) -> Line | None:
    """The sentence before a list or code that ends with a colon, made to end with a stop."""
    said = split(lead.text, digest.language)
    if not said or not _COLON.search(said[-1]):
        return None
    stop = "。" if UNSPACED.search(said[-1]) else "."
    text = _COLON.sub(stop, said[-1])
    return Line(text, 0.6) if is_prose(text) and not is_code(text) else None


def list_beat(bullets: BulletList, lead: Line | None = None, *, brief: bool = False) -> Beat | None:
    """A list as a beat, under the line that leads in or what stands for one.

    `brief` says and shows the heads alone.
    """
    plain = bullets.heads if brief else bullets.said
    if not 2 <= len(plain) <= _MOST_ITEMS or not all(plain):
        return None
    if lead is None and bullets.headed:
        lead = Line(_sentence(_COLON.sub("", bullets.lead)), 0.6)
    lines = [Line(_sentence(item), 0.5, leans=lead is not None) for item in plain]
    long = any(len(item) > _ITEM_CHARACTERS for item in plain)
    shown = tuple(_first_part(item) if long else _whole(item) for item in plain)
    said = (*([lead] if lead else []), *lines)
    return Beat(bullets.section, bullets.block, said, "list", shown)


def _table(section: int, number: int, table: Table, lead: Line | None) -> Beat | None:
    """A small table as sentences: figures row by row, words column by column.

    Where cells are words, the columns may be lists of their own ("yes", "rarely", "never"), and
    reading across them would say what the author did not. A table whose figures cannot be named
    in a few words is not spoken at all.
    """
    if not 1 <= len(table.rows) <= _MOST_ROWS or not 2 <= len(table.header) <= _MOST_COLUMNS:
        return None
    headers = [clean(cell) for cell in table.header]
    rows = [[clean(cell) for cell in row] for row in table.rows]
    cells = [cell for row in rows for cell in row[1:]]
    if any(is_code(cell) or word_count(cell) > _CELL_WORDS for row in rows for cell in row):
        return None
    figures = sum(any(c.isdigit() for c in cell) for cell in cells) * 2 >= len(cells)
    said = _by_row(headers, rows) if figures else _by_column(headers, rows)
    if not said:
        return None
    lines = [Line(_sentence(text), 0.4, leans=True) for text in said]
    return Beat(section, number, (*([lead] if lead else []), *lines), "list", tuple(said))


def _by_row(headers: list[str], rows: list[list[str]]) -> list[str]:
    """Each row, every figure with its column's name: bare figures in a row are noise to the ear.

    Of a table of many, the first columns: what it is about stands there.
    """
    told = max(1, min(len(headers) - 1, _MOST_FIGURES // len(rows)))
    columns = [_column(head) for head in headers[1 : told + 1]]
    said: list[str] = []
    for row in rows:
        cells = [
            _named_cell(*column, cell)
            for column, cell in zip(columns, row[1:], strict=False)
            if any(c.isalnum() for c in cell)
        ]
        text = f"{row[0]}: {', '.join(cells)}"
        if not row[0] or not cells or not all(cells) or len(text) > _ROW_CHARACTERS:
            return []
        said.append(text)
    return said


def _column(head: str) -> tuple[str, str]:
    """A column's name and unit, either of them empty if there is none."""
    match = _COLUMN.fullmatch(head)
    return (match["name"], match["unit"] or match["counted"] or "") if match else ("", "")


def _named_cell(name: str, unit: str, cell: str) -> str:
    """A cell as it is said: "Rain 702 mm", "5.900 Liter"; empty if its column has no short name."""
    if not 1 <= word_count(name) <= _NAME_WORDS or any(c.isdigit() for c in name):
        return ""
    bare = not any(c.isalpha() or c in "%€$£¥°" for c in cell)
    if bare and is_unit(name):
        return f"{cell} {name}"
    return f"{name} {cell} {unit}" if bare and is_unit(unit) else f"{name} {cell}"


def _by_column(headers: list[str], rows: list[list[str]]) -> list[str]:
    names = [_column(head)[0] for head in headers]
    if not all(names):
        return []
    columns = [[row[n] for row in rows if n < len(row) and row[n]] for n in range(len(headers))]
    return [f"{head}: {', '.join(cells)}" for head, cells in zip(names, columns, strict=True)]


def _code(section: int, number: int, code: Code, lead: Line | None) -> Beat | None:
    if lead is None or not code.text.strip():
        return None
    text = "\n".join(code.text.strip("\n").splitlines()[:_MOST_CODE_LINES])
    shown = CodeBlock(text=text, language=code.language)
    return Beat(section, number, (lead,), "code_snippet", code=shown)


def _quote(section: int, number: int, quote: Quote, language: str) -> Beat | None:
    text, who = quotation(quote)
    text = text.strip('"“”«»„')
    if not text or is_code(text) or not 3 <= word_count(text) <= 60:
        return None
    said = list(split(text, language))
    said[0] = f"{who}: {said[0]}" if who else said[0]
    lines = tuple(Line(_sentence(part), 0.6, leans=n > 0) for n, part in enumerate(said))
    return Beat(section, number, lines, "quote", (text, who))


def _sentence(text: str) -> str:
    """Text that ends like a sentence, so that the voice falls and rests."""
    text = text.rstrip(" ,;:")
    return text if _STOP.search(text) else text + ("。" if UNSPACED.search(text[-1:]) else ".")


def _whole(item: str) -> str:
    return item.rstrip(" .;,，。")


def _first_part(item: str) -> str:
    """What a list card shows of an item in a list of long ones: its first sentence or clause."""
    head = re.split(r"(?<=[.!?。])\s|[:：]\s|\s[–—]\s|;\s", item, maxsplit=1)[0]
    return head.rstrip(" .:;,，。") or _whole(item)
