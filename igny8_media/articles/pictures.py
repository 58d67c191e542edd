"""Fetching an article's pictures: a missing one costs that picture, not the article."""

import base64
import binascii
import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import unquote_to_bytes

from igny8_media.articles.fetcher import SafeFetcher
from igny8_media.articles.model import Article, Block, Image, Picture
from igny8_media.articles.picture_file import MAX_BYTES, inspect
from igny8_media.errors import Igny8Error, InputError, OutsideError

MAX_PICTURES = 30
_AT_ONCE = 4
_ACCEPT = "image/avif;q=0.5,image/webp,image/png,image/jpeg,image/gif;q=0.8"

# Takes a picture's bytes and its suffix without a dot, and returns its key.
Store = Callable[[bytes, str], str]


def fetch_pictures(article: Article, *, fetcher: SafeFetcher, store: Store) -> Article:
    """The article with each picture stored (`picture`) or explained away (`missing`).

    What is missing is also said in the article's notes. Only the first 30 pictures are fetched,
    four at a time. Errors of `store` are raised: a full disk is nothing a picture can help.
    """
    wanted = [block for block in article.blocks if isinstance(block, Image) and _is_open(block)]
    kept: dict[str, Image] = {}
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        for start in range(0, min(len(wanted), MAX_PICTURES), _AT_ONCE):
            some = wanted[start : min(start + _AT_ONCE, MAX_PICTURES)]
            found = threads.map(lambda image: _read(image.source, fetcher), some)
            # Four at a time are in memory; they are stored before the next are fetched.
            contents = {image.source: content for image, content in zip(some, found, strict=True)}
            kept |= {
                source: _stored(source, content, store) for source, content in contents.items()
            }
    notes = list(article.notes)
    blocks: list[Block] = []
    for block in article.blocks:
        if not isinstance(block, Image):
            blocks.append(block)
            continue
        image = block
        if _is_open(block):
            outcome = kept.get(block.source) or _missing(
                block.source, f"Only the first {MAX_PICTURES} pictures of an article are fetched."
            )
            image = block.model_copy(
                update={
                    "source": outcome.source,
                    "picture": outcome.picture,
                    "missing": outcome.missing,
                }
            )
        if image.missing:
            notes.append(image.missing)
        blocks.append(image)
    return article.model_copy(
        update={"blocks": tuple(blocks), "notes": tuple(dict.fromkeys(notes))}
    )


def _is_open(image: Image) -> bool:
    return image.picture is None and image.missing is None


def _read(source: str, fetcher: SafeFetcher) -> bytes | Igny8Error:
    try:
        if source.startswith("data:"):
            return _from_data_uri(source)
        if source.startswith(("http://", "https://")):
            return fetcher.fetch(source, max_bytes=MAX_BYTES, accept=_ACCEPT).content
        return _from_file(Path(source))
    except (InputError, OutsideError) as error:
        return error


def _from_data_uri(source: str) -> bytes:
    head, _, data = source.partition(",")
    try:
        raw = unquote_to_bytes(data)
        return base64.b64decode(raw) if head.lower().endswith(";base64") else raw
    except (binascii.Error, ValueError):
        raise InputError("A picture written into the text as data: cannot be decoded.") from None


def _from_file(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise InputError(f"The picture {path} does not exist; check the path.") from None
    except OSError as error:
        raise OutsideError(f"The picture {path} cannot be read: {error.strerror}.") from error


def _stored(source: str, content: bytes | Igny8Error, store: Store) -> Image:
    if isinstance(content, Igny8Error):
        return _missing(source, str(content))
    name = "A picture written into the text" if source.startswith("data:") else source
    try:
        found = inspect(content, name)
    except InputError as error:
        return _missing(source, str(error))
    digest = hashlib.sha256(content).hexdigest()
    picture = Picture(
        key=store(content, found.suffix),
        sha256=digest,
        mime=found.mime,
        width=found.width,
        height=found.height,
        size=len(content),
    )
    return Image(source=_short(source), picture=picture)


def _missing(source: str, why: str) -> Image:
    return Image(source=_short(source), missing=why)


def _short(source: str) -> str:
    """A data: URI without its data, which is stored now and would weigh on every event."""
    if not source.startswith("data:"):
        return source
    digest = hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{source.partition(',')[0][:60]},sha256={digest[:12]}"
