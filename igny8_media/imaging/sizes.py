"""What each platform takes: exact sizes, formats, file limits (platform documentation, 2026-11)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from igny8_media.social.model import Platform

MEGABYTE = 1_000_000  # the platforms say MB; the decimal one is the safe reading
JPEG, PNG, WEBP = "image/jpeg", "image/png", "image/webp"
SUFFIXES = {JPEG: ".jpg", PNG: ".png", WEBP: ".webp"}


@dataclass(frozen=True)
class Canvas:
    """`formats` are the MIME types accepted; `limit` is in bytes."""

    width: int
    height: int
    formats: tuple[str, ...]
    limit: int

    @property
    def size(self) -> tuple[int, int]:
        return (self.width, self.height)

    @property
    def ratio(self) -> float:
        return self.width / self.height


MAIN: dict[Platform, Canvas] = {
    Platform.LINKEDIN: Canvas(1200, 627, (JPEG, PNG), 10 * MEGABYTE),
    Platform.TWITTER: Canvas(1600, 900, (JPEG, PNG, WEBP), 5 * MEGABYTE),
    Platform.FACEBOOK: Canvas(1200, 630, (JPEG, PNG), 10 * MEGABYTE),
    Platform.INSTAGRAM: Canvas(1080, 1080, (JPEG,), 8 * MEGABYTE),
    Platform.TIKTOK: Canvas(1080, 1920, (JPEG, WEBP), 20 * MEGABYTE),
}
CAROUSEL: dict[Platform, Canvas] = {
    Platform.LINKEDIN: Canvas(1080, 1080, (JPEG, PNG), 10 * MEGABYTE),
    Platform.INSTAGRAM: Canvas(1080, 1080, (JPEG,), 8 * MEGABYTE),
}
COVER = Canvas(1080, 1920, (JPEG,), 8 * MEGABYTE)  # Instagram stories and reels
DOCUMENT_LIMIT = 100 * MEGABYTE  # LinkedIn documents: 100 MB, 300 pages


def problems(platform: Platform, figures: Mapping[str, Any]) -> list[str]:
    """What keeps a made picture from being accepted; `figures` are a MadePicture's fields."""
    role, size = figures["role"], (figures["width"], figures["height"])
    if role == "document":
        over = figures["size"] > DOCUMENT_LIMIT
        return [f"has {figures['size']:,} bytes, over {DOCUMENT_LIMIT:,}."] if over else []
    canvas = {"image": MAIN.get(platform), "slide": CAROUSEL.get(platform), "cover": COVER}[role]
    if canvas is None:
        return [f"is a {role}, which {platform.label} does not take."]
    found = []
    if size != canvas.size:
        found.append(f"is {size[0]}×{size[1]}, not {canvas.width}×{canvas.height}.")
    if figures["mime"] not in canvas.formats:
        found.append(f"is {figures['mime']}, which {platform.label} does not take.")
    if figures["size"] > canvas.limit:
        found.append(f"has {figures['size']:,} bytes, over {canvas.limit:,}.")
    return found
