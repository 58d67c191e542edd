"""Whole web pages: the article without the page, and the page's own word on it."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from igny8_media.articles.model import Article, Code, Heading, Image, Paragraph, Quote, Table
from igny8_media.articles.parse import parse_html

PAGE = """<!doctype html>
<html lang="en-GB"><head>
<title>How we bake rye bread | The Mill</title>
<meta property="og:title" content="How we bake rye bread">
<meta property="og:description" content="Rye, water, salt &amp;amp; patience.">
<meta property="article:published_time" content="2026-03-01T08:00:00+01:00">
<meta name="author" content="Ida Holm">
<meta name="keywords" content="rye, bread, baking">
<link rel="canonical" href="https://mill.example/rye">
<script type="application/ld+json">{"@graph":[{"@type":"Article","headline":"How we bake rye bread",
"dateModified":"2026-03-05T10:00:00Z","author":{"@type":"Person","name":"Ida Holm"}}]}</script>
<style>p{color:red}</style></head><body>
<nav><ul><li><a href="/">Home</a></li>
<li><a href="/shop">Shop for flour and tools</a></li></ul></nav>
<div class="cookie-banner"><p>We use cookies to make this website better for all of us.</p></div>
<main><article class="post tag-bread">
<header><h1>How we bake rye bread</h1><p class="byline">By Ida Holm · 4 min read</p></header>
<div class="entry-content">
<p>Rye bread is the slowest bread we know, and the one that keeps longest. Ours takes thirty hours
from the first stir to the last crumb, and most of that time it is left alone.</p>
<figure><img src="data:image/gif;base64,R0lGOD" data-src="/img/loaf.jpg" alt="A dark loaf"
 width="1200" height="800"><noscript><img src="/img/loaf.jpg" alt="A dark loaf"></noscript>
<figcaption>The loaf after a day.</figcaption></figure>
<h2>The starter<a class="headerlink" href="#starter">¶</a></h2>
<p>Feed the starter the evening before. Use equal weights of rye flour and water at 28 degrees, and
cover the bowl with a plate so that it cannot dry out.<sup><a href="#fn1">[1]</a></sup></p>
<div class="highlight-python notranslate"><pre><span class="linenos">1</span><code>ratio = 1.0
water = flour * ratio</code></pre></div>
<div class="share-buttons"><p>Share this recipe with your friends on all the networks!</p></div>
<h2>The dough</h2>
<p>The dough is more like mortar than like bread. Do not add flour, however much your hands ask for
it; the salt and the cold will tighten it during the night in a way that no kneading does.</p>
<blockquote><p>Patience is an ingredient, and it is the only one that costs nothing.</p>
<footer>— My grandmother</footer></blockquote>
<table><thead><tr><th>Step</th><th>Hours</th></tr></thead>
<tbody><tr><td>Starter</td><td>12</td></tr><tr><td>Dough</td><td rowspan="2">9</td></tr>
<tr><td>Oven</td></tr></tbody></table>
<ul class="post-tags tag-list"><li><a href="/t/rye">rye</a></li></ul>
</div></article></main>
<aside><h3>You may also like these wonderful stories</h3><ul><li><a>Ten cakes</a></li></ul></aside>
<section id="comments"><h2>Comments</h2><p>Great recipe, I tried it twice with my whole family!</p>
</section><footer><p>© 2020 The Mill, all rights reserved, registered in Copenhagen.</p></footer>
<script>document.write("<p>tracking</p>")</script></body></html>"""


@pytest.fixture(scope="module")
def article() -> Article:
    return parse_html(
        PAGE, original_id="https://mill.example/rye?x=1", url="https://mill.example/rye?x=1"
    )


def test_only_the_article_is_read(article: Article) -> None:
    text = article.model_dump_json()
    for furniture in (
        "cookies",
        "Shop",
        "Share this",
        "min read",
        "Great recipe",
        "You may also",
        "rights reserved",
        "tracking",
        "Ten cakes",
        "¶",
        "[1]",
    ):
        assert furniture not in text, furniture
    kinds = [block.kind for block in article.blocks]
    assert kinds == [
        "paragraph",
        "image",
        "heading",
        "paragraph",
        "code",
        "heading",
        "paragraph",
        "quote",
        "table",
    ]


def test_blocks_keep_what_extractors_lose(article: Article) -> None:
    assert article.blocks[1] == Image(
        source="https://mill.example/img/loaf.jpg",
        alt="A dark loaf",
        caption="The loaf after a day.",
    )
    assert article.blocks[2] == Heading(level=2, text="The starter")
    assert article.blocks[4] == Code(text="ratio = 1.0\nwater = flour * ratio", language="python")
    quote = article.blocks[7]
    assert isinstance(quote, Quote)
    assert quote.attribution == "My grandmother"
    assert article.blocks[8] == Table(
        header=("Step", "Hours"), rows=(("Starter", "12"), ("Dough", "9"), ("Oven", "9"))
    )


def test_the_head_feeds_the_article(article: Article) -> None:
    assert article.title == "How we bake rye bread"
    assert article.meta_description == "Rye, water, salt & patience."
    assert article.target_keywords == ("rye", "bread", "baking")
    assert article.language == "en"
    assert article.author == "Ida Holm"
    assert article.canonical_url == "https://mill.example/rye"
    assert article.published_at == datetime(2026, 3, 1, 8, tzinfo=timezone(timedelta(hours=1)))
    assert article.updated_at == datetime(2026, 3, 5, 10, tzinfo=UTC)
    assert article.derived == ()


def test_a_date_in_the_text_is_not_the_publication_date() -> None:
    page = "<html><body><article><p>On 3 May 1999 we opened the mill, and it was raining." * 5
    assert parse_html(page, original_id="a").published_at is None


def test_the_widest_picture_of_a_set_is_taken_and_icons_are_not() -> None:
    article = parse_html(
        "<p>Words.</p><img src='s.jpg' srcset='a-400.jpg 400w, a,b-1600.jpg 1600w, huge.jpg 9000w'>"
        "<img src='pixel.gif' width=1 height=1><p>Hi <img class=emoji alt='🙂' src='e.png'>!</p>",
        original_id="a",
        url="https://x.org/p/",
    )
    assert [block.source for block in article.blocks if isinstance(block, Image)] == [
        "https://x.org/p/a,b-1600.jpg"
    ]
    assert article.blocks[-1] == Paragraph(text="Hi 🙂!")


def test_two_line_breaks_end_a_paragraph() -> None:
    article = parse_html("<div>One<br>line.<br><br>Two.</div>", original_id="a")
    assert [getattr(block, "text", "") for block in article.blocks] == ["One line.", "Two."]


def test_a_layout_table_is_read_cell_by_cell() -> None:
    article = parse_html(
        "<table><tr><td><h2>Title</h2><p>Left column.</p></td><td><pre>x = 1</pre></td></tr>"
        "<tr><td colspan=2>Bottom.</td></tr></table>",
        original_id="a",
    )
    assert [block.kind for block in article.blocks] == ["paragraph", "code", "paragraph"]
    assert article.title == "Title"
