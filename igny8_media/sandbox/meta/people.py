"""Whom a Meta token speaks for: a person, that person's Pages, and their Instagram accounts."""

import hashlib
import hmac
from typing import Any, Final

from igny8_media.sandbox.call import Call, Refuse
from igny8_media.sandbox.meta.graph import Asked, GraphError, expired
from igny8_media.sandbox.oauth import CLIENT_SECRET
from igny8_media.sandbox.state import Person, Token, World

PAGE_SCOPES: Final = (
    "pages_show_list",
    "pages_manage_posts",
    "pages_read_engagement",
    "read_insights",
)
INSTAGRAM_SCOPES: Final = (
    "pages_show_list",
    "instagram_basic",
    "instagram_content_publish",
    "instagram_manage_insights",
    "instagram_manage_contents",
    "pages_read_engagement",
)
SCOPES: Final = tuple(
    dict.fromkeys(
        (*PAGE_SCOPES, *INSTAGRAM_SCOPES, "pages_read_user_content", "business_management")
    )
)
TASKS: Final = ("ADVERTISE", "ANALYZE", "CREATE_CONTENT", "MESSAGING", "MODERATE", "MANAGE")
_HOUR: Final = 3600.0


def given_token(call: Call, ask: Asked) -> str:
    return call.bearer() or call.bearer("oauth") or ask.get("access_token")


def authorised(call: Call, ask: Asked) -> Token:
    """The live token that came, of Facebook or Instagram; GraphError otherwise."""
    value = given_token(call, ask)
    if not value:
        raise GraphError(104, "An access token is required to request this resource.")
    token = call.world.token(value)
    if token is None or token.service not in ("facebook", "instagram"):
        raise GraphError(190, "Invalid OAuth access token - Cannot parse access token")
    if token.revoked:
        raise GraphError(
            190,
            "Error validating access token: The user has not authorized application sandbox.",
            subcode=458,
        )
    if not call.world.alive(token):
        raise expired()
    _check_proof(call, ask, value)
    return token


def _check_proof(call: Call, ask: Asked, token: str) -> None:
    """GraphError for a wrong proof of the application's secret, or none where it is required."""
    proof = ask.get("appsecret_proof")
    right = hmac.new(CLIENT_SECRET.encode(), token.encode(), hashlib.sha256).hexdigest()
    if not proof and call.world.config.requires_proof:
        raise GraphError(100, "API calls from the server require an appsecret_proof argument")
    if proof and not call.world.config.lenient and not hmac.compare_digest(proof, right):
        raise GraphError(100, "Invalid appsecret_proof provided in the API argument")


def count(call: Call, token: Token, about: str) -> None:
    """Count the call against `rate_limit` of the hour, where one is set."""
    call.request.state.about = about
    most = call.world.config.rate_limit.get(call.service)
    if most is None:
        return
    key = f"{call.service}/{token.user_id}/calls"
    free, left, ends = call.world.use(key, most, _HOUR)
    call.request.state.used = round(100 * (most - left) / most) if most else 100
    if not free:
        raise Refuse(call.platform.limited(call, ends - call.world.now()))


def may(world: World, token: Token, id: str) -> bool:
    """Whether the token speaks for this Page, account or person."""
    if token.user_id == id:
        return True
    owner = world.person(token.service, token.user_id)
    if owner is None or token.service != "facebook":
        return False
    if owner.kind == "user":
        return world.person("facebook", id) is not None or world.person("instagram", id) is not None
    return bool(owner.details.get("instagram") == id)


def permitted(token: Token, *scopes: str) -> None:
    """GraphError unless the token has all of these."""
    lacking = [scope for scope in scopes if scope not in token.scopes]
    if not lacking:
        return
    if lacking[0] == "pages_manage_posts":
        raise GraphError(
            200,
            "(#200) If posting to a page, requires both pages_read_engagement and "
            "pages_manage_posts as an admin with sufficient administrative permission",
            status=403,
        )
    raise GraphError(
        10, f"(#10) Application does not have permission for this action: {lacking[0]}", status=403
    )


def own_pages(call: Call) -> list[Person]:
    """The Pages of whoever consented: all there are, and one made if there is none."""
    world = call.world
    found = world.people_of("facebook", "page")
    if not found:
        page = Person("facebook", str(world.number()), "Sandbox Page", "page", list(PAGE_SCOPES))
        found = [world.add_person(page)]
    return found


def instagram_of(call: Call, page: Person) -> Person:
    """The professional account that belongs to a Page, linked when somebody first asks."""
    world = call.world
    linked = world.person("instagram", page.details.get("instagram", ""))
    if linked:
        return linked
    taken = {other.details.get("instagram") for other in world.people_of("facebook", "page")}
    free = [account for account in world.people_of("instagram") if account.id not in taken]
    if not free:
        account = Person(
            "instagram",
            str(world.number()),
            page.name,
            "business",
            list(INSTAGRAM_SCOPES),
            described(page.name),
        )
        free = [world.add_person(account)]
    page.details["instagram"] = free[0].id
    return free[0]


def described(name: str) -> dict[str, Any]:
    username = "".join(sign for sign in name.lower() if sign.isascii() and sign.isalnum())
    return {"username": username or "sandbox", "login": "facebook"}


def page_token(world: World, page: Person, scopes: list[str]) -> Token:
    """The Page's token, which has no end and stays the same while it lives."""
    for token in world.tokens.values():
        same = token.service == "facebook" and token.user_id == page.id
        if same and world.alive(token) and token.expires_at is None and token.scopes == scopes:
            return token
    return world.issue(page, scopes, expires_in=None, refresh=False)
