"""YouTube's analytics of videos (Analytics API v2, discovery of 2026-11), two days late."""

import re
from datetime import date
from typing import Any, Final

from starlette.responses import JSONResponse, Response

from igny8_media.sandbox.audience import Reached, reached
from igny8_media.sandbox.call import Call
from igny8_media.sandbox.youtube.rules import GoogleError
from igny8_media.sandbox.youtube.session import ANALYTICS, READONLY, authorised

_LATE: Final = 2 * 86400.0
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_MOST: Final = 500


async def query(call: Call) -> Response:
    """A row for each of the channel's own videos that the report knows already."""
    person = authorised(call, ANALYTICS, READONLY)
    if call.query("ids") not in ("channel==MINE", f"channel=={person.id}"):
        raise _wrong("ids", call.query("ids"))
    for name in ("startDate", "endDate"):
        if not _DAY.fullmatch(call.query(name)) or not _is_day(call.query(name)):
            raise _wrong(name, call.query(name))
    if call.query("dimensions") != "video":
        raise GoogleError(
            400, "badRequest", "The query is not supported.", domain="global", location="dimensions"
        )
    kind, _, listed = call.query("filters").partition("==")
    videos = [video for video in listed.split(",") if video]
    if kind != "video" or not 1 <= len(videos) <= _MOST:
        raise _wrong("filters", call.query("filters"))
    names = [name for name in call.query("metrics").split(",") if name]
    known, now = call.world.by_id("youtube", person.id), call.world.now()
    for name in names:
        if name not in _VALUES or name in call.world.config.retired:
            raise _wrong("metrics", name)
    rows: list[list[Any]] = []
    for video in videos:
        post = known.get(video)
        if post is None or now - post.created_at < _LATE:
            continue
        figures = reached(post, now - _LATE)
        rows.append([video, *(_VALUES[name](figures) for name in names)])
    first = call.query("sort").lstrip("-")
    if first in names:
        place = names.index(first) + 1
        rows.sort(key=lambda row: row[place], reverse=call.query("sort").startswith("-"))
    header = {"name": "video", "columnType": "DIMENSION", "dataType": "STRING"}
    headers = [{"name": n, "columnType": "METRIC", "dataType": "INTEGER"} for n in names]
    return JSONResponse(
        {
            "kind": "youtubeAnalytics#resultTable",
            "columnHeaders": [header, *headers],
            "rows": rows[: int(call.query("maxResults") or _MOST)],
        }
    )


_VALUES: Final[dict[str, Any]] = {
    "views": lambda figures: figures.plays,
    "estimatedMinutesWatched": lambda figures: int(figures.seconds // 60),
    "averageViewDuration": lambda figures: int(figures.average),
    "averageViewPercentage": lambda figures: round(figures.average / 0.3, 2),
    "likes": lambda figures: figures.likes,
    "comments": lambda figures: figures.comments,
    "shares": lambda figures: figures.shares,
    "subscribersGained": lambda figures: figures.shares // 3,
}


def statistics(figures: Reached) -> dict[str, str]:
    """As videos.list shows them: numbers as text."""
    return {
        "viewCount": str(figures.plays),
        "likeCount": str(figures.likes),
        "dislikeCount": "0",
        "favoriteCount": "0",
        "commentCount": str(figures.comments),
    }


def _wrong(parameter: str, value: str) -> GoogleError:
    return GoogleError(
        400,
        "badRequest",
        f"Unknown identifier ({value}) given in field parameters.{parameter}.",
        domain="global",
        location=parameter,
    )


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
