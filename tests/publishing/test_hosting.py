"""What platforms fetch: public where settings say so, and on this machine for the sandbox."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from igny8_media.accounts.model import Account, Service
from igny8_media.errors import InputError, StorageError
from igny8_media.publishing.contract import Media
from igny8_media.publishing.hosting import StoredMedia
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


def _account(*, sandbox: bool) -> Account:
    return Account(
        id=1,
        service=Service.INSTAGRAM,
        platform_user_id="1",
        name="Ada",
        kind="business",
        sandbox=sandbox,
    )


@pytest.fixture
def stored(store: LocalMediaStore) -> Iterator[StoredMedia]:
    with StoredMedia(store) as stored:
        yield stored


@pytest.fixture
def media(stored: StoredMedia) -> Media:
    """As an account on the sandbox has it."""
    return stored.of(_account(sandbox=True))


def test_a_folder_that_nobody_reaches_says_which_setting_is_missing(
    stored: StoredMedia, picture: MediaFile
) -> None:
    media = stored.of(_account(sandbox=False))
    assert media.path(picture).stat().st_size == picture.size
    with pytest.raises(InputError, match="AWS_STORAGE_BUCKET_NAME"):
        media.public_url(picture)


def test_the_sandbox_fetches_from_this_machine(media: Media, picture: MediaFile) -> None:
    url = media.public_url(picture)
    assert fetchable(url)
    assert url == media.public_url(picture)
    answer = httpx.get(url)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert answer.content == media.path(picture).read_bytes()
    head = httpx.head(url)
    assert (head.status_code, int(head.headers["content-length"])) == (200, picture.size)


def test_only_what_was_asked_for_is_shown(media: Media, picture: MediaFile) -> None:
    url = media.public_url(picture)
    base = url.rpartition("/")[0]
    for path in ("/", f"/{picture.key}", "/../../etc/passwd", url.rpartition("/")[2][:-1]):
        assert httpx.get(f"{base}/{path.lstrip('/')}").status_code == 404
    media.path(picture).unlink()
    assert httpx.get(url).status_code == 404
    with pytest.raises(StorageError):
        media.public_url(picture)


def test_many_may_fetch_at_once_and_break_off(media: Media, picture: MediaFile) -> None:
    url = media.public_url(picture)

    def fetch(number: int) -> int:
        with httpx.stream("GET", url) as response:
            if number % 3 == 0:
                return picture.size
            return sum(len(piece) for piece in response.iter_bytes())

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(fetch, range(24))) == {picture.size}


def test_after_closing_nothing_is_shown(store: LocalMediaStore, picture: MediaFile) -> None:
    with StoredMedia(store) as stored:
        url = stored.of(_account(sandbox=True)).public_url(picture)
        assert httpx.get(url).status_code == 200
    with pytest.raises(httpx.ConnectError):
        httpx.get(url)
