"""A WordPress site, played by a loopback server that answers as the real API does."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from article_site import Answer, Site

from igny8_media.articles.fetcher import SafeFetcher
from igny8_media.articles.model import Heading, Image
from igny8_media.articles.sources.base import Cursor
from igny8_media.articles.sources.wordpress import WordPressSource
from igny8_media.errors import InputError, OutsideError

JSON = "application/json; charset=UTF-8"
START = datetime(2026, 10, 1, 8, tzinfo=UTC)


def stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S")


def post(number: int, modified: datetime) -> dict[str, Any]:
    """What the API sends for a post, in the shape of WordPress 6."""
    link = f"https://blog.example/post-{number}/"
    return {
        "id": number,
        "date_gmt": stamp(START),
        "modified_gmt": stamp(modified),
        "status": "publish",
        "link": link,
        "title": {"rendered": f"Post &#8220;{number}&#8221; &amp; more"},
        "content": {
            "rendered": "\n<h2 class='wp-block-heading'>Why</h2>\n<p>Because we measured it.</p>\n"
            "<figure class='wp-block-image'><img src='/wp-content/a.png' alt='A chart'/></figure>",
            "protected": False,
        },
        "excerpt": {"rendered": "<p>A short summary.</p>\n", "protected": False},
        "_embedded": {
            "author": [{"id": 3, "name": "Ida Holm"}],
            "wp:featuredmedia": [
                {"source_url": "https://blog.example/wp-content/lead.jpg", "alt_text": "Lead"}
            ],
            "wp:term": [
                [{"taxonomy": "category", "name": "Uncategorized"}],
                [
                    {"taxonomy": "post_tag", "name": "speed"},
                    {"taxonomy": "post_tag", "name": "web"},
                ],
            ],
        },
    }


class Blog:
    def __init__(
        self, site: Site, posts: list[dict[str, Any]], per_page: int | None = None
    ) -> None:
        self.posts = posts
        self.per_page = per_page
        self.requests: list[dict[str, str]] = []
        site.routes["/wp-json/wp/v2/posts"] = self.index
        for one in posts:
            site.routes[f"/wp-json/wp/v2/posts/{one['id']}"] = Answer(
                json.dumps(one).encode(), mime=JSON
            )

    def index(self, path: str, headers: dict[str, str]) -> Answer:
        query = {key: values[0] for key, values in parse_qs(urlsplit(path).query).items()}
        self.requests.append(query)
        after = query.get("modified_after")
        found = [
            p for p in self.posts
            if after is None or datetime.fromisoformat(p["modified_gmt"] + "Z")
            > datetime.fromisoformat(after)
        ]  # fmt: skip
        # Like MySQL: ordered by time alone, and posts of one second come as they like.
        found.sort(key=lambda p: (p["modified_gmt"], -p["id"]))
        size = self.per_page or int(query["per_page"])
        page = int(query["page"])
        pages = -(-len(found) // size)
        if page > max(pages, 1):
            error = {"code": "rest_post_invalid_page_number", "data": {"status": 400}}
            return Answer(json.dumps(error).encode(), status=400, mime=JSON)
        body = json.dumps(found[(page - 1) * size : page * size]).encode()
        total = {"X-WP-Total": str(len(found)), "X-WP-TotalPages": str(pages)}
        return Answer(body, mime=JSON, headers=total)


def test_posts_are_listed_once_each_across_pages_and_ties(site: Site, fetcher: SafeFetcher) -> None:
    posts = [post(number, START + timedelta(seconds=number // 4)) for number in range(1, 24)]
    blog = Blog(site, posts, per_page=5)
    source = WordPressSource(site.url + "/", fetcher)
    seen: list[str] = []
    cursor: Cursor | None = None
    for _ in range(20):
        listed = source.published_since(cursor, limit=3)
        if not listed:
            break
        keys = [(one.changed_at, one.original_id) for one in listed]
        assert keys == sorted(keys)
        seen += [one.original_id for one in listed]
        cursor = listed[-1].cursor
    assert sorted(seen, key=int) == [str(p["id"]) for p in posts]
    assert {"publish"} == {query["status"] for query in blog.requests}
    assert blog.requests[-1]["modified_after"].endswith("Z")


def test_a_post_becomes_an_article(site: Site, fetcher: SafeFetcher) -> None:
    Blog(site, [post(7, START)])
    source = WordPressSource(site.url, fetcher)
    (listed,) = source.published_since(None)
    assert listed.title == "Post “7” & more"
    article = source.fetch("7")
    assert (article.id, article.original_id) == (listed.id, "7") == ("wordpress-7", "7")
    assert article.title == "Post “7” & more"
    assert article.meta_description == "A short summary."
    assert article.target_keywords == ("speed", "web")
    assert article.author == "Ida Holm"
    assert article.canonical_url == "https://blog.example/post-7/"
    assert article.published_at == START
    assert article.updated_at == START
    assert article.blocks[0] == Heading(level=2, text="Why")
    assert [block.source for block in article.blocks if isinstance(block, Image)] == [
        "https://blog.example/wp-content/a.png"
    ]


def test_the_featured_picture_serves_a_post_without_pictures(
    site: Site, fetcher: SafeFetcher
) -> None:
    bare = post(8, START)
    bare["content"]["rendered"] = "<p>Only words here, nothing to look at.</p>"
    Blog(site, [bare])
    lead = WordPressSource(site.url, fetcher).fetch("8").blocks[0]
    assert lead == Image(source="https://blog.example/wp-content/lead.jpg", alt="Lead")


@pytest.mark.parametrize(
    ("answer", "error", "said"),
    [
        (Answer(b"{}", status=401, mime=JSON), InputError, "application password"),
        (Answer(b"<h1>no</h1>", status=404), InputError, "not a WordPress"),
        (Answer(b"<h1>Welcome</h1>"), InputError, "did not answer with JSON"),
        (Answer(b'{"a": 1}', mime=JSON), InputError, "did not answer with posts"),
        (Answer(b'[{"id": 1}]', mime=JSON), InputError, "did not answer with posts"),
        (Answer(b"", status=502), OutsideError, "try again later"),
    ],
    ids=["401", "404", "page", "object", "strange", "502"],
)
def test_trouble_is_told_in_one_sentence(
    site: Site, fetcher: SafeFetcher, answer: Answer, error: type[Exception], said: str
) -> None:
    site.routes["/wp-json/wp/v2/posts"] = answer
    with pytest.raises(error, match=said) as caught:
        WordPressSource(site.url, fetcher).published_since(None)
    assert "\n" not in str(caught.value)


def test_a_protected_or_missing_post_is_refused(site: Site, fetcher: SafeFetcher) -> None:
    locked = post(9, START)
    locked["content"] = {"rendered": "", "protected": True}
    Blog(site, [locked])
    source = WordPressSource(site.url, fetcher)
    with pytest.raises(InputError, match="protected by a password"):
        source.fetch("9")
    with pytest.raises(InputError, match="the post is gone"):
        source.fetch("10")
    with pytest.raises(InputError, match="not the number"):
        source.fetch("../users/1")


def test_the_password_is_sent_only_to_the_site(site: Site, fetcher: SafeFetcher) -> None:
    Blog(site, [post(7, START)])
    source = WordPressSource(site.url, fetcher, headers={"Authorization": "Basic abc"})
    source.published_since(None)
    assert site.asked[0][1]["authorization"] == "Basic abc"
