"""What cannot be used is refused with one sentence; what can be saved is saved."""

import re
import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from igny8_media.articles.decode import decode_source
from igny8_media.articles.metadata import Metadata
from igny8_media.articles.model import Article, Paragraph
from igny8_media.articles.parse import parse_file, parse_fragment, parse_html, parse_markdown
from igny8_media.errors import InputError


def refusal(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        parse_file(path)
    message = str(caught.value)
    assert "\n" not in message
    assert message.endswith(".")
    return message


def written(folder: Path, name: str, content: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_files_that_are_no_articles(tmp_path: Path) -> None:
    assert "does not exist" in refusal(tmp_path / "none.md")
    assert "is empty" in refusal(written(tmp_path, "empty.md", b""))
    assert "a PNG picture" in refusal(written(tmp_path, "p.md", b"\x89PNG\r\n\x1a\n" + b"\0" * 99))
    assert "binary data" in refusal(written(tmp_path, "b.md", bytes(range(256)) * 40))
    assert "neither Markdown" in refusal(written(tmp_path, "a.docx", b"words"))
    (tmp_path / "folder.md").mkdir()
    assert "is a folder" in refusal(tmp_path / "folder.md")


def test_fifty_megabytes_are_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "big.html"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    start = time.process_time()
    assert "50.0 MB; an article may have 10 MB" in refusal(path)
    assert time.process_time() - start < 0.05


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("---\ntitle: [a\nb: c\n---\n\nText.", r"not YAML: .* \(line 3\); correct it"),
        ("---\ntitle: a: b\n---\n\nText.", r"not YAML: .* \(line 2\)"),
        ("---\njust words\n---\n\nText.", r"\(line 2\) is not a list of `name: value` lines"),
        ("---\nwhen: 2026-13-45\n---\n\nText.", "not YAML .*month"),
        ("---\na: " + "[" * 50_000 + "\n---\n\nText.", "not YAML"),
        ("---\na: " + "[" * 400 + "\n---\n\nText.", "not YAML"),
        ("+++\ntitle = \n+++\n\nText.", "not TOML"),
        ("😀 🎉\n\n🎈", "has no text to work with"),
        ("# 🎉\n\n😀", "has no text to work with"),
        ("# Only a title", "has no text to work with"),
        ("![p](https://x.org/p.png)", "has no text to work with"),
        ("<script>alert(1)</script>", "has no text to work with"),
        ("```\nx = 1\n```", "has no title"),
    ],
)
def test_texts_that_are_no_articles(tmp_path: Path, text: str, said: str) -> None:
    path = written(tmp_path, "a.md", text)
    message = refusal(path)
    assert str(path) in message
    with pytest.raises(InputError, match=said):
        parse_file(path)


def test_small_and_odd_articles_are_fine() -> None:
    one = parse_markdown("One sentence is enough for an article.", original_id="a")
    assert one.title == "One sentence is enough for an article"
    code = parse_markdown("# Title\n\n```py\nx = 1\n```", original_id="a")
    assert [block.kind for block in code.blocks] == ["code"]


def test_broken_html_is_read_as_browsers_do() -> None:
    article = parse_html("<p>One<b>two<p>three</b></i><div", original_id="a")
    assert [getattr(block, "text", "") for block in article.blocks] == ["Onetwo", "three"]


def test_hostile_nesting_is_refused_quickly_or_read() -> None:
    start = time.process_time()
    with pytest.raises(InputError, match="nests 300,000 HTML elements"):
        parse_fragment("<div>" * 300_000 + "words", original_id="a")
    deep = "<div>" * 4_900 + "some words" + "</div>" * 4_900
    page = parse_html(f"<html><body>{deep}</body></html>", original_id="a")
    assert page.blocks == (Paragraph(text="some words"),)
    assert "nested too deeply" in page.notes[0]
    quoted = parse_markdown("some words\n\n" + ">" * 20_000 + " deep", original_id="a")
    assert quoted.blocks[0] == Paragraph(text="some words")
    assert time.process_time() - start < 3


