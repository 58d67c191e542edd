"""News goes to real channels: an HTTP server of this test, through Apprise."""

import json
import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from igny8_media.database.engine import open_database
from igny8_media.database.notifications import Notices
from igny8_media.errors import InputError, OutsideError
from igny8_media.notices.channels import Channels
from igny8_media.notices.digest import Message
from igny8_media.notices.telling import tell, wanted

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class Webhook:
    def __init__(self) -> None:
        self.status, self.got = 200, list[dict[str, Any]]()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.got.append(json.loads(body))
                self.send_response(outer.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"json://user:hunter2@127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    server = Webhook()
    yield server
    server.close()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path / 'igny8.db'}")
    yield engine
    engine.dispose()


@pytest.fixture
def notices(engine: Engine) -> Notices:
    return Notices(engine)


def test_each_piece_of_news_is_told_once(notices: Notices, webhook: Webhook) -> None:
    channels = Channels([webhook.address])
    assert notices.leave("failed:1:1", "failed", "Post 1 failed.", NOW)
    assert not notices.leave("failed:1:1", "failed", "Post 1 failed.", NOW)
    assert wanted(notices, NOW, 15)
    count, sent = tell(notices, channels, lambda: NOW)
    assert count == 1
    assert sent is not None
    assert sent.failed == ()
    assert tell(notices, channels, lambda: NOW) == (0, None)
    (got,) = webhook.got
    assert got["title"] == "igny8-media: 1 failed"
    assert got["message"] == "Post 1 failed."


def test_what_nobody_took_is_kept_and_tried_less_and_less_often(
    notices: Notices, webhook: Webhook, caplog: pytest.LogCaptureFixture
) -> None:
    channels = Channels([webhook.address])
    notices.leave("a", "failed", "Post 1 failed.", NOW)
    webhook.status = 500
    now, waits = NOW, []
    with caplog.at_level(logging.DEBUG):
        for _ in range(3):
            with pytest.raises(OutsideError, match=r"No message could be sent through JSON"):
                tell(notices, channels, partial(datetime.fromtimestamp, now.timestamp(), UTC))
            begun = now
            while not wanted(notices, now, 0):
                now += timedelta(minutes=1)
            waits.append((now - begun) / timedelta(minutes=1))
    assert waits == [5, 10, 20]
    assert "hunter2" not in caplog.text
    webhook.status = 200
    assert tell(notices, channels, lambda: now)[0] == 1


def test_one_dead_channel_does_not_silence_the_others(notices: Notices, webhook: Webhook) -> None:
    dead = "json://127.0.0.1:9/"
    notices.leave("a", "failed", "Post 1 failed.", NOW)
    _, sent = tell(notices, Channels([dead, webhook.address]), lambda: NOW)
    assert sent is not None
    assert len(sent.reached) == len(sent.failed) == 1
    assert len(webhook.got) == 1


def test_old_news_is_none(notices: Notices) -> None:
    notices.leave("a", "failed", "Post 1 failed.", NOW - timedelta(days=8))
    assert notices.waiting(NOW) == []
    assert len(notices.latest(5)) == 1


def test_an_address_that_is_none_is_named_by_its_place(webhook: Webhook) -> None:
    with pytest.raises(InputError, match="Address 2 in IGNY8_NOTIFY") as raised:
        Channels([webhook.address, "nonsense://hunter2"])
    assert "hunter2" not in str(raised.value)


def test_names_hold_no_secret(webhook: Webhook) -> None:
    (name,) = Channels([webhook.address]).names()
    assert "hunter2" not in name
    assert Channels([webhook.address]).send(Message("title", "body")).reached == (name,)


def test_two_who_send_at_once_tell_it_once(notices: Notices, webhook: Webhook) -> None:
    for number in range(30):
        notices.leave(f"failed:{number}", "failed", f"Post {number} failed.", NOW)
    channels = Channels([webhook.address])
    gate = threading.Barrier(4)

    def send(_: int) -> int:
        gate.wait()
        return tell(notices, channels, lambda: NOW)[0]

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(send, range(4))) == [0, 0, 0, 30]
    assert len(webhook.got) == 1


def test_what_a_dead_sender_held_is_told_by_the_next(notices: Notices, webhook: Webhook) -> None:
    notices.leave("a", "failed", "Post 1 failed.", NOW)
    held = notices.claim(NOW, NOW + timedelta(minutes=10))
    assert len(held) == 1
    assert not wanted(notices, NOW + timedelta(minutes=9), 0)
    later = NOW + timedelta(minutes=10)
    assert tell(notices, Channels([webhook.address]), lambda: later)[0] == 1


def test_a_clock_set_back_keeps_nothing_waiting(notices: Notices) -> None:
    notices.leave("a", "failed", "Post 1 failed.", NOW)
    notices.claim(NOW + timedelta(days=365), NOW + timedelta(days=366))
    notices.put_off([1], NOW + timedelta(days=365))
    assert wanted(notices, NOW, 0)


def test_what_is_too_long_for_a_channel_is_cut(webhook: Webhook) -> None:
    (discord,) = Channels(["discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js"])._channels
    (whole,) = discord._apply_overflow("- Post 1 failed.\n" * 500, title="500 failed")
    assert len(whole["title"] + whole["body"]) <= discord.body_maxlen
    (told,) = Channels(
        ["discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js?overflow=split"]
    )._channels
    assert len(told._apply_overflow("- Post 1 failed.\n" * 500, title="500 failed")) > 1


@pytest.fixture
def server(postgres_url: str) -> Iterator[Engine]:
    engine = open_database(postgres_url)
    yield engine
    engine.dispose()


def test_several_who_leave_the_same_news_leave_it_once(server: Engine) -> None:
    notices = Notices(server)
    gate = threading.Barrier(4)

    def leave(_: int) -> int:
        gate.wait()
        return sum(notices.leave(f"overdue:{n}", "overdue", "Late.", NOW) for n in range(50))

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(leave, range(4))) == 50
