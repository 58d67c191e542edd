"""Articles of a WordPress site over its REST API.

Facts from the WordPress REST API handbook, 2026-11: `modified_after` is exclusive and counts in
the site's own time unless the value names a zone; times ending in `_gmt` are UTC without saying
so; `X-WP-TotalPages` says how many pages there are, and asking for a later one answers 400.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from selectolax.lexbor import LexborHTMLParser

from igny8_media.articles.fetcher import Fetched, SafeFetcher
from igny8_media.articles.ids import content_id
from igny8_media.articles.metadata import Metadata, language_code, parse_time, split_keywords
from igny8_media.articles.model import Article
from igny8_media.articles.parse import parse_fragment
from igny8_media.articles.references import resolver_for_url
from igny8_media.articles.sources.base import Cursor, Listed, after, in_order
from igny8_media.articles.text import clean_value
from igny8_media.errors import InputError, OutsideError

_MAX_ANSWER = 30_000_000
_PER_PAGE = 100


class WordPressSource:
    """Published posts, in the order of their last change.

    `base_url` is the site's address. `name` sets the posts' IDs apart from those of other sources
    (`<name>-<post>`). `headers` may carry an `Authorization` for sites that ask for one.
    """

    def __init__(
        self,
        base_url: str,
        fetcher: SafeFetcher,
        *,
        name: str = "wordpress",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self._site = base_url.rstrip("/")
        self._api = f"{self._site}/wp-json/wp/v2/posts"
        self._fetcher = fetcher
        self._name = name
        self._headers = dict(headers or {})

    @property
    def name(self) -> str:
        return self._name

    def published_since(self, cursor: Cursor | None, limit: int = 100) -> list[Listed]:
        query = {
            "status": "publish",
            "orderby": "modified",
            "order": "asc",
            "per_page": str(_PER_PAGE),
            "_fields": "id,modified_gmt,title",
        }
        if cursor is not None:
            # Several posts may share the cursor's second; those already listed are left out below.
            start = cursor.changed_at.astimezone(UTC) - timedelta(seconds=1)
            query["modified_after"] = start.strftime("%Y-%m-%dT%H:%M:%SZ")
        found: list[Listed] = []
        page, pages = 1, 1
        while page <= pages:
            posts, answer = self._posts({**query, "page": str(page)})
            found += [post for post in map(self._listed, posts) if after(post, cursor)]
            pages = int(answer.headers.get("x-wp-totalpages") or 1)
            # The server orders posts of one second as it likes: read on until the second is over.
            if len(found) > limit and found[-1].changed_at > found[limit - 1].changed_at:
                break
            page += 1
        return sorted({post.original_id: post for post in found}.values(), key=in_order)[:limit]

    def fetch(self, original_id: str) -> Article:
        if not original_id.isascii() or not original_id.isdigit():
            raise InputError(f"{original_id!r} is not the number of a WordPress post.")
        url = f"{self._api}/{original_id}?_embed=author,wp:featuredmedia,wp:term"
        post = self._json(self._get(url))
        if not isinstance(post, dict) or "content" not in post:
            raise InputError(f"{url} did not answer with a post; check that this is WordPress.")
        where = f"The post {post.get('link') or url}"
        if post["content"].get("protected"):
            raise InputError(f"{where} is protected by a password; publish it openly first.")
        link = str(post.get("link") or "") or None
        return parse_fragment(
            str(post["content"].get("rendered") or "") or " ",
            original_id=original_id,
            id_from=f"{self._name}-{original_id}",
            where=where,
            resolve=resolver_for_url(link or self._site),
            metadata=_metadata(post, link),
        )

    def _listed(self, post: dict[str, Any]) -> Listed:
        changed = str(post["modified_gmt"])
        number = str(post["id"])
        return Listed(
            id=content_id(f"{self._name}-{number}"),
            original_id=number,
            title=clean_value(_rendered(post, "title")) or None,
            changed_at=_utc(changed) or datetime.fromtimestamp(0, UTC),
            version=changed,
        )

    def _posts(self, query: Mapping[str, str]) -> tuple[list[dict[str, Any]], Fetched]:
        answer = self._get(f"{self._api}?{urlencode(query)}")
        posts = self._json(answer)
        if not isinstance(posts, list) or not all(
            isinstance(post, dict) and {"id", "modified_gmt"} <= post.keys() for post in posts
        ):
            raise InputError(f"{self._api} did not answer with posts; check that it is WordPress.")
        return posts, answer

    def _get(self, url: str) -> Fetched:
        answer = self._fetcher.get(
            url, max_bytes=_MAX_ANSWER, headers={"Accept": "application/json", **self._headers}
        )
        if answer.status in {401, 403}:
            raise InputError(
                f"{self._site} refuses to show its posts ({answer.status}): "
                "check the user and the application password."
            )
        if answer.status == 404:
            raise InputError(
                f"{url.split('?')[0]} does not exist: the post is gone, or this is not a WordPress "
                "site with its REST API switched on."
            )
        if answer.status >= 500 or answer.status == 429:
            raise OutsideError(f"{self._site} answered {answer.status}; try again later.")
        if answer.status != 200:
            raise InputError(f"{self._site} answered {answer.status}; check the address.")
        return answer

    def _json(self, answer: Fetched) -> Any:
        try:
            return json.loads(answer.content)
        except (ValueError, RecursionError):
            raise InputError(
                f"{self._site} did not answer with JSON; check that it is a WordPress site."
            ) from None


def _metadata(post: dict[str, Any], link: str | None) -> Metadata:
    embedded = post.get("_embedded") or {}
    authors = embedded.get("author") or [{}]
    media = (embedded.get("wp:featuredmedia") or [{}])[0]
    terms = [term for group in embedded.get("wp:term") or [] for term in group]
    tags = [t.get("name") for t in terms if t.get("taxonomy") == "post_tag"]
    topics = [t.get("name") for t in terms if t.get("taxonomy") == "category"]
    seo = post.get("yoast_head_json") or {}
    return Metadata(
        title=clean_value(_rendered(post, "title")) or None,
        description=clean_value(str(seo.get("description") or "")) or _excerpt(post),
        keywords=split_keywords(tags or [t for t in topics if t != "Uncategorized"]),
        language=language_code(str(post.get("lang") or seo.get("og_locale") or "")),
        canonical_url=link,
        author=clean_value(str(authors[0].get("name") or "")) or None,
        published_at=_utc(post.get("date_gmt")),
        updated_at=_utc(post.get("modified_gmt")),
        image=str(media.get("source_url") or "") or None,
        image_alt=clean_value(str(media.get("alt_text") or "")),
    )


def _rendered(post: Mapping[str, Any], field: str) -> str:
    value = post.get(field)
    return str(value.get("rendered") or "") if isinstance(value, dict) else ""


def _excerpt(post: Mapping[str, Any]) -> str | None:
    """The excerpt as text; an automatic one ends in "[…]" and is worked out better by us."""
    text = clean_value(_without_tags(_rendered(post, "excerpt")))
    return None if not text or text.endswith(("[…]", "[...]", "…")) else text


def _without_tags(html: str) -> str:
    body = LexborHTMLParser(html).body
    return body.text(deep=True) if body is not None else ""


def _utc(value: object) -> datetime | None:
    return parse_time(value) if value else None
