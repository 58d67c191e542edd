"""X, played by its contract: consent with PKCE, tokens that rotate, and who is there.

Sources: openapi.json 2.167 and OAuth 2.0 authorization code flow with PKCE, docs.x.com, 2026-08.
"""

import re
from typing import Any, Final

from starlette.responses import JSONResponse, Response

from igny8_media.sandbox.call import Call, Platform, Route
from igny8_media.sandbox.oauth import (
    Denied,
    Rules,
    authorize,
    check_client,
    credentials,
    exchange,
    lasts,
    renew,
)
from igny8_media.sandbox.state import Person
from igny8_media.sandbox.twitter import media as twitter_media
from igny8_media.sandbox.twitter import posts as twitter_posts
from igny8_media.sandbox.twitter.rest import broken, enter, headers, invalid, limited, unauthorized

_SCOPES: Final = ("tweet.read", "tweet.write", "users.read", "media.write", "offline.access")
_RULES: Final = Rules(
    service="twitter",
    label="X",
    scopes=(*_SCOPES, "like.read", "list.read", "follows.read", "bookmark.read", "space.read"),
    code_seconds=30.0,
    challenge="S256",
    challenge_required=True,
    access_seconds=7200.0,
    refresh_seconds=15_552_000.0,
    rotates=True,
)


async def _authorize(call: Call) -> Response:
    return await authorize(call, _RULES)


async def _token(call: Call) -> Response:
    form = await call.form()
    try:
        if call.content_type != "application/x-www-form-urlencoded":
            raise Denied("invalid_request", "The body must be form-encoded.")
        if not call.bearer("basic"):
            # A confidential client's secret belongs into the header, never into the body.
            raise Denied("unauthorized_client", "Missing valid authorization header")
        client, secret = credentials(call, form)
        check_client(call, client, secret)
        match form.get("grant_type"):
            case "authorization_code":
                token = exchange(call, _RULES, form, client)
                if "offline.access" not in token.scopes:
                    token.refresh = ""
            case "refresh_token":
                token = renew(call, _RULES, form, client)
            case other:
                raise Denied("unsupported_grant_type", f"There is no grant type {other!r}.")
    except Denied as denied:
        status = 401 if denied.error in ("invalid_client", "unauthorized_client") else 400
        # X says invalid_request where RFC 6749 says invalid_grant.
        error = "invalid_request" if denied.error == "invalid_grant" else denied.error
        answer = {
            "error": error,
            "error_description": f"Value passed was invalid. {denied.description}",
        }
        return JSONResponse(answer, status_code=status)
    granted: dict[str, Any] = {
        "token_type": "bearer",
        "expires_in": lasts(call, token),
        "access_token": token.access,
        "scope": " ".join(token.scopes),
    }
    if token.refresh:
        granted["refresh_token"] = token.refresh
    return JSONResponse(granted)


async def _revoke(call: Call) -> Response:
    form = await call.form()
    value = str(form.get("token", ""))
    for token in call.world.tokens.values():
        if value in (token.access, token.refresh) and token.service == "twitter":
            token.revoked = True
    return JSONResponse({"revoked": True})


async def _me(call: Call) -> Response:
    token = enter(call, "lookup", "users.read", "tweet.read")
    person = call.owner(token)
    user: dict[str, Any] = {
        "id": person.id,
        "name": person.name,
        "username": person.details["username"],
        "verified": False,
        "protected": False,
    }
    asked = set(filter(None, call.query("user.fields").split(",")))
    for name in sorted(asked - set(user) - {"profile_image_url", "created_at", "public_metrics"}):
        raise invalid("user.fields", name, f"The `user.fields` query parameter value [{name}]")
    shown = {"id", "name", "username", *asked}
    return JSONResponse({"data": {name: value for name, value in user.items() if name in shown}})


def _describe(person: Person) -> dict[str, Any]:
    return {"username": re.sub(r"\W+", "", person.name)[:11] + person.id[-4:]}


platform: Final = Platform(
    service="twitter",
    routes=[
        Route("GET", "/twitter/i/oauth2/authorize", _authorize),
        Route("POST", "/twitter/i/oauth2/authorize", _authorize),
        Route("POST", "/twitter/2/oauth2/token", _token, "token"),
        Route("POST", "/twitter/2/oauth2/revoke", _revoke, "token"),
        Route("GET", "/twitter/2/users/me", _me),
        *twitter_media.routes,
        *twitter_posts.routes,
    ],
    kinds={"person": _SCOPES},
    lifetime=7200.0,
    describe=_describe,
    limited=limited,
    unauthorized=unauthorized,
    broken=broken,
    headers=headers,
)
