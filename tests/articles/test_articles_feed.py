"""RSS and Atom feeds, in the shapes that real ones have."""

from datetime import UTC, datetime

import pytest
from article_site import Answer, Site

from igny8_media.articles.fetcher import SafeFetcher
from igny8_media.articles.model import Code, Image
from igny8_media.articles.sources.feed import FeedSource
from igny8_media.articles.sources.web import fetch_url
from igny8_media.errors import InputError

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Blog</title><language>en-us</language>
<item><title>Second &amp;amp; last</title><link>{site}/second</link><guid>{site}/?p=2</guid>
<dc:creator>Ida</dc:creator><category>baking</category>
<pubDate>Tue, 06 Oct 2026 10:00:00 +0200</pubDate><description>Teaser only.</description></item>
<item><title>First</title><link>{site}/first</link><guid isPermaLink="false">tag:1</guid>
<pubDate>Mon, 05 Oct 2026 10:00:00 GMT</pubDate><description>Short</description>
<content:encoded><![CDATA[<p>The whole article stands in the feed.</p>
<pre><code class="language-sh">ls -l</code></pre><img src="/p.png" alt="p"><script>x()</script>]]>
</content:encoded></item></channel></rss>"""

ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de">
<title>T</title><id>f</id><updated>2026-10-05T10:00:00Z</updated>
<entry><title>Eins</title><id>urn:1</id><link href="{site}/eins"/>
<updated>2026-10-05T10:00:00Z</updated><published>2026-10-01T10:00:00Z</published>
<content type="html">&lt;p&gt;Der ganze Text steht hier.&lt;/p&gt;</content></entry></feed>"""

PAGE = b"""<html lang=en><head><title>Second</title></head><body><nav><a href=/>Home</a></nav>
<article><h1>Second</h1><p>This is the page that the teaser of the feed promises, and it is long
enough to be told from the rest of the page without any doubt at all.</p></article></body></html>"""


@pytest.fixture
def feed(site: Site) -> Site:
    site.routes["/rss"] = Answer(
        RSS.replace("{site}", site.url).encode(), mime="application/rss+xml"
    )
    site.routes["/atom"] = Answer(ATOM.replace("{site}", site.url).encode(), mime="text/xml")
    site.routes["/second"] = Answer(PAGE)
    return site


def test_entries_are_listed_in_the_order_of_their_dates(feed: Site, fetcher: SafeFetcher) -> None:
    source = FeedSource(f"{feed.url}/rss", fetcher)
    first, second = source.published_since(None)
    assert (first.original_id, first.title) == ("tag:1", "First")
    assert second.title == "Second & last"
    assert second.changed_at == datetime(2026, 10, 6, 8, tzinfo=UTC)
    assert source.published_since(first.cursor) == [second]
    assert source.published_since(None, limit=1) == [first]
    assert source.published_since(second.cursor) == []


def test_an_entry_with_content_needs_no_page(feed: Site, fetcher: SafeFetcher) -> None:
    source = FeedSource(f"{feed.url}/rss", fetcher)
    article = source.fetch("tag:1")
    assert article.id == source.published_since(None)[0].id
    assert article.title == "First"
    assert article.language == "en"
    assert article.canonical_url == f"{feed.url}/first"
    assert Code(text="ls -l", language="sh") in article.blocks
    assert Image(source=f"{feed.url}/p.png", alt="p") in article.blocks
    assert "/first" not in [path for path, _ in feed.asked]


def test_a_teaser_leads_to_its_page(feed: Site, fetcher: SafeFetcher) -> None:
    article = FeedSource(f"{feed.url}/rss", fetcher).fetch(f"{feed.url}/?p=2")
    assert article.original_id == f"{feed.url}/?p=2"
    assert article.title == "Second & last"
    assert article.author == "Ida"
    assert article.target_keywords == ("baking",)
    assert "the teaser of the feed promises" in article.model_dump_json()
    assert "Home" not in article.model_dump_json()


def test_atom(feed: Site, fetcher: SafeFetcher) -> None:
    article = FeedSource(f"{feed.url}/atom", fetcher).fetch("urn:1")
    assert article.language == "de"
    assert article.published_at == datetime(2026, 10, 1, 10, tzinfo=UTC)
    assert article.updated_at == datetime(2026, 10, 5, 10, tzinfo=UTC)


def test_an_entry_without_a_date_is_told_by_its_version(feed: Site, fetcher: SafeFetcher) -> None:
    bare = RSS.replace("{site}", feed.url).replace("pubDate", "x-date")
    feed.routes["/rss"] = Answer(bare.encode())
    clock = iter([1_000.0, 2_000.0])
    source = FeedSource(f"{feed.url}/rss", fetcher, clock=lambda: next(clock))
    before = source.published_since(None)
    again = source.published_since(before[-1].cursor)
    assert [one.version for one in before] == [one.version for one in again]
    assert len(again) == 2


def test_what_is_no_feed_is_refused(feed: Site, fetcher: SafeFetcher) -> None:
    with pytest.raises(InputError, match="not an RSS or Atom feed"):
        FeedSource(f"{feed.url}/second", fetcher).published_since(None)
    with pytest.raises(InputError, match="no longer holds 'x'"):
        FeedSource(f"{feed.url}/rss", fetcher).fetch("x")


def test_an_address_gives_an_article(feed: Site, fetcher: SafeFetcher) -> None:
    feed.routes["/moved"] = Answer(status=301, headers={"Location": "/second"})
    article = fetch_url(f"{feed.url}/moved", fetcher)
    assert article.original_id == f"{feed.url}/moved"
    assert article.canonical_url == f"{feed.url}/second"
    assert article.title == "Second"
    feed.routes["/a.md"] = Answer(b"# Title\n\nWords ![p](p.png)", mime="text/plain")
    markdown = fetch_url(f"{feed.url}/a.md", fetcher)
    assert markdown.title == "Title"
    assert Image(source=f"{feed.url}/p.png", alt="p") in markdown.blocks
    feed.routes["/latin"] = Answer("<p>Größe und süße Töne".encode("latin-1"),
                                   mime="text/html; charset=iso-8859-1")  # fmt: skip
    assert "Größe" in fetch_url(f"{feed.url}/latin", fetcher).model_dump_json()


def test_an_address_of_something_else_is_refused(feed: Site, fetcher: SafeFetcher) -> None:
    feed.routes["/p.pdf"] = Answer(b"%PDF-1.7", mime="application/pdf")
    feed.routes["/big"] = Answer(b"x" * 10_000_001)
    feed.routes["/in"] = Answer(status=302, headers={"Location": "http://192.168.0.1/"})
    for path, said in {
        "/p.pdf": "application/pdf",
        "/big": "larger than 10 MB",
        "/in": "not on the public internet",
        "/none": "answered 404",
    }.items():
        with pytest.raises(InputError, match=said):
            fetch_url(feed.url + path, fetcher)
