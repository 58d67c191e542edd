"""ComfyUI workflows in API format: two of our own, or one a person exported, and what is put in.

A workflow says by the titles of its nodes where things belong ("Title" in a node's menu):

* `prompt` (needed): its `text` becomes the prompt; also `clip_l`, `t5xxl`, `value` or `string`
* `avoid`: the same, with what should not be in the picture
* `size`: its `width` and `height`
* `seed` (needed, for pictures that are the same again): its `seed` or `noise_seed`
* `model`: its `ckpt_name` or `unet_name` becomes IGNY8_COMFYUI_MODEL, where that is set

Everything else stays as it was exported.
"""

import copy
import hashlib
import json
import math
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Final, TypeGuard

from igny8_media.ai.image import ImageRequest
from igny8_media.errors import InputError

SHIPPED: Final = ("sdxl", "flux")
_MOST_BYTES: Final = 5_000_000
_STEP: Final = 64
_MOST_PIXELS: Final = {"sdxl": 1_100_000}
"""Of our own workflows: beyond what it was trained at, SDXL draws its subject twice."""
_TEXTS: Final = ("text", "clip_l", "t5xxl", "value", "string")
_INPUTS: Final = {
    "prompt": _TEXTS,
    "avoid": _TEXTS,
    "size": ("width", "height"),
    "seed": ("seed", "noise_seed"),
    "model": ("ckpt_name", "unet_name"),
}
_NEEDED: Final = ("prompt", "seed")

Graph = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Workflow:
    """`mark` changes with everything that decides its pictures besides the request."""

    name: str
    graph: Graph
    model: str

    @property
    def mark(self) -> str:
        said = json.dumps([self.graph, self.model], sort_keys=True)
        return f"{self.name} {hashlib.sha256(said.encode()).hexdigest()[:12]}"

    def filled(self, request: ImageRequest) -> Graph:
        """The graph to be sent, for one picture."""
        most = _MOST_PIXELS.get(self.name, 4_200_000)
        scale = min(1.0, math.sqrt(most / (request.width * request.height)))
        values: dict[str, dict[str, Any]] = {
            "prompt": dict.fromkeys(_TEXTS, request.prompt),
            "avoid": dict.fromkeys(_TEXTS, request.avoid),
            "size": {
                "width": _stepped(scale * request.width),
                "height": _stepped(scale * request.height),
            },
            "seed": dict.fromkeys(_INPUTS["seed"], request.seed),
            "model": dict.fromkeys(_INPUTS["model"], self.model) if self.model else {},
        }
        graph = copy.deepcopy(self.graph)
        for node in graph.values():
            for key, value in values.get(_title(node), {}).items():
                if _is_open(node, key):
                    node["inputs"][key] = value
        return graph


def load_workflow(name: str, model: str) -> Workflow:
    """One of SHIPPED, or the exported file of that path; `model` may be empty for the latter.

    Raises InputError for a file that is none, or does not say where the prompt and seed belong.
    """
    if name in SHIPPED:
        folder = resources.files("igny8_media.ai") / "workflows"
        return Workflow(name, json.loads((folder / f"{name}.json").read_bytes()), model)
    path = Path(name).expanduser()
    try:
        with path.open("rb") as file:
            raw = file.read(_MOST_BYTES + 1)
        found = json.loads(raw) if len(raw) <= _MOST_BYTES else None
    except OSError as error:
        raise InputError(
            f"IGNY8_COMFYUI_WORKFLOW names {name}, which is neither {' nor '.join(SHIPPED)} nor a "
            f"file that can be read ({error.strerror})."
        ) from None
    except (ValueError, RecursionError):
        found = None
    if not _is_graph(found):
        raise InputError(
            f"{name} is not a workflow in API format; in ComfyUI choose Workflow, Export (API)."
        )
    graph = found
    for title in _NEEDED:
        if not any(_takes(node, title) for node in graph.values()):
            wanted = " or ".join(_INPUTS[title])
            raise InputError(
                f"{name} has no node titled '{title}' with an input {wanted}; give one of its "
                "nodes that title in ComfyUI and export it again, see docs/ai.md."
            )
    return Workflow(path.stem, graph, model)


def _is_graph(found: object) -> TypeGuard[Graph]:
    return (
        isinstance(found, dict)
        and bool(found)
        and all(
            isinstance(node, dict)
            and isinstance(node.get("class_type"), str)
            and isinstance(node.get("inputs"), dict)
            for node in found.values()
        )
    )


def _takes(node: dict[str, Any], title: str) -> bool:
    return _title(node) == title and any(_is_open(node, key) for key in _INPUTS[title])


def _is_open(node: dict[str, Any], key: str) -> bool:
    """Whether a node has this input, and no other node's output feeds it (a list)."""
    return key in node["inputs"] and not isinstance(node["inputs"][key], list)


def _title(node: dict[str, Any]) -> str:
    meta = node.get("_meta")
    title = meta.get("title") if isinstance(meta, dict) else None
    return title.strip().casefold() if isinstance(title, str) else ""


def _stepped(side: float) -> int:
    return max(_STEP, round(side / _STEP) * _STEP)
