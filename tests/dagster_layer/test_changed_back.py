"""An article that is changed and changed back is run again, once, whatever its source tells."""

import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import pytest

from igny8_media.articles.sources import folder as folder_source
from igny8_media.instance import open_instance
from igny8_media.resources.workshop import WorkshopResource
from igny8_media.sensors.published import published_content_sensor
from igny8_media.settings import load_settings
from igny8_media.stages import fetching
from tests.articles.article_site import Answer, serving

_A, _B = "<p>We water at six.</p>", "<p>We water at seven.</p>"


Write = Callable[[str, str, int], None]
"""Publishes an article (ID, text, hour of October 1st), or changes it."""


def _run_keys(result: dg.SensorResult | dg.SkipReason) -> list[str]:
    runs = result.run_requests or () if isinstance(result, dg.SensorResult) else ()
    return [str(run.run_key) for run in runs if run.job_name == "social_job"]


def _tick(instance: dg.DagsterInstance, cursor: str | None) -> tuple[list[str], str | None]:
    """The run keys that Dagster has not seen, and the cursor."""
    context = dg.build_sensor_context(instance=instance, cursor=cursor)
    result = published_content_sensor(context, workshop=WorkshopResource())
    assert isinstance(result, dg.SensorResult | dg.SkipReason)
    return _run_keys(result), result.cursor if isinstance(result, dg.SensorResult) else cursor


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dg.DagsterInstance]:
    monkeypatch.setenv("IGNY8_PLATFORMS", "twitter")
    monkeypatch.setenv("IGNY8_CONTENT_DIR", str(tmp_path / "none"))
    monkeypatch.setenv("IGNY8_ALLOW_NETWORKS", "127.0.0.0/8")
    with open_instance(load_settings()) as instance:
        yield instance
    # It lives as long as the process, which here outlives the servers.
    fetching._fetcher(load_settings()).close()
    fetching._fetcher.cache_clear()
    fetching._remote_sources.cache_clear()


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    content = tmp_path / "content"
    content.mkdir()
    monkeypatch.setenv("IGNY8_CONTENT_DIR", str(content))
    monkeypatch.setattr(folder_source, "_SETTLED", -60.0)

    def write(id: str, text: str, hour: int) -> None:
        path = content / f"{id}.html"
        path.write_text(text)
        # As `mv a.html.bak a.html` does: the time of A comes back with A.
        time = 1_000_000_000 + (hour if text == _B else 0)
        os.utime(path, (time, time))

    return write


@pytest.fixture
def feed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Write]:
    """Without dates, as some sites' generators write them."""
    with serving() as site:
        monkeypatch.setenv("IGNY8_FEED_URL", f"{site.url}/rss")
        entries: dict[str, str] = {}

        def write(id: str, text: str, hour: int) -> None:
            entries[id] = text
            items = "".join(
                f"<item><title>T</title><guid>{guid}</guid>"
                f"<description><![CDATA[{text}]]></description></item>"
                for guid, text in entries.items()
            )
            page = f'<rss version="2.0"><channel><title>F</title>{items}</channel></rss>'
            site.routes["/rss"] = Answer(page.encode(), mime="application/rss+xml")

        yield write


@pytest.fixture
def wordpress(monkeypatch: pytest.MonkeyPatch) -> Iterator[Write]:
    with serving() as site:
        monkeypatch.setenv("IGNY8_WORDPRESS_URL", site.url)
        posts: dict[str, object] = {}

        def write(id: str, text: str, hour: int) -> None:
            number = 1 + "ab".index(id)
            changed = f"2026-10-01T{hour:02}:00:00"
            posts[id] = {"id": number, "modified_gmt": changed, "title": {"rendered": "T"}}
            listed = json.dumps(list(posts.values())).encode()
            site.routes["/wp-json/wp/v2/posts"] = lambda *_: Answer(listed, mime="application/json")

        yield write


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    path = tmp_path / "site.db"
    monkeypatch.setenv("IGNY8_SOURCE_DATABASE_URL", f"sqlite:///{path}")
    with sqlite3.connect(path) as connection:
        connection.execute(
            "CREATE TABLE igny8_content (id TEXT PRIMARY KEY, title TEXT, content_body TEXT, "
            "meta_description TEXT, target_keywords TEXT, status TEXT, published_at TIMESTAMP, "
            "updated_at TIMESTAMP)"
        )

    def write(id: str, text: str, hour: int) -> None:
        with sqlite3.connect(path) as connection:
            connection.execute(
                "REPLACE INTO igny8_content VALUES (?, 'T', ?, '', '', 'published', NULL, ?)",
                (id, text, f"2026-10-01 {hour:02}:00:00"),
            )

    return write


@pytest.mark.parametrize("kind", ["files", "feed", "wordpress", "database"])
def test_what_is_changed_back_is_run_again_and_each_change_once(
    kind: str, request: pytest.FixtureRequest, instance: dg.DagsterInstance
) -> None:
    write: Write = request.getfixturevalue(kind)
    started: set[str] = set()
    cursor: str | None = None

    def new_runs() -> int:
        """By the daemon's rule: a run key that was seen starts nothing."""
        nonlocal cursor
        asked, cursor = _tick(instance, cursor)
        new = set(asked) - started
        started.update(new)
        return len(new)

    write("a", _A, 1)
    write("b", _A, 1)  # the same text is another article
    assert new_runs() == 2
    assert new_runs() == 0
    for hour, text in ((2, _B), (3, _A), (4, _B), (5, _A)):
        write("a", text, hour)
        before = cursor
        assert new_runs() == 1, (hour, text)
        cursor = before  # the daemon died before it kept the cursor
        assert new_runs() == 0
        assert new_runs() == 0