def test_junk_characters_are_dropped() -> None:
    text = (
        "# T\n\nA\x00\x07 b\ud800\u200b \u202eevil\u2066 \ue000c\ufeff d\u0301e\u0301 \U000e0041x."
    )
    article = parse_markdown(text, original_id="a")
    assert article.blocks == (Paragraph(text="A b evil c d\u0301\u00e9 x."),)
    kept = "Family 👩‍👩‍👧, flag 🏴󠁧󠁢󠁥󠁮󠁧󠁿, Persian می‌خواهم, mark א\u200f!"
    assert parse_markdown(kept, original_id="a").blocks == (Paragraph(text=kept),)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "cp1252", "shift_jis", "cp1251"])
def test_other_encodings_are_read_and_said(encoding: str) -> None:
    text = {
        "shift_jis": "堆肥は作るものではなく、世話をするものです。水と空気が必要です。" * 5,
        "cp1251": "Компост не делают, за ним ухаживают. Ему нужны вода и воздух. " * 5,
    }.get(encoding, "Café crème brûlée, naïve façade — “quoted” für Ångström. " * 5)
    decoded, notes = decode_source(text.encode(encoding), "a.md")
    assert decoded == text
    assert bool(notes) == (encoding != "utf-8-sig")


def test_the_charset_that_a_page_declares_is_used() -> None:
    page = '<html><head><meta charset="iso-8859-2"><p>Zażółć gęślą jaźń</p>'.encode("iso-8859-2")
    decoded, notes = decode_source(page, "a.html")
    assert "Zażółć gęślą jaźń" in decoded
    assert "as the page says" in notes[0]


def test_a_broken_byte_costs_only_itself() -> None:
    decoded, notes = decode_source("Żółć i jeszcze ".encode() * 20 + b"\xff tail", "a.md")
    assert decoded.endswith(" tail")
    assert "not valid UTF-8" in notes[0]


def test_thirty_thousand_words_are_read_quickly() -> None:
    sentence = "Measure first, change one thing, and then measure the page once more. "
    text = "---\ntitle: T\nlang: en\ntags: a\n---\n\n" + (sentence * 5 + "\n\n") * 500
    parse_markdown("warm **up**", original_id="w")
    start = time.process_time()
    article = parse_markdown(text, original_id="a")
    spent = time.process_time() - start
    assert len(article.blocks) == 500
    assert spent < 1.5


MARKED = st.text(
    st.sampled_from(list("ab1 \n\t#*_`>-[]()!<>/=\"'&;:|\\{}%^~+\x00\u202e\ud800é字🙂"))
)


def usable(text: str, way: str) -> Article | None:
    try:
        if way == "markdown":
            front = "---\ntitle: T\nlang: en\ntags: [t]\n---\n\n"
            return parse_markdown(front + text, original_id="a")
        return parse_fragment(
            text, original_id="a", metadata=Metadata(title="T", language="en", keywords=("t",))
        )
    except InputError as error:
        return pytest.fail(str(error)) if "\n" in str(error) else None


@settings(max_examples=200, deadline=None)
@given(MARKED)
@example("<a href='#x'><sup>1</sup></a><pre class=''>x</pre>")
@example("|a|\n|-|\n|b|")
def test_any_markdown_gives_clean_blocks_or_one_sentence(text: str) -> None:
    article = usable(text, "markdown")
    if article is None:
        return
    dumped = article.model_dump_json()
    assert not any(junk in dumped for junk in ("\x00", "\u202e", "\ud800"))
    assert article == usable(text, "markdown")
    for block in article.blocks:
        if isinstance(block, Paragraph):
            assert block.text == " ".join(block.text.split()) != ""


TAGS = (
    "p div ul ol li dl dt dd blockquote figure img br h2 a span footer noscript b pre code"
    " table tr td th section em details summary aside"
)
PIECES = st.one_of(
    st.sampled_from(TAGS.split(" ")).map(lambda tag: f"<{tag}>"),
    st.sampled_from(TAGS.split(" ")).map(lambda tag: f"</{tag}>"),
    st.just("word "),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=40))
def test_any_tag_soup_keeps_every_word_once(pieces: list[str]) -> None:
    html = "<p>Some words first.</p>" + "".join(pieces)
    article = usable(html, "html")
    assert article is not None
    told = sum(_words(block.model_dump()) for block in article.blocks)
    assert told == html.count("word ")


def _words(value: object) -> int:
    if isinstance(value, str):
        return len(re.findall(r"\bword\b", value))  # a term keeps its colon: "word: word"
    if isinstance(value, dict):
        return sum(map(_words, value.values()))
    return sum(map(_words, value)) if isinstance(value, tuple | list) else 0
