"""LinkedIn's posts as they are created.

Sources: Posts API, MultiImage and Poll API, learn.microsoft.com/linkedin, 2026-10; duplicates as
practitioners report them.
"""

import hashlib
import json
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.responses import Response

from igny8_media.sandbox.call import Call, Route
from igny8_media.sandbox.linkedin.media import cover_of, usable
from igny8_media.sandbox.linkedin.rest import (
    body,
    error,
    fields,
    limited,
    may_act,
    refuse,
    rest,
)
from igny8_media.sandbox.linkedin.text import shown
from igny8_media.sandbox.state import Post

_TEXT: Final = 3000
_ALT: Final = 4086
_QUESTION: Final = 140
_OPTION: Final = 30
_DAY: Final = 86400.0
_DUPLICATE_SECONDS: Final = 3600.0
"""How long the same body is refused; reports say "within minutes" and name no end."""
_REQUIRED: Final = {
    "author": str,
    "commentary": str,
    "visibility": str,
    "distribution": dict,
    "lifecycleState": str,
}
_ENUMS: Final = {
    "visibility": ("PUBLIC", "CONNECTIONS", "LOGGED_IN"),
    "lifecycleState": ("PUBLISHED",),
    "duration": ("ONE_DAY", "THREE_DAYS", "SEVEN_DAYS", "FOURTEEN_DAYS"),
    "feedDistribution": ("MAIN_FEED", "NONE"),
}


async def _create(call: Call) -> Response:
    token = rest(call)
    given = fields(
        await body(call), "", _REQUIRED, {"isReshareDisabledByAuthor": bool, "content": dict}
    )
    author = given["author"]
    may_act(call, token, author)
    _one_of("visibility", given["visibility"])
    _one_of("lifecycleState", given["lifecycleState"])
    spread = fields(
        given["distribution"],
        "/distribution",
        {"feedDistribution": str},
        {"targetEntities": list, "thirdPartyDistributionChannels": list},
    )
    _one_of("feedDistribution", spread["feedDistribution"])
    if len(given["commentary"]) > _TEXT:
        raise _too_long("/commentary", _TEXT)
    content = given.get("content", {})
    if not content and not given["commentary"].strip():
        raise refuse(400, "MISSING_FIELD", "ERROR :: /commentary :: is empty")
    kind, media, extra = _content(call, content, author)
    mark = _mark(given)
    same = _same(call, mark)
    if same:
        return error(422, "DUPLICATE_POST", f"Content is a duplicate of {same}")
    limit = call.world.config.daily_limit.get("linkedin")
    if limit is not None and not call.world.use(f"linkedin/{author}/posts", limit, _DAY)[0]:
        return limited(call, None)
    place = "ugcPost" if kind in ("video", "document") else "share"
    urn = f"urn:li:{place}:{call.world.number()}"
    call.world.posts.append(
        Post(
            service="linkedin",
            id=urn,
            url=f"https://www.linkedin.com/feed/update/{urn}",
            account=author.rpartition(":")[2],
            kind=kind,
            text=shown(given["commentary"]),
            created_at=call.world.now(),
            media=media,
            extra={"visibility": given["visibility"], **extra},
        )
    )
    call.world.shelf("linkedin", "bodies")[urn] = {"body": given}
    until = call.world.now() + _DUPLICATE_SECONDS
    call.world.shelf("linkedin", "marks")[mark] = {"id": urn, "until": until}
    return Response(status_code=201, headers={"x-restli-id": urn, "x-linkedin-id": urn})


