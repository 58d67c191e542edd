"""Pictures: judged by their bytes, and a missing one costs only itself."""

import base64
import hashlib
import io
import struct
import zlib
from pathlib import Path

import pytest
from article_site import Answer, Site, picture
from PIL import Image as Pillow

from igny8_media.articles.fetcher import SafeFetcher
from igny8_media.articles.metadata import Metadata
from igny8_media.articles.model import Article, Image
from igny8_media.articles.parse import parse_file, parse_fragment
from igny8_media.articles.picture_file import inspect
from igny8_media.articles.pictures import fetch_pictures
from igny8_media.errors import InputError, StorageError


class Shelf(dict[str, bytes]):
    def store(self, content: bytes, suffix: str) -> str:
        key = f"{hashlib.sha256(content).hexdigest()[:8]}.{suffix}"
        self[key] = content
        return key


def article_with(*sources: str) -> Article:
    body = "".join(f'<p>Words.</p><img src="{source}" alt="a">' for source in sources)
    return parse_fragment(body, original_id="1", metadata=Metadata(language="en"))


def images(article: Article) -> list[Image]:
    return [block for block in article.blocks if isinstance(block, Image)]


def fetched(article: Article, fetcher: SafeFetcher) -> tuple[list[Image], Shelf]:
    shelf = Shelf()
    return images(fetch_pictures(article, fetcher=fetcher, store=shelf.store)), shelf


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims any size and holds next to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + crc

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + header
        + chunk(b"IDAT", zlib.compress(bytes(99)))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP", "GIF", "AVIF"])
def test_the_type_is_told_by_the_bytes(site: Site, fetcher: SafeFetcher, format: str) -> None:
    content = picture(format)
    site.routes["/p.txt"] = Answer(content, mime="text/plain")
    (image,), shelf = fetched(article_with(f"{site.url}/p.txt"), fetcher)
    assert image.missing is None
    assert image.picture is not None
    assert image.picture.mime == f"image/{format.lower()}"
    assert (image.picture.width, image.picture.height) == (120, 80)
    assert shelf[image.picture.key] == content
    assert image.picture.sha256 == hashlib.sha256(content).hexdigest()
    assert image.alt == "a"


def test_exif_orientation_turns_the_size() -> None:
    exif = Pillow.Exif()
    exif[0x0112] = 6
    found = inspect(picture("JPEG", exif=exif), "p")
    assert (found.width, found.height) == (80, 120)


def test_the_two_pictures_of_a_phone_are_one_jpeg() -> None:
    out = io.BytesIO()
    both = [Pillow.new("RGB", (90, 60), colour) for colour in ("red", "blue")]
    both[0].save(out, "MPO", save_all=True, append_images=both[1:])
    assert inspect(out.getvalue(), "p").mime == "image/jpeg"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (png_header(10_000, 10_000), "more than 50 megapixels"),
        (png_header(60_000, 60_000), "more than 50 megapixels"),
        (picture("JPEG", size=(400, 300))[:-900], "damaged or incomplete"),
        (picture("PNG", size=(400, 300))[:-900], "damaged or incomplete"),
        (b"<?xml version='1.0'?><svg xmlns='x'><script>1</script></svg>", "is an SVG drawing"),
        (b"<!DOCTYPE html><p>Please log in</p>", "is a web page"),
        (picture("TIFF"), "is not a JPEG, PNG"),
        (b"MZ not a picture", "is not a JPEG, PNG"),
        (b"", "is not a JPEG, PNG"),
        (picture(size=(16, 16)), "is only 16×16 pixels"),
        (b"\x89PNG" + bytes(20_000_000), "larger than 20 MB"),
    ],
    ids=[
        "huge",
        "vast",
        "cut-jpeg",
        "cut-png",
        "svg",
        "page",
        "tiff",
        "noise",
        "empty",
        "icon",
        "big",
    ],
)
def test_what_is_no_usable_picture_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said):
        inspect(content, "p.png")


def test_a_missing_picture_costs_that_picture(site: Site, fetcher: SafeFetcher) -> None:
    site.routes["/good.png"] = Answer(picture())
    site.routes["/page.png"] = Answer(b"<html>no</html>")
    site.routes["/inside.png"] = Answer(status=302, headers={"Location": "http://10.0.0.1/p.png"})
    names = ("gone.png", "good.png", "page.png", "inside.png")
    article = article_with(*(f"{site.url}/{name}" for name in names))
    shelf = Shelf()
    done = fetch_pictures(article, fetcher=fetcher, store=shelf.store)
    gone, good, page, inside = images(done)
    assert "answered 404" in (gone.missing or "")
    assert "is a web page" in (page.missing or "")
    assert "not on the public internet" in (inside.missing or "")
    assert good.picture
    assert done.images == (good,)
    assert done.notes == (gone.missing, page.missing, inside.missing)
    assert done.version == article.version
    assert len(shelf) == 1
    again = fetch_pictures(done, fetcher=fetcher, store=shelf.store)
    assert again == done


def test_a_picture_in_the_text_is_stored_and_its_data_dropped(fetcher: SafeFetcher) -> None:
    data = base64.b64encode(picture()).decode()
    (image, broken), shelf = fetched(
        article_with(f"data:image/png;base64,{data}", "data:image/png;base64,A"), fetcher
    )
    assert image.picture is not None
    assert list(shelf.values()) == [picture()]
    assert len(image.source) < 100
    assert broken.missing


def test_local_pictures_are_read_from_the_folder(tmp_path: Path, fetcher: SafeFetcher) -> None:
    (tmp_path / "p.jpg").write_bytes(picture("JPEG"))
    (tmp_path / "a.md").write_text("# T\n\nWords.\n\n![p](p.jpg)\n")
    (image,), _ = fetched(parse_file(tmp_path / "a.md"), fetcher)
    assert image.picture is not None
    assert image.picture.mime == "image/jpeg"


def test_only_thirty_pictures_are_fetched(site: Site, fetcher: SafeFetcher) -> None:
    sources = [f"{site.url}/{number}.png" for number in range(32)]
    for number in range(32):
        site.routes[f"/{number}.png"] = Answer(picture(size=(40 + number, 40)))
    found, shelf = fetched(article_with(*sources), fetcher)
    assert len(shelf) == len(site.asked) == 30
    assert [image.picture.width for image in found if image.picture] == list(range(40, 70))
    assert "first 30 pictures" in (found[31].missing or "")


def test_trouble_with_the_store_is_not_the_pictures_fault(site: Site, fetcher: SafeFetcher) -> None:
    site.routes["/p.png"] = Answer(picture())

    def full(content: bytes, suffix: str) -> str:
        raise StorageError("The disk is full; make room.")

    with pytest.raises(StorageError):
        fetch_pictures(article_with(f"{site.url}/p.png"), fetcher=fetcher, store=full)
