"""What everything on Meta's Graph API shares: its errors, parameters, fields and pages
(contract section 3)."""

import base64
import json
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from starlette.datastructures import UploadFile
from starlette.responses import JSONResponse, Response

from igny8_media.sandbox.call import Call, Refuse

VERSIONS: Final = ("v24.0", "v25.0", "v26.0")
_MOST: Final = 100
_USUAL: Final = 25


class GraphError(Refuse):
    """A refusal as the Graph API writes it."""

    def __init__(
        self,
        code: int,
        message: str,
        *,
        subcode: int | None = None,
        status: int = 400,
        type: str = "OAuthException",
        transient: bool = False,
        title: str = "",
        data: Mapping[str, Any] | None = None,
    ) -> None:
        error: dict[str, Any] = {"message": message, "type": type, "code": code}
        if data:
            error["error_data"] = dict(data)
        if subcode is not None:
            error["error_subcode"] = subcode
        if subcode is not None or transient:
            error["is_transient"] = transient
        if title:
            error |= {"error_user_title": title, "error_user_msg": message}
        error["fbtrace_id"] = f"A{secrets.token_urlsafe(16)}"
        super().__init__(JSONResponse({"error": error}, status_code=status))
        self.code, self.subcode = code, subcode
        if code == 190:
            self.response.headers["WWW-Authenticate"] = (
                f'OAuth "Facebook Platform" "invalid_token" "{message}"'
            )


def parameter(message: str, subcode: int | None = None, title: str = "") -> GraphError:
    return GraphError(100, f"(#100) {message}", subcode=subcode, title=title)


def missing(method: str, id: str) -> GraphError:
    """An object that is not there, or that the token may not see: Graph does not tell which."""
    return GraphError(
        100,
        f"Unsupported {method.lower()} request. Object with ID '{id}' does not exist, cannot be "
        "loaded due to missing permissions, or does not support this operation. Please read the "
        "Graph API documentation at https://developers.facebook.com/docs/graph-api",
        subcode=33,
        type="GraphMethodException",
    )


def expired() -> GraphError:
    return GraphError(190, "Error validating access token: Session has expired.", subcode=463)


@dataclass(frozen=True)
class Asked:
    """A request's parameters, wherever they stood, and its files."""

    node: str
    params: Mapping[str, str]
    files: Mapping[str, UploadFile] = field(default_factory=dict)

    def get(self, name: str) -> str:
        return self.params.get(name, "")

    def need(self, name: str) -> str:
        """Raises GraphError where it is not there."""
        value = self.params.get(name, "")
        if not value:
            raise parameter(f"The parameter {name} is required.")
        return value

    def flag(self, name: str, usual: bool) -> bool:
        value = self.params.get(name, "").lower()
        if value not in ("", "true", "false", "1", "0"):
            raise parameter(f"Param {name} must be a boolean")
        return usual if value == "" else value in ("true", "1")

    def number(self, name: str) -> int:
        value = self.need(name)
        if not re.fullmatch(r"\d{1,18}", value):
            raise parameter(f"Param {name} must be an integer")
        return int(value)

    def listed(self, name: str) -> list[Any]:
        """A list in JSON, or in PHP's manner: name[0]=..., name[1]=..."""
        texts = [value for key, value in self.params.items() if key.startswith(f"{name}[")]
        try:
            found = json.loads(self.params.get(name) or "[]")
            found += [json.loads(text) for text in texts]
        except (ValueError, TypeError):
            raise parameter(f"Param {name} must be an array.") from None
        if not isinstance(found, list):
            raise parameter(f"Param {name} must be an array.")
        return found


async def asked(call: Call) -> Asked:
    """Parameters from the address and the body, which may be a form or JSON."""
    params = dict(call.request.query_params)
    files: dict[str, UploadFile] = {}
    if call.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        for name, value in (await call.form()).multi_items():
            if isinstance(value, UploadFile):
                files[name] = value
            else:
                params[name] = value
    elif call.content_type == "application/json":
        body = await call.json()
        if not isinstance(body, dict):
            raise parameter("The body is not a JSON object.")
        params |= {k: v if isinstance(v, str) else json.dumps(v) for k, v in body.items()}
    return Asked(call.request.path_params.get("node", ""), params, files)


