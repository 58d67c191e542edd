"""How far one of Facebook's videos is, and what is wrong with it (contract section 4)."""

from collections.abc import Mapping
from typing import Any, Final

from igny8_media.sandbox.blobs import Blob
from igny8_media.sandbox.meta.graph import written
from igny8_media.sandbox.state import World
from igny8_media.sandbox.videos import facts_of

_SECONDS: Final = {"reel": (3.0, 90.0), "story": (3.0, 60.0), "video": (1.0, 14400.0)}


def judged(blob: Blob, kind: str) -> str:
    """What is wrong with a video for its place, or nothing."""
    facts = facts_of(blob.head)
    shortest, longest = _SECONDS[kind]
    if not blob.mime.startswith("video/"):
        return "The video file you selected is in a format that we don't support."
    if facts.seconds is not None and not shortest <= facts.seconds <= longest + 0.5:
        return f"The video must be between {shortest:g} and {longest:g} seconds long."
    if kind == "video" or not (facts.width and facts.height):
        return ""
    if abs(facts.width / facts.height / (9 / 16) - 1) > 0.02:
        return "The video's aspect ratio must be 9:16."
    if facts.width < 540 or facts.height < 960:
        return "The video's resolution must be at least 540x960."
    return ""


def status(world: World, id: str, video: Mapping[str, Any]) -> dict[str, Any]:
    """A video's `status`, with its three phases."""
    now, finished = world.now(), video["finished_at"] is not None
    bytes_ = world.blobs.open(f"facebook-{id}").size
    uploading = {"status": "complete" if video["complete"] else "in_progress"}
    phases: dict[str, Any] = {
        "uploading_phase": {**uploading, "bytes_transfered": bytes_},
        "processing_phase": {"status": "not_started"},
        "publishing_phase": {"status": "not_started"},
    }
    if not finished:
        word = "upload_complete" if video["complete"] else "processing"
        return {"video_status": word, **phases}
    if now < video["ready_at"]:
        phases["processing_phase"] = {"status": "in_progress"}
        return {"video_status": "processing", **phases}
    if video["wrong"]:
        error = {"code": 1363026, "message": video["wrong"]}
        phases["processing_phase"] = {"status": "error", "errors": [error]}
        return {"video_status": "error", **phases}
    phases["processing_phase"] = {"status": "complete"}
    state = video["state"]
    if state == "DRAFT" or now < video["out_at"]:
        waits = "draft" if state == "DRAFT" else "scheduled"
        phases["publishing_phase"] = {"status": "not_started", "publish_status": waits}
    else:
        phases["publishing_phase"] = {
            "status": "complete",
            "publish_status": "published",
            "publish_time": written(video["out_at"]),
        }
    return {"video_status": "ready", **phases}
