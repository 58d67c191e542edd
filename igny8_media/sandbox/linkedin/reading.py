"""LinkedIn's posts once they are there: listed, read, commented, deleted.

Source: Posts API and Comments API, learn.microsoft.com/linkedin, 2026-10.
"""

from typing import Any, Final

from starlette.responses import JSONResponse, Response

from igny8_media.sandbox.call import Call, Route
from igny8_media.sandbox.linkedin.rest import (
    body,
    fields,
    may_act,
    refuse,
    rest,
    urn_in_path,
    urn_in_query,
)
from igny8_media.sandbox.linkedin.text import listed
from igny8_media.sandbox.state import Post


async def _find(call: Call) -> Response:
    token = rest(call)
    if call.query("q") != "author" or call.header("x-restli-method").upper() != "FINDER":
        raise refuse(400, "INVALID_VALUE_FOR_FIELD", "Posts are found by q=author, as a FINDER")
    author = urn_in_query(call, "author")
    _may_read(call, token.scopes, author)
    may_act(call, token, author)
    if call.query("sortBy", "LAST_MODIFIED") not in ("LAST_MODIFIED", "CREATED"):
        raise refuse(400, "INVALID_VALUE_FOR_FIELD", "sortBy is LAST_MODIFIED or CREATED")
    start, count = _number(call, "start", 0), _number(call, "count", 10)
    if not 1 <= count <= 100:
        raise refuse(400, "INVALID_VALUE_FOR_FIELD", "count is from 1 to 100")
    posts = call.world.posts_of("linkedin", author.rpartition(":")[2])
    paging = {"start": start, "count": count, "links": [], "total": len(posts)}
    elements = [_element(call, post) for post in posts[start : start + count]]
    return JSONResponse({"paging": paging, "elements": elements})


async def _read(call: Call) -> Response:
    token = rest(call)
    post = call.world.post("linkedin", urn_in_path(call))
    if post is None:
        raise refuse(404, "NOT_FOUND", "There is no such post")
    author = str(_body_of(call, post)["author"])
    _may_read(call, token.scopes, author)
    may_act(call, token, author)
    return JSONResponse(_element(call, post))


async def _delete(call: Call) -> Response:
    token = rest(call)
    post = call.world.post("linkedin", urn_in_path(call))
    if post is not None:
        may_act(call, token, str(_body_of(call, post)["author"]))
        call.world.remove(post)
    return Response(status_code=204)


async def _comment(call: Call) -> Response:
    token = rest(call)
    given = fields(await body(call), "", {"actor": str, "object": str, "message": dict})
    text = fields(given["message"], "/message", {"text": str}, {"attributes": list})["text"]
    may_act(call, token, given["actor"])
    urn = urn_in_path(call)
    post = call.world.post("linkedin", urn)
    if post is None or given["object"] != urn:
        raise refuse(404, "NOT_FOUND", "There is no such post to comment")
    comment = f"urn:li:comment:({urn},{call.world.number()})"
    post.extra.setdefault("comments", []).append({"id": comment, "text": text})
    return Response(status_code=201, headers={"x-restli-id": comment})


def _may_read(call: Call, scopes: list[str], author: str) -> None:
    # A member's own posts need r_member_social, which is closed to new applications.
    needed = "r_organization_social" if ":organization:" in author else "r_member_social"
    if needed not in scopes:
        raise refuse(403, "ACCESS_DENIED", f"Not enough permissions to read posts of {author}")


def _body_of(call: Call, post: Post) -> dict[str, Any]:
    found: dict[str, Any] = call.world.shelf("linkedin", "bodies")[post.id]["body"]
    return found


def _element(call: Call, post: Post) -> dict[str, Any]:
    """A post as the API lists it; times in milliseconds."""
    given, at = _body_of(call, post), round(post.created_at * 1000)
    return {
        "isReshareDisabledByAuthor": False,
        **given,
        "id": post.id,
        "commentary": listed(given["commentary"]),
        "createdAt": at,
        "publishedAt": at,
        "lastModifiedAt": at,
        "lifecycleStateInfo": {"isEditedByAuthor": False},
    }


def _number(call: Call, name: str, usual: int) -> int:
    text = call.query(name, str(usual))
    if not (text.isascii() and text.isdigit()):
        raise refuse(400, "INVALID_VALUE_FOR_FIELD", f"{name} is a number")
    return int(text)


routes: Final = [
    Route("GET", "/linkedin/rest/posts", _find, "probe"),
    Route("GET", "/linkedin/rest/posts/{urn}", _read, "probe"),
    Route("DELETE", "/linkedin/rest/posts/{urn}", _delete),
    Route("POST", "/linkedin/rest/socialActions/{urn}/comments", _comment),
]
