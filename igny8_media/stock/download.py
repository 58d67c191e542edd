"""A found picture or clip as a file on this machine, checked by decoding it."""

from pathlib import Path

import av

from igny8_media.articles.fetcher import SafeFetcher
from igny8_media.articles.picture_file import MAX_BYTES, inspect
from igny8_media.errors import InputError, OutsideError
from igny8_media.stock.model import StockClip, StockError, StockPicture
from igny8_media.storage.cache import FolderCache
from igny8_media.storage.records import fingerprint

MOST_CLIP_BYTES = 120_000_000
_LEAST_SIDE = 360  # pixels; less is a blur on any screen


def download(found: StockPicture, fetcher: SafeFetcher, cache: FolderCache) -> Path:
    """The file behind a found picture or clip, from `cache` if it was fetched before.

    Links expire and change, so the file is kept under its library's ID. `fetcher` limits the
    time. Raises StockError when the file is gone, too large, or not what it was said to be.
    """
    kind = "clip" if isinstance(found, StockClip) else "picture"
    mark = fingerprint("stock-file", 1, found.provider, kind, found.id, found.width, found.height)

    def fill(folder: Path) -> None:
        if isinstance(found, StockClip):
            _fetch_clip(found, fetcher, folder)
        else:
            _fetch_picture(found, fetcher, folder)

    return next(cache.fetch(mark, fill).iterdir())


def _fetch_picture(found: StockPicture, fetcher: SafeFetcher, folder: Path) -> None:
    content = _content(found, fetcher, MAX_BYTES, "image/jpeg,image/png;q=0.9,image/webp;q=0.8")
    try:
        really = inspect(content, f"{found.provider} picture {found.id}")
    except InputError as error:
        raise StockError(str(error)) from None
    if min(really.width, really.height) < _LEAST_SIDE:
        raise StockError(
            f"{found.provider} picture {found.id} has only {really.width}×{really.height} pixels."
        )
    (folder / f"{found.provider.lower()}-{found.id}.{really.suffix}").write_bytes(content)


def _fetch_clip(found: StockClip, fetcher: SafeFetcher, folder: Path) -> None:
    content = _content(found, fetcher, MOST_CLIP_BYTES, "video/mp4")
    path = folder / f"{found.provider.lower()}-{found.id}.mp4"
    path.write_bytes(content)
    try:
        with av.open(str(path)) as opened:
            stream = opened.streams.video[0]
            frame = next(opened.decode(stream))
            width, height = frame.width, frame.height
    # PyAV's errors, a file without a picture stream, and one without a single frame.
    except (av.FFmpegError, IndexError, StopIteration) as error:
        raise StockError(
            f"{found.provider} video {found.id} cannot be played ({type(error).__name__})."
        ) from None
    if min(width, height) < _LEAST_SIDE:
        raise StockError(f"{found.provider} video {found.id} has only {width}×{height} pixels.")


def _content(found: StockPicture, fetcher: SafeFetcher, most: int, accept: str) -> bytes:
    try:
        return fetcher.fetch(found.link, max_bytes=most, accept=accept).content
    # Their words name the link, which holds tokens.
    except InputError:
        raise StockError(
            f"{found.provider} no longer gives out the file of {found.id}, or it is too large."
        ) from None
    except OutsideError:
        raise StockError(
            f"The file of {found.provider} {found.id} cannot be fetched now."
        ) from None
