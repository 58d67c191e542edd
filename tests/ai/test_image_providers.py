"""Clients of picture servers: what they send is what is taken, and no picture is begun twice."""

import json
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as some
from jsonschema import Draft202012Validator

from igny8_media.ai.bria import Bria, nearest_ratio
from igny8_media.ai.comfyui import ComfyUI
from igny8_media.ai.comfyui_workflow import load_workflow
from igny8_media.ai.image import Drawing, ImageError, ImageProvider, ImageRequest
from igny8_media.ai.openai_image import OpenAIImage, allowed_size
from igny8_media.ai.runware import Runware
from igny8_media.ai.text import Fault
from igny8_media.errors import InputError
from tests.ai.picture_servers import (
    CHECKPOINTS,
    BriaServer,
    ComfyServer,
    OpenAIServer,
    RunwareServer,
    Server,
    picture,
    serving,
)
from tests.ai.servers import KEY, Reply

SPECS = Path(__file__).parents[3] / "shared" / "specs"
needs_specs = pytest.mark.skipif(not SPECS.is_dir(), reason="the specs are not beside the project")
REQUEST = ImageRequest(
    prompt="A dry stone wall", avoid="text, letters", width=768, height=1344, seed=42
)
PNG = b"\x89PNG"


def fetch(url: str) -> bytes:
    """As the safe fetcher does, which visits no loopback."""
    answer = httpx.get(url)
    if answer.status_code != 200:
        raise InputError(f"{url} answered {answer.status_code}")
    return answer.content


def no_wait(_seconds: float) -> None: ...


def openai_at(url: str) -> ImageProvider:
    return OpenAIImage(f"{url}/v1", KEY, "some-model", "medium")


def bria_at(url: str) -> ImageProvider:
    return Bria(f"{url}/v2", KEY, "fibo", fetch, wait=no_wait)


def runware_at(url: str) -> ImageProvider:
    return Runware(f"{url}/v1", KEY, "some:1@1", fetch, wait=no_wait)


def comfy_at(url: str) -> ImageProvider:
    return ComfyUI(url, KEY, load_workflow("sdxl", CHECKPOINTS[0]), wait=no_wait)


ALL: list[tuple[Callable[[str], ImageProvider], type[Server], str]] = [
    (openai_at, OpenAIServer, "/images/generations"),
    (bria_at, BriaServer, "/image/generate"),
    (runware_at, RunwareServer, "/v1"),
    (comfy_at, ComfyServer, "/prompt"),
]
EVERY = pytest.mark.parametrize(("connect", "kind", "begins"), ALL)


@pytest.fixture
def started() -> Iterator[list[Any]]:
    open_ones: list[Any] = []
    yield open_ones
    while open_ones:
        open_ones.pop().close()


def draw(provider: ImageProvider, timeout: float = 5, request: ImageRequest = REQUEST) -> Drawing:
    try:
        return provider.draw(request, timeout, lambda _: None)
    finally:
        provider.close()


def fails(provider: ImageProvider, timeout: float = 5) -> ImageError:
    with pytest.raises(ImageError) as raised:
        draw(provider, timeout)
    assert KEY not in str(raised.value)
    assert "s3cret" not in str(raised.value)
    assert KEY not in repr(provider)
    return raised.value


@EVERY
def test_a_picture_comes(connect: Any, kind: Any, begins: str) -> None:
    server = kind()
    with serving(server):
        drawing = draw(connect(server.url))
    assert drawing.content.startswith(PNG)
    assert any(KEY in value for value in server.headers[0].values())


@needs_specs
def test_openai_takes_what_we_send() -> None:
    server = OpenAIServer()
    with serving(server):
        draw(openai_at(server.url))
    (sent,) = server.bodies("/images/generations")
    spec = json.loads((SPECS / "openai" / "openapi.json").read_text())
    shape = spec["components"]["schemas"]["CreateImageRequest"]
    Draft202012Validator({**shape, "components": spec["components"]}).validate(sent)
    assert set(sent) <= set(shape["properties"])
    assert "response_format" not in sent
    width, height = map(int, sent["size"].split("x"))
    assert (width % 16, height % 16) == (0, 0)