def shown(
    values: Mapping[str, Any], ask: Asked, kind: str, usual: Sequence[str], known: str = ""
) -> dict[str, Any]:
    """The fields that were asked for, `usual` ones without a wish, and always the ID.

    `known` are fields that exist and have nothing in them here; others are refused.
    """
    wanted = field_names(ask.get("fields")) or list(usual)
    for name in wanted:
        if name not in values and name not in known.split():
            raise parameter(f"Tried accessing nonexisting field ({name}) on node type ({kind})")
    found = {name: values[name] for name in wanted if values.get(name) is not None}
    return {**found, "id": values["id"]}


def field_names(text: str) -> list[str]:
    """The outermost names of `fields=a,b{c,d},e.summary(true).limit(0)`."""
    depth, names, name = 0, [], ""
    for sign in text + ",":
        depth += (sign in "({") - (sign in ")}")
        if sign == "," and depth == 0:
            names.append(re.split(r"[.({]", name.strip(), maxsplit=1)[0])
            name = ""
        else:
            name += sign
    return [name for name in names if name]


def paged(
    call: Call, ask: Asked, items: Sequence[Any], show: Callable[[Any], dict[str, Any]]
) -> Response:
    """A page of an edge with its cursors."""
    limit = ask.number("limit") if ask.get("limit") else _USUAL
    if not 1 <= limit <= _MOST:
        raise parameter(f"Param limit must be between 1 and {_MOST}")
    first = 0
    if ask.get("after"):
        try:
            first = int(base64.b64decode(ask.get("after")))
        except ValueError:
            raise parameter("Invalid cursors values provided in URL: Invalid cursor") from None
    page = items[first : first + limit]
    answer: dict[str, Any] = {"data": [show(item) for item in page]}
    if page:
        cursors = {"before": _cursor(first), "after": _cursor(first + len(page))}
        answer["paging"] = {"cursors": cursors}
        if first + limit < len(items):
            following = call.request.url.include_query_params(after=cursors["after"])
            address = following.remove_query_params("access_token")
            answer["paging"]["next"] = str(address)
    return JSONResponse(answer)


def _cursor(place: int) -> str:
    return base64.b64encode(str(place).encode()).decode()


def within(ask: Asked, made: float) -> bool:
    """Whether a time lies between `since` and `until`."""
    return moment(ask, "since", 0.0) <= made <= moment(ask, "until", 4e12)


def moment(ask: Asked, name: str, usual: float) -> float:
    """A time that was given as seconds since 1970 or as ISO 8601."""
    value = ask.get(name)
    if not value:
        return usual
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        when = datetime.fromisoformat(value)
    except ValueError:
        raise parameter(f"Param {name} must be a valid date/time") from None
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()


def written(seconds: float) -> str:
    """A time in Graph's manner, without a colon in its zone."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


def usage(call: Call, after: float = 0.0) -> dict[str, str]:
    """The headers that say how much of the limits is used up; `after` is the seconds until calls
    are taken again, 0 while they are."""
    percent = 100 if after else getattr(call.request.state, "used", 1)
    figures = {"call_count": percent, "total_cputime": 1, "total_time": 1}
    headers = {"X-App-Usage": json.dumps(figures)}
    if call.service == "facebook":
        headers["X-Page-Usage"] = json.dumps(figures)
    case = {
        "type": "pages" if call.service == "facebook" else "instagram",
        **figures,
        "estimated_time_to_regain_access": -(-round(after) // 60),
    }
    about = getattr(call.request.state, "about", "0")
    headers["X-Business-Use-Case-Usage"] = json.dumps({about: [case]})
    return headers


def limited(call: Call, after: float | None) -> Response:
    """Too many calls: Meta says so with 400 and a code, and with its own headers."""
    code = 32 if call.service == "facebook" else 80002
    told = "Page request limit reached" if code == 32 else "There have been too many calls"
    response = GraphError(code, f"(#{code}) {told}").response
    if after is not None:
        response.headers.update(usage(call, max(60.0, after)))
    return response


def broken(_: Call) -> Response:
    return GraphError(
        2,
        "An unexpected error has occurred. Please retry your request later.",
        status=500,
        transient=True,
    ).response
