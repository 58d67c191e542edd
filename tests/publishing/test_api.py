"""The way to HTTP, against servers that mean harm or are broken."""

import gzip
import logging
import socket
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from igny8_media.publishing.api import Api, Reply, retry_after
from igny8_media.publishing.connecting import make_client
from igny8_media.publishing.outcomes import (
    Ambiguous,
    NeedsAuth,
    Permanent,
    Refused,
    Retryable,
)
from igny8_media.publishing.patience import end_dripping
from tests.publishing.helpers import START, FixedTokens

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@contextmanager
def serving(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that reads a request's head and leaves the rest to `answer`."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                connection.recv(65536)
                with suppress(OSError):  # we hung up, which is the point
                    answer(connection)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(5)


def api_of(client: httpx.Client, *tokens: str) -> Api:
    return Api("LinkedIn", client, FixedTokens(*tokens), now=lambda: START)


def refusal(ask: Callable[[], object]) -> Any:
    with pytest.raises(Refused) as refused:
        ask()
    return refused.value.outcome


def answering(*responses: httpx.Response) -> tuple[httpx.Client, list[httpx.Request]]:
    left, seen = list(responses), []

    def handle(request: httpx.Request) -> httpx.Response:
        request.read()
        seen.append(request)
        return left.pop(0) if len(left) > 1 else left[0]

    return httpx.Client(transport=httpx.MockTransport(handle)), seen


@pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 307, 308, 408, 500, 502, 504, 599])
def test_what_leaves_a_commit_open_is_in_doubt_and_not_sent_again(status: int) -> None:
    client, seen = answering(httpx.Response(status, headers={"Location": "/elsewhere"}))

    outcome = refusal(lambda: api_of(client).call("POST", "http://x/posts", commit=True))

    assert isinstance(outcome, Ambiguous)
    assert len(seen) == 1


def test_a_redirect_is_no_answer_and_nobody_follows_it() -> None:
    client, seen = answering(httpx.Response(302, headers={"Location": "http://evil/"}))

    outcome = refusal(lambda: api_of(client).call("DELETE", "http://x/posts/1"))

    assert isinstance(outcome, Retryable)
    assert len(seen) == 1


def test_an_unfinished_upload_is_an_answer_though_its_status_is_that_of_a_redirect() -> None:
    client, _ = answering(httpx.Response(308, headers={"Range": "bytes=0-9"}))

    assert api_of(client).call("PUT", "http://x/upload").status == 308


def test_a_body_that_unpacks_to_gigabytes_costs_no_memory() -> None:
    bomb = gzip.compress(gzip.compress(bytes(100_000_000), 1), 9)

    def answer(connection: socket.socket) -> None:
        head = HEAD + b"Content-Encoding: gzip, gzip\r\nContent-Length: %d\r\n\r\n" % len(bomb)
        connection.sendall(head + bomb)

    with serving(answer) as url, make_client() as client:
        tracemalloc.start()
        outcome = refusal(lambda: api_of(client).call("GET", url))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert isinstance(outcome, Retryable)
    assert most < 10_000_000


def test_a_packed_body_is_read() -> None:
    packed = gzip.compress(b'{"id": "1"}')
    client, seen = answering(
        httpx.Response(200, stream=httpx.ByteStream(packed), headers={"Content-Encoding": "gzip"})
    )

    assert api_of(client).call("GET", "http://x/").data == {"id": "1"}
    assert seen[0].headers["accept-encoding"] == "identity"


@pytest.mark.parametrize("packed", [b"no gzip at all", gzip.compress(b"{}")[:-6]])
def test_a_packed_body_that_is_broken_leaves_a_commit_in_doubt(packed: bytes) -> None:
    client, _ = answering(
        httpx.Response(200, stream=httpx.ByteStream(packed), headers={"Content-Encoding": "gzip"})
    )

    outcome = refusal(lambda: api_of(client).call("POST", "http://x/", commit=True))

    assert isinstance(outcome, Ambiguous)


@pytest.mark.parametrize("body", [b"[" * 200_000, b'{"a":' * 100_000, b"9" * 6000])
def test_a_body_that_is_too_deep_or_too_long_a_number_is_no_json(body: bytes) -> None:
    assert Reply(200, httpx.Headers(), body).data is None


@pytest.mark.parametrize(
    "date",
    [
        "Mon, 01 Jan 99999999999999999999 00:00:00 GMT",
        "Mon, 01 Jan 2026 00:00:00 +99999999999999999999",
        "Mon, 01 Jan 0001 00:00:00 GMT",
        "x",
        "",
    ],
)
def test_a_nonsense_time_in_the_headers_takes_no_reply_away(date: str) -> None:
    client, _ = answering(httpx.Response(200, json={}, headers={"Date": date}))

    assert api_of(client).call("POST", "http://x/", commit=True).status == 200
    assert retry_after(httpx.Headers({"Retry-After": date}), START) in (None, 0.0)


