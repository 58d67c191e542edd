"""What a row of `social_post` becomes when it is sent: its words as they stand, and its files."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from igny8_media.accounts.model import Service
from igny8_media.errors import InputError
from igny8_media.publishing.model import Link, MediaFile, Options, Outgoing, PostKind
from igny8_media.publishing.videopost import VideoPost
from igny8_media.social.length import utf16_length
from igny8_media.social.model import Platform, PostType, SocialPost
from igny8_media.social.validate import problems
from igny8_media.stages.backdrop import PAINTED
from igny8_media.stages.workshop import Workshop
from igny8_media.storage.records import Artifact
from igny8_media.video.model import VideoTarget

if TYPE_CHECKING:
    from igny8_media.database import tables

_Post = TypeVar("_Post", bound=BaseModel)

TARGET_SERVICES: Final = {
    VideoTarget.YOUTUBE: Service.YOUTUBE,
    VideoTarget.YOUTUBE_SHORTS: Service.YOUTUBE,
    VideoTarget.INSTAGRAM_REELS: Service.INSTAGRAM,
    VideoTarget.TIKTOK: Service.TIKTOK,
}
_KINDS: Final[dict[PostType, PostKind]] = {
    "text": "text",
    "image": "image",
    "link": "link",
    "thread": "thread",
    "carousel": "images",
    "document": "document",
}
_ROLES: Final[Mapping[PostKind, str]] = {
    "image": "image",
    "thread": "image",
    "images": "slide",
    "document": "document",
}
"""Which of an article's pictures a kind of post shows."""
_PHOTO_TITLE: Final = 90
"""UTF-16 units of a TikTok photo post's title (Content Posting API, developers.tiktok.com,
2026-10)."""


def service_of(form: str, platform: str) -> Service:
    """Whose accounts take a row of this form and platform.

    Raises InputError where the two do not belong together.
    """
    try:
        if form == "video":
            return TARGET_SERVICES[VideoTarget(platform)]
        return Service(platform)
    except ValueError:
        raise InputError(f"There is no place called {platform} for posts of form {form}.") from None


def outgoing(shop: Workshop, row: "tables.SocialPost", options: Options | None = None) -> Outgoing:
    """The post of a row, ready to be checked by its adapter.

    What was set in `options` stands over what the row has. The words are the row's, edited or
    not; pictures are the platform's current ones in the media store. Raises InputError with
    everything wrong in the row, or naming the files that are not there, with the remedy.
    """
    if row.form == "own":
        post = _read(row, Outgoing)
    elif row.form == "video":
        post = _video(row, _read(row, VideoPost))
    else:
        post = _social(shop, row)
    return post if options is None else with_options(post, options)


def with_options(post: Outgoing, options: Options) -> Outgoing:
    """What was set in `options` stands over what the post has."""
    chosen = {name: getattr(options, name) for name in options.model_fields_set}
    return post.model_copy(update={"options": post.options.model_copy(update=chosen)})


def _read(row: "tables.SocialPost", model: type[_Post]) -> _Post:
    try:
        return model.model_validate(row.post)
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()
        )
        raise InputError(f"{_name(row)} cannot be read; correct these fields: {wrong}.") from error


def _name(row: "tables.SocialPost") -> str:
    return f"The {row.platform} post of {row.content_id} (revision {row.revision})"


def _video(row: "tables.SocialPost", post: VideoPost) -> Outgoing:
    """YouTube, TikTok and Meta ask that realistic pictures and voices be declared where a machine
    made them and they could pass for real people, places or events (YouTube Help, "Disclosing
    altered or synthetic content"; TikTok's and Meta's AI labels, 2026). What we make of an article
    is its own sentences, cards, and photographs and clips that somebody took; the voice is a
    narrator's and nobody's in particular. So nothing is declared unless the post says so, as those
    of videos do whose pictures a model drew; a voice made after a person's does have to be.
    """
    service = service_of(row.form, row.platform)
    _same(row, post.target)
    return Outgoing(
        service=service,
        kind="reel" if service is Service.INSTAGRAM else "video",
        text=post.description,
        title=post.title,
        media=(post.video,),
        thumbnail=post.thumbnail,
        captions=post.captions,
        language=post.language,
        options=Options(tags=post.tags, made_with_ai=post.made_with_ai, cover_at=post.cover_at),
    )


