"""A plausible past: accounts, posts and videos that went out, and readings of what they reached."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import Engine, insert

from igny8_media.analytics.columns import COUNTS, MEASURES
from igny8_media.database.tables import (
    Content,
    MetricsWatch,
    Publication,
    PublicationMetrics,
    Site,
    SocialAccount,
    SocialPost,
)

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
GIVEN = {
    "linkedin": {"impressions", "reach", "likes", "comments", "shares", "saves", "clicks"},
    "twitter": {"impressions", "likes", "comments", "shares", "saves"},
    "facebook": {"views", "likes", "comments", "shares", "clicks"},
    "instagram": {"reach", "views", "likes", "comments", "shares", "saves"},
    "tiktok": {"views", "likes", "comments", "shares"},
    "youtube": {"views", "likes", "comments", "watch_seconds"},
}
"""What this past has of each platform."""

_SHARE = {
    "impressions": 30.0,
    "reach": 22.0,
    "views": 25.0,
    "likes": 1.0,
    "comments": 0.15,
    "shares": 0.1,
    "saves": 0.08,
    "clicks": 0.5,
    "watch_seconds": 400.0,
}
_AGES = (6, 12, 24, 48, 72, 120, 240, 480, 960)
"""Hours after publication at which it was read, about."""
_ALL = (*COUNTS, *MEASURES)


@dataclass(frozen=True)
class Past:
    """`weeks` of `per_week` posts on each platform, and every fifth a video on YouTube."""

    weeks: int = 12
    per_week: int = 5
    platforms: tuple[str, ...] = ("linkedin", "twitter", "facebook", "instagram", "tiktok")
    site: str = "main"
    zone: str = "Europe/Berlin"
    seed: int = 1
    noise: float = 0.7
    sandbox: bool = False


def fill(engine: Engine, past: Past) -> None:
    """Write it. Weekday mornings do better than nights, Tuesdays better than Sundays."""
    rng = np.random.default_rng(past.seed)
    start = NOW - timedelta(weeks=past.weeks)
    moments = [
        start + timedelta(weeks=week, days=int(rng.integers(7)), hours=int(rng.integers(5, 23)))
        for week in range(past.weeks)
        for _ in range(past.per_week)
    ]
    moments = sorted(at for at in moments if at < NOW)
    services = [*past.platforms, "youtube"]
    rows: dict[Any, list[dict[str, Any]]] = {
        t: [] for t in (Site, Content, SocialAccount, SocialPost, Publication)
    }
    readings: list[dict[str, Any]] = []
    watches: list[dict[str, Any]] = []
    rows[Site].append(
        {"name": past.site, "time_zone": past.zone, "automation": {}, "updated_at": start}
    )
    for number, service in enumerate(services, start=1):
        rows[SocialAccount].append(_account(number, service, start, past.sandbox))
    for index, at in enumerate(moments):
        content = f"article-{index:03}"
        rows[Content].append(
            {
                "content_id": content,
                "source": "file",
                "reference": f"{content}.md",
                "version": "1",
                "site": past.site,
                "registered_at": at,
            }
        )
        for number, service in enumerate(services, start=1):
            if service == "youtube" and index % 5:
                continue
            out_at = at + timedelta(hours=int(rng.integers(0, 30)), minutes=int(rng.integers(60)))
            if out_at >= NOW:
                continue
            identity = len(rows[Publication]) + 1
            rows[SocialPost].append(_post(identity, content, service, at))
            rows[Publication].append(_publication(identity, number, content, service, out_at))
            watches.append({"publication_id": identity, "gone": identity % 41 == 0})
            level = _level(service, out_at) * float(np.exp(rng.normal(0, past.noise)))
            readings += _readings(identity, service, out_at, level, rng)
    with engine.begin() as connection:
        for table, values in rows.items():
            connection.execute(insert(table), values)
        connection.execute(insert(MetricsWatch), watches)
        connection.execute(insert(PublicationMetrics), readings)


def _level(service: str, at: datetime) -> float:
    base = {"linkedin": 40, "twitter": 15, "facebook": 20, "instagram": 60, "tiktok": 90}
    hour = 1 + 0.8 * np.exp(-(((at.hour - 8) / 3) ** 2)) - 0.5 * (at.hour < 6)
    day = (1.1, 1.4, 1.2, 1.1, 0.9, 0.6, 0.6)[at.weekday()]
    return float(base.get(service, 50) * hour * day)


def _account(number: int, service: str, at: datetime, sandbox: bool) -> dict[str, Any]:
    return {
        "id": number,
        "service": service,
        "platform_user_id": f"user-{number}",
        "name": f"Our {service}",
        "kind": "person",
        "sandbox": sandbox,
        "scopes": [],
        "details": {},
        "tokens": "",
        "issued_at": at,
        "created_at": at,
        "updated_at": at,
    }


def _post(identity: int, content: str, service: str, at: datetime) -> dict[str, Any]:
    video = service == "youtube"
    return {
        "id": identity,
        "content_id": content,
        "form": "video" if video else "social",
        "platform": "youtube_shorts" if video else service,
        "revision": 1,
        "fingerprint": "0" * 64,
        "status": "approved",
        "post": {},
        "created_at": at,
    }


def _publication(
    identity: int, account: int, content: str, service: str, at: datetime
) -> dict[str, Any]:
    return {
        "id": identity,
        "post_id": identity,
        "account_id": account,
        "content_id": content,
        "service": service,
        "outgoing": {"text": f"What we learned in {content}, for {service}", "title": ""},
        "status": "published",
        "due_at": at,
        "next_at": at,
        "url": f"https://example.com/{service}/{identity}",
        "published_at": at,
        "created_at": at,
    }


def _readings(
    identity: int, service: str, at: datetime, level: float, rng: np.random.Generator
) -> list[dict[str, Any]]:
    given = GIVEN[service]
    found = []
    ends = {name: level * share * rng.uniform(0.8, 1.2) for name, share in _SHARE.items()}
    for age in _AGES:
        taken = at + timedelta(hours=age * rng.uniform(0.9, 1.1))
        if taken > NOW:
            break
        grown = 1 - np.exp(-age / 30)
        row: dict[str, Any] = dict.fromkeys(_ALL)
        row |= {n: float(v * grown) for n, v in ends.items() if n in given}
        row |= {n: int(v) for n, v in row.items() if v is not None and n != "watch_seconds"}
        row |= {
            "publication_id": identity,
            "taken_at": taken,
            "series": f"{service} 1",
            "missing": {n: "not told" for n in _ALL if row[n] is None},
            "raw": {},
        }
        found.append(row)
    return found
