"""Clients of model servers: what they send is what the vendors take, what they read is meant so."""

import gzip
import json
import time
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from pydantic import BaseModel, Field

from igny8_media.ai.anthropic_text import AnthropicText
from igny8_media.ai.openai_text import OpenAIText
from igny8_media.ai.text import Fault, TextError, TextProvider, TextRequest, Usage, understood
from igny8_media.ai.text_schema import strict_schema
from tests.ai.servers import KEY, ModelServer, Reply, closed_port, said

SPECS = Path(__file__).parents[3] / "shared" / "specs"
needs_specs = pytest.mark.skipif(not SPECS.is_dir(), reason="the specs are not beside the project")


class Point(BaseModel):
    title: str = Field(max_length=40, description="What it says.")
    minItems: str | None = None


class Post(BaseModel):
    text: str = Field(min_length=1, max_length=200)
    points: list[Point] = Field(default_factory=list, max_length=3)


class Short(BaseModel):
    """With an end to everything, so that no model can go on for ever."""

    text: str = Field(min_length=1, max_length=200)


REQUEST = TextRequest("adapt_post", "You write posts.", "Write about compost.", Post, 300)
WRITTEN = json.dumps({"text": "Compost is alive.", "points": []})


OPENED: list[OpenAIText | AnthropicText] = []


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    while OPENED:
        OPENED.pop().close()


def openai_at(server: ModelServer) -> OpenAIText:
    made = OpenAIText("openai", f"{server.url}/v1", KEY, "some-model", own_server=False)
    OPENED.append(made)
    return made


def own_at(url: str) -> OpenAIText:
    made = OpenAIText("gpu_server", url, None, own_server=True)
    OPENED.append(made)
    return made


def anthropic_at(server: ModelServer) -> AnthropicText:
    made = AnthropicText(server.url, KEY, "some-model")
    OPENED.append(made)
    return made


BOTH = pytest.mark.parametrize("connect", [openai_at, anthropic_at])


@BOTH
def test_an_answer_is_read_with_its_usage(connect: Any, server: ModelServer) -> None:
    server.write = lambda _: WRITTEN
    completion = connect(server).complete(REQUEST, 5)
    assert completion.usage == Usage(input_tokens=100, output_tokens=20)
    assert understood(REQUEST, "it", completion) == Post(text="Compost is alive.")


@needs_specs
def test_openai_takes_what_we_send(server: ModelServer) -> None:
    server.write = lambda _: WRITTEN
    openai_at(server).complete(REQUEST, 5)
    spec = json.loads((SPECS / "openai" / "openapi.json").read_text())
    schema = {
        "$ref": "#/components/schemas/CreateChatCompletionRequest",
        "components": spec["components"],
    }
    Draft202012Validator(schema).validate(server.asked[0])
    known: set[str] = set()
    for part in spec["components"]["schemas"]["CreateChatCompletionRequest"]["allOf"]:
        known |= set(_properties(part, spec))
    assert set(server.asked[0]) <= known
    assert server.headers[0]["authorization"] == f"Bearer {KEY}"


def _properties(part: dict[str, Any], spec: dict[str, Any]) -> set[str]:
    if "$ref" in part:
        part = spec["components"]["schemas"][part["$ref"].rpartition("/")[2]]
    found = set(part.get("properties", {}))
    for inner in part.get("allOf", []):
        found |= _properties(inner, spec)
    return found


def test_anthropic_takes_what_we_send(server: ModelServer) -> None:
    """By its documentation: the schema in output_config, no temperature, a version."""
    server.write = lambda _: WRITTEN
    anthropic_at(server).complete(REQUEST, 5)
    body, headers = server.asked[0], server.headers[0]
    assert set(body) == {"model", "max_tokens", "system", "messages", "output_config"}
    assert body["output_config"]["format"]["type"] == "json_schema"
    assert body["output_config"]["format"]["schema"] == strict_schema(Post, bounds=False)
    # Both are the vendor's own client's: a bearer and this version since 2.12.
    assert headers["authorization"] == f"Bearer {KEY}"
    assert headers["anthropic-version"] == "2026-10-21"


@needs_specs
def test_recorded_answers_are_read(server: ModelServer) -> None:
    class City(BaseModel):
        city: str
        country: str

    class Town(City):
        population: int

    recorded = SPECS / "openai/cassettes/test_openai__test_openai_native_output.yaml"
    reply = yaml.safe_load(recorded.read_text())["interactions"][-1]["response"]["parsed_body"]
    server.replies = [Reply(reply)]
    request = TextRequest("city", "", "Which?", City)
    completion = openai_at(server).complete(request, 5)
    assert understood(request, "openai", completion).city == "Mexico City"
    assert completion.usage.input_tokens > 0
    folder = SPECS / "anthropic/cassettes"
    recorded = folder / "test_no_tools_native_output_strict_true.yaml"
    reply = yaml.safe_load(recorded.read_text())["interactions"][0]["response"]["parsed_body"]
    server.replies = [Reply(reply)]
    asked = TextRequest("town", "", "Which?", Town)
    completion = anthropic_at(server).complete(asked, 5)
    assert understood(asked, "anthropic", completion).population == 9002488
    assert completion.usage == Usage(input_tokens=196, output_tokens=19)
    recorded = folder / "test_anthropic_explicit_effort_xhigh_unsupported_model_errors.yaml"
    said_so = yaml.safe_load(recorded.read_text())["interactions"][0]["response"]
    server.replies = [Reply(said_so["parsed_body"], status=said_so["status"]["code"])]
    with pytest.raises(TextError, match="does not support effort") as refusal:
        anthropic_at(server).complete(asked, 5)
    assert refusal.value.fault is Fault.REFUSED


