"""The source that a word on the command line stands for."""

from pathlib import Path

from igny8_media.articles.fetcher import SafeFetcher
from igny8_media.articles.sources.base import ContentSource
from igny8_media.articles.sources.folder import FileSource, FolderSource
from igny8_media.articles.sources.web import UrlSource
from igny8_media.errors import InputError


def open_source(word: str, fetcher: SafeFetcher) -> ContentSource:
    """A folder, a file, or an http(s) address. Raises InputError for anything else."""
    if word.lower().startswith(("http://", "https://")):
        return UrlSource(word, fetcher)
    path = Path(word)
    if path.is_dir():
        return FolderSource(path)
    if path.exists():
        return FileSource(path)
    raise InputError(f"{word} does not exist; name a Markdown or HTML file, a folder or a URL.")
