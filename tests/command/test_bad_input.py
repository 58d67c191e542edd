"""Each bad input is one clear sentence and exit status 2; nothing half-written stays."""

import os
import re
from pathlib import Path

import pytest

from tests.command.conftest import Run


def _sentence(err: str) -> str:
    """The last line of stderr, which must be ours and the only trace of the failure."""
    lines = [line for line in err.splitlines() if line.strip()]
    assert "Traceback" not in err, err
    assert lines[-1].startswith("igny8-media: ") or lines[-1].startswith("Error: "), err
    return lines[-1]


def _media(home: Path) -> list[Path]:
    return [p for p in (home / "media").rglob("*") if p.is_file()]


BAD_FILES: dict[str, tuple[bytes, str]] = {
    "empty.md": (b"", "empty"),
    "blank.md": (b" \n\t\n", "blank.md"),
    "binary.md": (bytes(range(256)) * 64, "binary.md"),
    "broken-front-matter.md": (b"---\ntitle: [unclosed\n---\nText.\n", "line"),
    "only-emoji.md": ("😀😀😀\n".encode(), "only-emoji.md"),
    "huge.html": (b"<p>" + b"x" * 50_000_000, "huge.html"),
    "notes.docx": (b"PK\x03\x04", "notes.docx"),
}


@pytest.mark.parametrize("name", sorted(BAD_FILES))
def test_a_file_that_cannot_be_used(run: Run, tmp_path: Path, own_home: Path, name: str) -> None:
    data, said = BAD_FILES[name]
    (tmp_path / name).write_bytes(data)
    answer = run("run", name, "--videos", "none")
    assert answer.status == 2, answer.err
    assert said in _sentence(answer.err)
    assert _media(own_home) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run", "nowhere.md"), "nowhere.md"),
        (("run", "."), "holds no article"),
        (("run",), "SOURCE"),
        (("run", "x.md", "--platforms", "linkedin,myspace"), "myspace"),
        (("run", "x.md", "--platforms", ""), "none is named"),
        (("run", "x.md", "--videos", "medium"), "medium"),
        (("run", "http://127.0.0.1:9/article"), "127.0.0.1"),
        (("run", "http://169.254.169.254/latest/meta-data"), "169.254.169.254"),
        (("dance",), "dance"),
    ],
)
def test_wrong_usage(run: Run, arguments: tuple[str, ...], said: str) -> None:
    answer = run(*arguments)
    assert answer.status == 2
    assert said in _sentence(answer.err)


def test_a_setting_that_does_not_fit_is_named(run: Run, article: Path) -> None:
    answer = run("run", article, IGNY8_THEME__ACCENT="orange")
    assert answer.status == 2
    assert "IGNY8_THEME__ACCENT" in _sentence(answer.err)


@pytest.mark.skipif(os.geteuid() != 0, reason="as root the same is tried with a file in the way")
def test_an_output_folder_that_is_a_file(run: Run, article: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    answer = run("run", article, "--out", tmp_path / "taken" / "below")
    assert answer.status == 2
    assert "--out" in _sentence(answer.err)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_output_folder(run: Run, article: Path, tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    answer = run("run", article, "--out", locked / "out")
    assert answer.status == 2
    assert re.search(r"Permission denied.*--out", _sentence(answer.err))


ODD_ARTICLES: dict[str, str] = {
    "one-sentence": "# Rain\n\nIt rained for 40 days.\n",
    "only-code": "# Sorting\n\n```python\nprint(sorted([3, 1, 2]))\n```\n",
    "mixed-rtl": "# بستان الماء\n\nنسقي الحديقة في السادسة. The hose costs 20 euros. שלום עולם.\n",
    "control": "# Tidy\x00 text\x07\n\nA bell\x07 rang \u200b\u202etwice. It rang 2 times.\n",
    "hostile": "<script>alert(1)</script><h1>Hi there</h1>" + "<div>" * 5000 + "We met in 2019.",
    "no-title": "We water at six in the morning. Half of it would be lost at noon.\n",
}


@pytest.mark.parametrize("name", sorted(ODD_ARTICLES))
def test_an_odd_article_still_becomes_posts(run: Run, tmp_path: Path, name: str) -> None:
    suffix = "html" if name == "hostile" else "md"
    (tmp_path / f"{name}.{suffix}").write_text(ODD_ARTICLES[name], encoding="utf-8")
    answer = run("run", f"{name}.{suffix}", "--videos", "none", "--json")
    assert answer.status == 0, answer.err
    text = "".join(
        Path(a["path"]).read_text(encoding="utf-8")
        for a in answer.contents[0]["artifacts"]
        if a["asset"].endswith("/post")
    )
    assert "alert(1)" not in text
    assert "\x07" not in text