@needs_specs
@pytest.mark.parametrize("better", [False, True])
def test_bria_takes_what_we_send(better: bool) -> None:
    server = BriaServer()
    with serving(server):
        draw(Bria(f"{server.url}/v2", KEY, "fibo", fetch, better=better, wait=no_wait))
    (sent,) = server.bodies("/image/generate")
    spec = yaml.safe_load((SPECS / "bria" / "bria-image-generation-openapi.yml").read_text())
    post = spec["paths"]["/image/generate"]["post"]
    shape = post["requestBody"]["content"]["application/json"]["schema"]
    Draft202012Validator(shape).validate(sent)
    assert set(sent) <= set(shape["properties"])
    assert server.headers[0]["api_token"] == KEY
    assert sent["resolution"] == ("4MP" if better else "1MP")
    # It names another address for its status: our key is not for that.
    asked = [path for method, path, _ in server.asked if method == "GET"]
    assert asked[0] == "/v2/status/job-1"


@given(some.integers(64, 4096), some.integers(64, 4096))
def test_sizes_are_what_is_taken(width: int, height: int) -> None:
    wide, tall = allowed_size(width, height)
    assert wide % 16 == tall % 16 == 0
    assert 1 / 3 <= wide / tall <= 3
    assert wide * tall <= 2560 * 1440 * 1.03
    if 0.4 < width / height < 2.5:
        assert wide / tall == pytest.approx(width / height, rel=0.03)
    assert nearest_ratio(width, height)


def test_shapes_of_a_closed_list() -> None:
    sizes = [(768, 1344), (1344, 768), (1024, 1024), (1200, 627), (1080, 1350)]
    assert [nearest_ratio(*size) for size in sizes] == ["9:16", "16:9", "1:1", "16:9", "4:5"]


def _error(status: int, code: str, **headers: str) -> Reply:
    body = {"error": {"message": f"Incorrect key {KEY} given", "type": code, "code": code}}
    return Reply(body, status, {name.replace("_", "-"): value for name, value in headers.items()})


FAULTS = [
    (_error(401, "invalid_api_key"), Fault.AUTH),
    (_error(403, "forbidden"), Fault.AUTH),
    (_error(400, "moderation_blocked"), Fault.REFUSED),
    (_error(422, "moderation"), Fault.REFUSED),
    (_error(404, "model_not_found"), Fault.REFUSED),
    (_error(402, "billing"), Fault.QUOTA),
    (_error(429, "rate_limit_exceeded"), Fault.OVERLOADED),
    (_error(500, "api_error"), Fault.UNAVAILABLE),
    (Reply(b"<html>Bad gateway</html>", 502), Fault.UNAVAILABLE),
    (Reply(b"<html>It works</html>"), Fault.UNAVAILABLE),
    (Reply(b'{"data": [{"b64'), Fault.UNAVAILABLE),
    (Reply({}, 302, {"location": "http://127.0.0.1:1/elsewhere"}), Fault.UNAVAILABLE),
]


@EVERY
@pytest.mark.parametrize(("reply", "fault"), FAULTS)
def test_every_failure_is_told_by_what_helps(
    connect: Any, kind: Any, begins: str, reply: Reply, fault: Fault
) -> None:
    server = kind(troubles=[(begins, reply)] * 2)
    with serving(server):
        error = fails(connect(server.url))
    assert error.fault is fault


def test_no_credit_is_no_overload() -> None:
    server = OpenAIServer(troubles=[("/images", _error(429, "insufficient_quota"))])
    with serving(server):
        assert fails(openai_at(server.url)).fault is Fault.QUOTA


@EVERY
def test_when_to_ask_again(connect: Any, kind: Any, begins: str) -> None:
    server = kind(troubles=[(begins, _error(429, "rate_limit", retry_after="7"))] * 2)
    with serving(server):
        error = fails(connect(server.url))
    assert (error.fault, error.after) == (Fault.OVERLOADED, 7)


@EVERY
def test_nobody_waits_longer_than_they_said(connect: Any, kind: Any, begins: str) -> None:
    server = kind(troubles=[("/", Reply({}, wait=60))] * 4)
    with serving(server):
        begun = time.monotonic()
        assert fails(connect(server.url), 0.4).fault is Fault.UNAVAILABLE
        assert time.monotonic() - begun < 30


