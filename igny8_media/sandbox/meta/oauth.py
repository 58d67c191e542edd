"""How Meta gives tokens: the dialog, short and long user tokens, and what a token is
(contract 3.1)."""

from typing import Any, Final

from starlette.responses import JSONResponse, Response

from igny8_media.sandbox import oauth
from igny8_media.sandbox.call import Call, Route
from igny8_media.sandbox.meta.graph import (
    Asked,
    GraphError,
    asked,
    field_names,
    paged,
    parameter,
    shown,
)
from igny8_media.sandbox.meta.people import (
    SCOPES,
    TASKS,
    given_token,
    instagram_of,
    own_pages,
    page_token,
)
from igny8_media.sandbox.state import Person, Token

_SHORT: Final = 5400.0
_LONG: Final = 5184000.0
_DATA_ACCESS: Final = 90 * 86400.0
_RULES: Final = oauth.Rules(
    service="facebook",
    label="Facebook",
    kind="user",
    separator=",",
    scopes=SCOPES,
    code_seconds=600.0,
    access_seconds=_SHORT,
    refreshes=False,
)


async def _dialog(call: Call) -> Response:
    own_pages(call)
    return await oauth.authorize(call, _RULES)


async def _access_token(call: Call) -> Response:
    ask = await asked(call)
    client = ask.get("client_id")
    try:
        oauth.check_client(call, client, ask.get("client_secret"))
        match ask.get("grant_type"):
            case "" | "authorization_code":
                token = oauth.exchange(call, _RULES, ask.params, client)
            case "fb_exchange_token":
                token = _exchanged(call, ask.get("fb_exchange_token"))
            case "client_credentials":
                secret = ask.get("client_secret")
                return JSONResponse({"access_token": f"{client}|{secret}", "token_type": "bearer"})
            case other:
                raise parameter(f"Invalid grant_type: {other}")
    except oauth.Denied as denied:
        if denied.error == "invalid_client":
            raise GraphError(1, "Error validating client secret.") from None
        raise parameter(denied.description, subcode=36009) from None
    return JSONResponse(
        {
            "access_token": token.access,
            "token_type": "bearer",
            "expires_in": oauth.lasts(call, token),
        }
    )


def _exchanged(call: Call, value: str) -> Token:
    short = call.world.token(value)
    if short is None or short.service != "facebook" or not call.world.alive(short):
        raise GraphError(190, "Error validating access token.", subcode=463)
    owner = call.owner(short)
    return call.world.issue(owner, short.scopes, expires_in=_LONG, refresh=False)


async def _debug_token(call: Call) -> Response:
    ask = await asked(call)
    asking = given_token(call, ask)
    ours = asking == f"{oauth.CLIENT_ID}|{oauth.CLIENT_SECRET}" or call.world.config.lenient
    known = call.world.token(asking)
    if not ours and (known is None or not call.world.alive(known)):
        raise GraphError(190, "Invalid OAuth access token - Cannot parse access token")
    token = call.world.token(ask.need("input_token"))
    if token is None or token.service not in ("facebook", "instagram"):
        error = {"code": 190, "message": "Malformed access token"}
        return JSONResponse({"data": {"error": error, "is_valid": False, "scopes": []}})
    owner = call.owner(token)
    told: dict[str, Any] = {
        "app_id": oauth.CLIENT_ID,
        "type": "PAGE" if owner.kind == "page" else "USER",
        "application": "Sandbox",
        "data_access_expires_at": round(call.world.now() + _DATA_ACCESS),
        "expires_at": 0 if token.expires_at is None else round(token.expires_at),
        "is_valid": call.world.alive(token),
        "scopes": token.scopes,
        "granular_scopes": [{"scope": scope} for scope in token.scopes],
        "user_id": token.user_id,
    }
    if owner.kind == "page":
        told["profile_id"] = token.user_id
    return JSONResponse({"data": told})


async def accounts(call: Call, ask: Asked, token: Token) -> Response:
    """The Pages of the person whose token came, each with its own token."""
    if "pages_show_list" not in token.scopes:
        return JSONResponse({"data": []})
    return paged(
        call,
        ask,
        own_pages(call),
        lambda page: shown(
            {
                **page_fields(call, page, ask),
                "access_token": page_token(call.world, page, token.scopes).access,
                "tasks": list(page.details.get("page_tasks", TASKS)),
            },
            ask,
            "Page",
            ("access_token", "category", "name", "id", "tasks"),
        ),
    )


def page_fields(call: Call, page: Person, ask: Asked) -> dict[str, Any]:
    values: dict[str, Any] = {
        "id": page.id,
        "name": page.name,
        "category": "Website",
        "link": f"https://www.facebook.com/{page.id}",
        "followers_count": 0,
        "fan_count": 0,
    }
    if "instagram_business_account" in field_names(ask.get("fields")):
        linked = instagram_of(call, page)
        username = linked.details.get("username", "")
        account = {"id": linked.id, "username": username, "name": linked.name}
        values["instagram_business_account"] = account
    return values


routes: Final = tuple(
    Route(method, f"/graph{version}{path}", endpoint, role)
    for version in ("", "/{version}")
    for method, path, endpoint, role in (
        ("GET", "/dialog/oauth", _dialog, "other"),
        ("POST", "/dialog/oauth", _dialog, "other"),
        ("GET", "/oauth/access_token", _access_token, "token"),
        ("POST", "/oauth/access_token", _access_token, "token"),
        ("GET", "/debug_token", _debug_token, "other"),
    )
)
