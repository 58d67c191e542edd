"""Pictures by Runware (runware 0.5.24, runware-sdk 1.8.0, runware.ai/docs, 2026-11)."""

import re
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from pydantic import BaseModel

from igny8_media.ai.image import Drawing, Fetch, ImageError, ImageRequest, Tell, job_id
from igny8_media.ai.image_http import Line, failed, fetched, read
from igny8_media.ai.text import Fault

_EXISTS: Final = "conflictTaskUUID"
_POLL: Final = 1.0
_STEP: Final = 64
_FAULTS: Final = (
    (r"contentpolicy|nsfw|promptblocked|moderat|safety|unsafe", Fault.REFUSED),
    (r"unauthori|credentials|suspended|apikey|forbidden", Fault.AUTH),
    (r"quota|credit|balance|payment|billing|insufficient", Fault.QUOTA),
    (r"ratelimit|toomany|concurren|noavailableserver|modelnotready|overload", Fault.OVERLOADED),
    (r"inference|internalserver|serviceunavailable|timeout|provider", Fault.UNAVAILABLE),
)
"""The SDKs' groups of error codes, by what helps; any other is for the request alone."""


class _Task(BaseModel):
    taskUUID: str | None = None
    status: str | None = None
    imageURL: str | None = None
    seed: int | None = None
    NSFWContent: bool | None = None
    cost: Decimal | None = None


class _Error(BaseModel):
    code: str = ""
    message: str = ""
    taskUUID: str | None = None


class _Answer(BaseModel):
    data: tuple[_Task, ...] = ()
    errors: tuple[_Error, ...] = ()


class Runware:
    """Tasks are begun and then asked for (`deliveryMethod` async), each under a UUID of ours.

    The UUID follows from the request, and the same one is never begun twice: so a picture whose
    answer was lost is asked for, also by the next process, and not paid for again.
    """

    name = "runware"
    own = False

    def __init__(
        self,
        url: str,
        key: str,
        model: str,
        fetch: Fetch,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._url, self._model, self._fetch, self._wait = url.rstrip("/"), model, fetch, wait
        self._line = Line(self.name, {"Authorization": f"Bearer {key}"})

    def __repr__(self) -> str:
        return f"Runware({self._url!r}, model={self._model!r})"

    @property
    def model(self) -> str:
        return self._model

    @property
    def mark(self) -> str:
        return self._model

    def close(self) -> None:
        self._line.close()

    def models(self, timeout: float) -> tuple[str, ...]:
        """Nothing is asked: it has no question that costs nothing."""
        return ()

    def draw(self, request: ImageRequest, timeout: float, tell: Tell) -> Drawing:
        ends = time.monotonic() + timeout
        task = job_id(self, request)
        known = self._begin(task, request, ends)
        try:
            return self._taken(task, ends, tell)
        except ImageError as error:
            # What went wrong in an earlier process is what the same UUID goes on to answer, and
            # the address of what went well expires.
            if not known or error.fault is Fault.REFUSED:
                raise
        task = job_id(self, request, again=str(time.time_ns()))
        self._begin(task, request, ends)
        return self._taken(task, ends, tell)

    def _taken(self, task: str, ends: float, tell: Tell) -> Drawing:
        done = self._finished(task, ends, tell)
        if done.NSFWContent:
            raise ImageError(f"{self.name} marked the picture as unsafe.", Fault.REFUSED)
        content = fetched(self.name, done.imageURL or "", self._fetch)
        return Drawing(content=content, model=self._model, seed=done.seed, cost=done.cost)

    def _begin(self, task: str, request: ImageRequest, ends: float) -> bool:
        """Have the task begun; whether it was known already."""
        asked = {
            "taskType": "imageInference",
            "taskUUID": task,
            "positivePrompt": request.prompt,
            **({"negativePrompt": request.avoid} if request.avoid else {}),
            "model": self._model,
            "width": _stepped(request.width),
            "height": _stepped(request.height),
            "seed": request.seed,
            "numberResults": 1,
            "outputType": "URL",
            "outputFormat": "PNG",
            "includeCost": True,
            "deliveryMethod": "async",
        }
        try:
            answer = self._post(asked, ends, begins=True)
        except ImageError as error:
            if not error.unsure:
                raise
            answer = self._post(asked, ends, begins=True)  # the same UUID: it begins once
        wrong = _error_of(answer, task)
        if wrong is None:
            return False
        if wrong.code == _EXISTS:
            return True
        raise self._fault(wrong)

    def _finished(self, task: str, ends: float, tell: Tell) -> _Task:
        """What became of a task. A question that is lost is asked again."""
        while True:
            try:
                answer = self._post({"taskType": "getResponse", "taskUUID": task}, ends)
            except ImageError as error:
                if error.fault is not Fault.UNAVAILABLE or time.monotonic() + _POLL >= ends:
                    raise
                answer = _Answer()
            if wrong := _error_of(answer, task):
                raise self._fault(wrong)
            mine = next((one for one in answer.data if one.taskUUID == task), None)
            if mine and mine.status == "error":
                raise ImageError(f"{self.name} failed at the picture.", Fault.UNAVAILABLE)
            if mine and mine.imageURL:
                return mine
            if mine and mine.status == "success":
                raise ImageError(f"{self.name} was done without a picture.", Fault.MALFORMED)
            if time.monotonic() + _POLL >= ends:
                raise ImageError(
                    f"{self.name} was not done in time; what it drew is asked for the next time.",
                    Fault.UNAVAILABLE,
                    unsure=True,
                )
            tell(f"{self.name} is drawing")
            self._wait(_POLL)

    def _post(self, task: dict[str, Any], ends: float, *, begins: bool = False) -> _Answer:
        reply = self._line.ask("POST", self._url, ends, begins=begins, body=[task])
        if reply.status == 200:
            return read(self.name, reply, _Answer, begins=begins)
        # Errors have their codes in the body, whatever the status.
        try:
            answer = read(self.name, reply, _Answer)
        except ImageError:
            answer = _Answer()
        if answer.errors and reply.status < 500:
            return answer
        raise failed(self.name, reply, begins=begins)

    def _fault(self, wrong: _Error) -> ImageError:
        code = wrong.code.replace("_", "").lower()
        fault = next((f for words, f in _FAULTS if re.search(words, code)), Fault.REFUSED)
        said = self._line.plain(wrong.message)
        remedy = {
            Fault.AUTH: "; set IGNY8_RUNWARE_KEY to a valid key",
            Fault.QUOTA: "; top up the account there",
        }.get(fault, "")
        return ImageError(f"{self.name} gave no picture ({wrong.code}): {said}{remedy}.", fault)


def _error_of(answer: _Answer, task: str) -> _Error | None:
    """The error of this task, or one that names no task: a whole request refused."""
    return next((e for e in answer.errors if e.taskUUID in (task, None)), None)


def _stepped(side: int) -> int:
    """A multiple of 64 from 128 to 2048, as models of the SD and FLUX families take."""
    return min(2048, max(128, round(side / _STEP) * _STEP))
