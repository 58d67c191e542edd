"""Posts that the sandbox has without anybody having published them one by one."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from igny8_media.accounts.model import Account, AccountKind, Service
from igny8_media.publishing.model import PostKind
from igny8_media.publishing.readings import Asked
from igny8_media.sandbox.state import Post, World

KINDS: Final[dict[Service, tuple[AccountKind, tuple[PostKind, ...]]]] = {
    Service.LINKEDIN: ("organization", ("text", "video")),
    Service.TWITTER: ("person", ("text", "video")),
    Service.FACEBOOK: ("page", ("text", "reel", "video")),
    Service.INSTAGRAM: ("business", ("image", "reel")),
    Service.TIKTOK: ("creator", ("video",)),
    Service.YOUTUBE: ("channel", ("video",)),
}
"""Each service's kind of account, and kinds of posts that have figures of their own."""


def plant(
    world: World, service: Service, user: str, ages: Sequence[timedelta], kind: PostKind
) -> list[Asked]:
    """Posts of these ages, as they are asked for; their IDs are as the platform's."""
    planted = []
    for age in ages:
        made = world.now() - age.total_seconds()
        id = _id(world.number(), service, user, kind)
        world.posts.append(
            Post(
                service=str(service),
                id=id,
                url=f"https://example.org/{id}",
                account=user,
                kind=kind,
                text="Planted",
                created_at=made,
                media=_media(id, kind),
                extra=_extra(service, user, id),
            )
        )
        if service is Service.YOUTUBE:
            world.shelf("youtube", "videos")[id] = _video(user, made)
        if service is Service.FACEBOOK and kind in ("reel", "video"):
            world.shelf("facebook", "videos")[id] = {"account": user}
        planted.append(Asked(0, id, kind, datetime.fromtimestamp(made, UTC)))
    return planted


def only_account(service: Service, made: dict[str, Any], **more: Any) -> Account:
    """The account that the sandbox made, as the accounts' table would tell of it."""
    scopes = [scope.rpartition("/")[2] for scope in made["scopes"]]
    return Account(
        id=1,
        service=service,
        platform_user_id=made["platform_user_id"],
        name=made["name"],
        kind=made["kind"],
        sandbox=True,
        **{"scopes": tuple(scopes), **more},
    )


def _id(number: int, service: Service, user: str, kind: PostKind) -> str:
    match service:
        case Service.LINKEDIN:
            return f"urn:li:{'ugcPost' if kind == 'video' else 'share'}:{number}"
        case Service.FACEBOOK if kind not in ("reel", "video"):
            return f"{user}_{number}"
        case Service.YOUTUBE:
            return f"v{number % 10**10:010}"
    return str(number)


def _media(id: str, kind: PostKind) -> list[dict[str, Any]]:
    if kind not in ("video", "reel"):
        return []
    return [{"kind": "video", "mime": "video/mp4", "size": 1, "media_key": f"13_{id}"}]


def _extra(service: Service, user: str, id: str) -> dict[str, Any]:
    if service is Service.FACEBOOK:
        return {"post_id": id if "_" in id else f"{user}_{id}"}
    return {"shortcode": id} if service is Service.INSTAGRAM else {}


def _video(user: str, made: float) -> dict[str, Any]:
    return {
        "account": user,
        "snippet": {"title": "Planted", "description": ""},
        "status": {"privacyStatus": "public"},
        "uploaded_at": made,
        "ready_at": made,
        "failure": "",
        "seconds": 30.0,
        "ratio": 1.8,
        "size": 1,
        "thumbnail": None,
    }
