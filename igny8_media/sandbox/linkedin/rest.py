"""What every LinkedIn API call has in common: headers, tokens, limits, and the form of errors.

Sources: versioning, rate limits and error handling, learn.microsoft.com/linkedin, 2026-10.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import JSONResponse, Response

from igny8_media.sandbox.call import Call, Refuse
from igny8_media.sandbox.state import Token

VERSIONS: Final = tuple(f"{month}" for month in (202512, *range(202601, 202610)))
"""Those that are alive; 202511 ended on 2026-11-16, and each lives a year."""
_DAY: Final = 86400.0
_DAILY: Final = {"person": 150, "organization": 500}
"""Requests an account may make in a UTC day: self-serve, and Community Management in development.
"""
_URN: Final = re.compile(r"urn:li:[A-Za-z]+:[\w-]+")


def error(status: int, code: str, message: str, service_code: int | None = None) -> Response:
    body: dict[str, Any] = {"status": status, "code": code, "message": message}
    if service_code is not None:
        body["serviceErrorCode"] = service_code
    return JSONResponse(body, status_code=status)


def refuse(status: int, code: str, message: str) -> Refuse:
    return Refuse(error(status, code, message))


def unauthorized(_call: Call) -> Response:
    return error(401, "INVALID_ACCESS_TOKEN", "Invalid access token", 65600)


def broken(_call: Call) -> Response:
    return error(500, "INTERNAL_SERVER_ERROR", "Internal Server Error")


def limited(_call: Call, after: float | None) -> Response:
    reply = error(
        429, "TOO_MANY_REQUESTS", "Resource level throttle limit for calls to this resource reached"
    )
    if after is not None:
        reply.headers["Retry-After"] = str(max(1, round(after)))
    return reply


def signed_in(call: Call) -> Token:
    """The token of the call, in one of the ways that LinkedIn refuses it otherwise."""
    value = call.bearer()
    if not value:
        raise Refuse(error(401, "EMPTY_ACCESS_TOKEN", "Empty oauth2 access token", 65604))
    token = call.world.token(value)
    if token is None or token.service != "linkedin":
        raise Refuse(unauthorized(call))
    if token.revoked:
        raise Refuse(
            error(401, "REVOKED_ACCESS_TOKEN", "The token used in the request was revoked", 65601)
        )
    if not call.world.alive(token):
        raise Refuse(
            error(401, "EXPIRED_ACCESS_TOKEN", "The token used in the request has expired", 65602)
        )
    return token


def rest(call: Call) -> Token:
    """Check what every call below /rest/ must have; its token."""
    token = signed_in(call)
    version = call.header("linkedin-version")
    if not version:
        raise refuse(400, "VERSION_MISSING", "A version must be present. Please specify a version")
    if version not in VERSIONS:
        raise refuse(426, "NONEXISTENT_VERSION", f"Requested version {version} is not active")
    if call.header("x-restli-protocol-version") != "2.0.0":
        raise refuse(
            400, "INVALID_VALUE_FOR_FIELD", "X-Restli-Protocol-Version must be 2.0.0 in this call"
        )
    config = call.world.config
    kind = call.owner(token).kind
    limit = config.rate_limit.get("linkedin", _DAILY[kind])
    free, _, _ = call.world.use(f"linkedin/{token.user_id}/requests", limit, _DAY)
    if not free:
        raise Refuse(limited(call, None))
    return token


def urn_of(call: Call, token: Token) -> str:
    """Whom the token belongs to."""
    return f"urn:li:{call.owner(token).kind}:{token.user_id}"


def may_act(call: Call, token: Token, urn: str) -> None:
    """Refuses unless the token may post as this person or organization. Members of the sandbox
    administer all its organizations."""
    found = re.fullmatch(r"urn:li:(person|organization):([\w-]+)", urn)
    if not found:
        code = "INVALID_URN_TYPE" if _URN.fullmatch(urn) else "INVALID_URN_ID"
        raise refuse(400, code, f"{urn} is not a person or an organization")
    kind, id = found[1], found[2]
    person = call.world.person("linkedin", id)
    scope = "w_organization_social" if kind == "organization" else "w_member_social"
    own = id == token.user_id or (
        kind == "organization" and call.owner(token).kind == "person" and person is not None
    )
    if not own or person is None or person.kind != kind or scope not in token.scopes:
        raise refuse(403, "ACCESS_DENIED", f"Not enough permissions to act as {urn}")


async def body(call: Call) -> dict[str, Any]:
    """The JSON object that was sent."""
    if call.content_type != "application/json":
        raise refuse(415, "UNSUPPORTED_MEDIA_TYPE", "Content-Type must be application/json")
    given = await call.json()
    if not isinstance(given, dict):
        raise refuse(400, "INVALID_VALUE_FOR_FIELD", "The request body is not a JSON object")
    return given


def fields(
    given: Any, where: str, required: Mapping[str, type], optional: Mapping[str, type] | None = None
) -> dict[str, Any]:
    """An object with just these fields of these types, as Rest.li validates records."""
    if not isinstance(given, dict):
        raise refuse(422, "UNPROCESSABLE_ENTITY", f"ERROR :: {where} :: is not a record")
    known = {**required, **(optional or {})}
    for name, value in given.items():
        if name not in known:
            raise refuse(
                422,
                "UNPROCESSABLE_ENTITY",
                f"ERROR :: {where}/{name} :: unrecognized field found but not allowed",
            )
        wanted = known[name]
        if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
            raise refuse(
                422,
                "UNPROCESSABLE_ENTITY",
                f"ERROR :: {where}/{name} :: {value!r} cannot be coerced to {wanted.__name__}",
            )
    for name in required:
        if name not in given:
            raise refuse(
                400,
                "MISSING_FIELD",
                f"ERROR :: {where}/{name} :: field is required but not found and has no default",
            )
    return given


def urn_in_path(call: Call, name: str = "urn") -> str:
    """A URN from the path, where it must be percent-encoded."""
    urn = call.path(name)
    if b":" in call.request.scope["raw_path"]:
        raise refuse(400, "INVALID_URN_ID", f"Syntax exception in path variables: {urn}")
    return urn


def urn_in_query(call: Call, name: str) -> str:
    """A URN from the query, where it must be percent-encoded."""
    raw = call.request.scope["query_string"].decode("latin-1")
    value = next(
        (part[len(name) + 1 :] for part in raw.split("&") if part.startswith(name + "=")), ""
    )
    if not value:
        raise refuse(400, "MISSING_FIELD", f"The parameter {name} is required")
    if ":" in value:
        raise refuse(400, "INVALID_URN_ID", f"Invalid query parameters: {name}")
    return call.query(name)
