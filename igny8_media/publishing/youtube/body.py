"""What a new video says of itself (Video resource, YouTube Data API v3, revision 20261104)."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from igny8_media.publishing.model import MediaFile, Outgoing

SHORT_SECONDS: Final = 180.0
_SOON: Final = timedelta(minutes=1)


def body_of(post: Outgoing, now: datetime) -> dict[str, Any]:
    """The request body of `videos.insert`.

    The privacy is always sent, since a video whose privacy is not given became public on
    2026-11-02; so are both declarations that YouTube would otherwise ask the channel for. A post
    that names no privacy is meant to be seen. One whose time to appear has come while it waited
    appears at once, as YouTube takes only times to come.
    """
    options = post.options
    snippet: dict[str, Any] = {
        "title": post.title.strip(),
        "description": post.text,
        "categoryId": options.category_id,
    }
    if options.tags:
        snippet["tags"] = list(options.tags)
    if post.language:
        snippet |= {"defaultLanguage": post.language, "defaultAudioLanguage": post.language}
    status: dict[str, Any] = {
        "privacyStatus": privacy_of(post, now),
        "selfDeclaredMadeForKids": options.made_for_kids,
        "containsSyntheticMedia": options.made_with_ai,
    }
    at = options.publish_at
    if at is not None and status["privacyStatus"] == "private":
        status["publishAt"] = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    body = {"snippet": snippet, "status": status}
    if options.branded:
        body["paidProductPlacementDetails"] = {"hasPaidProductPlacement": True}
    return body


def privacy_of(post: Outgoing, now: datetime) -> str:
    """`public`, `unlisted` or `private`, as the upload is to be."""
    at = post.options.publish_at
    if at is not None:
        return "private" if at > now + _SOON else "public"
    return post.options.privacy or "public"


def is_short(file: MediaFile) -> bool:
    """Whether YouTube shows it as a Short: square or upright, and at most three minutes long.

    There is no field that says so, neither to ask for it nor to be told.
    """
    return 0 < file.width <= file.height and file.duration <= SHORT_SECONDS