@EVERY
def test_a_server_that_is_down(connect: Any, kind: Any, begins: str) -> None:
    server = kind()
    with serving(server):
        pass
    error = fails(connect(server.url), 2)
    assert error.fault is Fault.UNAVAILABLE
    assert not error.unsure  # nothing can have been begun
    assert "cannot be reached" in str(error)


@pytest.mark.parametrize(("connect", "kind", "begins"), ALL[:2])
def test_who_cannot_be_probed_is_not_sure(connect: Any, kind: Any, begins: str) -> None:
    server = kind(troubles=[(begins, None)])
    with serving(server):
        assert fails(connect(server.url)).unsure


def test_an_answer_without_a_picture() -> None:
    server = OpenAIServer(troubles=[("/images", Reply({"created": 1, "data": []}))])
    with serving(server):
        assert fails(openai_at(server.url)).fault is Fault.MALFORMED
    server = OpenAIServer(troubles=[("/images", Reply({"data": [{"b64_json": "no base64!"}]}))])
    with serving(server):
        assert fails(openai_at(server.url)).fault is Fault.MALFORMED


def test_answers_without_an_end_are_left() -> None:
    server = OpenAIServer(troubles=[("/images", Reply(b" " * 28_000_000))])
    with serving(server):
        assert fails(openai_at(server.url)).fault is Fault.MALFORMED
    comfy = ComfyServer(drawn=b" " * 20_000_001)
    with serving(comfy):
        assert fails(comfy_at(comfy.url)).fault is Fault.MALFORMED


# Bria


@pytest.mark.parametrize(
    ("code", "fault"),
    [(422, Fault.REFUSED), (429, Fault.OVERLOADED), (500, Fault.UNAVAILABLE)],
)
def test_bria_tells_every_outcome_with_200(code: int, fault: Fault) -> None:
    server = BriaServer(error={"code": code, "message": "No.", "details": ""})
    with serving(server):
        assert fails(bria_at(server.url)).fault is fault


def test_bria_may_send_the_key_back_in_a_good_answer() -> None:
    key = "4f9e.77aa/Zx+41ab=="
    server = BriaServer(error={"code": 500, "message": f"KeyError: '{key}'"})
    with serving(server):
        provider = Bria(f"{server.url}/v2", key, "fibo", fetch, wait=no_wait)
        assert "77aa" not in str(fails(provider))


def test_bria_is_asked_again_how_a_picture_is() -> None:
    lost: list[tuple[str, Reply | None]] = [("/status", None), ("/status", Reply(b"", 503))]
    server = BriaServer(troubles=lost, states=3)
    with serving(server):
        assert draw(bria_at(server.url)).seed == 7
    assert server.begun == 1


def test_a_file_that_is_gone_was_paid_for() -> None:
    server = BriaServer(troubles=[("/files", Reply(b"", 404))] * 2)
    with serving(server):
        error = fails(bria_at(server.url))
    assert (error.fault, error.unsure) == (Fault.MALFORMED, True)
    server = BriaServer(troubles=[("/files", Reply(b"", 503))])
    with serving(server):
        assert draw(bria_at(server.url)).content.startswith(PNG)


# Runware


def test_a_lost_answer_is_asked_for_and_not_paid_twice() -> None:
    server = RunwareServer(lost=1)
    with serving(server):
        drawing = draw(runware_at(server.url))
        assert (drawing.cost, drawing.seed) == (Decimal("0.0032"), 42)
        # Nor by the next process, nor after an end that nobody saw.
        assert draw(runware_at(server.url)).content == drawing.content
    assert len(server.tasks) == 1
    begun = [b[0] for b in server.bodies("/v1") if b[0]["taskType"] == "imageInference"]
    assert len({task["taskUUID"] for task in begun}) == 1


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("contentPolicyViolation", Fault.REFUSED),
        ("nsfwContentDetected", Fault.REFUSED),
        ("promptBlocked", Fault.REFUSED),
        ("invalidCredentials", Fault.AUTH),
        ("accountSuspended", Fault.AUTH),
        ("insufficientCredits", Fault.QUOTA),
        ("noAvailableServer", Fault.OVERLOADED),
        ("inferenceError", Fault.UNAVAILABLE),
        ("internalServerError", Fault.UNAVAILABLE),
        ("invalidModel", Fault.REFUSED),
    ],
)
def test_runwares_errors_come_with_200(code: str, fault: Fault) -> None:
    server = RunwareServer(error={"code": code, "message": "No."})
    with serving(server):
        assert fails(runware_at(server.url)).fault is fault


