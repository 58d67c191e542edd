"""Pictures by Bria, API v2 (the vendor's OpenAPI files, 2026-11)."""

import math
import time
from collections.abc import Callable
from typing import Final
from urllib.parse import quote

from pydantic import BaseModel

from igny8_media.ai.image import Drawing, Fetch, ImageError, ImageRequest, Tell
from igny8_media.ai.image_http import Line, Reply, failed, fetched, read
from igny8_media.ai.text import Fault

_RATIOS: Final = ("1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9")
_POLL: Final = 2.0


class _Begun(BaseModel):
    request_id: str


class _Result(BaseModel):
    image_url: str | None = None
    seed: int | None = None


class _Error(BaseModel):
    code: int | str = ""
    message: str = ""


class _Status(BaseModel):
    status: str
    result: _Result | None = None
    error: _Error | None = None


class Bria:
    """Begun and then asked for: the status answers 200 whatever became of the picture.

    Beginning is not idempotent, so a lost answer to it is never repeated here. Shapes are those
    of a closed list; who wants another cuts the nearest.
    """

    name = "bria"
    own = False

    def __init__(
        self,
        url: str,
        key: str,
        model: str,
        fetch: Fetch,
        *,
        better: bool = False,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._url, self._model, self._fetch, self._wait = url.rstrip("/"), model, fetch, wait
        self._resolution = "4MP" if better else "1MP"
        self._line = Line(self.name, {"api_token": key})

    def __repr__(self) -> str:
        return f"Bria({self._url!r}, {self._resolution})"

    @property
    def model(self) -> str:
        return self._model

    @property
    def mark(self) -> str:
        return f"{self._model} {self._resolution}"

    def close(self) -> None:
        self._line.close()

    def models(self, timeout: float) -> tuple[str, ...]:
        """Nothing is asked: its address stands for its model."""
        return ()

    def draw(self, request: ImageRequest, timeout: float, tell: Tell) -> Drawing:
        ends = time.monotonic() + timeout
        asked = {
            "prompt": request.prompt,
            **({"negative_prompt": request.avoid} if request.avoid else {}),
            "aspect_ratio": nearest_ratio(request.width, request.height),
            "resolution": self._resolution,
            "seed": request.seed,
            "output_type": "png",
            "sync": False,
        }
        url = f"{self._url}/image/generate"
        reply = self._line.ask("POST", url, ends, begins=True, body=asked)
        if reply.status not in (200, 202):
            raise failed(self.name, reply, begins=True)
        begun = read(self.name, reply, _Begun, begins=True)
        result = self._finished(begun.request_id, ends, tell)
        content = fetched(self.name, result.image_url or "", self._fetch)
        return Drawing(content=content, model=self._model, seed=result.seed or request.seed)

    def _finished(self, request_id: str, ends: float, tell: Tell) -> _Result:
        # Not at the address it names for this: our key goes to the address that is set, only.
        url = f"{self._url}/status/{quote(request_id, safe='')}"
        while True:
            found = self._status(url, ends)
            if found and found.status == "COMPLETED":
                if found.result and found.result.image_url:
                    return found.result
                raise ImageError(f"{self.name} was done without a picture.", Fault.MALFORMED)
            if found and found.status in ("ERROR", "UNKNOWN"):
                raise self._fault(found)
            if time.monotonic() + _POLL >= ends:
                raise ImageError(
                    f"{self.name} was not done in time.", Fault.UNAVAILABLE, unsure=True
                )
            tell(f"{self.name} is drawing")
            self._wait(_POLL)

    def _status(self, url: str, ends: float) -> _Status | None:
        """None for a question that was lost: the picture is paid for, so it is asked again."""
        try:
            reply = self._line.ask("GET", url, ends)
            if reply.status == 200:
                return read(self.name, reply, _Status)
            raise failed(self.name, reply)
        except ImageError as error:
            passing = error.fault in (Fault.UNAVAILABLE, Fault.OVERLOADED)
            if passing and time.monotonic() + _POLL < ends:
                return None
            raise

    def _fault(self, found: _Status) -> ImageError:
        """Its error codes are those of HTTP."""
        error = found.error or _Error()
        code = int(error.code) if str(error.code).isdigit() else 500
        if code < 400 or found.status == "UNKNOWN":
            code = 500
        # It comes in a good answer, of which nobody has taken our key out yet.
        said = error.model_copy(update={"message": self._line.plain(error.message)})
        told = f'{{"error": {said.model_dump_json()}}}'.encode()
        return failed(self.name, Reply(code, told, {}))


def nearest_ratio(width: int, height: int) -> str:
    def away(name: str) -> float:
        wide, tall = map(int, name.split(":"))
        return abs(math.log(width / height * tall / wide))

    return min(_RATIOS, key=away)
