"""Picture servers on the loopback: four contracts, and every way to fail.

OpenAI's and Bria's requests are held against the vendors' own files in the tests; Runware and
ComfyUI publish none, so what is refused here is what their documentation of 2026-11 refuses.
"""

import base64
import io
import json
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import numpy as np
from PIL import Image

from tests.ai.servers import KEY, Reply

CHECKPOINTS = ["sd_xl_base_1.0.safetensors", "flux1-dev-fp8.safetensors"]


@lru_cache(maxsize=32)
def picture(width: int = 1024, height: int = 1024, seed: int = 1) -> bytes:
    """A PNG with something to see: a horizon, a sun, and grain."""
    chance = np.random.default_rng(seed)
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    rows, columns = rows / height, columns / width
    sky = np.stack([0.9 - 0.5 * rows, 0.55 + 0.1 * columns, 0.35 + 0.5 * rows], axis=-1)
    land = np.stack([0.12 + 0.1 * columns, 0.22 + 0.1 * rows, 0.18 + 0 * rows], axis=-1)
    hills = 0.62 + 0.07 * np.sin(7 * columns + seed) + 0.03 * np.sin(23 * columns)
    pixels = np.where((rows > hills)[..., None], land, sky)
    sun = (columns - 0.62) ** 2 * (width / height) ** 2 + (rows - 0.38) ** 2 < 0.02
    pixels[sun] = (1.0, 0.86, 0.55)
    pixels += chance.normal(0, 0.01, pixels.shape)
    out = io.BytesIO()
    drawn = Image.fromarray((np.clip(pixels, 0, 1) * 255).astype(np.uint8))
    drawn.save(out, "PNG", compress_level=1)  # grain does not shrink, and trying takes most of it
    return out.getvalue()