def _social(shop: Workshop, row: "tables.SocialPost") -> Outgoing:
    post = _read(row, SocialPost)
    _same(row, post.platform)
    wrong = problems(post)
    if wrong:
        raise InputError(f"{_name(row)} cannot be sent: {' '.join(wrong)}")
    kind = _KINDS[post.post_type]
    return Outgoing(
        service=service_of(row.form, row.platform),
        kind=kind,
        text=post.post_text,
        parts=post.thread if kind == "thread" else (),
        title=_title(post, kind),
        link=_link(row, post) if kind == "link" else None,
        media=_media(shop, row, post, kind),
        language=post.language,
        options=Options(made_with_ai=_painted(shop, row, post, kind)),
    )


def _same(row: "tables.SocialPost", place: str) -> None:
    if place != row.platform:
        raise InputError(f"{_name(row)} says that it is for {place}; write {row.platform} there.")


def _title(post: SocialPost, kind: PostKind) -> str:
    """A document must have one; a TikTok photo post may, of few letters."""
    if kind == "document":
        return post.headline
    if post.platform is Platform.TIKTOK and utf16_length(post.headline) <= _PHOTO_TITLE:
        return post.headline
    return ""


def _link(row: "tables.SocialPost", post: SocialPost) -> Link:
    if not post.link_url:
        raise InputError(f"{_name(row)} is to show a link and has none; write its link_url.")
    return Link(url=post.link_url, title=post.headline)


def _media(
    shop: Workshop, row: "tables.SocialPost", post: SocialPost, kind: PostKind
) -> tuple[MediaFile, ...]:
    """The pictures that this kind of post shows; a thread shows the main one on its first part."""
    role = _ROLES.get(kind)
    if role is None:
        return ()
    asset = f"social/{post.platform}/images"
    record = shop.records.current(row.content_id, asset)
    if record is None:
        raise InputError(f"{_name(row)} has no pictures yet: materialise {asset} first.")
    found = [a for a in record.artifacts if a.figures.get("role") == role]
    if not found:
        raise InputError(
            f"{_name(row)} is a {post.post_type} post, and its article's newest pictures have none "
            "for it; approve the newest revision, or change its post_type to image."
        )
    slides = sum(a.figures.get("role") == "slide" for a in record.artifacts)
    found.sort(key=lambda artifact: int(artifact.figures.get("index", 0)))
    # The main picture's alternative text is a field that people may have edited.
    return tuple(
        _file(a, slides, post.alt_text if role == "image" and post.alt_text else "") for a in found
    )


def _painted(shop: Workshop, row: "tables.SocialPost", post: SocialPost, kind: PostKind) -> bool:
    """Whether a model drew what its pictures show, which looks like a photograph."""
    record = shop.records.current(row.content_id, f"social/{post.platform}/images")
    return record is not None and any(
        a.figures.get("role") == _ROLES.get(kind) and a.figures.get("source") == PAINTED
        for a in record.artifacts
    )


def _file(artifact: Artifact, slides: int, alt_text: str) -> MediaFile:
    """As it was measured when it was made."""
    figures: Mapping[str, Any] = artifact.figures
    document = artifact.kind == "document"
    return MediaFile(
        key=artifact.key,
        name=artifact.name,
        kind="document" if document else "image",
        mime=figures["mime"],
        size=artifact.size,
        sha256=artifact.sha256,
        width=figures["width"],
        height=figures["height"],
        pages=slides if document else 0,
        alt_text=alt_text or figures["alt_text"],
    )
