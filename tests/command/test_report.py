"""The page that a newcomer opens."""

from pathlib import Path
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser

from tests.command.conftest import Run


def _page(tmp_path: Path) -> LexborHTMLParser:
    return LexborHTMLParser((tmp_path / "out" / "report.html").read_text(encoding="utf-8"))


def test_everything_it_shows_is_there_and_described(
    run: Run, article: Path, tmp_path: Path
) -> None:
    answer = run("run", article, "--videos", "none")
    assert answer.status == 0, answer.err
    page = _page(tmp_path)
    pictures = page.css("img")
    assert len(pictures) >= 5
    for picture in pictures:
        assert (tmp_path / "out" / unquote(picture.attributes["src"] or "")).is_file()
        assert picture.attributes["alt"]
    for link in page.css("a"):
        target = link.attributes["href"] or ""
        if target.startswith("#"):
            assert page.css_first(f"[id='{target[1:]}']") is not None
        else:
            assert (tmp_path / "out" / unquote(target)).is_file()
    text = page.body.text() if page.body else ""
    for name in ("LinkedIn", "X", "Facebook", "Instagram", "TikTok"):
        assert f"{name}, draft" in text
    assert "How long each step took" in text
    assert page.css("script") == []
    assert "http" not in "".join(
        node.attributes.get("src") or "" for node in page.css("img, video, link")
    ), "the page loads nothing from elsewhere"


def test_what_went_wrong_is_said_and_hostile_text_stays_text(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        "# Tags & <b>brackets</b>\n\nWe write `<script>alert(1)</script>` in 3 places.\n"
        "\n![gone](missing.png)\n",
        encoding="utf-8",
    )
    (tmp_path / "empty.md").write_text("")
    answer = run("run", tmp_path, "--platforms", "linkedin", "--videos", "none")
    assert answer.status == 1
    page = _page(tmp_path)
    text = page.body.text() if page.body else ""
    assert "missing.png" in text
    assert "empty.md" in text
    assert page.css("script") == []
