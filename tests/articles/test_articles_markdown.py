"""Markdown articles: blocks, front matter, what is derived, and the version."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from igny8_media.articles.model import Code, Heading, Image, ListBlock, Paragraph, Quote, Table
from igny8_media.articles.parse import parse_file, parse_fragment, parse_markdown
from igny8_media.errors import InputError

EXAMPLES = Path(__file__).parents[2] / "examples" / "articles"

EVERYTHING = """\
---
title: "Café &amp; *Co*"
tags: [one, two, One]
lang: de-AT
date: 2026-05-04
url: https://example.org/a/b
author: {name: Ann Onym}
---

# Café & *Co*

First *paragraph* with `code` and a [link](https://x.org) [^1].

- item one
  continued
  - nested
- [x] done

1. Step

   ```python
   print("hi")\t# tab
   ```

2. Next step

> Quoted words
> over two lines.
>
> — Somebody

| A | B |
|---|---|
| 1 | `x` |

![Alt text](pictures/a.png "A caption")

<script>alert("no")</script>

[^1]: A note.
"""


def test_every_kind_of_block_survives() -> None:
    article = parse_markdown(EVERYTHING, original_id="a")
    assert article.blocks[:8] == (
        Paragraph(text="First paragraph with code and a link ."),
        ListBlock(ordered=False, items=("item one continued", "nested", "done")),
        ListBlock(ordered=True, items=("Step",)),
        Code(text='print("hi")\t# tab', language="python"),
        ListBlock(ordered=True, items=("Next step",)),
        Quote(text="Quoted words over two lines.", attribution="Somebody"),
        Table(header=("A", "B"), rows=(("1", "x"),)),
        Image(source="https://example.org/a/pictures/a.png", alt="Alt text", caption="A caption"),
    )
    assert "alert" not in article.model_dump_json()


def test_front_matter_feeds_the_article() -> None:
    article = parse_markdown(EVERYTHING, original_id="a")
    assert article.title == "Café & *Co*"
    assert article.target_keywords == ("one", "two")
    assert article.language == "de"
    assert article.author == "Ann Onym"
    assert article.canonical_url == "https://example.org/a/b"
    assert article.published_at == datetime(2026, 5, 4, tzinfo=UTC)
    assert article.derived == ("meta_description",)


def test_what_is_missing_is_derived_and_marked() -> None:
    text = (
        "## Bread without kneading\n\nBread dough needs time more than it needs strength. "
        "Leave the bread dough alone for eighteen hours and the gluten builds itself.\n"
    )
    article = parse_markdown(text, original_id="a")
    assert article.title == "Bread without kneading"
    assert article.meta_description.startswith("Bread dough needs time")
    assert article.language == "en"
    assert any("dough" in phrase.lower() for phrase in article.target_keywords)
    assert set(article.derived) == {"title", "language", "meta_description", "target_keywords"}
    assert not any(isinstance(block, Heading) for block in article.blocks)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "El compost no se fabrica: se cuida. Las bacterias necesitan comida, agua y aire."),
        ("de", "Der Kompost wird nicht gemacht, sondern gepflegt. Er braucht Wasser und Luft."),
        ("ja", "堆肥は作るものではなく、世話をするものです。水と空気が必要です。"),
        ("ar", "السماد لا يُصنع بل يُعتنى به، وهو يحتاج إلى الماء والهواء كل يوم."),
    ],
)
def test_the_language_is_told_from_the_text(language: str, text: str) -> None:
    assert parse_markdown(f"# 1\n\n{text}", original_id="a").language == language


def test_toml_front_matter_and_shortcodes() -> None:
    text = '+++\ntitle = "T"\ndate = 2026-01-02T03:04:05Z\n+++\n\nBody {{< figure src="x" >}} text.'
    article = parse_markdown(text, original_id="a")
    assert article.title == "T"
    assert article.published_at == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert article.blocks == (Paragraph(text="Body text."),)


def test_a_ruler_at_the_top_is_not_front_matter() -> None:
    article = parse_markdown("---\n\nJust words, no metadata.\n\n---\n\nMore.", original_id="a")
    assert [block.kind for block in article.blocks] == ["paragraph", "paragraph"]


def test_the_version_follows_what_is_read_and_nothing_else(tmp_path: Path) -> None:
    base = "---\ntitle: T\ndate: 2026-01-01\n---\n\nSome words.\n"
    version = parse_markdown(base, original_id="a").version
    same = base.replace("2026-01-01", "2026-02-02").replace("Some words.", "Some   words.")
    assert parse_markdown(same, original_id="b").version == version
    for changed in (base.replace("T\n", "U\n"), base + "\nMore.", base.replace("words", "Words")):
        assert parse_markdown(changed, original_id="a").version != version


def test_a_local_picture_counts_by_its_bytes_not_by_its_place(tmp_path: Path) -> None:
    versions = []
    for place, content in (("one", b"a"), ("two", b"a"), ("three", b"b")):
        folder = tmp_path / place
        folder.mkdir()
        (folder / "p.png").write_bytes(content)
        (folder / "a.md").write_text("# T\n\nWords.\n\n![p](p.png)\n")
        versions.append(parse_file(folder / "a.md").version)
    assert versions[0] == versions[1] != versions[2]


@pytest.mark.parametrize("name", ["faster-web-page", "write-less", "compost-en-casa"])
def test_the_examples_read_as_written(name: str) -> None:
    article = parse_file(EXAMPLES / f"{name}.md")
    assert article.id == name
    assert article.derived == ()
    assert article.notes == ()
    pictures = [block for block in article.blocks if isinstance(block, Image)]
    assert all(Path(block.source).is_file() and block.alt for block in pictures)
    assert len(pictures) == {"faster-web-page": 4, "write-less": 0, "compost-en-casa": 1}[name]


def test_plain_text_from_a_cms_keeps_its_paragraphs() -> None:
    article = parse_fragment("One line.\n\nTwo & three.", original_id="1")
    assert [getattr(block, "text", "") for block in article.blocks] == ["One line.", "Two & three."]


def test_pictures_may_not_climb_out_of_the_folder(tmp_path: Path) -> None:
    inside = tmp_path / "site"
    (inside / "posts").mkdir(parents=True)
    (tmp_path / "secret.png").write_bytes(b"secret")
    (inside / "ok.png").write_bytes(b"ok")
    (inside / "posts" / "link.png").symlink_to(tmp_path / "secret.png")
    sources = (
        "../../secret.png",
        "link.png",
        "%2e%2e/%2e%2e/secret.png",
        "../ok.png",
        "/ok.png",
        str(tmp_path / "secret.png"),
        "file:///etc/passwd",
        "none.png",
    )
    body = "".join(f"![x](<{source}>)\n\n" for source in sources)
    (inside / "posts" / "a.md").write_text(f"# T\n\nWords.\n\n{body}")
    article = parse_file(inside / "posts" / "a.md", root=inside)
    pictures = [block for block in article.blocks if isinstance(block, Image)]
    good = [block.source for block in pictures if block.missing is None]
    assert good == [str(inside / "ok.png")]
    assert "leads out of the article's folder" in (pictures[0].missing or "")
    assert article.original_id == "posts/a.md"


def test_a_picture_named_in_the_front_matter_serves_an_article_without_any() -> None:
    text = "---\ntitle: T\nurl: https://x.org/a\ncover: img/c.jpg\n---\n\nWords and words.\n"
    first = parse_markdown(text, original_id="a").blocks[0]
    assert isinstance(first, Image)
    assert first.source == "https://x.org/img/c.jpg"


def test_a_data_picture_beyond_the_limit_is_not_carried_along() -> None:
    huge = "data:image/png;base64," + "A" * 5_000_001
    article = parse_fragment(f"<p>Words.</p><img src='{huge}'>", original_id="1")
    image = article.blocks[1]
    assert isinstance(image, Image)
    assert image.missing
    assert len(article.model_dump_json()) < 3_000


def test_a_deeply_nested_list_keeps_its_words() -> None:
    text = "\n".join("  " * depth + f"- item {depth}" for depth in range(40))
    article = parse_markdown(f"# T\n\n{text}", original_id="a")
    assert isinstance(article.blocks[0], ListBlock)
    assert len(article.blocks[0].items) == 40


def test_missing_front_matter_end_is_told_with_the_remedy() -> None:
    with pytest.raises(InputError, match="never ends; close it with a line of ---"):
        parse_markdown("---\ntitle: T\n\nWords.", original_id="x.md")
