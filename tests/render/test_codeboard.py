"""Code on screen is judged by its pixels: how tall its letters are, what is lit, what is seen."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from igny8_media.ai.speech import Word
from igny8_media.errors import InputError
from igny8_media.imaging.codelines import Row, clean, coloured, columns_of, tabular, wrapped
from igny8_media.imaging.theme import Theme
from igny8_media.video.boards import Pace
from igny8_media.video.codeboard import code_board
from igny8_media.video.layers import LayerPainter
from igny8_media.video.model import CodeBlock, SpokenSection
from igny8_media.video.pieces import layer_of
from igny8_media.video.plan import Scene, Shot
from igny8_media.video.planes import Frame

SIZE = (1080, 1920)
THEME = Theme()
LONG = "\n".join(f"value_{n} = compute({n}, other='{'x' * (n % 60)}')" for n in range(200))
BLOCKS = {
    "python": CodeBlock(text="def HEIGHT():\n    return 42", language="python"),
    "rust": CodeBlock(text='fn main() {\n\tprintln!("H");\n}', language="rust"),
    "sql": CodeBlock(text="SELECT H FROM t\r\nWHERE x = 1;\r\n", language="sql"),
    "unknown": CodeBlock(text="H -> whatever\n\t\tH", language="klingon"),
    "none": CodeBlock(text="HHH"),
    "one long line": CodeBlock(text="curl " + "-H 'Accept: text/html' " * 40, language="bash"),
    "no break": CodeBlock(text="H" * 900),
    "200 lines": CodeBlock(text=LONG, language="python"),
    "emoji and wide letters": CodeBlock(text='H = "🚀 你好"  # 说明', language="python"),
}


def _said(text: str, seconds: float = 8.0) -> SpokenSection:
    words = tuple(
        Word(text=w, start=0.4 * n, end=0.4 * n + 0.3) for n, w in enumerate(text.split())
    )
    return SpokenSection(section_id="s", start=0, end=seconds, words=words)


def _frame(block: CodeBlock, folder: Path, at: int, said: str = "", seconds: float = 8.0):
    pace = Pace(_said(said, seconds), 30, start=0.15, latest=5.0, seconds=seconds)
    layers = []
    for number, (piece, when) in enumerate(code_board(SIZE, "", block, THEME, pace)):
        layer = layer_of(piece, when, folder, f"l{number}", fps=30, height=SIZE[1], end=None)
        if layer:
            layers.append(layer)
    scene = Scene(
        section_id="s",
        kind="code_snippet",
        first=0,
        frames=round(seconds * 30),
        shots=(Shot(base="x", moves_for=9),),
        layers=tuple(layers),
    )
    frame = Frame(*SIZE)
    frame.y[:] = 90
    LayerPainter(folder).paint(scene, at, frame)
    return scene, frame


@pytest.mark.parametrize("name", BLOCKS)
def test_letters_are_tall_enough_for_a_phone(name: str, tmp_path: Path) -> None:
    _, frame = _frame(BLOCKS[name], tmp_path, 60)
    code = frame.y[400:1160, 130:960]
    # The tallest run of bright pixels in a column is a capital or an ascender.
    bright = code > 130
    runs = 0
    for column in bright.T:
        edges = np.flatnonzero(np.diff(np.concatenate(([0], column.view(np.int8), [0]))))
        if edges.size:
            runs = max(runs, int((edges[1::2] - edges[::2])[edges[1::2] - edges[::2] < 70].max()))
    assert runs >= 26, "a stem of 28 pixels, less its soft ends"


def test_the_line_that_is_spoken_about_is_lit_and_others_are_dimmed(tmp_path: Path) -> None:
    code = CodeBlock(
        text="alpha = 1\nbravo = 2\ncharlie = 3\ndelta = 4\necho = 5", language="python"
    )
    scene, before = _frame(code, tmp_path, 20, "we now come to charlie")
    _, after = _frame(code, tmp_path, 100, "we now come to charlie")
    left, top, right, bottom = next(layer.window for layer in scene.layers if layer.window)
    pitch = (bottom - top) / 5
    ratios = []
    for line in range(5):
        part = np.s_[
            round(top + line * pitch) : round(top + (line + 1) * pitch), left + 160 : right
        ]
        ratios.append((after.y[part] > 120).sum() / (before.y[part] > 120).sum())
    assert ratios[2] > 0.9
    assert max(ratios[:2] + ratios[3:]) < 0.3


def test_many_lines_scroll_to_what_is_said(tmp_path: Path) -> None:
    said = "First comes value 14 and much later in the text comes value 30 which is the end"
    scene, early = _frame(BLOCKS["200 lines"], tmp_path, 30, said, 20.0)
    _, late = _frame(BLOCKS["200 lines"], tmp_path, 500, said, 20.0)
    assert any(layer.scroll for layer in scene.layers)
    assert np.abs(early.y.astype(int) - late.y).mean() > 2
    for layer in scene.layers:
        with Image.open(tmp_path / layer.file) as picture:
            assert picture.height < 7000, "no more rows than can be followed"


def test_a_table_is_panned_and_prose_is_wrapped(tmp_path: Path) -> None:
    table = "\n".join(f"| {n:>6} | {'some words in a cell':<30} | {n * 7:>12} |" for n in range(4))
    scene, _ = _frame(CodeBlock(text=table), tmp_path, 10)
    (moves,) = {layer.scroll for layer in scene.layers if layer.scroll}
    assert moves[0][2] > 300
    assert moves[0][3] == 0
    lines = coloured(table, None, THEME)
    assert tabular(lines, 30)
    assert not tabular(coloured(BLOCKS["one long line"].text, "bash", THEME), 30)


def test_wrapping_hangs_under_the_indent_and_loses_nothing() -> None:
    line = "        response = client.get(url, follow_redirects=True, timeout=30.0, headers=None)"
    (pieces,) = coloured(line, "python", THEME)
    rows = wrapped(pieces, 7, 30)
    texts = ["".join(text for text, _ in row.pieces) for row in rows]
    assert all(columns_of(text) <= 30 for text in texts)
    assert "".join(text.strip() for text in texts).replace(" ", "") == line.replace(" ", "")
    assert all(text.startswith(" " * 10) for text in texts[1:])
    assert [row.number for row in rows] == [7, *[None] * (len(rows) - 1)]
    assert all(isinstance(row, Row) and row.line == 7 for row in rows)


def test_clean_code_keeps_its_columns() -> None:
    assert clean("\r\n\r\nif x:\r\n\ty = '🦩'\r\n").count("\n") == 1
    assert clean("\ta\n    b") == "    a\n    b"
    assert clean("x = '\U000e0001'  # a\x00b") == "x = ''  # ab"
    with pytest.raises(InputError, match="empty"):
        clean(" \r\n\t\n")
