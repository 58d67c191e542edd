"""What a ComfyUI server says of its work (server.py, execution.py, 2025-10; docs, 2026-08)."""

from typing import Any, Final

from pydantic import BaseModel, RootModel, ValidationError

_PICTURES: Final = (".png", ".jpg", ".jpeg", ".webp")


class File(BaseModel):
    filename: str
    subfolder: str = ""
    type: str = "output"


class Status(BaseModel):
    status_str: str = ""
    messages: tuple[tuple[str, Any], ...] = ()


class History(BaseModel):
    """One finished piece of work."""

    outputs: dict[str, Any] = {}
    status: Status | None = None

    @property
    def went_wrong(self) -> bool:
        return self.status is not None and self.status.status_str == "error"

    @property
    def picture(self) -> File | None:
        """The first picture that was saved, else the first that was shown: outputs have a key for
        each kind of file, and only lists of objects with a `filename` are files."""
        files = []
        for node in self.outputs.values():
            for listed in node.values() if isinstance(node, dict) else ():
                for found in listed if isinstance(listed, list) else ():
                    try:
                        files.append(File.model_validate(found))
                    except ValidationError:
                        continue
        pictures = [file for file in files if file.filename.lower().endswith(_PICTURES)]
        return min(pictures, key=lambda file: file.type != "output", default=None)

    @property
    def wrong(self) -> str:
        """What its error says; empty where it was interrupted."""
        for event, data in self.status.messages if self.status else ():
            if event == "execution_error" and isinstance(data, dict):
                parts = (data.get("node_type"), data.get("exception_type"))
                where = " ".join(str(part) for part in parts if part)
                return f"{where}: {data.get('exception_message') or ''}"
        return ""

    @property
    def out_of_memory(self) -> bool:
        said = self.wrong.lower()
        return "outofmemory" in said or "out of memory" in said


class Histories(RootModel[dict[str, History]]):
    """By ID; empty for work that is not finished, or forgotten."""


class Queue(BaseModel):
    """What is being drawn and what waits; of each entry the second member is its ID."""

    queue_running: tuple[tuple[Any, ...], ...] = ()
    queue_pending: tuple[tuple[Any, ...], ...] = ()

    def runs(self, job: str) -> bool:
        return any(job in entry[1:2] for entry in self.queue_running)

    def ahead(self, job: str) -> int | None:
        """How many come before it; None if it is not there."""
        if self.runs(job):
            return 0
        numbers = sorted((entry[0], entry[1]) for entry in self.queue_pending if len(entry) > 1)
        ids = [found for _, found in numbers]
        return len(self.queue_running) + ids.index(job) if job in ids else None


class _NodeError(BaseModel):
    message: str = ""
    details: str = ""


class _WrongNode(BaseModel):
    class_type: str = ""
    errors: tuple[_NodeError, ...] = ()


class _Refused(BaseModel):
    node_errors: dict[str, _WrongNode] = {}


class Accepted(BaseModel):
    prompt_id: str
    node_errors: dict[str, Any] = {}


def refusal(body: bytes) -> str:
    """Why a workflow is not taken: what is wrong with the first node that does not fit; empty
    where no node is named."""
    try:
        wrong = _Refused.model_validate_json(body).node_errors
    except ValidationError:
        return ""
    for node in wrong.values():
        for error in node.errors:
            return " ".join(filter(None, (node.class_type, error.message, error.details)))
    return ""
