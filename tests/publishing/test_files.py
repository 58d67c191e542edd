"""What platforms fetch: public where settings say so, and on this machine for the sandbox."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from igny8_media.errors import InputError, StorageError
from igny8_media.publishing.files import LoopbackMedia, StoredMedia
from igny8_media.publishing.measure import measure
from igny8_media.publishing.model import MediaFile
from igny8_media.sandbox.fetch import fetchable
from igny8_media.storage.media_store import LocalMediaStore
from tests.media_samples import write_picture


@pytest.fixture
def store(tmp_path: Path) -> LocalMediaStore:
    return LocalMediaStore(tmp_path / "media")


@pytest.fixture
def picture(store: LocalMediaStore, tmp_path: Path) -> MediaFile:
    """A JPEG under a name that is not one."""
    path = write_picture(tmp_path / "x.jpg", (400, 400))
    file = measure(path, "posts/ab/Bild ü.bin")
    store.put_file(file.key, path)
    return file


@pytest.fixture
def media(store: LocalMediaStore) -> Iterator[LoopbackMedia]:
    made = LoopbackMedia(store)
    yield made
    made.close()


def test_a_folder_that_nobody_reaches_says_which_setting_is_missing(
    store: LocalMediaStore, picture: MediaFile
) -> None:
    media = StoredMedia(store)
    assert media.path(picture).stat().st_size == picture.size
    with pytest.raises(InputError, match="AWS_STORAGE_BUCKET_NAME"):
        media.public_url(picture)


def test_the_sandbox_fetches_from_this_machine(media: LoopbackMedia, picture: MediaFile) -> None:
    url = media.public_url(picture)
    assert fetchable(url)
    assert url == media.public_url(picture)
    answer = httpx.get(url)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert answer.content == media.path(picture).read_bytes()
    head = httpx.head(url)
    assert (head.status_code, int(head.headers["content-length"])) == (200, picture.size)


def test_only_what_was_asked_for_is_shown(media: LoopbackMedia, picture: MediaFile) -> None:
    url = media.public_url(picture)
    base = url.rpartition("/")[0]
    for path in ("/", f"/{picture.key}", "/../../etc/passwd", url.rpartition("/")[2][:-1]):
        assert httpx.get(f"{base}/{path.lstrip('/')}").status_code == 404
    media.path(picture).unlink()
    assert httpx.get(url).status_code == 404
    with pytest.raises(StorageError):
        media.public_url(picture)


def test_many_may_fetch_at_once_and_break_off(media: LoopbackMedia, picture: MediaFile) -> None:
    url = media.public_url(picture)

    def fetch(number: int) -> int:
        with httpx.stream("GET", url) as response:
            if number % 3 == 0:
                return picture.size
            return sum(len(piece) for piece in response.iter_bytes())

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(fetch, range(24))) == {picture.size}


def test_after_closing_nothing_is_shown(media: LoopbackMedia, picture: MediaFile) -> None:
    url = media.public_url(picture)
    media.close()
    with pytest.raises(httpx.ConnectError):
        httpx.get(url)
    assert httpx.get(media.public_url(picture)).status_code == 200
