"""Meta as a list of answers, which looks at every request as Meta's own SDK would.

What is sent is checked against the parameters extracted from the SDK where they are at hand: a
name or enum value that it does not know fails the test.
"""

import email
import email.policy
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest

from igny8_media.accounts.hosts import Hosts

PAGE = "1001"
IG = "1784"
GRAPH = "https://graph.facebook.com/v26.0"
SPECS = Path(__file__).parents[3] / "shared" / "specs" / "meta"

Answer = Any
"""A dict (200), (status, body) or (status, body, headers), an exception to raise, or a function of
the request that gives one of these."""

_EDGES = {
    "POST feed": ("Page", "create_feed"),
    "POST photos": ("Page", "create_photo"),
    "POST videos": ("Page", "create_video"),
    "POST video_reels": ("Page", "create_video_reel"),
    "POST photo_stories": ("Page", "create_photo_story"),
    "POST video_stories": ("Page", "create_video_story"),
    "GET published_posts": ("Page", "get_published_posts"),
    "POST media": ("IGUser", "create_media"),
    "POST media_publish": ("IGUser", "create_media_publish"),
    "GET content_publishing_limit": ("IGUser", "get_content_publishing_limit"),
    "GET media": ("IGUser", "get_media"),
}
_FIELDS = {
    "published_posts": "PagePost",
    "media": "IGMedia",
    "content_publishing_limit": "ContentPublishingLimitResponse",
}
# Every edge pages, and files of photos are named in the guide only.
_EVERYWHERE = {"fields", "limit", "after", "until", "since", "__paging_token"}
_BY_GUIDE = {"POST photos": {"source"}}


@dataclass
class Sent:
    method: str
    path: str
    params: dict[str, str]
    form: dict[str, str]
    files: dict[str, bytes]
    headers: httpx.Headers
    body: bytes

    @property
    def what(self) -> str:
        return f"{self.method} {self.path}"


@dataclass
class Meta:
    """Answers by "METHOD path" (the Graph API's path without version, or the whole address of the
    upload server), each in turn and the last for ever."""

    answers: dict[str, list[Answer]] = field(default_factory=dict)
    sent: list[Sent] = field(default_factory=list)

    def on(self, what: str, *answers: Answer) -> "Meta":
        self.answers[what] = list(answers)
        return self

    def __call__(self, request: httpx.Request) -> httpx.Response:
        sent = _read(request)
        self.sent.append(sent)
        assert not re.search(r"access_token|token-\d", str(request.url)), "a token in the address"
        authorization = "OAuth" if "rupload" in sent.path else "Bearer"
        assert re.fullmatch(f"{authorization} token-[12]", request.headers["authorization"])
        if sent.what not in self.answers:
            raise AssertionError(f"nothing was expected to ask {sent.what}")
        left = self.answers[sent.what]
        answer = left.pop(0) if len(left) > 1 else left[0]
        if callable(answer) and not isinstance(answer, type):
            answer = answer(sent)
        if isinstance(answer, Exception):
            raise answer
        status, body, headers = (
            (*answer, {})[:3] if isinstance(answer, tuple) else (200, answer, {})
        )
        if isinstance(body, bytes):
            return httpx.Response(status, content=body, headers=headers)
        return httpx.Response(status, json=body, headers=headers)

    def asked(self, what: str) -> list[Sent]:
        return [sent for sent in self.sent if sent.what == what]

    def order(self) -> list[str]:
        return [sent.what for sent in self.sent]


def error(code: int, subcode: int = 0, message: str = "no", **more: Any) -> dict[str, Any]:
    """A body as Meta's errors have it."""
    said = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "A1b2"}
    return {"error": said | ({"error_subcode": subcode} if subcode else {}) | more}


def hosts() -> Hosts:
    return Hosts(_env_file=None)  # type: ignore[call-arg]  # pydantic-settings' own


def _read(request: httpx.Request) -> Sent:
    body = request.read()
    kind = request.headers.get("content-type", "")
    form: dict[str, str] = {}
    files: dict[str, bytes] = {}
    if kind.startswith("application/x-www-form-urlencoded"):
        form = dict(parse_qsl(body.decode(), keep_blank_values=True))
    elif kind.startswith("multipart/form-data"):
        for name, filename, content in _multipart(kind, body):
            if filename is None:
                form[name] = content.decode()
            else:
                files[name] = content
    url = str(request.url.copy_with(query=None))
    return Sent(
        request.method,
        url.removeprefix(f"{GRAPH}/"),
        dict(request.url.params),
        form,
        files,
        request.headers,
        body,
    )


def _multipart(kind: str, body: bytes) -> Iterator[tuple[str, str | None, bytes]]:
    message = email.message_from_bytes(
        f"Content-Type: {kind}\r\n\r\n".encode() + body, policy=email.policy.HTTP
    )
    for part in message.iter_parts():  # type: ignore[attr-defined]  # EmailMessage, by the policy
        named = part["content-disposition"].params
        yield named["name"], named.get("filename"), part.get_payload(decode=True)


def check_against_sdk(meta: Meta) -> None:
    """Every parameter and enum value that was sent is one that Meta's SDK knows."""
    api = json.loads((SPECS / "graph-v26.0-params.json").read_text())["api"]
    for sent in meta.sent:
        edge = f"{sent.method} {sent.path.rpartition('/')[2]}"
        if edge not in _EDGES or "rupload" in sent.path:
            continue
        node, action = _EDGES[edge]
        known = set(api[node][action]["params"]) | _BY_GUIDE.get(edge, set())
        if sent.method == "GET":
            known |= _EVERYWHERE
        used = {*sent.form, *sent.files, *sent.params}
        assert used <= known, f"{edge} knows no {used - known}"
        for name, value in sent.form.items():
            declared = api[node][action]["params"].get(name, "")
            _check_value(api[node]["_enums"], name, declared, value)
        fields = _FIELDS.get(sent.path.rpartition("/")[2])
        if sent.method == "GET" and fields:
            asked = set(sent.params["fields"].split(","))
            listed = (
                api[fields]["Field"] if "Field" in api[fields] else api[fields]["_enums"]["Field"]
            )
            assert asked <= set(listed), f"{fields} has no {asked - set(listed)}"


def _check_value(enums: dict[str, Any], name: str, declared: str, value: str) -> None:
    if declared == "bool":
        assert value in ("true", "false"), f"{name}={value}"
    elif declared.startswith(("unsigned int", "int")):
        assert value.isdigit(), f"{name}={value}"
    elif declared.startswith("list<Object>"):
        assert all(isinstance(item, dict) for item in json.loads(value)), f"{name}={value}"
    elif declared.endswith("_enum"):
        enum = "".join(word.capitalize() for word in declared.removesuffix("_enum").split("_"))
        if enum in enums:
            assert value in enums[enum], f"{name}={value} is none of {enums[enum]}"


@pytest.fixture
def meta() -> Iterator[Meta]:
    """Answers to be filled in; what was sent is checked when the test is over."""
    answers = Meta()
    yield answers
    if SPECS.is_dir():
        check_against_sdk(answers)


def needs_specs() -> Callable[[Any], Any]:
    return pytest.mark.skipif(not SPECS.is_dir(), reason=f"Meta's samples are not in {SPECS}")
