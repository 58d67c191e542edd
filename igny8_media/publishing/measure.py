"""What a file really is and how large, long and wide, told by its content and not by its name."""

import logging
from pathlib import Path
from typing import Any, Final

from igny8_media.errors import InputError
from igny8_media.publishing.model import MediaFile
from igny8_media.storage.media_store import sha256_of

_HEAD: Final = 1024
_PICTURES: Final = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "GIF": "image/gif",
    "WEBP": "image/webp",
    "BMP": "image/bmp",
    "TIFF": "image/tiff",
    "AVIF": "image/avif",
}
_MOST_PIXELS: Final = 100_000_000
_HEIF: Final = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1")
_MOST_CAPTIONS: Final = 20_000_000
_MOMENT: Final = 0.5
"""Seconds by which a video may end before it says, as some containers round."""


def measure(path: Path, key: str, alt_text: str = "") -> MediaFile:
    """The file with its figures, to be stored or already stored under `key`.

    A picture is read to its end and a video's packets to the last, so that what is cut short is
    known before anything is sent; memory does not grow with the file. Raises InputError naming
    the file where it is no picture, video, PDF, or SRT or VTT captions, or is damaged.
    """
    name = path.name
    try:
        if path.is_dir():
            raise InputError(f"{name} is a folder; name a file.")
        if not path.is_file() and path.exists():  # a pipe or a device, which may have no end
            raise InputError(f"{name} is not a file; name one.")
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except FileNotFoundError:
        raise InputError(f"There is no file {path}; check the path.") from None
    except OSError as error:
        raise InputError(f"{name} cannot be read: {error.strerror or error}.") from error
    if not head:
        raise InputError(f"{name} is empty; replace it.")
    figures = _picture(path, head) or _document(path, head) or _captions(path, head)
    figures = figures or _video(path, head)
    return MediaFile(
        key=key, name=name, size=size, sha256=sha256_of(path), alt_text=alt_text, **figures
    )


def _picture(path: Path, head: bytes) -> dict[str, Any] | None:
    from PIL import ExifTags, Image, UnidentifiedImageError

    name = path.name
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF:
        raise InputError(f"{name} is a HEIC picture, which no platform takes; save it as JPEG.")
    too_many = f"{name} has more than {_MOST_PIXELS // 1_000_000} megapixels; make it smaller."
    try:
        with Image.open(path, formats=tuple(_PICTURES)) as image:
            if image.width * image.height > _MOST_PIXELS:
                raise InputError(too_many)
            size = image.size
            # Telephones hang a second picture behind a JPEG, which Pillow takes for another kind.
            kind = "JPEG" if image.format == "MPO" else str(image.format)
            frames = int(getattr(image, "n_frames", 1)) if kind != "JPEG" else 1
            turned = image.getexif().get(ExifTags.Base.Orientation, 1) in range(5, 9)
            image.seek(0)
            image.load()
    except InputError:
        raise
    except UnidentifiedImageError:
        return None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise InputError(too_many) from error
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, MemoryError) as error:
        raise InputError(f"The picture {name} is damaged or cut short; replace it.") from error
    width, height = reversed(size) if turned else size
    return {
        "kind": "image",
        "mime": _PICTURES[kind],
        "width": width,
        "height": height,
        "frames": frames if frames > 1 else 0,
    }


def _document(path: Path, head: bytes) -> dict[str, Any] | None:
    if b"%PDF-" not in head:
        return None
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    # It tells of every blemish in a log that would be printed over ours.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        with PdfReader(path) as document:
            if document.is_encrypted:
                raise InputError(f"{path.name} is locked with a password; save it without one.")
            pages = len(document.pages)
            box = document.pages[0].mediabox if pages else None
    except (PyPdfError, ValueError, OSError, RecursionError, KeyError, TypeError) as error:
        raise InputError(f"The PDF {path.name} is damaged or cut short; save it again.") from error
    if box is None:
        raise InputError(f"The PDF {path.name} has no pages; save it again.")
    return {
        "kind": "document",
        "mime": "application/pdf",
        "pages": pages,
        "width": round(box.width),
        "height": round(box.height),
    }


def _captions(path: Path, head: bytes) -> dict[str, Any] | None:
    """Captions are text with arrows in it; a long note may come before the first of them."""
    if b"\0" in head or not (b"-->" in head or head.lstrip(b"\xef\xbb\xbf").startswith(b"WEBVTT")):
        return None
    import pysubs2

    if path.stat().st_size > _MOST_CAPTIONS:
        raise InputError(f"{path.name} is too large to be captions; give an SRT or VTT file.")
    form, mime = ("srt", "application/x-subrip")
    try:
        text = path.read_text(encoding="utf-8-sig")
        if text.lstrip().startswith("WEBVTT"):
            form, mime = ("vtt", "text/vtt")
        spoken = pysubs2.SSAFile.from_string(text, format_=form)
    except (ValueError, pysubs2.exceptions.Pysubs2Error) as error:
        raise InputError(
            f"The captions {path.name} cannot be read; save them as SRT or VTT in UTF-8."
        ) from error
    if not any(event.plaintext.strip() for event in spoken):
        raise InputError(f"The captions {path.name} hold no words; export them again.")
    return {"kind": "captions", "mime": mime}


def _video(path: Path, head: bytes) -> dict[str, Any]:
    from igny8_media.video.container import is_mp4, moov_first, read_streams

    try:
        found = read_streams(path)
    except InputError as error:
        raise InputError(
            f"{path.name} is no picture, video, PDF or captions that can be read; give a JPEG, "
            f"PNG, GIF, WebP, MP4, PDF, SRT or VTT file. ({error})"
        ) from error
    if found.declared - found.video_duration > max(_MOMENT, 0.02 * found.declared):
        raise InputError(
            f"The video {path.name} breaks off after {found.video_duration:.1f} of "
            f"{found.declared:.1f} s; export it again."
        )
    ends = (
        found.video_start + found.video_duration,
        found.audio_start + found.audio_duration if found.has_audio else 0.0,
    )
    sideways = found.rotation % 180 != 0
    width, height = reversed(found.size) if sideways else found.size
    return {
        "kind": "video",
        "mime": _video_mime(found.container, head),
        "width": width,
        "height": height,
        "duration": round(max(ends), 3),
        "fps": round(found.fps, 3),
        "codec": found.video_codec,
        "audio_codec": found.audio_codec,
        "sample_rate": found.sample_rate,
        "channels": found.channels,
        "faststart": not is_mp4(found.container) or moov_first(path),
    }


def _video_mime(container: str, head: bytes) -> str:
    if "mp4" in container.split(","):
        return "video/quicktime" if head[8:12] == b"qt  " else "video/mp4"
    if "webm" in container.split(","):
        return "video/webm" if b"webm" in head[:64] else "video/x-matroska"
    return {"mpegts": "video/mp2t", "mpeg": "video/mpeg", "avi": "video/x-msvideo"}.get(
        container, f"video/x-{container.split(',')[0]}"
    )
