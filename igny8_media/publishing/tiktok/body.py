"""What TikTok is told of a post (Direct Post and Photo reference, developers.tiktok.com, 2026)."""

from collections.abc import Collection, Sequence
from typing import Any

from igny8_media.publishing.model import Outgoing
from igny8_media.publishing.tiktok.chunks import Chunks


def video_body(post: Outgoing, chunks: Chunks, closed: Collection[str]) -> dict[str, Any]:
    """Of a video whose bytes are sent. `closed` are those of comment, duet and stitch that the
    creator has switched off for every post. A draft has no words: TikTok takes none with it."""
    source = {
        "source": "FILE_UPLOAD",
        "video_size": chunks.total,
        "chunk_size": chunks.size,
        "total_chunk_count": chunks.count,
    }
    options = post.options
    if options.draft:
        return {"source_info": source}
    info: dict[str, Any] = {
        "title": post.text,
        "privacy_level": options.privacy,
        "disable_comment": not options.allow_comments or "comment" in closed,
        "disable_duet": not options.allow_duet or "duet" in closed,
        "disable_stitch": not options.allow_stitch or "stitch" in closed,
        "brand_content_toggle": options.branded,
        "brand_organic_toggle": options.own_brand,
        "is_aigc": options.made_with_ai,
    }
    if options.cover_at is not None:
        info["video_cover_timestamp_ms"] = round(options.cover_at * 1000)
    return {"post_info": info, "source_info": source}


def photo_body(post: Outgoing, urls: Sequence[str], closed: Collection[str]) -> dict[str, Any]:
    """Of photos that TikTok fetches. No music is added that nobody chose."""
    options = post.options
    info: dict[str, Any] = {"title": post.title, "description": post.text}
    if not options.draft:
        info |= {
            "privacy_level": options.privacy,
            "disable_comment": not options.allow_comments or "comment" in closed,
            "auto_add_music": False,
            "brand_content_toggle": options.branded,
            "brand_organic_toggle": options.own_brand,
        }
    return {
        "media_type": "PHOTO",
        "post_mode": "MEDIA_UPLOAD" if options.draft else "DIRECT_POST",
        "post_info": info,
        "source_info": {
            "source": "PULL_FROM_URL",
            "photo_images": list(urls),
            "photo_cover_index": 0,
        },
    }


def notes_of(post: Outgoing, *, inbox: bool) -> tuple[str, ...]:
    """What its person must still do in the TikTok app."""
    notes = []
    if inbox:
        notes.append("It waits in the inbox of the TikTok app, to be finished and posted there.")
        if post.kind == "video" and post.text.strip():
            notes.append("TikTok takes no text with a video draft; paste it there.")
    if post.options.made_with_ai and (inbox or post.kind == "image"):
        notes.append("TikTok could not be told that it was made with AI; switch that on there.")
    return tuple(notes)
