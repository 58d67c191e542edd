"""Files of stock libraries on this machine: whole, real and once."""

from pathlib import Path

import pytest

from igny8_media.articles.fetcher import SafeFetcher
from igny8_media.stock.download import download
from igny8_media.stock.model import Search, StockError
from igny8_media.stock.pexels import Pexels
from igny8_media.storage.cache import FolderCache
from tests.stock.servers import Item, Library, clip, photo

SEARCH = Search(query="sea", width=720, height=1280)


def test_a_picture_is_fetched_once_without_the_key(
    pexels: Pexels, pexels_library: Library, fetcher: SafeFetcher, cache: FolderCache
) -> None:
    pexels_library.items = [Item(5, "sea")]
    (found,) = pexels.pictures(SEARCH)
    path = download(found, fetcher, cache)
    assert path.name == "pexels-5.jpg"
    assert path.read_bytes() == photo(5)
    again = found.model_copy(update={"link": found.link + "&token=expired"})
    assert download(again, fetcher, cache) == path
    (asked,) = [headers for path, _, headers in pexels_library.asked if "/files/" in path]
    assert "authorization" not in asked


def test_a_clip(
    pexels: Pexels, pexels_library: Library, fetcher: SafeFetcher, cache: FolderCache
) -> None:
    pexels_library.items = [Item(6, "sea", duration=9)]
    (found,) = pexels.clips(SEARCH)
    path = download(found, fetcher, cache)
    assert path.name == "pexels-6.mp4"
    assert path.read_bytes() == clip(6)


@pytest.mark.parametrize("duration", [0, 9])
@pytest.mark.parametrize("broken", ["gone", "html", "cut"])
def test_files_that_are_none_leave_nothing_behind(
    pexels: Pexels,
    pexels_library: Library,
    fetcher: SafeFetcher,
    cache: FolderCache,
    tmp_path: Path,
    broken: str,
    duration: float,
) -> None:
    pexels_library.items = [Item(7, "sea", duration=duration, broken=broken)]
    (found,) = pexels.clips(SEARCH) if duration else pexels.pictures(SEARCH)
    with pytest.raises(StockError) as told:
        download(found, fetcher, cache)
    assert "127.0.0.1" not in str(told.value)  # a link may hold a token
    assert not [p for p in (tmp_path / "cache").rglob("*") if p.is_file()]


def test_a_private_address_is_not_fetched(
    pexels: Pexels, pexels_library: Library, cache: FolderCache
) -> None:
    pexels_library.items = [Item(8, "sea")]
    (found,) = pexels.pictures(SEARCH)
    with SafeFetcher() as strict, pytest.raises(StockError):
        download(found, strict, cache)
