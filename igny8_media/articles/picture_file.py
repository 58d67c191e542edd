"""Is this really a picture, and which? Judged by the bytes, never by the name."""

import io
import warnings
from dataclasses import dataclass

from PIL import ExifTags, Image, UnidentifiedImageError

from igny8_media.errors import InputError

MAX_BYTES = 20_000_000
MAX_PIXELS = 50_000_000
# Smaller ones are icons and tracking pixels.
MIN_SIDE = 32

# Pillow's name to MIME type and suffix. MPO is what some phones call their JPEG.
_FORMATS = {
    "JPEG": ("image/jpeg", "jpg"),
    "MPO": ("image/jpeg", "jpg"),
    "PNG": ("image/png", "png"),
    "WEBP": ("image/webp", "webp"),
    "GIF": ("image/gif", "gif"),
    "AVIF": ("image/avif", "avif"),
}
# Pillow's JPEG reader finds MPO by itself and has no reader of that name.
_READERS = tuple(name for name in _FORMATS if name != "MPO")
_TURNED = frozenset({5, 6, 7, 8})


@dataclass(frozen=True)
class PictureFile:
    """`width` and `height` are pixels after EXIF orientation."""

    mime: str
    suffix: str
    width: int
    height: int


def inspect(content: bytes, name: str) -> PictureFile:
    """Check that `content` is a whole picture of a kind we take.

    The pixels are counted from the header before anything is decoded. Raises InputError, naming
    `name`. Not for several threads at once: it silences a warning of Pillow's meanwhile.
    """
    if len(content) > MAX_BYTES:
        raise InputError(f"{name} is larger than {MAX_BYTES // 10**6} MB; use a smaller version.")
    start = content[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<svg", b"<?xml")) and b"<svg" in content[:5000].lower():
        raise InputError(f"{name} is an SVG drawing, which may hold scripts; save it as PNG.")
    if start.startswith((b"<!doctype", b"<html")):
        raise InputError(f"{name} is a web page, not a picture; check the address.")
    try:
        with warnings.catch_warnings(action="ignore", category=Image.DecompressionBombWarning):
            picture = Image.open(io.BytesIO(content), formats=_READERS)
    except UnidentifiedImageError:
        raise InputError(
            f"{name} is not a JPEG, PNG, WebP, GIF or AVIF picture; save it as one."
        ) from None
    except Image.DecompressionBombError:
        raise InputError(_too_many(name)) from None
    except Exception as error:  # Pillow's readers raise whatever a broken file provokes
        raise InputError(f"{name} is damaged: {error}.") from None
    with picture:
        return _inspected(picture, name)


def _inspected(picture: Image.Image, name: str) -> PictureFile:
    width, height = picture.size
    if width * height > MAX_PIXELS:
        raise InputError(_too_many(name, width, height))
    if min(width, height) < MIN_SIDE:
        raise InputError(f"{name} is only {width}×{height} pixels; use a larger one.")
    mime, suffix = _FORMATS[picture.format or ""]
    try:
        # An eighth of the size still reads every byte of a JPEG, at a fraction of the work; the
        # other readers take no notice.
        picture.draft(None, (width // 8, height // 8))
        picture.load()
        turned = picture.getexif().get(ExifTags.Base.Orientation) in _TURNED
    except Exception as error:  # as above
        raise InputError(f"{name} is damaged or incomplete: {error}.") from None
    if turned:
        width, height = height, width
    return PictureFile(mime=mime, suffix=suffix, width=width, height=height)


def _too_many(name: str, width: int = 0, height: int = 0) -> str:
    size = f" ({width}×{height})" if width else ""
    return (
        f"{name} has more than {MAX_PIXELS // 10**6} megapixels{size}; use a smaller version of it."
    )