def _error(status: int, kind: str, **headers: str) -> Reply:
    body = {"error": {"message": f"Incorrect key {KEY} given", "type": kind, "code": kind}}
    return Reply(body, status, {name.replace("_", "-"): value for name, value in headers.items()})


FAULTS = [
    (_error(401, "invalid_api_key"), Fault.AUTH),
    (_error(403, "permission_error"), Fault.AUTH),
    (_error(404, "model_not_found"), Fault.REFUSED),
    (_error(400, "invalid_request_error"), Fault.REFUSED),
    (_error(400, "content_policy_violation"), Fault.REFUSED),
    (_error(402, "billing_error"), Fault.QUOTA),
    (_error(429, "insufficient_quota"), Fault.QUOTA),
    (_error(429, "rate_limit_exceeded"), Fault.OVERLOADED),
    (_error(529, "overloaded_error"), Fault.OVERLOADED),
    (_error(500, "api_error"), Fault.UNAVAILABLE),
    (Reply(b"<html>Bad gateway</html>", 502), Fault.UNAVAILABLE),
    (Reply({"object": "error", "message": "loading", "code": 503}, 503), Fault.UNAVAILABLE),
    (Reply({}, 302, {"location": "http://127.0.0.1:1/elsewhere"}), Fault.UNAVAILABLE),
    (Reply(b"<html>It works</html>"), Fault.UNAVAILABLE),
    (Reply(b'{"id": "chatcmpl-1", "choices": [{"fin'), Fault.UNAVAILABLE),
    (Reply({"detail": "other API"}), Fault.UNAVAILABLE),
    (Reply(["no", "object"], 400), Fault.REFUSED),
]


@BOTH
@pytest.mark.parametrize(("reply", "fault"), FAULTS)
def test_every_failure_is_told_by_what_helps(
    connect: Any, reply: Reply, fault: Fault, server: ModelServer
) -> None:
    server.trouble = reply
    with pytest.raises(TextError) as raised:
        connect(server).complete(REQUEST, 5)
    assert raised.value.fault is fault
    assert KEY not in str(raised.value)
    assert KEY not in repr(connect(server))
    assert len(server.asked) == 1  # when to ask again is decided in one place, which is not here


@pytest.mark.parametrize("status", [400, 404, 429, 500, 503])
def test_a_server_that_sends_the_key_back_is_told_of_without_it(
    status: int, server: ModelServer
) -> None:
    """Such as one that shows a traceback with the headers it got; keys are any letters."""
    key = "4f9e.77aa/Zx+41ab=="
    server.trouble = Reply({"detail": "x", "message": f"KeyError: {{'token': '{key}'}}"}, status)
    made = OpenAIText("gpu_server", server.url, key, "m", own_server=True)
    OPENED.append(made)
    with pytest.raises(TextError) as raised:
        made.complete(REQUEST, 5)
    assert server.headers[0]["authorization"].endswith(key)
    assert not any(part in str(raised.value) for part in ("4f9e", "77aa", "41ab"))


@BOTH
@pytest.mark.parametrize("tokens", [-(10**6), 10**12, 10**40])
def test_nobody_is_charged_by_a_count_that_cannot_be(
    connect: Any, tokens: int, server: ModelServer
) -> None:
    usage = {"prompt_tokens": tokens, "completion_tokens": tokens}
    usage |= {"input_tokens": tokens, "output_tokens": tokens}
    server.replies = [said(WRITTEN, "m\0\n\x1b[31m" * 1000, anthropic=connect is anthropic_at)]
    server.replies[0].body["usage"] = usage
    completion = connect(server).complete(REQUEST, 5)
    assert 0 <= completion.usage.input_tokens < 10_000
    assert 0 <= completion.usage.output_tokens <= REQUEST.max_tokens
    assert completion.model.isprintable()
    assert len(completion.model) == 200


@BOTH
def test_when_to_ask_again(connect: Any, server: ModelServer) -> None:
    server.trouble = _error(429, "rate_limit_exceeded", retry_after="7")
    with pytest.raises(TextError) as raised:
        connect(server).complete(REQUEST, 5)
    assert raised.value.after == 7


