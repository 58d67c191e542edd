"""An article at an address."""

import hashlib
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from igny8_media.articles.decode import MAX_SOURCE_BYTES, decode_source
from igny8_media.articles.fetcher import SafeFetcher
from igny8_media.articles.ids import content_id
from igny8_media.articles.metadata import Metadata
from igny8_media.articles.model import Article
from igny8_media.articles.parse import MARKDOWN_SUFFIXES, parse_html, parse_markdown
from igny8_media.articles.references import resolver_for_url
from igny8_media.articles.sources.base import Cursor, Listed, after
from igny8_media.errors import InputError

_PAGES = frozenset({"text/html", "application/xhtml+xml", "application/xml", "text/xml", ""})
_TEXTS = frozenset({"text/markdown", "text/x-markdown", "text/plain"})


def fetch_url(
    url: str,
    fetcher: SafeFetcher,
    *,
    original_id: str | None = None,
    metadata: Metadata | None = None,
) -> Article:
    """The article on a web page, or in a Markdown file that a server hands out.

    `original_id` is the address unless given; `metadata` wins over what the page says. Raises
    InputError for a refused or unusable address, OutsideError when the server cannot be reached.
    """
    answer = fetcher.fetch(
        url, max_bytes=MAX_SOURCE_BYTES, accept="text/html,application/xhtml+xml,text/markdown"
    )
    if answer.mime not in _PAGES | _TEXTS:
        raise InputError(f"{url} is {answer.mime}, not a web page; give the address of an article.")
    text, notes = decode_source(answer.content, url, answer.charset)
    given = metadata or Metadata()
    known = given.over(Metadata(notes=notes))
    markdown = PurePosixPath(urlsplit(answer.url).path).suffix.lower() in MARKDOWN_SUFFIXES
    if answer.mime in _TEXTS and (markdown or answer.mime != "text/plain"):
        return parse_markdown(
            text,
            original_id=original_id or url,
            where=url,
            resolve=resolver_for_url(answer.url),
            metadata=known.over(Metadata(canonical_url=answer.url)),
        )
    return parse_html(
        text,
        original_id=original_id or url,
        where=url,
        url=answer.url,
        resolve=resolver_for_url(answer.url),
        metadata=known,
    )


class UrlSource:
    """One address. Its state is not asked for before it is fetched, so it is always listed."""

    def __init__(
        self, url: str, fetcher: SafeFetcher, *, clock: Callable[[], float] = time.time
    ) -> None:
        self._url = url
        self._fetcher = fetcher
        self._clock = clock

    @property
    def name(self) -> str:
        return f"address {self._url}"

    def published_since(self, cursor: Cursor | None, limit: int = 100) -> list[Listed]:
        now = datetime.fromtimestamp(self._clock(), UTC)
        listed = Listed(
            id=content_id(self._url),
            original_id=self._url,
            changed_at=now,
            version=hashlib.sha256(f"{self._url} {now.isoformat()}".encode()).hexdigest()[:16],
        )
        return [listed] if limit > 0 and after(listed, cursor) else []

    def fetch(self, original_id: str) -> Article:
        if original_id != self._url:
            raise InputError(f"{original_id!r} is not {self._url}, the only address here.")
        return fetch_url(self._url, self._fetcher)
