"""A YouTube video as the API shows it at this moment (contract 7.2)."""

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from igny8_media.sandbox.audience import reached
from igny8_media.sandbox.state import World
from igny8_media.sandbox.youtube.reports import statistics


def processed(world: World, video: Mapping[str, Any]) -> bool:
    return world.now() >= video["ready_at"] and not video["failure"]


def resource(world: World, id: str, parts: tuple[str, ...] | list[str]) -> dict[str, Any]:
    """A video as the API shows it, with the parts that were asked for."""
    video = world.shelf("youtube", "videos")[id]
    shown = {
        "snippet": _snippet,
        "status": _status,
        "processingDetails": _processing,
        "statistics": _statistics,
    }
    more: dict[str, Any] = {
        "contentDetails": {
            "duration": f"PT{round(video['seconds'] or 0)}S",
            "dimension": "2d",
            "definition": "hd",
            "caption": "false",
            "licensedContent": False,
            "projection": "rectangular",
            "hasCustomThumbnail": video["thumbnail"] is not None,
        },
        "fileDetails": {"fileType": "video", "fileSize": str(video["size"])},
        "player": {"embedHtml": f'<iframe src="//www.youtube.com/embed/{id}"></iframe>'},
    }
    found: dict[str, Any] = {
        "kind": "youtube#video",
        "etag": secrets.token_urlsafe(20),
        "id": id,
    }
    for part in parts:
        if part in shown:
            found[part] = shown[part](world, id, video)
        elif part in video or part in more:
            found[part] = video.get(part, more.get(part))
    return found


def _snippet(world: World, id: str, video: Mapping[str, Any]) -> dict[str, Any]:
    person = world.person("youtube", video["account"])
    given = video["snippet"]
    picture = {"url": f"https://i.ytimg.com/vi/{id}/default.jpg", "width": 120, "height": 90}
    return {
        **given,
        "publishedAt": _written(video["uploaded_at"]),
        "channelId": video["account"],
        "channelTitle": person.name if person else "",
        "thumbnails": {"default": picture},
        "liveBroadcastContent": "none",
        "localized": {"title": given["title"], "description": given["description"]},
    }


def _status(world: World, _: str, video: Mapping[str, Any]) -> dict[str, Any]:
    given = dict(video["status"])
    given["privacyStatus"] = privacy(world, video)
    if given["privacyStatus"] != "private":
        given.pop("publishAt", None)
    if "selfDeclaredMadeForKids" in given:
        given["madeForKids"] = given["selfDeclaredMadeForKids"]
    if world.now() < video["ready_at"]:
        return {"uploadStatus": "uploaded", **given}
    if video["failure"]:
        return {"uploadStatus": "failed", "failureReason": video["failure"], **given}
    return {"uploadStatus": "processed", **given}


def _processing(world: World, _: str, video: Mapping[str, Any]) -> dict[str, Any]:
    available = "available" if processed(world, video) else "inProgress"
    found: dict[str, Any] = {
        "processingStatus": "succeeded",
        "fileDetailsAvailability": "available",
        "processingIssuesAvailability": available,
        "tagSuggestionsAvailability": "inProgress",
        "editorSuggestionsAvailability": "inProgress",
        "thumbnailsAvailability": available,
    }
    if world.now() < video["ready_at"]:
        found["processingStatus"] = "processing"
        found["processingProgress"] = {
            "partsTotal": "1000",
            "partsProcessed": "500",
            "timeLeftMs": str(round(min(1e12, video["ready_at"] - world.now()) * 1000)),
        }
    elif video["failure"]:
        found["processingStatus"] = "failed"
        found["processingFailureReason"] = (
            "uploadFailed" if video["failure"] == "invalidFile" else "transcodeFailed"
        )
    return found


def _statistics(world: World, id: str, _: Mapping[str, Any]) -> dict[str, str]:
    post = world.post("youtube", id)
    return statistics(reached(post, world.now())) if post else {}


def privacy(world: World, video: Mapping[str, Any]) -> str:
    status = video["status"]
    goes_out = publish_time(status)
    if goes_out is not None and world.now() >= goes_out:
        return "public"
    return str(status["privacyStatus"])


def publish_time(status: Mapping[str, Any]) -> float | None:
    given = status.get("publishAt")
    if not given:
        return None
    when = datetime.fromisoformat(str(given).replace("Z", "+00:00"))
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()


def moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _written(seconds: float) -> str:
    return moment(seconds).strftime("%Y-%m-%dT%H:%M:%SZ")
