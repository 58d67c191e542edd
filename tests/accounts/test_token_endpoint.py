"""What token endpoints answer, and what each answer means."""

import gzip
import json
import logging
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import pytest

from igny8_media.accounts.apps import app_of
from igny8_media.accounts.errors import (
    AppRefusedError,
    ReconnectNeededError,
    RefreshFailedError,
)
from igny8_media.accounts.hosts import Hosts
from igny8_media.accounts.model import Service
from igny8_media.accounts.oauth import exchange, renew
from igny8_media.sandbox.server import Running


class Endpoint:
    """Answers every request in one way, and remembers the last."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.status, self.headers, self.body = 200, dict[str, str](), b""
        self.line, self.sent, self.form = "", dict[str, str](), dict[str, list[str]]()

    def answers(self, status: int, body: object, **headers: str) -> None:
        self.status, self.headers = status, {k.replace("_", "-"): v for k, v in headers.items()}
        self.body = body if isinstance(body, bytes) else json.dumps(body).encode()

    def hosts(self) -> Hosts:
        return Hosts(_env_file=None).on_sandbox(self.url)  # type: ignore[call-arg]


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            found.line, found.sent = self.requestline, dict(self.headers)
            found.form = parse_qs(sent.decode())
            self.send_response(found.status)
            for name, value in found.headers.items():
                self.send_header(name, value)
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(found.body)

        do_GET = do_POST

        def log_message(self, *_: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        found = Endpoint(f"http://127.0.0.1:{server.server_address[1]}")
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield found
        server.shutdown()
        thread.join()


GRANT = {"access_token": "new-access", "expires_in": 7200, "token_type": "bearer"}


def test_x_is_told_who_asks_in_the_header(endpoint: Endpoint) -> None:
    endpoint.answers(200, {**GRANT, "refresh_token": "next", "scope": "tweet.read tweet.write"})
    grant = renew(app_of(Service.TWITTER, endpoint.hosts()), "old-refresh")
    assert endpoint.sent["Authorization"] == "Basic c2FuZGJveDpzYW5kYm94LXNlY3JldA=="
    assert endpoint.form == {"grant_type": ["refresh_token"], "refresh_token": ["old-refresh"]}
    assert (grant.tokens.access, grant.tokens.refresh) == ("new-access", "next")
    assert grant.expires_at is not None
    assert (grant.expires_at - grant.issued_at).total_seconds() == 7200
    assert grant.scopes == ("tweet.read", "tweet.write")


def test_an_x_application_without_a_secret_says_only_its_id(endpoint: Endpoint) -> None:
    endpoint.answers(200, GRANT)
    hosts = endpoint.hosts()
    public = hosts.model_copy(
        update={"twitter_client_secret": type(hosts.twitter_client_secret)("")}
    )
    renew(app_of(Service.TWITTER, public), "old-refresh")
    assert "Authorization" not in endpoint.sent
    assert endpoint.form["client_id"] == ["sandbox"]


def test_tiktok_is_told_its_own_names(endpoint: Endpoint) -> None:
    endpoint.answers(200, {**GRANT, "refresh_token": "next", "refresh_expires_in": 31536000})
    grant = renew(app_of(Service.TIKTOK, endpoint.hosts()), "old&re=fresh")
    assert endpoint.line.startswith("POST /tiktok/v2/oauth/token/ ")
    assert endpoint.sent["Content-Type"] == "application/x-www-form-urlencoded"
    assert endpoint.form == {
        "client_key": ["sandbox"],
        "client_secret": ["sandbox-secret"],
        "grant_type": ["refresh_token"],
        "refresh_token": ["old&re=fresh"],
    }
    assert grant.refresh_expires_at is not None
    assert (grant.refresh_expires_at - grant.issued_at).days == 365


@pytest.mark.parametrize("service", [Service.LINKEDIN, Service.YOUTUBE])
def test_others_are_told_in_the_form(endpoint: Endpoint, service: Service) -> None:
    endpoint.answers(200, {**GRANT, "refresh_token_expires_in": 3600})
    grant = renew(app_of(service, endpoint.hosts()), "old-refresh")
    assert endpoint.form["client_id"] == ["sandbox"]
    assert endpoint.form["client_secret"] == ["sandbox-secret"]
    assert "Authorization" not in endpoint.sent
    assert grant.refresh_expires_at is not None


def test_meta_is_asked_by_query_which_no_log_shows(
    endpoint: Endpoint, caplog: pytest.LogCaptureFixture
) -> None:
    endpoint.answers(200, {"access_token": "long", "token_type": "bearer"})
    with caplog.at_level(logging.DEBUG):
        app = app_of(Service.FACEBOOK, endpoint.hosts())
        grant = exchange(app, "fb_exchange_token", fb_exchange_token="short-secret")
    method, target, _ = endpoint.line.split()
    path, _, query = target.partition("?")
    assert (method, path) == ("GET", "/graph/v26.0/oauth/access_token")
    assert parse_qs(query) == {
        "grant_type": ["fb_exchange_token"],
        "fb_exchange_token": ["short-secret"],
        "client_id": ["sandbox"],
        "client_secret": ["sandbox-secret"],
    }
    assert grant.expires_at is None
    assert "HTTP Request: GET" in caplog.text
    assert "short-secret" not in caplog.text
    assert "sandbox-secret" not in caplog.text


BAD = "The token old-refresh is bad, and so is sandbox-secret."
REFUSED = [
    (400, {"error": "invalid_grant", "error_description": BAD}),
    (400, {"error": "invalid_request", "error_description": "Value passed was invalid."}),
    (401, {"error": "access_denied"}),
    (200, {"error": "invalid_grant", "error_description": "TikTok says it so.", "log_id": "1"}),
    (400, {"error": {"message": BAD, "type": "OAuthException", "code": 190}}),
]
OUR_FAULT = [
    (401, {"error": "invalid_client", "error_description": BAD}),
    (401, {"error": "unauthorized_client", "error_description": "Missing valid header"}),
    (400, {"error": {"message": "No such app", "code": 101}}),
]
LATER = [
    (500, {"error": "invalid_grant"}),
    (503, b"<html>Busy</html>"),
    (429, {"title": "Too Many Requests"}),
    (400, {"error": "temporarily_unavailable"}),
    (400, {"error": {"message": "Try later", "code": 2, "is_transient": True}}),
    (403, b"<html>Blocked by a proxy</html>"),
    (200, b"<html>Sign in to the Wi-Fi</html>"),
    (200, b'{"access_token": "cut o'),
    (200, {"token_type": "bearer"}),
    (200, {"access_token": None}),
    (200, {"access_token": "x", "expires_in": "soon"}),
    (200, ["no", "object"]),
    (302, b""),
    (200, {"access_token": "cannot\nbe sent"}),
    (200, b"[" * 200_000),
    (200, b'{"access_token": "x", "y": "' + b"y" * 2_000_000 + b'"}'),
]


@pytest.mark.parametrize(("status", "body"), REFUSED)
def test_a_dead_refresh_token(endpoint: Endpoint, status: int, body: object) -> None:
    endpoint.answers(status, body)
    with pytest.raises(ReconnectNeededError, match="refused to give a token") as caught:
        renew(app_of(Service.LINKEDIN, endpoint.hosts()), "old-refresh")
    assert "old-refresh" not in str(caught.value)
    assert "sandbox-secret" not in str(caught.value)


@pytest.mark.parametrize(("status", "body"), OUR_FAULT)
def test_a_registration_that_is_refused(endpoint: Endpoint, status: int, body: object) -> None:
    endpoint.answers(status, body)
    with pytest.raises(AppRefusedError, match="ID and secret") as caught:
        renew(app_of(Service.LINKEDIN, endpoint.hosts()), "old-refresh")
    assert "sandbox-secret" not in str(caught.value)


@pytest.mark.parametrize(("status", "body"), LATER)
def test_an_answer_that_settles_nothing(endpoint: Endpoint, status: int, body: object) -> None:
    endpoint.answers(status, body)
    with pytest.raises(RefreshFailedError):
        renew(app_of(Service.LINKEDIN, endpoint.hosts()), "old-refresh")


def test_when_to_come_back(endpoint: Endpoint) -> None:
    endpoint.answers(429, {}, Retry_After="77")
    with pytest.raises(RefreshFailedError) as caught:
        renew(app_of(Service.TWITTER, endpoint.hosts()), "old-refresh")
    assert caught.value.after == 77


def test_a_wait_without_end_is_an_hour(endpoint: Endpoint) -> None:
    endpoint.answers(429, {}, Retry_After="9" * 400)
    with pytest.raises(RefreshFailedError) as caught:
        renew(app_of(Service.TWITTER, endpoint.hosts()), "old-refresh")
    assert caught.value.after == 3600


def test_a_life_without_end_is_none(endpoint: Endpoint) -> None:
    endpoint.answers(200, {"access_token": "x", "expires_in": 10**300})
    assert renew(app_of(Service.TWITTER, endpoint.hosts()), "old-refresh").expires_at is None


def test_a_packed_answer_is_not_unpacked(endpoint: Endpoint) -> None:
    packed = gzip.compress(b'{"access_token": "x"}')
    endpoint.answers(200, packed, Content_Encoding="gzip")
    with pytest.raises(RefreshFailedError):
        renew(app_of(Service.TWITTER, endpoint.hosts()), "old-refresh")
    assert endpoint.sent["Accept-Encoding"] == "identity"


def test_nobody_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    hosts = Hosts(_env_file=None).on_sandbox(url)  # type: ignore[call-arg]
    with pytest.raises(RefreshFailedError, match="cannot be reached") as caught:
        renew(app_of(Service.YOUTUBE, hosts), "old-refresh")
    assert url not in str(caught.value)


@pytest.mark.parametrize("service", ["twitter", "tiktok", "youtube"])
def test_the_sandbox_renews_as_its_platform_does(
    service: str, sandbox: Running, hosts: Hosts
) -> None:
    given = sandbox.account(service)
    app = app_of(Service(service), hosts)
    grant = renew(app, given["refresh_token"])
    assert grant.tokens.access != given["access_token"]
    if service == "youtube":
        assert grant.tokens.refresh is None
        renew(app, given["refresh_token"])
    else:
        assert grant.tokens.refresh not in (None, given["refresh_token"])
        with pytest.raises(ReconnectNeededError):
            renew(app, given["refresh_token"])


@pytest.mark.parametrize("kind", ["reset_before", "reset_after", "error_before", "truncate"])
def test_a_platform_in_trouble_is_asked_again_later(
    kind: str, sandbox: Running, hosts: Hosts
) -> None:
    given = sandbox.account("youtube")
    sandbox.fault("youtube", "token", kind)
    with pytest.raises(RefreshFailedError):
        renew(app_of(Service.YOUTUBE, hosts), given["refresh_token"])
    assert renew(app_of(Service.YOUTUBE, hosts), given["refresh_token"]).tokens.access
