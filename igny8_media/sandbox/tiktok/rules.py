"""What TikTok refuses, as functions without state (contract 6.2 and 6.3)."""

import re
import secrets
from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import JSONResponse

from igny8_media.sandbox.call import Refuse

MB: Final = 1_000_000
_SMALLEST: Final = 5 * MB
_LARGEST: Final = 64 * (1 << 20)
_LAST: Final = 128 * (1 << 20)
_CHUNKS: Final = 1000
_MOST: Final = 4 * (1 << 30)
_TITLE: Final = 2200
_PHOTO_TITLE: Final = 90
_DESCRIPTION: Final = 4000
_PHOTOS: Final = 35

PRIVACY: Final = (
    "PUBLIC_TO_EVERYONE",
    "MUTUAL_FOLLOW_FRIENDS",
    "FOLLOWER_OF_CREATOR",
    "SELF_ONLY",
)
MIMES: Final = ("video/mp4", "video/quicktime", "video/webm")

_VIDEO_INFO: Final[Mapping[str, type]] = {
    "title": str,
    "privacy_level": str,
    "disable_duet": bool,
    "disable_comment": bool,
    "disable_stitch": bool,
    "video_cover_timestamp_ms": int,
    "brand_content_toggle": bool,
    "brand_organic_toggle": bool,
    "is_aigc": bool,
}
_PHOTO_INFO: Final[Mapping[str, type]] = {
    "title": str,
    "description": str,
    "privacy_level": str,
    "disable_comment": bool,
    "auto_add_music": bool,
    "brand_content_toggle": bool,
    "brand_organic_toggle": bool,
    "is_aigc": bool,
}


class TikTokError(Refuse):
    """A refusal in TikTok's envelope."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(JSONResponse(enveloped({}, code, message), status_code=status))
        self.code = code


def enveloped(data: Mapping[str, Any], code: str = "ok", message: str = "") -> dict[str, Any]:
    """TikTok's envelope: the code is `ok` where all went well, whatever the HTTP status says."""
    error = {"code": code, "message": message, "log_id": secrets.token_hex(17).upper()}
    return {"data": dict(data), "error": error}


def _invalid(message: str) -> TikTokError:
    return TikTokError(400, "invalid_params", message)


def chunk_plan(size: int, chunk: int, count: int) -> None:
    """Raises TikTokError unless a file of `size` bytes may come in `count` chunks of `chunk`.

    Media Transfer Guide, developers.tiktok.com, 2026: chunks of 5 to 64 MB, the last one takes
    what remains, up to 128 MB; a smaller file comes whole. MB are read generously: a chunk may
    have 5,000,000 bytes and 64 MiB.
    """
    if not 0 < size <= _MOST:
        raise _invalid("The video size is invalid: it must be between 1 byte and 4 GB.")
    if not 1 <= count <= _CHUNKS:
        raise _invalid("The total chunk count is invalid: it must be between 1 and 1000.")
    if size < _SMALLEST or count == 1:
        if chunk != size or count != 1:
            raise _invalid("The chunk size is invalid: one chunk must be as large as the video.")
        if size > _LARGEST:
            raise _invalid("The total chunk count is invalid: more than 64 MB need more chunks.")
        return
    if not _SMALLEST <= chunk <= _LARGEST:
        raise _invalid("The chunk size is invalid: it must be between 5 MB and 64 MB.")
    if count != size // chunk:
        raise _invalid(
            "The total chunk count is invalid: it must be video_size / chunk_size, rounded down."
        )
    if size - chunk * (count - 1) > _LAST:
        raise _invalid("The last chunk is larger than 128 MB.")


def chunk_bounds(size: int, chunk: int, count: int, index: int) -> tuple[int, int]:
    """First and last byte of a chunk by its index, 0 first; both are included."""
    last = size - 1 if index == count - 1 else chunk * (index + 1) - 1
    return chunk * index, last


def content_range(header: str) -> tuple[int, int, int]:
    """First byte, last byte and size that a `Content-Range` names, or TikTokError."""
    found = re.fullmatch(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15})", header.strip())
    if not found:
        raise _invalid("Content-Range must be written as: bytes FIRST-LAST/TOTAL.")
    first, last, size = (int(number) for number in found.groups())
    if not first <= last < size:
        raise _invalid("Content-Range is not a range of the video.")
    return first, last, size


