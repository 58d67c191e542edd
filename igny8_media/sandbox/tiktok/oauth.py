"""How TikTok gives tokens: Login Kit, with its own names (contract 6.1)."""

from typing import Any, Final

from starlette.responses import JSONResponse, Response

from igny8_media.sandbox import oauth
from igny8_media.sandbox.call import Call, Route
from igny8_media.sandbox.state import Token

SCOPES: Final = (
    "user.info.basic",
    "user.info.profile",
    "user.info.stats",
    "video.publish",
    "video.upload",
    "video.list",
)
ACCESS_SECONDS: Final = 86400.0
_RULES: Final = oauth.Rules(
    service="tiktok",
    label="TikTok",
    kind="creator",
    client_name="client_key",
    separator=",",
    scopes=SCOPES,
    challenge="hex",
    access_seconds=ACCESS_SECONDS,
    refresh_seconds=31536000.0,
    rotates=True,
)


async def _authorize(call: Call) -> Response:
    return await oauth.authorize(call, _RULES)


async def _token(call: Call) -> Response:
    if call.content_type != "application/x-www-form-urlencoded":
        return _denied("invalid_request", "Only `application/x-www-form-urlencoded` is supported.")
    form: Any = await call.form()
    client = str(form.get("client_key", ""))
    try:
        oauth.check_client(call, client, str(form.get("client_secret", "")))
        match form.get("grant_type"):
            case "authorization_code":
                token = oauth.exchange(call, _RULES, form, client)
            case "refresh_token":
                token = oauth.renew(call, _RULES, form, client)
            case _:
                raise oauth.Denied("unsupported_grant_type", "The grant type is not supported.")
    except oauth.Denied as denied:
        return _denied(denied.error, denied.description)
    return JSONResponse(_told(call, token))


async def _revoke(call: Call) -> Response:
    form: Any = await call.form()
    try:
        oauth.check_client(
            call, str(form.get("client_key", "")), str(form.get("client_secret", ""))
        )
    except oauth.Denied as denied:
        return _denied(denied.error, denied.description)
    token = call.world.token(str(form.get("token", "")))
    if token is None or token.service != "tiktok":
        return _denied("invalid_request", "The access token is invalid.")
    token.revoked, token.refresh = True, ""
    return JSONResponse({})


def _told(call: Call, token: Token) -> dict[str, Any]:
    ends = token.refresh_expires_at
    return {
        "open_id": token.user_id,
        "scope": ",".join(token.scopes),
        "access_token": token.access,
        "expires_in": oauth.lasts(call, token),
        "refresh_token": token.refresh,
        "refresh_expires_in": 31536000 if ends is None else round(ends - call.world.now()),
        "token_type": "Bearer",
    }


def _denied(error: str, description: str) -> Response:
    """TikTok answers refusals flat, and with 200."""
    log_id = "20261123000000000000000000000000"
    return JSONResponse({"error": error, "error_description": description, "log_id": log_id})


routes: Final = (
    Route("GET", "/tiktok/v2/auth/authorize/", _authorize),
    Route("POST", "/tiktok/v2/auth/authorize/", _authorize),
    Route("POST", "/tiktok/v2/oauth/token/", _token, "token"),
    Route("POST", "/tiktok/v2/oauth/revoke/", _revoke, "token"),
)
