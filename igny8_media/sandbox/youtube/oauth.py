"""How Google gives tokens (contract 7.1)."""

from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from starlette.responses import JSONResponse, Response

from igny8_media.sandbox import oauth
from igny8_media.sandbox.call import Call, Route
from igny8_media.sandbox.youtube.session import SCOPES

ACCESS_SECONDS: Final = 3599.0
_RULES: Final = oauth.Rules(
    service="youtube",
    label="Google",
    kind="channel",
    scopes=SCOPES,
    challenge="S256",
    access_seconds=ACCESS_SECONDS,
)


async def _authorize(call: Call) -> Response:
    response = await oauth.authorize(call, _RULES)
    sent = parse_qs(urlsplit(response.headers.get("location", "")).query)
    if "code" in sent:
        code = call.world.shelf("oauth", "codes")[sent["code"][0]]
        code["offline"] = call.query("access_type") == "offline"
    return response


async def _token(call: Call) -> Response:
    form: Any = await call.form()
    client, secret = oauth.credentials(call, form)
    grant = form.get("grant_type")
    code = call.world.shelf("oauth", "codes").get(str(form.get("code", "")), {})
    try:
        oauth.check_client(call, client, secret)
        if grant == "authorization_code":
            token = oauth.exchange(call, _RULES, form, client)
            if not code["offline"]:
                token.refresh = ""
        elif grant == "refresh_token":
            token = oauth.renew(call, _RULES, form, client)
        else:
            raise oauth.Denied("unsupported_grant_type", f"Invalid grant_type: {grant}")
    except oauth.Denied as denied:
        status = 401 if denied.error == "invalid_client" else 400
        return JSONResponse(
            {"error": denied.error, "error_description": denied.description}, status_code=status
        )
    told: dict[str, Any] = {
        "access_token": token.access,
        "expires_in": oauth.lasts(call, token),
        "scope": " ".join(token.scopes),
        "token_type": "Bearer",
    }
    if grant == "authorization_code" and token.refresh:
        # Refreshing gives no new one: the first stays good.
        told["refresh_token"] = token.refresh
    return JSONResponse(told)


async def _revoke(call: Call) -> Response:
    form: Any = await call.form()
    given = str(form.get("token") or call.query("token"))
    found = [t for t in call.world.tokens.values() if given and given in (t.access, t.refresh)]
    if not found:
        return JSONResponse(
            {"error": "invalid_token", "error_description": "Token expired or revoked"},
            status_code=400,
        )
    for token in found:
        token.revoked = True
    return JSONResponse({})


routes: Final = (
    Route("GET", "/google/o/oauth2/v2/auth", _authorize),
    Route("POST", "/google/o/oauth2/v2/auth", _authorize),
    Route("POST", "/google/token", _token, "token"),
    Route("POST", "/google/revoke", _revoke, "token"),
)
