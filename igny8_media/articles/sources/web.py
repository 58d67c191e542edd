"""An article at an address."""

from pathlib import PurePosixPath
from urllib.parse import urlsplit

from igny8_media.articles.decode import MAX_SOURCE_BYTES, decode_source
from igny8_media.articles.fetcher import SafeFetcher
from igny8_media.articles.metadata import Metadata
from igny8_media.articles.model import Article
from igny8_media.articles.parse import MARKDOWN_SUFFIXES, parse_html, parse_markdown
from igny8_media.articles.references import resolver_for_url
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
