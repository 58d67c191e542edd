"""What TikTok would refuse, told before anything is sent (Content Posting API v2, Media Transfer
Guide and Content Sharing Guidelines, developers.tiktok.com, 2026).

MB and GB are read as powers of ten, which TikTok takes in either reading.
"""

from collections.abc import Iterator
from typing import Final

from igny8_media.accounts.model import Account, Service
from igny8_media.publishing.model import MediaFile, Options, Outgoing
from igny8_media.publishing.unseen import of_words
from igny8_media.social.length import utf16_length

PRIVACY: Final = (
    "PUBLIC_TO_EVERYONE",
    "MUTUAL_FOLLOW_FRIENDS",
    "FOLLOWER_OF_CREATOR",
    "SELF_ONLY",
)
_ELSEWHERE: Final = "`privacy` among the `options` of a post's file, or of a table"
_CAPTION: Final = 2200
_PHOTO_TITLE: Final = 90
_PHOTO_TEXT: Final = 4000
_VIDEOS: Final = ("video/mp4", "video/quicktime", "video/webm")
_CODECS: Final = ("h264", "hevc", "vp8", "vp9")
_VIDEO_BYTES: Final = 4_000_000_000
_VIDEO_SECONDS: Final = 600.0
_FPS: Final = (23.0, 60.0)
_PIXELS: Final = (360, 4096)
_PHOTOS: Final = 35
_PICTURES: Final = ("image/jpeg", "image/webp")
_PICTURE_BYTES: Final = 20_000_000
_PICTURE_SIDES: Final = (1080, 1920)


def problems(post: Outgoing, account: Account) -> list[str]:
    """Every reason for which TikTok would not publish this post, with its remedy."""
    return [
        *_of_account(post, account),
        *_of_kind(post),
        *_of_words(post),
        *_of_options(post.options),
    ]


def _of_account(post: Outgoing, account: Account) -> Iterator[str]:
    if account.service is not Service.TIKTOK or post.service is not Service.TIKTOK:
        yield (
            f"The post is for {post.service.label} and the account {account.name} is on "
            f"{account.service.label}; choose a TikTok account for a TikTok post."
        )
        return
    if account.kind != "creator":
        yield (
            f"TikTok posts go out as a creator, and {account.name} is a {account.kind}; choose "
            "another account."
        )
    needed = "video.upload" if post.options.draft else "video.publish"
    # Accounts added with a token by hand may not say what was granted; TikTok then judges.
    if account.scopes and needed not in account.scopes:
        yield f"{account.name} has not granted {needed}; connect the account again and allow it."


def _of_kind(post: Outgoing) -> Iterator[str]:
    files = post.media
    if post.kind == "video":
        if len(files) != 1 or files[0].kind != "video":
            yield "A TikTok video is exactly one video file; add it or remove the other files."
            return
        yield from _of_video(files[0], post.options)
    elif post.kind == "image":
        if not 1 <= len(files) <= _PHOTOS:
            yield f"A TikTok photo post has 1 to {_PHOTOS} pictures, not {len(files)}."
        for file in files:
            yield from _of_picture(file)
    else:
        yield f"TikTok takes no {post.kind}; choose the kind video or image."


def _of_video(file: MediaFile, options: Options) -> Iterator[str]:
    if file.mime not in _VIDEOS:
        yield f"{file.name} is {file.mime}; TikTok takes MP4, MOV and WebM: convert it."
    if file.codec and file.codec not in _CODECS:
        yield f"{file.name} is encoded as {file.codec}; TikTok takes H.264: convert it."
    if not 0 < file.size <= _VIDEO_BYTES:
        yield f"{file.name} has {file.size:,} bytes; TikTok takes 1 byte to 4 GB."
    if file.duration > _VIDEO_SECONDS:
        yield f"{file.name} is {file.duration:.1f} seconds long; TikTok takes 10 minutes: cut it."
    slowest, fastest = _FPS
    if file.fps and not slowest <= file.fps <= fastest:
        yield f"{file.name} has {file.fps:g} frames a second; TikTok takes 23 to 60: convert it."
    least, most = _PIXELS
    if not (least <= file.width <= most and least <= file.height <= most):
        yield (
            f"{file.name} has {file.width}x{file.height} pixels; TikTok takes {least} to {most} "
            "each way: resize it."
        )
    cover = options.cover_at
    if cover is not None and not 0 <= cover <= file.duration:
        yield f"The cover at second {cover:g} lies outside the video; choose another."


def _of_picture(file: MediaFile) -> Iterator[str]:
    if file.mime not in _PICTURES:
        yield f"{file.name} is {file.mime}; TikTok takes JPEG and WebP photos: convert it."
    if file.size > _PICTURE_BYTES:
        yield f"{file.name} has {file.size:,} bytes; TikTok takes 20 MB: make it smaller."
    short, long = _PICTURE_SIDES
    if min(file.width, file.height) > short or max(file.width, file.height) > long:
        yield (
            f"{file.name} has {file.width}x{file.height} pixels; TikTok takes photos of up to "
            f"{short}x{long}: make it smaller."
        )


def _of_words(post: Outgoing) -> Iterator[str]:
    photos = post.kind == "image"
    limits = [("text", post.text, _PHOTO_TEXT if photos else _CAPTION)]
    if photos:
        limits.append(("title", post.title, _PHOTO_TITLE))
    for name, text, limit in limits:
        size = utf16_length(text)
        if size > limit:
            yield (
                f"The {name} is {size} long as TikTok counts, {size - limit} over the limit of "
                f"{limit}; shorten it."
            )
    yield from of_words(post)


def _of_options(options: Options) -> Iterator[str]:
    if options.draft:
        return
    choices = ", ".join(PRIVACY)
    if options.privacy is None:
        yield (
            "TikTok wants its creator to choose who sees a post: give `--option tiktok:privacy="
            f"AUDIENCE` ({_ELSEWHERE}); AUDIENCE is one of {choices}."
        )
    elif options.privacy not in PRIVACY:
        yield (
            f"TikTok knows no audience {options.privacy}; give `--option tiktok:privacy=AUDIENCE` "
            f"({_ELSEWHERE}), with one of {choices}."
        )
    elif options.branded and options.privacy == "SELF_ONLY":
        yield "TikTok lets nobody keep branded content private; choose another audience."
