"""Pictures by a ComfyUI server of one's own, over its plain HTTP routes."""

import json
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import Final
from urllib.parse import quote

from igny8_media.ai.comfyui_api import Accepted, Histories, History, Queue, refusal
from igny8_media.ai.comfyui_workflow import Graph, Workflow
from igny8_media.ai.image import MOST_BYTES, Drawing, ImageError, ImageRequest, Tell, job_id
from igny8_media.ai.image_http import Line, Reply, failed, read
from igny8_media.ai.text import Fault

_POLL: Final = 0.5
_LONGEST_POLL: Final = 3.0
_MOST_WAITING: Final = 8
"""Work of others in the queue from which on the server counts as overloaded."""
_TRIES: Final = 3
"""How often one picture is queued: it may be lost from memory, or find none to be drawn in."""
_STOP_SECONDS: Final = 5.0
_LOADER: Final = "CheckpointLoaderSimple"


class ComfyUI:
    """The ID of a picture's work is ours and follows from the request. The server keeps no two of
    one ID apart, so it is looked for before it is queued: in what waits, and in what is done. So a
    lost answer, a stopped process or a second try never have a picture drawn twice.
    """

    name = "comfyui"
    own = True

    def __init__(
        self,
        url: str,
        token: str,
        workflow: Workflow,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._url, self._workflow, self._wait = url.rstrip("/"), workflow, wait
        self._line = Line(self.name, {"Authorization": f"Bearer {token}"} if token else {})
        self._client = str(uuid.uuid4())

    def __repr__(self) -> str:
        return f"ComfyUI({self._url!r}, {self._workflow.name!r}, model={self.model!r})"

    @property
    def model(self) -> str:
        return self._workflow.model or self._workflow.name

    @property
    def mark(self) -> str:
        return self._workflow.mark

    def close(self) -> None:
        self._line.close()

    def models(self, timeout: float) -> tuple[str, ...]:
        """The checkpoints it has."""
        found = self._get(f"/object_info/{_LOADER}", time.monotonic() + timeout)
        try:
            names = json.loads(found.body)[_LOADER]["input"]["required"]["ckpt_name"][0]
        except (ValueError, KeyError, IndexError, TypeError):
            raise ImageError(
                f"{self.name} does not answer as ComfyUI does; check COMFYUI_URL.",
                Fault.UNAVAILABLE,
            ) from None
        return tuple(str(name) for name in names)

    def draw(self, request: ImageRequest, timeout: float, tell: Tell) -> Drawing:
        ends = time.monotonic() + timeout
        graph, job = self._workflow.filled(request), job_id(self, request)
        done = self._history(job, ends)
        if done is not None and (done.went_wrong or done.picture is None):
            job, done = str(uuid.uuid4()), None
        freed = False
        for _ in range(_TRIES):
            done = done or self._drawn(job, graph, ends, tell)
            if done is None:  # lost from the server's memory: it was restarted
                continue
            if not done.went_wrong:
                return self._taken(done, request, ends)
            if not done.out_of_memory or freed:
                raise self._wrong(done)
            tell(f"{self.name} is out of memory, which is freed")
            free = {"unload_models": True, "free_memory": True}
            self._line.ask("POST", f"{self._url}/free", ends, body=free)
            self._wait(_POLL)  # it frees between two pieces of work, and looks for the next at once
            freed, job, done = True, str(uuid.uuid4()), None
        raise ImageError(f"{self.name} loses the pictures that it has to draw.", Fault.UNAVAILABLE)

    def _drawn(self, job: str, graph: Graph, ends: float, tell: Tell) -> History | None:
        """What became of a piece of work, which is queued unless it is already."""
        try:
            if self._queue(ends).ahead(job) is None:
                job = self._queued(job, graph, ends)
            return self._finished(job, ends, tell)
        except BaseException:  # also a cancelled run: nobody waits for the picture any more
            with suppress(ImageError):
                self._stop(job)
            raise

    def _queued(self, job: str, graph: Graph, ends: float) -> str:
        """Queue the work; its ID, which an old server may choose itself."""
        waiting = len(self._queue(ends).queue_pending)
        if waiting >= _MOST_WAITING:
            raise ImageError(f"{self.name} has {waiting} pictures waiting.", Fault.OVERLOADED)
        body = {"prompt": graph, "client_id": self._client, "prompt_id": job}
        try:
            reply = self._line.ask("POST", f"{self._url}/prompt", ends, begins=True, body=body)
        except ImageError as error:
            if not error.unsure:
                raise
            # Perhaps it was queued, and only the answer is lost: then it is there now.
            self._wait(_POLL)
            if self._queue(ends).ahead(job) is not None or self._history(job, ends) is not None:
                return job
            raise ImageError(str(error), error.fault) from None
        if reply.status != 200:
            raise self._refused(reply)
        accepted = read(self.name, reply, Accepted)
        if accepted.node_errors:
            # Some outputs were dropped, and the rest is queued.
            self._line.ask("POST", f"{self._url}/queue", ends, body={"delete": [job]})
            raise self._refused(reply)
        return accepted.prompt_id

    def _refused(self, reply: Reply) -> ImageError:
        said = self._line.plain(refusal(reply.body)) if reply.status in (200, 400) else ""
        if not said:
            return failed(self.name, reply)
        return ImageError(
            f"{self.name} does not take the workflow {self._workflow.name}: {said}. Check its "
            "nodes and IGNY8_COMFYUI_MODEL.",
            Fault.REFUSED,
        )

    def _finished(self, job: str, ends: float, tell: Tell) -> History | None:
        """None when the work is neither done nor waiting."""
        pause, told, missed = _POLL, -1, 0
        while True:
            try:
                done = self._history(job, ends)
                ahead = None if done else self._queue(ends).ahead(job)
            except ImageError as error:  # a question that is lost is asked again
                if error.fault is not Fault.UNAVAILABLE or time.monotonic() + pause >= ends:
                    raise
                missed += 1
                if missed > _TRIES:
                    raise
            else:
                missed = 0
                # Between the two questions it may have been finished.
                done = done or (self._history(job, ends) if ahead is None else None)
                if done or ahead is None:
                    return done
                if ahead != told:
                    told = ahead
                    tell(f"{self.name} is drawing" if not ahead else f"{ahead} pictures before it")
            if time.monotonic() + pause >= ends:
                raise ImageError(f"{self.name} was not done in time.", Fault.UNAVAILABLE)
            self._wait(pause)
            pause = min(_LONGEST_POLL, pause * 1.3)

    def _taken(self, done: History, request: ImageRequest, ends: float) -> Drawing:
        file = done.picture
        if file is None:
            raise ImageError(
                f"{self.name} was done without a picture; the workflow {self._workflow.name} "
                "must end in a node that saves one.",
                Fault.REFUSED,
            )
        query = file.model_dump()
        reply = self._line.ask("GET", f"{self._url}/view", ends, query=query, most=MOST_BYTES)
        if reply.status == 404:
            raise ImageError(
                f"{self.name} no longer has the file that it drew; restart it, so that it draws "
                "anew.",
                Fault.UNAVAILABLE,
            )
        if reply.status != 200:
            raise failed(self.name, reply)
        return Drawing(content=reply.body, model=self.model, seed=request.seed)

    def _wrong(self, done: History) -> ImageError:
        if done.out_of_memory:
            said = f"{self.name} has too little memory for this picture, also after freeing some."
            return ImageError(said, Fault.UNAVAILABLE)
        if not done.wrong:
            return ImageError(f"{self.name} was interrupted.", Fault.UNAVAILABLE)
        said = self._line.plain(done.wrong)
        return ImageError(f"{self.name} failed at the picture: {said}.", Fault.REFUSED)

    def _stop(self, job: str) -> None:
        """Take the work back, wherever it is; nobody else's is touched."""
        ends = time.monotonic() + _STOP_SECONDS
        self._line.ask("POST", f"{self._url}/queue", ends, body={"delete": [job]})
        if self._queue(ends).runs(job):
            self._line.ask("POST", f"{self._url}/interrupt", ends, body={"prompt_id": job})

    def _history(self, job: str, ends: float) -> History | None:
        reply = self._get(f"/history/{quote(job, safe='')}", ends)
        return read(self.name, reply, Histories).root.get(job)

    def _queue(self, ends: float) -> Queue:
        return read(self.name, self._get("/queue", ends), Queue)

    def _get(self, path: str, ends: float) -> Reply:
        reply = self._line.ask("GET", self._url + path, ends)
        if reply.status != 200:
            raise failed(self.name, reply)
        return reply
