"""From a content ID back to the article, wherever it was published."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from igny8_media.articles.model import Article
from igny8_media.database.contents import ContentRef
from igny8_media.errors import InputError
from igny8_media.settings import Settings

if TYPE_CHECKING:
    from igny8_media.articles.fetcher import SafeFetcher
    from igny8_media.articles.sources.base import ContentSource, Listed

FILE = "file"
"""The source of articles in files, whether a watched folder or a command named them."""
URL = "url"

_ROOT_ENDS = "//"  # keeps, in one reference, the folder that pictures may come from


def file_ref(root: Path, path: Path, content_id: str, version: str) -> ContentRef:
    """How a file below `root` is remembered; pictures may lie anywhere below `root`."""
    below = path.absolute().relative_to(root.absolute()).as_posix()
    reference = f"{root.absolute()}{_ROOT_ENDS}{below}"
    return ContentRef(content_id=content_id, source=FILE, reference=reference, version=version)


def listed_ref(settings: Settings, source: str, listed: "Listed") -> ContentRef:
    """How an article that a watched source listed is remembered."""
    if source == FILE:
        root = settings.content_dir
        return file_ref(root, root / listed.original_id, listed.id, listed.version)
    return ContentRef(
        content_id=listed.id,
        source=source,
        reference=listed.original_id,
        version=listed.version,
        site=listed.site,
    )


def still_there(ref: ContentRef) -> bool:
    """False for a file that was moved or deleted, so that another may take its ID."""
    return ref.source != FILE or Path(ref.reference).exists()


def watched_sources(settings: Settings) -> "dict[str, ContentSource]":
    """Every source that the settings watch, by the name it has in the `content` table."""
    sources = dict(_remote_sources(settings))
    if settings.content_dir.is_dir():
        from igny8_media.articles.sources.folder import FolderSource

        sources[FILE] = FolderSource(settings.content_dir)
    return sources


@lru_cache(maxsize=1)
def _remote_sources(settings: Settings) -> "dict[str, ContentSource]":
    # Kept between a sensor's ticks: an idle tick should cost one question, not one connection.
    sources: dict[str, ContentSource] = {}
    if settings.wordpress_url:
        from igny8_media.articles.sources.wordpress import WordPressSource

        sources["wordpress"] = WordPressSource(settings.wordpress_url, _fetcher(settings))
    if settings.feed_url:
        from igny8_media.articles.sources.feed import FeedSource

        sources["feed"] = FeedSource(settings.feed_url, _fetcher(settings))
    if settings.source_database_url:
        from igny8_media.articles.sources.database import DatabaseSource

        sources["database"] = DatabaseSource(
            settings.source_database_url, settings.source_database_mapping
        )
    return sources


def fetch_article(settings: Settings, ref: ContentRef) -> Article:
    """The article as it is now, its pictures not fetched yet. Raises InputError, OutsideError."""
    if ref.source == FILE:
        from igny8_media.articles.parse import parse_file

        root, _, below = ref.reference.partition(_ROOT_ENDS)
        article = parse_file(Path(root) / below, root=Path(root))
    elif ref.source == URL:
        from igny8_media.articles.sources.web import fetch_url

        article = fetch_url(ref.reference, _fetcher(settings))
    else:
        sources = _remote_sources(settings)
        if ref.source not in sources:
            raise InputError(
                f"{ref.content_id} came from {ref.source}, which is not configured any more: "
                "set it again, see docs/settings.md."
            )
        article = sources[ref.source].fetch(ref.reference)
    return article.model_copy(update={"id": ref.content_id})


def add_pictures(
    settings: Settings, article: Article, keep: Callable[[bytes, str], str]
) -> Article:
    """The article with its pictures fetched; `keep(data, extension)` stores one and names it."""
    from igny8_media.articles.pictures import fetch_pictures

    return fetch_pictures(article, fetcher=_fetcher(settings), store=keep)


@lru_cache(maxsize=1)
def _fetcher(settings: Settings) -> "SafeFetcher":
    from igny8_media.articles.fetcher import SafeFetcher

    return SafeFetcher(allow_networks=settings.allow_networks)
