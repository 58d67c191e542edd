"""What we ask an account's person to allow, and what each permission is for."""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from igny8_media.accounts.model import AccountKind, Service

_GOOGLE: Final = "https://www.googleapis.com/auth/"

_ORGANIZATION: Final = {
    "w_organization_social": "posting as an organization",
    "r_organization_social": "finding an organization's posts again after a broken connection",
    "rw_organization_admin": "listing your organizations and reading their figures",
}
MEMBER_ANALYTICS: Final = "r_member_postAnalytics"
_PAGES: Final = {
    "pages_show_list": "listing your pages",
    "pages_read_engagement": "reading your pages' posts",
}
_NEEDED: Final[Mapping[Service, Mapping[str, str]]] = {
    Service.LINKEDIN: {
        "openid": "knowing who you are",
        "profile": "knowing your name",
        "w_member_social": "posting as you",
    },
    Service.TWITTER: {
        "tweet.read": "finding posts again after a broken connection",
        "tweet.write": "posting",
        "users.read": "knowing who you are",
        "media.write": "pictures and videos",
        "offline.access": "staying connected for longer than two hours",
    },
    Service.FACEBOOK: {
        **_PAGES,
        "pages_manage_posts": "posting",
        "read_insights": "reading figures",
    },
    Service.INSTAGRAM: {
        **_PAGES,
        "instagram_basic": "knowing the account",
        "instagram_content_publish": "posting",
        "instagram_manage_insights": "reading figures",
    },
    Service.TIKTOK: {
        "user.info.basic": "knowing who you are",
        "user.info.profile": "knowing your user name",
        "video.publish": "posting",
        "video.upload": "drafts in your inbox",
        "video.list": "finding posts again, and their figures",
    },
    Service.YOUTUBE: {
        "youtube.upload": "uploading videos",
        "youtube.force-ssl": "captions and changes",
        "youtube.readonly": "knowing the channel",
        "yt-analytics.readonly": "reading figures",
    },
}


def needed(
    service: Service, kind: AccountKind | None = None, *, member_analytics: bool = False
) -> Mapping[str, str]:
    """Each permission and what it is for, under the names accounts keep.

    LinkedIn's for organizations are asked for only then: its applications must be reviewed before
    they may ask. They include the member's own: asking for others ends the earlier tokens. So must
    those that ask for the figures of members' posts, which `member_analytics` says this one was.
    """
    own = _NEEDED[service]
    if service is Service.LINKEDIN and kind == "organization":
        own = {**own, **_ORGANIZATION}
    if service is Service.LINKEDIN and member_analytics:
        own = {**own, MEMBER_ANALYTICS: "reading your own posts' figures"}
    return MappingProxyType(own)


def as_asked(service: Service, scopes: Iterable[str]) -> str:
    """Permissions as the consent page takes them."""
    if service is Service.YOUTUBE:
        return " ".join(f"{_GOOGLE}{scope}" for scope in scopes)
    # Meta and TikTok are alone in taking commas.
    commas = service in (Service.FACEBOOK, Service.INSTAGRAM, Service.TIKTOK)
    return ("," if commas else " ").join(scopes)


def as_kept(scopes: str | Iterable[str]) -> tuple[str, ...]:
    """Permissions as platforms list them, with commas or spaces; Google's without their address."""
    listed = re.split(r"[\s,]+", scopes) if isinstance(scopes, str) else scopes
    return tuple(dict.fromkeys(s.removeprefix(_GOOGLE) for s in listed if s))


def missing(service: Service, kind: AccountKind | None, granted: Iterable[str]) -> list[str]:
    """What will not work with these permissions, as sentences."""
    have = set(granted)
    return [
        f"{service.label} did not grant {scope}, which is for {purpose}; connect the account again "
        "and allow it if you want that."
        for scope, purpose in needed(service, kind).items()
        if scope not in have
    ]
