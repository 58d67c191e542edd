"""What every call of the X API has in common: tokens, limits in windows, the form of errors.

Sources: openapi.json 2.167 and rate limits, docs.x.com, 2026-08.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import JSONResponse, Response

from igny8_media.sandbox.call import Call, Refuse
from igny8_media.sandbox.state import Token

PROBLEMS: Final = "https://api.x.com/2/problems/"
_QUARTER: Final = 900.0
_DAY: Final = 86400.0
_LIMITS: Final = {
    "create": 100,
    "delete": 50,
    "timeline": 900,
    "lookup": 5000,
    "upload": 1875,
    "simple_upload": 500,
    "metadata": 500,
}
"""Requests per user and quarter of an hour."""
_ID: Final = re.compile(r"[0-9]{1,19}")


def problem(
    status: int, title: str, detail: str, kind: str = "about:blank", **more: Any
) -> Response:
    """An RFC 7807 problem; `kind` is its type, of X's own where it has no address."""
    type_ = kind if ":" in kind else PROBLEMS + kind
    body = {"title": title, "detail": detail, "type": type_, "status": status, **more}
    return JSONResponse(body, status_code=status, media_type="application/problem+json")


def forbidden(detail: str) -> Refuse:
    return Refuse(problem(403, "Forbidden", detail))


def invalid(name: str, value: Any, message: str) -> Refuse:
    """One parameter is wrong."""
    errors = [{"parameters": {name: [str(value)]}, "message": message}]
    detail = "One or more parameters to your request was invalid."
    return Refuse(problem(400, "Invalid Request", detail, "invalid-request", errors=errors))


def missing(kind: str, id: str, name: str) -> Response:
    return problem(
        404,
        "Not Found Error",
        f"Could not find {kind} with {name}: [{id}].",
        "resource-not-found",
        resource_type=kind,
        resource_id=id,
        parameter=name,
        value=id,
    )


def unauthorized(_call: Call) -> Response:
    return problem(401, "Unauthorized", "Unauthorized")


def broken(_call: Call) -> Response:
    return problem(
        500, "Internal Server Error", "Something is broken. This is usually a temporary error."
    )


def limited(call: Call, after: float | None) -> Response:
    reply = problem(429, "Too Many Requests", "Too Many Requests")
    if after is not None:
        ends = call.world.now() + after
        reply.headers.update(_headers(_LIMITS["create"], 0, ends))
    return reply


@dataclass(frozen=True)
class Window:
    """How much of an endpoint's limit is left, for the headers of the reply."""

    limit: int
    left: int
    ends: float


def enter(call: Call, bucket: str, *scopes: str) -> Token:
    """The call's token, if it has these scopes and its user's window has room."""
    token = call.token()
    if token is None:
        raise Refuse(unauthorized(call))
    config = call.world.config
    limit = config.rate_limit.get("twitter", _LIMITS[bucket])
    free, left, ends = call.world.use(f"twitter/{token.user_id}/{bucket}", limit, _QUARTER)
    call.request.state.window = Window(limit, left, ends)
    if not free:
        raise Refuse(problem(429, "Too Many Requests", "Too Many Requests"))
    lacking = set(scopes) - set(token.scopes)
    if lacking:
        raise forbidden(f"Your token lacks the scope {', '.join(sorted(lacking))}.")
    return token


def use_day(call: Call, user: str) -> None:
    """Count a post against the configured number a day, if there is one."""
    limit = call.world.config.daily_limit.get("twitter")
    if limit is None:
        return
    free, left, ends = call.world.use(f"twitter/{user}/day", limit, _DAY)
    if not free:
        call.request.state.window = Window(limit, left, ends)
        raise Refuse(problem(429, "Too Many Requests", "Too Many Requests"))


def headers(call: Call) -> Mapping[str, str]:
    window = getattr(call.request.state, "window", None)
    return _headers(window.limit, window.left, window.ends) if window else {}


def _headers(limit: int, left: int, ends: float) -> dict[str, str]:
    return {
        "x-rate-limit-limit": str(limit),
        "x-rate-limit-remaining": str(left),
        "x-rate-limit-reset": str(round(ends)),
    }


async def body(call: Call) -> dict[str, Any]:
    if call.content_type != "application/json":
        raise invalid("content-type", call.content_type, "The body must be application/json.")
    given = await call.json()
    if not isinstance(given, dict):
        raise invalid("body", given, "The body is not a JSON object.")
    return given


def only(given: Any, where: str, types: Mapping[str, type]) -> dict[str, Any]:
    """An object with no other fields than these, of these types (additionalProperties: false)."""
    if not isinstance(given, dict):
        raise invalid(where, given, f"$.{where} must be an object")
    for name, value in given.items():
        path = f"{where}.{name}" if where else name
        if name not in types:
            raise invalid(
                path,
                value,
                f"$.{path}: is not defined in the schema and the schema does not "
                "allow additional properties",
            )
        wanted = types[name]
        if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
            raise invalid(path, value, f"$.{path}: must be of type {wanted.__name__}")
    return given


def id_of(value: Any, where: str) -> str:
    """An ID: a string of digits, never a number."""
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise invalid(where, value, f"$.{where}: [{value}] does not match ^[0-9]{{1,19}}$")
    return value
