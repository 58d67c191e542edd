"""Analytics of 1,000,000 readings to plainly reading that table into pandas: time and memory.

All of it: readings, every view, the best platform, and the best times of six places. Each work is
done in a process of its own, in turn. Memory is what that process grew by at its peak, to the size
of the plain frame, its texts included. The plain frame is taken twice: with the whole table, and
with no more columns than analytics look at.
"""

import json
import multiprocessing
import resource
import sqlite3
import statistics
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import pandas as pd
from measure import cpu, report

from igny8_media.analytics import views
from igny8_media.analytics.best_times import best_times
from igny8_media.analytics.columns import COUNTS, MEASURES
from igny8_media.analytics.loading import load
from igny8_media.analytics.platforms import standings
from igny8_media.analytics.posts import post_table
from igny8_media.database.engine import open_database

_POSTS, _READINGS, _ROUNDS = 20_000, 50, 3
_START = datetime(2024, 1, 1, tzinfo=UTC)
_SERVICES = ("linkedin", "twitter", "facebook", "instagram", "tiktok", "youtube")
_RAW = json.dumps({"data": {"id": "18".ljust(18, "7"), "metrics": dict.fromkeys(COUNTS, 1234)}})
_MISSING = json.dumps({"average_view_seconds": "not a video"})
_COLUMNS = ("publication_id", "taken_at", "series", *COUNTS, *MEASURES)


def _fill(path: Path) -> None:
    open_database(f"sqlite:///{path}").dispose()
    rng = np.random.default_rng(1)
    moment = "%Y-%m-%d %H:%M:%S.%f"
    with sqlite3.connect(path) as connection:
        at = _START.strftime(moment)
        for table, rows in _accounts(at).items():
            _insert(connection, table, rows)
        posts, publications, readings = [], [], []
        for number in range(1, _POSTS + 1):
            service = number % len(_SERVICES)
            out = _START + timedelta(hours=number)
            posts.append(
                {
                    "id": number, "content_id": f"c{number // 6}", "platform": _SERVICES[service],
                    "revision": number, "fingerprint": "", "status": "approved", "post": "{}",
                    "created_at": at,
                }
            )  # fmt: skip
            publications.append(
                {
                    "id": number, "post_id": number, "account_id": service + 1,
                    "content_id": f"c{number // 6}", "service": _SERVICES[service],
                    "outgoing": '{"text": "What we learned"}', "status": "published",
                    "due_at": at, "next_at": at, "published_at": out.strftime(moment),
                    "created_at": at, "reason": "", "phase": "done", "part": 0, "attempts": 0,
                    "probes": 0, "commits": 1, "lease": 0,
                }
            )  # fmt: skip
            level = rng.lognormal(3, 0.8)
            ages = np.cumsum(rng.uniform(4, 10, _READINGS))
            for age, grown in zip(ages, level * (1 - np.exp(-ages / 30)), strict=True):
                reading = {
                    "publication_id": number,
                    "taken_at": (out + timedelta(hours=float(age))).strftime(moment),
                    "series": _SERVICES[service], "missing": _MISSING, "raw": _RAW,
                    "watch_seconds": grown * 8, "engagement_rate": 0.04,
                    "click_through_rate": 0.01, "average_view_seconds": None,
                }  # fmt: skip
                readings.append(reading | {n: int(grown) + i for i, n in enumerate(COUNTS)})
        _insert(connection, "social_post", posts)
        _insert(connection, "publication", publications)
        _insert(connection, "publication_metrics", readings)


def _accounts(at: str) -> dict[str, list[dict[str, object]]]:
    account: dict[str, object] = {
        "kind": "person", "sandbox": 0, "status": "active", "status_reason": "", "scopes": "[]",
        "details": "{}", "tokens": "", "token_version": 1, "parked_reason": "", "issued_at": at,
        "created_at": at, "updated_at": at,
    }  # fmt: skip
    return {
        "social_account": [
            account | {"id": n, "service": s, "platform_user_id": s, "name": s}
            for n, s in enumerate(_SERVICES, start=1)
        ],
        "site": [{"name": "main", "time_zone": "Europe/Berlin", "automation": "{}",
                  "updated_at": at}],
    }  # fmt: skip


def _insert(connection: sqlite3.Connection, table: str, rows: list[dict[str, object]]) -> None:
    names = ", ".join(rows[0])
    marks = ", ".join("?" * len(rows[0]))
    connection.executemany(
        f"INSERT INTO {table} ({names}) VALUES ({marks})",  # noqa: S608 - our own names
        [tuple(row.values()) for row in rows],
    )


def _plain(path: Path, columns: str) -> int:
    """How many bytes the frame takes."""
    query = f"SELECT {columns} FROM publication_metrics"  # noqa: S608 - our own names
    with sqlite3.connect(path) as connection:
        return int(pd.read_sql(query, connection).memory_usage(deep=True).sum())


def _analytics(path: Path) -> int:
    now = _START + timedelta(hours=_POSTS, days=30)
    loaded = load(open_database(f"sqlite:///{path}"))
    size = int(loaded.readings.memory_usage(deep=True).sum())
    posts = post_table(loaded, "UTC", now)
    assert len(posts) == _POSTS
    assert posts["engagement_72h"].notna().all()
    views.overview(posts)
    views.by_platform(posts)
    views.by_content(posts)
    views.by_slot(posts)
    standings(posts)
    for place in _SERVICES:
        best_times(posts, "main", place, None, now)
    return size


def _alone(work: Callable[[], int], answer: "Connection[tuple[float, float, float], None]") -> None:
    """Send seconds of CPU, megabytes that the process grew by, and those that `work` tells of."""
    before = _peak()
    told: list[int] = []
    seconds = cpu(lambda: told.append(work()))
    answer.send((seconds, _peak() - before, told[0] / 1e6))


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def _measured(work: Callable[[], int]) -> tuple[float, float, float]:
    # Forked, with everything imported: neither time nor memory are those of imports.
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_alone, args=(work, theirs))
    process.start()
    result: tuple[float, float, float] = ours.recv()
    process.join()
    return result


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "igny8.db"
        filling = multiprocessing.get_context("fork").Process(target=_fill, args=(path,))
        filling.start()
        filling.join()
        works: dict[str, Callable[[], int]] = {
            "whole": lambda: _plain(path, "*"),
            "same": lambda: _plain(path, ", ".join(_COLUMNS)),
            "analytics": lambda: _analytics(path),
        }
        rounds = [{name: _measured(work) for name, work in works.items()} for _ in range(_ROUNDS)]
    found = {
        name: [statistics.median(one[name][n] for one in rounds) for n in range(3)]
        for name in works
    }
    seconds, grown, size = found["analytics"]
    for name in ("whole", "same"):
        plain, plain_grown, frame = found[name]
        what = "the table" if name == "whole" else "the same columns"
        report(f"analytics to reading {what}", seconds / plain, 3, analytics=seconds, plain=plain)
        mark = "ok  " if grown <= 3 * frame else "OVER"
        print(
            f"{mark} memory to that frame: {grown / frame:.2f} (at most 3); analytics {grown:.0f} "
            f"MB, the frame {frame:.0f} MB, reading it {plain_grown:.0f} MB, ours {size:.0f} MB"
        )


if __name__ == "__main__":
    main()