@dataclass
class Server:
    """`troubles` are given first, one for each request whose path holds the word; None breaks the
    connection off. `drawn` is what pictures are, by default one of the size that was asked for."""

    url: str = ""
    troubles: list[tuple[str, Reply | None]] = field(default_factory=list)
    drawn: bytes | None = None
    asked: list[tuple[str, str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def trouble(self, path: str) -> tuple[bool, Reply | None]:
        for number, (word, reply) in enumerate(self.troubles):
            if word in path:
                del self.troubles[number]
                return True, reply
        return False, None

    def give(self, method: str, path: str, query: dict[str, str], body: Any) -> Reply | None:
        raise NotImplementedError

    def bodies(self, path: str) -> list[Any]:
        return [body for _, asked, body in self.asked if asked.endswith(path) and body is not None]


@dataclass
class OpenAIServer(Server):
    def give(self, method: str, path: str, query: dict[str, str], body: Any) -> Reply | None:
        if path.endswith("/models"):
            return Reply({"object": "list", "data": [{"id": "some-model"}]})
        if "response_format" in body:
            said = {"message": "Unknown parameter: 'response_format'.", "code": "unknown_parameter"}
            return Reply({"error": said}, 400)
        width, height = map(int, body["size"].split("x"))
        drawn = self.drawn or picture(width, height)
        return Reply({"created": 1, "data": [{"b64_json": base64.b64encode(drawn).decode()}]})


@dataclass
class BriaServer(Server):
    """`states` are what a request goes through; `error` is how it ends."""

    states: int = 1
    error: dict[str, Any] | None = None
    begun: int = 0

    def give(self, method: str, path: str, query: dict[str, str], body: Any) -> Reply | None:
        if path.endswith("/image/generate"):
            self.begun += 1
            self._polls = self.states
            self._asked = body
            name = f"job-{self.begun}"
            return Reply({"request_id": name, "status_url": "http://169.254.169.254/key"}, 202)
        if "/status/" in path:
            if self._polls:
                self._polls -= 1
                return Reply({"status": "IN_PROGRESS", "request_id": "job"})
            if self.error:
                return Reply({"status": "ERROR", "request_id": "job", "error": self.error})
            result = {"image_url": f"{self.url}/files/a.png?token=s3cret", "seed": 7}
            return Reply({"status": "COMPLETED", "request_id": "job", "result": result})
        wide, tall = map(int, self._asked["aspect_ratio"].split(":"))
        side = (1024 * 1024 / (wide * tall)) ** 0.5
        drawn = self.drawn or picture(round(wide * side), round(tall * side))
        return Reply(drawn, headers={"x-kind": "file"})


@dataclass
class RunwareServer(Server):
    """`error` is what drawing ends with; `lost` answers to beginnings are not sent, though the
    task was begun."""

    polls: int = 1
    error: dict[str, Any] | None = None
    lost: int = 0
    unsafe: bool = False
    tasks: dict[str, dict[str, Any]] = field(default_factory=dict)

    def give(self, method: str, path: str, query: dict[str, str], body: Any) -> Reply | None:
        if "/files/" in path:
            asked = self.tasks[path.rpartition("/")[2]]
            return Reply(self.drawn or picture(asked["width"], asked["height"]))
        assert isinstance(body, list), "tasks come in an array"
        (task,) = body
        name = task["taskUUID"]
        if task["taskType"] == "getResponse":
            return self._response(name)
        wrong = self._wrong(task)
        if name in self.tasks:
            wrong = ("conflictTaskUUID", "Another task has this UUID.")
        if wrong:
            error = {"code": wrong[0], "message": wrong[1], "taskUUID": name}
            return Reply({"data": [], "errors": [error]})
        self.tasks[name] = {**task, "polls": self.polls}
        if self.lost:
            self.lost -= 1
            return None
        return Reply({"data": [{"taskType": "imageInference", "taskUUID": name}]})

    def _wrong(self, task: dict[str, Any]) -> tuple[str, str] | None:
        if uuid.UUID(task["taskUUID"]).version != 4:
            return "invalidTaskUUID", "taskUUID must be a UUIDv4."
        if task["width"] % 64 or task["height"] % 64:
            return "invalidWidth", "Sides must be multiples of 64."
        if task.get("deliveryMethod") != "async" or not task["positivePrompt"]:
            return "invalidTask", "Tasks are delivered asynchronously here."
        return None

    def _response(self, name: str) -> Reply:
        task = self.tasks[name]
        if task["polls"]:
            task["polls"] -= 1
            return Reply({"data": [{"taskUUID": name, "status": "processing"}]})
        if self.error:
            return Reply({"errors": [{**self.error, "taskUUID": name}]})
        return Reply(
            {
                "data": [
                    {
                        "taskType": "imageInference",
                        "taskUUID": name,
                        "status": "success",
                        "imageURL": f"{self.url}/files/{name}",
                        "seed": task["seed"],
                        "cost": 0.0032,
                        "NSFWContent": self.unsafe,
                    }
                ]
            }
        )


@dataclass
class ComfyServer(Server):
    """`polls` of the queue until a picture is done. `lost` accepts that many pictures without an
    answer, `forgets` forgets that many, `errors` are raised by the first ones."""

    polls: int = 2
    lost: int = 0
    forgets: int = 0
    others: int = 0
    errors: list[tuple[str, str]] = field(default_factory=list)
    queued: list[str] = field(default_factory=list)
    history: dict[str, Any] = field(default_factory=dict)
    graphs: dict[str, Any] = field(default_factory=dict)
    freed: int = 0
    deleted: list[str] = field(default_factory=list)
    interrupted: list[str] = field(default_factory=list)
    drops_output: bool = False

    def give(self, method: str, path: str, query: dict[str, str], body: Any) -> Reply | None:
        if path.startswith("/object_info"):
            needed = {"ckpt_name": [CHECKPOINTS, {}]}
            return Reply({"CheckpointLoaderSimple": {"input": {"required": needed}}})
        if path == "/prompt":
            return self._prompt(body)
        if path == "/queue" and method == "POST":
            self.deleted += body["delete"]
            return Reply(b"")
        if path == "/interrupt":
            self.interrupted.append(body["prompt_id"])
            return Reply(b"")
        if path == "/free":
            assert body == {"unload_models": True, "free_memory": True}
            self.freed += 1
            return Reply(b"")
        if path == "/queue":
            return self._queue()
        if path.startswith("/history/"):
            name = path.rpartition("/")[2]
            return Reply({name: self.history[name]} if name in self.history else {})
        assert path == "/view"
        graph = self.graphs[query["filename"].removesuffix(".png")]
        size = next(
            (n["inputs"] for n in graph.values() if "width" in n["inputs"]),
            {"width": 640, "height": 640},
        )
        return Reply(self.drawn or picture(size["width"], size["height"]))

    def _prompt(self, body: dict[str, Any]) -> Reply | None:
        assert set(body) <= {"prompt", "client_id", "prompt_id", "extra_data", "front"}
        graph, name = body["prompt"], body["prompt_id"]
        for number, node in graph.items():
            for value in node["inputs"].values():
                if isinstance(value, list) and value[0] not in graph:
                    return _refused(number, node, "bad_linked_input", str(value))
            checkpoint = node["inputs"].get("ckpt_name", CHECKPOINTS[0])
            if checkpoint not in CHECKPOINTS:
                details = f"ckpt_name: '{checkpoint}' not in {CHECKPOINTS}"
                return _refused(number, node, "Value not in list", details)
        self.queued.append(name)
        self.graphs[name] = graph
        self._left = self.polls
        if self.lost:
            self.lost -= 1
            return None
        errors = {"9": {"errors": [{"message": "Required input is missing"}]}}
        dropped = errors if self.drops_output else {}
        return Reply({"prompt_id": name, "number": len(self.queued), "node_errors": dropped})

    def _queue(self) -> Reply:
        waiting = [name for name in self.queued if name not in self.history]
        if waiting and self.forgets:
            self.forgets -= 1
            self.queued.remove(waiting[0])
            waiting = []
        others = [[-1 - n, f"other-{n}", {}] for n in range(self.others)]
        running = [[n, name, {}] for n, name in enumerate(waiting)]
        if waiting and not self._left:
            self._finish(waiting[0])
        elif waiting:
            self._left -= 1
        return Reply({"queue_running": running[:1], "queue_pending": others + running[1:]})

    def _finish(self, name: str) -> None:
        if self.errors:
            kind, message = self.errors.pop(0)
            data = {"node_type": "KSampler", "exception_type": kind, "exception_message": message}
            status = {
                "status_str": "error",
                "completed": False,
                "messages": [["execution_start", {}], ["execution_error", data]],
            }
            self.history[name] = {"prompt": [], "outputs": {}, "status": status}
            return
        shown = {"filename": "preview.png", "subfolder": "", "type": "temp"}
        saved = {"filename": f"{name}.png", "subfolder": "", "type": "output"}
        self.history[name] = {
            "prompt": [],
            "outputs": {"3": {"text": ["no file"], "images": [shown]}, "7": {"images": [saved]}},
            "status": {"status_str": "success", "completed": True, "messages": []},
        }


def _refused(number: str, node: dict[str, Any], message: str, details: str) -> Reply:
    error = {"type": "x", "message": message, "details": details, "extra_info": {}}
    return Reply(
        {
            "error": {
                "type": "prompt_outputs_failed_validation",
                "message": "Prompt outputs failed validation",
                "details": "",
                "extra_info": {},
            },
            "node_errors": {
                number: {
                    "errors": [error],
                    "dependent_outputs": ["7"],
                    "class_type": node["class_type"],
                }
            },
        },
        400,
    )


@contextmanager
def serving(state: Server) -> Iterator[None]:
    """Have a fake answer at its `url` meanwhile."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None: ...

        def do_GET(self) -> None:
            self._answer("GET", None)

        def do_POST(self) -> None:
            size = int(self.headers["content-length"])
            self._answer("POST", json.loads(self.rfile.read(size)))

        def _answer(self, method: str, body: Any) -> None:
            parts = urlsplit(self.path)
            with lock:
                state.asked.append((method, parts.path, body))
                state.headers.append({name.lower(): value for name, value in self.headers.items()})
                troubled, reply = state.trouble(parts.path)
                if not troubled:
                    reply = state.give(method, parts.path, dict(parse_qsl(parts.query)), body)
            self.close_connection = True
            if reply is None:
                return
            if reply.wait:
                ends.wait(reply.wait)
            content = reply.body if isinstance(reply.body, bytes) else _json(reply.body)
            with suppress(OSError):
                self.send_response(reply.status)
                self.send_header("content-length", str(len(content)))
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("connection", "close")
                self.end_headers()
                self.wfile.write(content)

    lock, ends = threading.Lock(), threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield
    finally:
        ends.set()
        server.shutdown()
        thread.join()
        with suppress(OSError):
            server.server_close()


def _json(body: Any) -> bytes:
    return json.dumps(body).encode()


__all__ = ["KEY", "BriaServer", "ComfyServer", "OpenAIServer", "Reply", "RunwareServer", "picture"]