def _content(
    call: Call, content: dict[str, Any], author: str
) -> tuple[str, list[dict[str, Any]], dict[str, Any]]:
    """The kind, the media and what else there is to show."""
    if not content:
        return "text", [], {}
    if len(content) != 1:
        raise refuse(400, "INVALID_VALUE_FOR_FIELD", "content is a union and has one member")
    (name, part), where = next(iter(content.items())), f"/content/{next(iter(content))}"
    match name:
        case "media":
            fields(part, where, {"id": str}, {"title": str, "altText": str})
            alt = _alt(part, where)
            one = usable(call, part["id"], ("image", "video", "document"), author, alt)
            if one["kind"] == "document" and not part.get("title", "").strip():
                raise refuse(400, "MISSING_FIELD", f"ERROR :: {where}/title :: is required")
            extra = {"title": part.get("title"), "thumbnail": cover_of(call, part["id"])}
            return one["kind"], [one], {name: known for name, known in extra.items() if known}
        case "multiImage":
            images = fields(part, where, {"images": list})["images"]
            if not 2 <= len(images) <= 20:
                raise refuse(400, "INVALID_VALUE_FOR_FIELD", f"{where}/images takes 2 to 20")
            several = [
                usable(
                    call,
                    fields(image, where, {"id": str}, {"altText": str})["id"],
                    ("image",),
                    author,
                    _alt(image, where),
                )
                for image in images
            ]
            return "images", several, {}
        case "article":
            return _article(call, part, where, author)
        case "poll":
            return _poll(part, where)
    raise refuse(
        422,
        "UNPROCESSABLE_ENTITY",
        f"ERROR :: {where} :: unrecognized field found but not allowed",
    )


def _article(
    call: Call, part: Any, where: str, author: str
) -> tuple[str, list[dict[str, Any]], dict[str, Any]]:
    fields(part, where, {"source": str, "title": str}, {"description": str, "thumbnail": str})
    address = urlsplit(part["source"])
    if address.scheme not in ("http", "https") or not address.netloc:
        raise refuse(400, "INVALID_URL", f"{where}/source is no web address")
    if not part["title"].strip():
        raise refuse(400, "MISSING_FIELD", f"ERROR :: {where}/title :: is empty")
    thumbnail = part.get("thumbnail")
    media = [usable(call, thumbnail, ("image",), author)] if thumbnail else []
    link = {"url": part["source"], "title": part["title"]}
    return "link", media, {"link": {**link, "description": part.get("description", "")}}


def _poll(part: Any, where: str) -> tuple[str, list[dict[str, Any]], dict[str, Any]]:
    fields(part, where, {"question": str, "options": list, "settings": dict})
    settings = fields(part["settings"], f"{where}/settings", {"duration": str})
    _one_of("duration", settings["duration"])
    options = [
        fields(option, f"{where}/options", {"text": str})["text"] for option in part["options"]
    ]
    if not 2 <= len(options) <= 4:
        raise refuse(400, "INVALID_VALUE_FOR_FIELD", f"{where}/options takes 2 to 4")
    if not part["question"].strip() or not all(option.strip() for option in options):
        raise refuse(400, "MISSING_FIELD", f"ERROR :: {where} :: a text is empty")
    if len(part["question"]) > _QUESTION:
        raise _too_long(f"{where}/question", _QUESTION)
    if any(len(option) > _OPTION for option in options):
        raise _too_long(f"{where}/options/text", _OPTION)
    poll = {"question": part["question"], "options": options, "duration": settings["duration"]}
    return "poll", [], {"poll": poll}


def _alt(part: dict[str, Any], where: str) -> str:
    text = str(part.get("altText", ""))
    if len(text) > _ALT:
        raise _too_long(f"{where}/altText", _ALT)
    return text


def _one_of(name: str, value: str) -> None:
    if value not in _ENUMS[name]:
        raise refuse(
            400, "INVALID_VALUE_FOR_FIELD", f"{value!r} is no {name}: {', '.join(_ENUMS[name])}"
        )


def _too_long(where: str, limit: int) -> Exception:
    return refuse(
        400, "FIELD_LENGTH_TOO_LONG", f"ERROR :: {where} :: length is beyond the maximum {limit}"
    )


def _mark(given: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(given, sort_keys=True).encode()).hexdigest()


def _same(call: Call, key: str) -> str | None:
    """The URN of a live post that the same body made not long ago; the author is in the body."""
    known = call.world.shelf("linkedin", "marks").get(key)
    if not known or not call.world.config.dedupes or call.world.now() >= known["until"]:
        return None
    return str(known["id"]) if call.world.post("linkedin", known["id"]) else None


routes: Final = [Route("POST", "/linkedin/rest/posts", _create, "commit", dedupes=True)]
