"""Libraries on the loopback, clients of theirs, and a place to keep files."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from igny8_media.articles.fetcher import SafeFetcher
from igny8_media.stock.pexels import Pexels
from igny8_media.stock.pixabay import Pixabay
from igny8_media.storage.cache import FolderCache
from tests.stock.servers import (
    PEXELS_KEY,
    PIXABAY_KEY,
    Library,
    pexels_server,
    pixabay_server,
)


@pytest.fixture
def pexels_library() -> Iterator[Library]:
    with pexels_server() as library:
        yield library


@pytest.fixture
def pixabay_library() -> Iterator[Library]:
    with pixabay_server() as library:
        yield library


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=60, trust_env=False) as client:
        yield client


@pytest.fixture
def pexels(pexels_library: Library, client: httpx.Client) -> Pexels:
    return Pexels(PEXELS_KEY, pexels_library.url, client)


@pytest.fixture
def pixabay(pixabay_library: Library, client: httpx.Client) -> Pixabay:
    return Pixabay(PIXABAY_KEY, pixabay_library.url, client)


@pytest.fixture
def fetcher() -> Iterator[SafeFetcher]:
    with SafeFetcher(allow_networks=["127.0.0.0/8"], timeout=60) as fetcher:
        yield fetcher


@pytest.fixture
def cache(tmp_path: Path) -> FolderCache:
    return FolderCache(tmp_path / "cache", 10**9)
