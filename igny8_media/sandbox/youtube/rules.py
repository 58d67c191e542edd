"""What YouTube refuses, as functions without state (contract 7.2 and 7.4)."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from starlette.responses import JSONResponse

from igny8_media.sandbox.call import Refuse

BLOCK: Final = 256 * 1024
"""Chunks of a resumable upload are whole multiples of this, in bytes, but for the last."""
MOST_BYTES: Final = 274877906944
THUMBNAIL_BYTES: Final = 52428800
CAPTION_BYTES: Final = 104857600
_TITLE: Final = 100
_DESCRIPTION: Final = 5000
_TAGS: Final = 500
_CAPTION_NAME: Final = 150

PARTS: Final = frozenset(
    (
        "contentDetails",
        "fileDetails",
        "id",
        "liveStreamingDetails",
        "localizations",
        "paidProductPlacementDetails",
        "player",
        "processingDetails",
        "recordingDetails",
        "snippet",
        "statistics",
        "status",
        "suggestions",
        "topicDetails",
    )
)
_CATEGORIES: Final = frozenset(map(str, (1, 2, 10, 15, 17, 19, 20, 22, 23, 24, 25, 26, 27, 28, 29)))
"""Those that may be assigned in the US (videoCategories.list)."""
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


class GoogleError(Refuse):
    """A refusal as Google's API servers write it; `location` is the field that is wrong."""

    def __init__(
        self,
        status: int,
        reason: str,
        message: str,
        *,
        domain: str = "youtube.video",
        location: str = "",
    ) -> None:
        detail = {"message": message, "domain": domain, "reason": reason}
        if location:
            kind = "header" if location == "Authorization" else "other"
            detail |= {"location": location, "locationType": kind}
        error: dict[str, Any] = {"code": status, "message": message, "errors": [detail]}
        if status in _STATUS:
            error["status"] = _STATUS[status]
        super().__init__(JSONResponse({"error": error}, status_code=status))
        self.reason = reason


_STATUS: Final = {401: "UNAUTHENTICATED", 429: "RESOURCE_EXHAUSTED"}


def parts_of(given: str, allowed: frozenset[str]) -> tuple[str, ...]:
    """The `part` parameter's names, or GoogleError."""
    parts = tuple(part.strip() for part in given.split(",") if part.strip())
    if not parts:
        raise GoogleError(
            400,
            "missingRequiredParameter",
            "No filter selected. Expected: part",
            domain="global",
            location="part",
        )
    for part in parts:
        if part not in allowed:
            raise GoogleError(
                400, "unknownPart", f"'{part}'", domain="youtube.part", location="part"
            )
    return parts


def video_body(body: Any, parts: tuple[str, ...], now: datetime) -> dict[str, Any]:
    """What a new video will say of itself, with YouTube's defaults filled in, or GoogleError.

    Fields outside `parts` are not set, as in the API. Since 2026-11-02 a video whose privacy
    status is not given is public (revision history, developers.google.com/youtube).
    """
    if not isinstance(body, Mapping):
        raise GoogleError(400, "badRequest", "The request body is not a video.", domain="global")
    unknown = set(body) - PARTS - {"kind", "etag", "id"}
    if unknown:
        raise GoogleError(
            400,
            "badRequest",
            f'Invalid JSON payload received. Unknown name "{min(unknown)}": Cannot find field.',
            domain="global",
        )
    for part in set(body) & PARTS - {"id"} - set(parts):
        raise GoogleError(
            400,
            "unexpectedPart",
            f"The request body holds {part}, which the part parameter does not name.",
            domain="youtube.part",
            location="part",
        )
    snippet = _snippet(_object(body, "snippet"))
    status = _status(_object(body, "status"), now)
    kept = {name: body[name] for name in parts if name not in ("snippet", "status", "id")}
    return {**{k: v for k, v in kept.items() if v}, "snippet": snippet, "status": status}


