"""The drafts that people approve: a finished video with its words, one for each target."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from igny8_media.stages.stage import Built, BuiltFile, Job, Stage
from igny8_media.stages.video_picture import PAINTED
from igny8_media.stages.workshop import Workshop
from igny8_media.storage.records import Record
from igny8_media.video.model import TARGETS, VideoForm, VideoTarget

if TYPE_CHECKING:
    from igny8_media.publishing.model import MediaFile
    from igny8_media.publishing.videopost import VideoPost

_COVERS: Final = {
    VideoTarget.YOUTUBE: "thumbnail.jpg",
    VideoTarget.YOUTUBE_SHORTS: "cover.jpg",
    VideoTarget.INSTAGRAM_REELS: "cover.jpg",
}
"""The still shown before a video plays. A Short's is as upright as the Short (YouTube Help, custom
thumbnails for Shorts, 2026-11)."""
_MOMENTS: Final = (VideoTarget.INSTAGRAM_REELS, VideoTarget.TIKTOK)
"""Where a moment of the video can stand before it: all that TikTok takes, and what Instagram shows
when it cannot fetch the still."""
_CAPTIONED: Final = (VideoTarget.YOUTUBE, VideoTarget.YOUTUBE_SHORTS)
"""The others show only what is burned in: their APIs take no caption track."""

_NEEDS: Final = ("render", "thumbnail", "captions", "scenes", "seo")


def posts_stage(form: VideoForm) -> Stage:
    return Stage(
        asset=f"video/{form}/posts",
        needs=tuple(f"video/{form}/{name}" for name in _NEEDS),
        version="2",
        build=partial(_write, form),
        outside=partial(_shows_painted, form),
        remember=partial(_remember, form),
    )


def _shows_painted(form: VideoForm, shop: Workshop, content_id: str) -> bool | None:
    """Whether a model drew any of its pictures, which look like photographs; None if not, so that
    drafts of videos without any stay as they are."""
    scenes = shop.records.current(content_id, f"video/{form}/scenes")
    return True if scenes is not None and scenes.facts.get(PAINTED) else None


def _write(form: VideoForm, job: Job, folder: Path) -> Built:
    from igny8_media.publishing.model import CaptionTrack
    from igny8_media.publishing.videopost import VideoPost
    from igny8_media.scripts.seo import VideoMetadata
    from igny8_media.video.opening import title_moment
    from igny8_media.video.plan import ScenePlan

    video = _measured(job, f"video/{form}/render", "video.mp4")
    captions = _measured(job, f"video/{form}/captions", "captions.srt")
    plan = ScenePlan.model_validate_json(job.path(f"video/{form}/scenes", "plan.json").read_bytes())
    moment = title_moment(plan)
    for target in TARGETS[form]:
        words = VideoMetadata.model_validate_json(
            job.path(f"video/{form}/seo", f"{target}.json").read_bytes()
        )
        still = _COVERS.get(target)
        track = CaptionTrack(file=captions, language=words.language)
        post = VideoPost(
            target=target,
            title=words.title,
            description=words.description,
            tags=words.tags,
            language=words.language,
            video=video,
            thumbnail=_measured(job, f"video/{form}/thumbnail", still) if still else None,
            cover_at=moment if target in _MOMENTS else None,
            captions=(track,) if target in _CAPTIONED else (),
            made_with_ai=bool(job.outside),
        )
        (folder / f"{target}.json").write_text(post.model_dump_json(indent=1), encoding="utf-8")
    return Built(
        files=tuple(BuiltFile(f"{target}.json", "metadata") for target in TARGETS[form]),
        facts={"targets": list(TARGETS[form])},
    )


def _measured(job: Job, asset: str, name: str) -> "MediaFile":
    from igny8_media.publishing.measure import measure

    return measure(job.path(asset, name), job.needs[asset].named(name).key)


def _remember(form: VideoForm, job: Job, record: Record) -> None:
    if record.skipped:
        return
    for target in TARGETS[form]:
        post = _read(job, record, target)
        job.workshop.drafts.propose_post(
            job.content_id,
            target,
            record.fingerprint,
            post.model_dump(mode="json"),
            form="video",
        )


def _read(job: Job, record: Record, target: VideoTarget) -> "VideoPost":
    from igny8_media.publishing.videopost import VideoPost

    key = record.named(f"{target}.json").key
    return VideoPost.model_validate_json(job.workshop.store.read_bytes(key))
