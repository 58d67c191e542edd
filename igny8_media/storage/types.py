"""Which ending a stored file of each type has, and back: platforms that fetch trust the type."""

from pathlib import PurePosixPath
from typing import Final

SUFFIXES: Final = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "image/bmp": ".bmp",
    "image/tiff": ".tiff",
    "image/avif": ".avif",
    "video/mp4": ".mp4",
    "video/quicktime": ".mov",
    "video/webm": ".webm",
    "video/x-matroska": ".mkv",
    "video/x-msvideo": ".avi",
    "video/mp2t": ".ts",
    "video/mpeg": ".mpeg",
    "audio/wav": ".wav",
    "application/pdf": ".pdf",
    "application/x-subrip": ".srt",
    "text/vtt": ".vtt",
    "application/json": ".json",
}
_TYPES: Final = {suffix: mime for mime, suffix in SUFFIXES.items()}


def content_type(key: str) -> str:
    """The MIME type of a key by its ending, or that of unknown bytes."""
    return _TYPES.get(PurePosixPath(key).suffix, "application/octet-stream")