def video_info(info: Any, options: tuple[str, ...], seconds: float | None = None) -> dict[str, Any]:
    """`post_info` of a video in order, or TikTokError. `options` are the creator's levels."""
    known = _typed(info, _VIDEO_INFO, "post_info")
    if _utf16(known.get("title", "")) > _TITLE:
        raise _invalid(f"The title is longer than {_TITLE} characters.")
    _privacy(known, options)
    cover = known.get("video_cover_timestamp_ms", 0)
    if cover < 0 or (seconds is not None and cover > seconds * 1000):
        raise _invalid("video_cover_timestamp_ms lies outside the video.")
    return known


def photo_info(info: Any, options: tuple[str, ...], *, direct: bool) -> dict[str, Any]:
    """`post_info` of photos in order, or TikTokError; a draft needs no privacy level."""
    known = _typed(info if info is not None or direct else {}, _PHOTO_INFO, "post_info")
    if _utf16(known.get("title", "")) > _PHOTO_TITLE:
        raise _invalid(f"The title is longer than {_PHOTO_TITLE} characters.")
    if _utf16(known.get("description", "")) > _DESCRIPTION:
        raise _invalid(f"The description is longer than {_DESCRIPTION} characters.")
    if direct:
        _privacy(known, options)
    return known


def video_source(source: Any) -> dict[str, Any]:
    """`source_info` of a video in order, or TikTokError."""
    if not isinstance(source, Mapping):
        raise _invalid("source_info is missing.")
    if source.get("source") == "FILE_UPLOAD":
        known = _typed(
            source,
            {"source": str, "video_size": int, "chunk_size": int, "total_chunk_count": int},
            "source_info",
            required=("video_size", "chunk_size", "total_chunk_count"),
        )
        chunk_plan(known["video_size"], known["chunk_size"], known["total_chunk_count"])
        return known
    if source.get("source") == "PULL_FROM_URL":
        return _typed(
            source, {"source": str, "video_url": str}, "source_info", required=("video_url",)
        )
    raise _invalid("source_info.source must be FILE_UPLOAD or PULL_FROM_URL.")


def photo_source(source: Any) -> dict[str, Any]:
    """`source_info` of photos in order, or TikTokError."""
    known = _typed(
        source,
        {"source": str, "photo_images": list, "photo_cover_index": int},
        "source_info",
        required=("source", "photo_images"),
    )
    urls = known["photo_images"]
    if known["source"] != "PULL_FROM_URL":
        raise _invalid("Photos can only be pulled: source_info.source must be PULL_FROM_URL.")
    if not 1 <= len(urls) <= _PHOTOS or not all(isinstance(url, str) for url in urls):
        raise _invalid(f"photo_images must be a list of 1 to {_PHOTOS} addresses.")
    if not 0 <= known.get("photo_cover_index", 0) < len(urls):
        raise _invalid("photo_cover_index names no photo.")
    return known


def _privacy(info: Mapping[str, Any], options: tuple[str, ...]) -> None:
    level = info.get("privacy_level")
    if level not in PRIVACY:
        raise _invalid("privacy_level is missing or unknown.")
    if level not in options:
        raise TikTokError(
            403,
            "privacy_level_option_mismatch",
            "privacy_level is not among the privacy_level_options of this creator.",
        )
    if info.get("brand_content_toggle") and level == "SELF_ONLY":
        raise _invalid("Branded content cannot be private.")


def _typed(
    value: Any, fields: Mapping[str, type], name: str, required: tuple[str, ...] = ()
) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise _invalid(f"{name} is missing.")
    for key, kind in fields.items():
        given = value.get(key)
        if given is None:
            if key in required:
                raise _invalid(f"{name}.{key} is missing.")
            continue
        if not isinstance(given, kind) or (kind is int and isinstance(given, bool)):
            raise _invalid(f"{name}.{key} is of the wrong type.")
    # What TikTok does not know it ignores.
    return {key: value[key] for key in fields if value.get(key) is not None}


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