def test_what_failed_before_is_begun_anew() -> None:
    server = RunwareServer(error={"code": "inferenceError", "message": "No."})
    with serving(server):
        fails(runware_at(server.url))
        server.error = None
        assert len(server.tasks) == 1
        failed = next(iter(server.tasks))
        server.troubles = [("/v1", Reply({"errors": [{"code": "conflictTaskUUID"}]}))]
        server.troubles += [
            ("/v1", Reply({"errors": [{"code": "inferenceError", "taskUUID": failed}]}))
        ]
        assert draw(runware_at(server.url)).content.startswith(PNG)
    assert len(server.tasks) == 2


def test_an_address_that_expired_is_drawn_anew() -> None:
    server = RunwareServer()
    with serving(server):
        draw(runware_at(server.url))
        server.troubles = [("/files", Reply(b"", 403))] * 2
        assert draw(runware_at(server.url)).content.startswith(PNG)
    assert len(server.tasks) == 2


def test_an_unsafe_picture_is_refused() -> None:
    server = RunwareServer(unsafe=True)
    with serving(server):
        assert fails(runware_at(server.url)).fault is Fault.REFUSED


# ComfyUI


def test_a_lost_reply_does_not_queue_twice() -> None:
    server = ComfyServer(lost=1)
    with serving(server):
        assert draw(comfy_at(server.url)).content.startswith(PNG)
        assert len(server.queued) == 1
        draw(comfy_at(server.url))  # another process, which finds it done
    assert len(server.queued) == 1
    assert len(server.bodies("/prompt")) == 1


def test_work_that_is_under_way_is_waited_for() -> None:
    server = ComfyServer(polls=10_000)
    with serving(server):
        provider = comfy_at(server.url)
        error = fails(provider, 0.6)
        assert error.fault is Fault.UNAVAILABLE
        assert server.deleted == server.interrupted == server.queued  # nobody waits any more
        server._left = 1
        draw(comfy_at(server.url))
    assert len(server.queued) == 1


def test_a_cancelled_run_takes_its_work_back() -> None:
    server = ComfyServer(polls=10_000)

    class CancelledError(BaseException): ...

    def tell(_what: str) -> None:
        raise CancelledError

    with serving(server):
        provider = comfy_at(server.url)
        with pytest.raises(CancelledError):
            provider.draw(REQUEST, 5, tell)
        provider.close()
    assert server.interrupted == server.queued


def test_a_server_that_forgets_is_told_again() -> None:
    server = ComfyServer(forgets=1)
    with serving(server):
        assert draw(comfy_at(server.url)).content.startswith(PNG)
    assert len(server.bodies("/prompt")) == 2
    server = ComfyServer(forgets=99)
    with serving(server):
        assert "loses" in str(fails(comfy_at(server.url)))
    assert len(server.bodies("/prompt")) == 3


OOM = ("torch.OutOfMemoryError", "CUDA out of memory. Tried to allocate 4 GiB")


def test_memory_is_freed_once() -> None:
    server = ComfyServer(errors=[OOM])
    with serving(server):
        assert draw(comfy_at(server.url)).content.startswith(PNG)
    assert server.freed == 1
    assert len(set(server.queued)) == 2  # another ID: the first one's history says that it failed
    server = ComfyServer(errors=[OOM, OOM])
    with serving(server):
        error = fails(comfy_at(server.url))
    assert error.fault is Fault.UNAVAILABLE
    assert "memory" in str(error)
    assert server.freed == 1


def test_what_failed_is_told_and_drawn_anew_the_next_time() -> None:
    server = ComfyServer(errors=[("ValueError", "mat1 and mat2 shapes cannot be multiplied")])
    with serving(server):
        error = fails(comfy_at(server.url))
        assert error.fault is Fault.REFUSED
        assert "KSampler ValueError: mat1" in str(error)
        assert draw(comfy_at(server.url)).content.startswith(PNG)


def test_a_workflow_that_does_not_fit_is_told() -> None:
    server = ComfyServer()
    with serving(server):
        provider = ComfyUI(server.url, "", load_workflow("flux", "gone.safetensors"), no_wait)
        error = fails(provider)
        assert error.fault is Fault.REFUSED
        assert "CheckpointLoaderSimple Value not in list ckpt_name: 'gone.safetensors'" in str(
            error
        )
    server = ComfyServer(drops_output=True)
    with serving(server):
        assert "Required input is missing" in str(fails(comfy_at(server.url)))
    assert server.queued[0] in server.deleted