def _object(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = body.get(name) or {}
    if not isinstance(value, Mapping):
        raise GoogleError(
            400,
            "badRequest",
            f"Invalid value at 'video.{name}': an object was expected.",
            domain="global",
        )
    return value


def _snippet(given: Mapping[str, Any]) -> dict[str, Any]:
    title, description = given.get("title"), given.get("description", "")
    if not isinstance(title, str) or not title.strip() or len(title) > _TITLE or _angle(title):
        raise GoogleError(
            400,
            "invalidTitle",
            "The request metadata specifies an invalid or empty video title.",
            location="body.snippet.title",
        )
    if (
        not isinstance(description, str)
        or len(description.encode()) > _DESCRIPTION
        or _angle(description)
    ):
        raise GoogleError(
            400,
            "invalidDescription",
            "The request metadata specifies an invalid video description.",
            location="body.snippet.description",
        )
    tags = given.get("tags", [])
    if (
        not isinstance(tags, list)
        or not all(isinstance(tag, str) for tag in tags)
        or tags_too_long(tags)
    ):
        raise GoogleError(
            400,
            "invalidTags",
            "The request metadata specifies invalid video keywords.",
            location="body.snippet.tags",
        )
    category = given.get("categoryId", "22")
    if not isinstance(category, str) or category not in _CATEGORIES:
        raise GoogleError(
            400,
            "invalidCategoryId",
            "The snippet.categoryId property specifies an invalid category ID.",
            location="body.snippet.categoryId",
        )
    for name in ("defaultLanguage", "defaultAudioLanguage"):
        if name in given and not _LANGUAGE.fullmatch(str(given[name])):
            raise GoogleError(
                400,
                "invalidVideoMetadata",
                "The request metadata is invalid.",
                location=f"body.snippet.{name}",
            )
    languages = {n: given[n] for n in ("defaultLanguage", "defaultAudioLanguage") if n in given}
    return {
        "title": title.strip(),
        "description": description,
        "categoryId": category,
        **({"tags": tags} if tags else {}),
        **languages,
    }


def _status(given: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    privacy = given.get("privacyStatus", "public")
    flags = (
        "selfDeclaredMadeForKids",
        "containsSyntheticMedia",
        "embeddable",
        "publicStatsViewable",
    )
    if (
        privacy not in ("public", "unlisted", "private")
        or given.get("license", "youtube") not in ("youtube", "creativeCommon")
        or any(not isinstance(given[flag], bool) for flag in flags if flag in given)
    ):
        raise GoogleError(
            400, "invalidVideoMetadata", "The request metadata is invalid.", location="body.status"
        )
    if "publishAt" in given:
        when = _time(given["publishAt"])
        if when is None or when <= now or privacy != "private":
            raise GoogleError(
                400,
                "invalidPublishAt",
                "The request metadata specifies an invalid scheduled publishing time.",
                location="body.status.publishAt",
            )
    return {
        "embeddable": True,
        "license": "youtube",
        "publicStatsViewable": True,
        **given,
        "privacyStatus": privacy,
    }


def tags_too_long(tags: list[str]) -> bool:
    """Whether keywords are longer together than 500 characters: commas count, and so do the
    quotation marks that a keyword with a space gets."""
    if any(not tag.strip() or _angle(tag) for tag in tags):
        return True
    return sum(len(tag) + 2 * (" " in tag) for tag in tags) + max(0, len(tags) - 1) > _TAGS


def caption_body(body: Any) -> dict[str, Any]:
    """The snippet of a new caption track, or GoogleError."""
    given = body.get("snippet") if isinstance(body, Mapping) else None
    given = given if isinstance(given, Mapping) else {}
    if not isinstance(given.get("videoId"), str) or not _LANGUAGE.fullmatch(
        str(given.get("language", ""))
    ):
        raise GoogleError(
            400,
            "invalidMetadata",
            "The request contains invalid metadata values: videoId and language are required.",
            domain="youtube.caption",
        )
    name = given.get("name", "")
    if not isinstance(name, str) or len(name) > _CAPTION_NAME:
        raise GoogleError(
            400,
            "nameTooLong",
            "The snippet.name specified in the request is too long.",
            domain="youtube.caption",
        )
    return {
        "videoId": given["videoId"],
        "language": given["language"],
        "name": name,
        "isDraft": given.get("isDraft", False) is True,
    }


def is_captions(data: bytes) -> bool:
    """Whether these are subtitles that can be read: SRT, VTT, SBV or TTML."""
    text = data[:4096].decode("utf-8", "replace").lstrip("\ufeff").lstrip()
    return (
        text.startswith("WEBVTT")
        or "<tt" in text
        or bool(re.search(r"^\d+:\d{2}:\d{2}[.,]\d{3}(\s*-->\s*|,)\d+:\d{2}:\d{2}", text, re.M))
    )


def content_range(header: str) -> tuple[int | None, int | None, int | None]:
    """First byte, last byte and size that a `Content-Range` names; None for `*`."""
    found = re.fullmatch(r"bytes (?:(\d{1,15})-(\d{1,15})|\*)/(\d{1,15}|\*)", header.strip())
    if not found:
        raise GoogleError(
            400, "badRequest", f"Failed to parse Content-Range header: {header}", domain="global"
        )
    first, last, size = found.groups()
    numbers = tuple(int(n) if n not in (None, "*") else None for n in (first, last, size))
    begin, end, total = numbers
    wrong = begin is not None and end is not None and begin > end
    if wrong or (end is not None and total is not None and end >= total):
        raise GoogleError(
            400, "badRequest", f"Failed to parse Content-Range header: {header}", domain="global"
        )
    return begin, end, total


def _angle(text: str) -> bool:
    return "<" in text or ">" in text


def _time(value: Any) -> datetime | None:
    try:
        when = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    except ValueError:
        return None
    return when if when.tzinfo is not None else when.replace(tzinfo=UTC)