@given(st.text(st.characters(codec="ascii", min_codepoint=32), max_size=60))
def test_any_retry_after_is_read_or_left(said: str) -> None:
    after = retry_after(httpx.Headers({"Retry-After": said}), START)

    assert after is None or 0 <= after <= 7 * 86400


def test_a_token_that_a_platform_repeats_reaches_nobody() -> None:
    client, _ = answering(httpx.Response(400, json={"message": "bad token token-1"}))
    seen: list[Reply] = []

    outcome = refusal(
        lambda: api_of(client).call(
            "GET",
            "http://x/",
            judge=lambda reply, _: seen.append(reply),
        )
    )

    assert isinstance(outcome, Permanent)
    assert "token-1" not in outcome.reason
    # Adapters make sentences of it that do not pass through here.
    assert b"token-1" not in seen[0].body


def test_the_address_of_an_upload_that_a_platform_repeats_reaches_nobody() -> None:
    def handle(request: httpx.Request) -> httpx.Response:
        return httpx.Response(403, text=f"no upload at {request.extensions['target'].decode()}")

    client = httpx.Client(transport=httpx.MockTransport(handle))
    call = api_of(client).call

    outcome = refusal(lambda: call("PUT", "http://x/up?upload_id=abc123", secret=True))

    assert "abc123" not in outcome.reason


def test_a_refused_token_is_renewed_once_and_the_body_sent_whole_again() -> None:
    client, seen = answering(httpx.Response(401), httpx.Response(401))

    outcome = refusal(
        lambda: api_of(client).call(
            "POST", "http://x/", commit=True, content=lambda: iter([b"ab", b"cd"])
        )
    )

    assert isinstance(outcome, NeedsAuth)
    assert [request.headers["authorization"] for request in seen] == [
        "Bearer token-1",
        "Bearer token-2",
    ]
    assert [request.content for request in seen] == [b"abcd", b"abcd"]


def test_nothing_that_is_secret_is_logged_at_any_level(caplog: pytest.LogCaptureFixture) -> None:
    def answer(connection: socket.socket) -> None:
        location = b"Location: http://127.0.0.1/up?upload_id=hidden-session\r\n"
        connection.sendall(HEAD + location + b"Connection: close\r\nContent-Length: 2\r\n\r\n{}")

    with serving(answer) as url, make_client() as client, caplog.at_level(logging.DEBUG):
        api = api_of(client, "hidden-token")
        api.call("POST", f"{url}/begin")
        api.call("PUT", f"{url}/up?upload_id=hidden-session", secret=True)

    assert "HTTP Request" in caplog.text
    assert "hidden" not in caplog.text


@pytest.mark.parametrize("where", ["head", "body"])
def test_an_answer_that_drips_without_end_is_given_up(where: str) -> None:
    def answer(connection: socket.socket) -> None:
        start = HEAD if where == "head" else HEAD + b"\r\n"
        connection.sendall(start)
        while True:
            connection.sendall(b"X-Y: z\r\n")
            time.sleep(0.02)

    with serving(answer) as url, make_client() as client:
        end_dripping(client, 0.1)
        begun = time.monotonic()
        outcome = refusal(
            lambda: api_of(client).call("POST", url, commit=True, timeout=httpx.Timeout(0.2))
        )
        assert time.monotonic() - begun < 30
    assert isinstance(outcome, Ambiguous)


def test_the_answers_on_one_connection_have_each_their_time() -> None:
    def answer(connection: socket.socket) -> None:
        for _ in range(30):
            time.sleep(0.1)
            connection.sendall(HEAD + b"Content-Length: 2\r\n\r\n{}")
            connection.recv(65536)

    with serving(answer) as url, make_client() as client:
        end_dripping(client, 0.0)
        api = api_of(client)
        for _ in range(30):
            assert api.call("GET", url, timeout=httpx.Timeout(2.5)).data == {}


def test_a_platform_too_slow_to_answer_a_commit_may_yet_carry_it_out() -> None:
    with serving(lambda _: time.sleep(1)) as url, make_client() as client:
        outcome = refusal(
            lambda: api_of(client).call("POST", url, commit=True, timeout=httpx.Timeout(0.2))
        )
    assert isinstance(outcome, Ambiguous)
    assert outcome.late >= 60