@pytest.mark.parametrize(
    ("reply", "fault"),
    [
        (said('{"text": "Compo', stop="length"), Fault.TRUNCATED),
        (said(None, refusal="I cannot."), Fault.REFUSED),
        (said(None), Fault.MALFORMED),
        (said("I would rather chat."), Fault.MALFORMED),
        (said('{"text": ""}'), Fault.MALFORMED),
        (said('{"points": []}'), Fault.MALFORMED),
    ],
)
def test_an_answer_that_is_none(reply: Reply, fault: Fault, server: ModelServer) -> None:
    server.replies = [reply]
    with pytest.raises(TextError) as raised:
        understood(REQUEST, "openai", openai_at(server).complete(REQUEST, 5))
    assert raised.value.fault is fault
    assert raised.value.usage == Usage(input_tokens=100, output_tokens=20)  # it was paid for


@pytest.mark.parametrize(
    ("stop", "fault"), [("max_tokens", Fault.TRUNCATED), ("refusal", Fault.REFUSED)]
)
def test_anthropic_says_why_it_stopped(stop: str, fault: Fault, server: ModelServer) -> None:
    server.replies = [said(WRITTEN, anthropic=True, stop=stop)]
    with pytest.raises(TextError) as raised:
        anthropic_at(server).complete(REQUEST, 5)
    assert raised.value.fault is fault


@BOTH
@pytest.mark.parametrize("status", [200, 500])
def test_what_is_packed_too_well_is_not_unpacked(
    connect: Any, status: int, server: ModelServer
) -> None:
    bomb = gzip.compress(b'{"error": {"message": "' + b" " * 60_000_000)
    server.trouble = Reply(bomb, status, {"content-encoding": "gzip"})
    provider = connect(server)
    tracemalloc.start()
    try:
        with pytest.raises(TextError) as raised:
            provider.complete(REQUEST, 20)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert raised.value.fault is Fault.UNAVAILABLE
    assert most < 20_000_000


@BOTH
def test_nobody_is_asked_to_pack_and_whoever_does_is_read(
    connect: Any, server: ModelServer
) -> None:
    listed = gzip.compress(json.dumps({"data": [{"id": "m-1"}]}).encode())
    server.trouble = Reply(listed, headers={"content-encoding": "gzip"})
    assert connect(server).models(5) == ("m-1",)
    for packing, body in (("br", listed), ("gzip", b"{}"), ("gzip", listed[:-9])):
        server.trouble = Reply(body, headers={"content-encoding": packing})
        with pytest.raises(TextError):
            connect(server).models(5)
    server.trouble = None
    connect(server).complete(REQUEST, 5)
    assert server.headers[-1]["accept-encoding"] == "identity"


@BOTH
@pytest.mark.parametrize("reply", [Reply({}, wait=60), Reply({"text": "." * 1000}, drip=0.06)])
def test_nobody_waits_longer_than_they_said(
    connect: Any, reply: Reply, server: ModelServer
) -> None:
    server.trouble = reply
    started = time.monotonic()
    with pytest.raises(TextError, match="within") as raised:
        connect(server).complete(REQUEST, 0.3)
    assert raised.value.fault is Fault.UNAVAILABLE
    assert raised.value.slow
    assert time.monotonic() - started < 30
    if reply.drip:
        assert server.hung_up.wait(30)  # and the server hears that nobody waits any more


@BOTH
def test_a_server_that_is_down(connect: Any) -> None:
    with pytest.raises(TextError, match="cannot be reached") as raised:
        connect(ModelServer(url=closed_port())).complete(REQUEST, 2)
    assert raised.value.fault is Fault.UNAVAILABLE


def test_the_model_of_ones_own_server_need_not_be_named(server: ModelServer) -> None:
    server.write = lambda _: WRITTEN
    own = own_at(server.url)
    assert own.complete(REQUEST, 5).model == "served-1"
    schema = server.asked[0]["response_format"]["json_schema"]["schema"]
    assert schema["properties"]["text"]["maxLength"] == 200
    server.served = ()
    with pytest.raises(TextError, match="no model"):
        own.complete(REQUEST, 5)


def test_strict_schemas() -> None:
    schema = strict_schema(Post, bounds=False)
    assert schema["required"] == ["text", "points"]
    assert schema["additionalProperties"] is False
    point = schema["$defs"]["Point"]
    # Fields may be called as keywords are.
    assert point["required"] == ["title", "minItems"]
    assert point["properties"]["title"] == {"type": "string", "description": "What it says."}
    assert "maxItems" not in schema["properties"]["points"]
    assert "default" not in schema["properties"]["points"]


def test_a_real_server_answers(llama: str) -> None:
    own: TextProvider = own_at(f"{llama}/v1")
    assert len(own.models(5)) == 1
    request = TextRequest("adapt_post", "You write posts.", "Write about compost.", Short, 300)
    completion = own.complete(request, 60)
    assert understood(request, "gpu_server", completion).text
    assert completion.usage.input_tokens > 0
    assert completion.usage.output_tokens > 0
    brief = replace(request, max_tokens=5)
    with pytest.raises(TextError) as raised:
        own.complete(brief, 60)
    assert raised.value.fault is Fault.TRUNCATED