def test_a_file_that_was_deleted_is_told() -> None:
    server = ComfyServer(troubles=[("/view", Reply(b"", 404))])
    with serving(server):
        assert "no longer has the file" in str(fails(comfy_at(server.url)))


def test_a_long_queue_is_an_overload() -> None:
    server = ComfyServer(others=8)
    with serving(server):
        assert fails(comfy_at(server.url)).fault is Fault.OVERLOADED
    assert not server.queued


def test_a_busy_queue_is_told() -> None:
    server = ComfyServer()
    told: list[str] = []
    with serving(server):
        provider = comfy_at(server.url)
        provider.draw(REQUEST, 5, told.append)
        assert provider.models(5) == tuple(CHECKPOINTS)
        provider.close()
    assert told == ["comfyui is drawing"]


@pytest.mark.parametrize("name", ["sdxl", "flux"])
def test_the_shipped_workflows(name: str) -> None:
    server = ComfyServer()
    with serving(server):
        draw(ComfyUI(server.url, "", load_workflow(name, CHECKPOINTS[1]), no_wait))
    (sent,) = server.bodies("/prompt")
    nodes = {node["_meta"]["title"]: node["inputs"] for node in sent["prompt"].values()}
    assert nodes["prompt"]["text"] == REQUEST.prompt
    assert (nodes["size"]["width"], nodes["size"]["height"]) == (768, 1344)
    assert nodes["seed"]["seed"] == 42
    assert nodes["model"]["ckpt_name"] == CHECKPOINTS[1]
    if name == "sdxl":
        assert nodes["avoid"]["text"] == REQUEST.avoid


def test_a_workflow_of_ones_own(tmp_path: Path) -> None:
    own = {
        "10": {"class_type": "Text", "inputs": {"value": "x"}, "_meta": {"title": " Prompt "}},
        "11": {"class_type": "CLIPTextEncode", "inputs": {"text": ["10", 0]}, "_meta": {}},
        "12": {
            "class_type": "RandomNoise",
            "inputs": {"noise_seed": 1},
            "_meta": {"title": "seed"},
        },
        "13": {"class_type": "Box", "inputs": {"width": ["10", 0], "height": 5, "steps": 9}},
        "14": {"class_type": "Loader", "inputs": {"unet_name": "mine.gguf"}},
    }
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(own))
    filled = load_workflow(str(path), "").filled(REQUEST)
    assert filled["10"]["inputs"] == {"value": REQUEST.prompt}
    assert filled["12"]["inputs"] == {"noise_seed": 42}
    assert {k: v["inputs"] for k, v in filled.items() if k > "12"} == {
        "13": own["13"]["inputs"],
        "14": own["14"]["inputs"],
    }
    before = load_workflow(str(path), "").mark
    own["13"]["inputs"]["steps"] = 10  # type: ignore[index]
    path.write_text(json.dumps(own))
    assert load_workflow(str(path), "").mark != before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{}", "Export \\(API\\)"),
        ("[]", "Export \\(API\\)"),
        ("no json", "Export \\(API\\)"),
        ('{"nodes": [], "links": []}', "Export \\(API\\)"),
        ('{"1": {"class_type": "A", "inputs": {"seed": 1}, "_meta": {"title": "seed"}}}', "prompt"),
        (
            '{"1": {"class_type": "A", "inputs": {"text": ""}, "_meta": {"title": "prompt"}}}',
            "seed",
        ),
        (
            '{"1": {"class_type": "A", "inputs": {"text": ["2", 0]}, '
            '"_meta": {"title": "prompt"}}}',
            "prompt",
        ),
    ],
)
def test_a_file_that_is_no_workflow(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    path.write_text(text)
    with pytest.raises(InputError, match=said):
        load_workflow(str(path), "")


def test_a_workflow_that_is_not_there() -> None:
    with pytest.raises(InputError, match="neither sdxl nor flux"):
        load_workflow("/nowhere/mine.json", "")


def test_pictures_of_the_fakes_are_pictures() -> None:
    assert len(picture(64, 64)) > 1000
