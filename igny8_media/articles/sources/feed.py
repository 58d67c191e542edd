"""Articles of an RSS or Atom feed."""

import calendar
import hashlib
import io
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import feedparser

from igny8_media.articles.fetcher import SafeFetcher
from igny8_media.articles.ids import content_id
from igny8_media.articles.metadata import Metadata, is_http_url, language_code, split_keywords
from igny8_media.articles.model import Article
from igny8_media.articles.parse import parse_fragment
from igny8_media.articles.references import resolver_for_url
from igny8_media.articles.sources.base import Cursor, Listed, after, in_order
from igny8_media.articles.sources.web import fetch_url
from igny8_media.articles.text import clean_value, word_count
from igny8_media.errors import InputError

_MAX_FEED = 20_000_000
# Shorter texts are teasers, and the page itself holds the article.
_WHOLE = 150


class FeedSource:
    """The entries of one feed, in the order of their last change.

    An entry without a date counts as changed at the time of the call: its version, a hash of what
    the feed says of it, tells whether it is new. Entries that give only a summary are fetched
    from their page.
    """

    def __init__(
        self, url: str, fetcher: SafeFetcher, *, clock: Callable[[], float] = time.time
    ) -> None:
        self._url = url
        self._fetcher = fetcher
        self._clock = clock

    @property
    def name(self) -> str:
        return f"feed {self._url}"

    def published_since(self, cursor: Cursor | None, limit: int = 100) -> list[Listed]:
        now = datetime.fromtimestamp(self._clock(), UTC)
        listed = [_listed(entry, now) for entry in self._read().entries if _identity(entry)]
        unique = {entry.original_id: entry for entry in listed if after(entry, cursor)}
        return sorted(unique.values(), key=in_order)[:limit]

    def fetch(self, original_id: str) -> Article:
        feed = self._read()
        entry = next((e for e in feed.entries if _identity(e) == original_id), None)
        if entry is None:
            raise InputError(f"The feed {self._url} no longer holds {original_id!r}.")
        link = entry.get("link")
        metadata = _metadata(entry, feed.feed.get("language"))
        html, complete = _body(entry)
        if not complete and link and is_http_url(link):
            return fetch_url(link, self._fetcher, original_id=original_id, metadata=metadata)
        return parse_fragment(
            html or " ",
            original_id=original_id,
            where=f"The entry {link or original_id}",
            resolve=resolver_for_url(link or self._url),
            metadata=metadata,
        )

    def _read(self) -> Any:
        answer = self._fetcher.fetch(
            self._url,
            max_bytes=_MAX_FEED,
            accept="application/atom+xml,application/rss+xml,application/xml;q=0.9,*/*;q=0.5",
        )
        feed = feedparser.parse(
            io.BytesIO(answer.content),
            response_headers={
                "content-type": answer.headers.get("content-type", ""),
                "content-location": answer.url,
            },
        )
        if not feed.version and not feed.entries:
            raise InputError(f"{self._url} is not an RSS or Atom feed; check the address.")
        return feed


def _identity(entry: Any) -> str:
    return str(entry.get("id") or entry.get("link") or "")


def _listed(entry: Any, now: datetime) -> Listed:
    changed = _time(entry, "updated_parsed") or _time(entry, "published_parsed")
    said = "\x00".join(
        str(part)
        for part in (
            entry.get("title"),
            changed,
            *(c.value for c in entry.get("content", ())),
            entry.get("summary"),
        )
    )
    return Listed(
        id=content_id(_identity(entry)),
        original_id=_identity(entry),
        title=clean_value(entry.get("title", "")) or None,
        changed_at=changed or now,
        version=hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:16],
    )


def _body(entry: Any) -> tuple[str, bool]:
    """The entry's HTML, and whether it is the whole article."""
    contents = [part.value for part in entry.get("content", ()) if part.get("value")]
    if contents:
        return max(contents, key=len), True
    summary = entry.get("summary", "")
    return summary, word_count(summary) >= _WHOLE


def _metadata(entry: Any, language: str | None) -> Metadata:
    contents = entry.get("content", ())
    pictures = [
        part.get("url") or part.get("href")
        for part in [*entry.get("media_content", ()), *entry.get("enclosures", ())]
        if str(part.get("type", "")).startswith("image/") or part.get("medium") == "image"
    ]
    link = entry.get("link")
    return Metadata(
        title=clean_value(entry.get("title", "")) or None,
        keywords=split_keywords([tag.get("term") for tag in entry.get("tags", ())]),
        language=language_code(next((c.get("language") for c in contents), None) or language),
        canonical_url=link if link and is_http_url(link) else None,
        author=clean_value(entry.get("author", "")) or None,
        published_at=_time(entry, "published_parsed"),
        updated_at=_time(entry, "updated_parsed"),
        image=next((picture for picture in pictures if picture), None),
    )


def _time(entry: Any, field: str) -> datetime | None:
    # Not `entry.get`, which answers with the publication for an update that is not given.
    value = dict.get(entry, field)
    return datetime.fromtimestamp(calendar.timegm(value), UTC) if value else None
