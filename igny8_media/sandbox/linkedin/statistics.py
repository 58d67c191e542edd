"""How LinkedIn tells the figures of posts, of an organization and of a member.

Sources: Organization Share Statistics and Member Post Statistics, learn.microsoft.com, 2026-10.
"""

import re
from typing import Any, Final
from urllib.parse import unquote

from starlette.responses import JSONResponse, Response

from igny8_media.sandbox.audience import Reached, reached
from igny8_media.sandbox.call import Call, Route
from igny8_media.sandbox.linkedin.rest import refuse, rest, urn_in_query

_YEAR: Final = 365 * 86400.0
_LIST: Final = re.compile(r"List\(([^()]*)\)")
_ENTITY: Final = re.compile(r"\((share|ugc):(urn%3Ali%3A(?:share|ugcPost)%3A\d+)\)", re.I)
_MOST_QUERY: Final = 4096
"""Letters of a query that LinkedIn takes; longer ones must be tunnelled in a body."""
_SINCE_202604: Final = ("POST_SAVE", "LINK_CLICKS")


async def share_statistics(call: Call) -> Response:
    """Of an organization's own posts of the last twelve months; others are left out."""
    token = rest(call)
    if call.query("q") != "organizationalEntity":
        raise refuse(400, "INVALID_VALUE_FOR_FIELD", "They are found by q=organizationalEntity")
    entity = urn_in_query(call, "organizationalEntity")
    page = call.owner(token)
    if "rw_organization_admin" not in token.scopes or entity != f"urn:li:organization:{page.id}":
        raise refuse(403, "ACCESS_DENIED", "Not enough permissions to access: shareStatistics")
    raw = call.request.scope["query_string"].decode("latin-1")
    if len(raw) > _MOST_QUERY:
        raise refuse(414, "URI_TOO_LONG", "The query is too long; tunnel it")
    named = {"share": _listed(raw, "shares"), "ugcPost": _listed(raw, "ugcPosts")}
    known, now = call.world.by_id("linkedin", page.id), call.world.now()
    elements = [
        {
            "organizationalEntity": entity,
            kind: urn,
            "totalShareStatistics": _total(reached(known[urn], now)),
        }
        for kind, urns in named.items()
        for urn in urns
        if urn in known and now - known[urn].created_at <= _YEAR
    ]
    paging = {"start": 0, "count": len(elements), "links": []}
    return JSONResponse({"paging": paging, "elements": elements})


async def member_analytics(call: Call) -> Response:
    """One figure of one of the member's own posts."""
    token = rest(call)
    if "r_member_postAnalytics" not in token.scopes:
        raise refuse(403, "ACCESS_DENIED", "Not enough permissions: memberCreatorPostAnalytics")
    raw = call.request.scope["query_string"].decode("latin-1")
    entity = _ENTITY.search(raw)
    if call.query("q") != "entity" or entity is None or call.query("aggregation") != "TOTAL":
        raise refuse(400, "INVALID_VALUE_FOR_FIELD", "They are found by q=entity, as a TOTAL")
    metric, urn = call.query("queryType"), unquote(entity[2])
    post = call.world.by_id("linkedin", token.user_id).get(urn)
    if post is None:
        raise refuse(404, "NOT_FOUND", f"There is no post {urn} of this member")
    value = _of_member(reached(post, call.world.now())).get(metric)
    early = call.header("linkedin-version") < "202604" and metric in _SINCE_202604
    if value is None or early or metric in call.world.config.retired:
        raise refuse(400, "INVALID_VALUE_FOR_FIELD", f"queryType {metric} is not supported")
    return JSONResponse({"elements": [{"metricType": metric, "value": value}]})


def _listed(raw: str, name: str) -> list[str]:
    """A Rest.li list of URNs, each percent-encoded within it."""
    value = next(
        (part.partition("=")[2] for part in raw.split("&") if part.startswith(f"{name}=")), ""
    )
    if not value:
        return []
    found = _LIST.fullmatch(value)
    if not found or ":" in value:
        raise refuse(400, "INVALID_VALUE_FOR_FIELD", f"{name} must be a List(...) of encoded URNs")
    kind = "share" if name == "shares" else "ugcPost"
    urns = [unquote(urn) for urn in found[1].split(",") if urn]
    for urn in urns:
        if not urn.startswith(f"urn:li:{kind}:"):
            raise refuse(400, "INVALID_URN_TYPE", f"{urn} is no {kind}")
    return urns


def _total(figures: Reached) -> dict[str, Any]:
    acts = figures.likes + figures.comments + figures.shares + figures.clicks
    return {
        "impressionCount": figures.shown,
        "uniqueImpressionsCount": figures.people,
        "clickCount": figures.clicks,
        "likeCount": figures.likes,
        "commentCount": figures.comments,
        "shareCount": figures.shares,
        "engagement": acts / figures.shown if figures.shown else 0.0,
    }


def _of_member(figures: Reached) -> dict[str, int]:
    return {
        "IMPRESSION": figures.shown,
        "MEMBERS_REACHED": figures.people,
        "REACTION": figures.likes,
        "COMMENT": figures.comments,
        "RESHARE": figures.shares,
        "POST_SAVE": figures.saves,
        "LINK_CLICKS": figures.clicks,
    }


_REST: Final = "/linkedin/rest"
routes: Final = [
    Route("GET", f"{_REST}/organizationalEntityShareStatistics", share_statistics, "metrics"),
    Route("GET", f"{_REST}/memberCreatorPostAnalytics", member_analytics, "metrics"),
]
