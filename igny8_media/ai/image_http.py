"""What the clients of picture servers share: one exchange within a deadline, and its errors."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import httpx2
from pydantic import BaseModel, ValidationError

from igny8_media.ai.image import Fetch, ImageError
from igny8_media.ai.text import Fault
from igny8_media.ai.text_http import http_client, read_body, refused, timeouts, unreachable
from igny8_media.errors import Igny8Error

Shape = TypeVar("Shape", bound=BaseModel)
_MOST_SAID: Final = 5_000_000
_MOST_TOLD: Final = 200
_LONGEST_EXCHANGE: Final = 30.0


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes
    headers: Mapping[str, str]


class Line:
    """A client of one provider's API."""

    def __init__(self, name: str, headers: Mapping[str, str]) -> None:
        self.name = name
        self._headers = dict(headers)
        self._client = http_client()

    def close(self) -> None:
        self._client.close()

    def plain(self, text: str) -> str:
        """What a server said, short and on one line, without the key it was told."""
        for value in self._headers.values():
            text = text.replace(value.rpartition(" ")[2], "[key]")
        return " ".join(text.split())[:_MOST_TOLD].rstrip(". ")

    def ask(
        self,
        method: str,
        url: str,
        ends: float,
        *,
        begins: bool = False,
        body: Any = None,
        query: Mapping[str, str] | None = None,
        most: int = _MOST_SAID,
    ) -> Reply:
        """What is answered, whatever its status, before `ends` on the monotonic clock and within
        30 seconds. Raises ImageError; `unsure` for what `begins` a picture and may have arrived."""
        seconds = min(ends - time.monotonic(), _LONGEST_EXCHANGE)
        if seconds <= 0:
            raise ImageError(f"{self.name} was not done in time.", Fault.UNAVAILABLE)
        try:
            with self._client.stream(
                method,
                url,
                json=body,
                params=dict(query) if query else None,
                headers=self._headers,
                timeout=timeouts(seconds),
            ) as response:
                content = read_body(response, time.monotonic() + seconds, most)
                return Reply(response.status_code, content, response.headers)
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
            raise unanswered(self.name, error, seconds, begins=begins) from None


def unanswered(name: str, error: Exception, seconds: float, *, begins: bool) -> ImageError:
    """For what happened to the connection."""
    if type(error) is ValueError:
        return ImageError(
            f"{name} answered more than is read of one answer.", Fault.MALFORMED, unsure=begins
        )
    parts = (error, error.__cause__)
    never = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.InvalidURL)
    said = unreachable(name, error, seconds)
    return ImageError(
        str(said), said.fault, unsure=begins and not any(isinstance(p, never) for p in parts)
    )


def failed(name: str, reply: Reply, *, begins: bool = False) -> ImageError:
    """What an error status means; a server that failed at what `begins` a picture may have begun
    it all the same."""
    said = refused(name, reply.status, reply.body, reply.headers)
    return ImageError(
        str(said), said.fault, after=said.after, unsure=begins and said.fault is Fault.UNAVAILABLE
    )


def read(name: str, reply: Reply, shape: type[Shape], *, begins: bool = False) -> Shape:
    """A body as `shape`, a type of ours that names the fields we read."""
    try:
        return shape.model_validate_json(reply.body)
    except ValidationError:
        raise ImageError(
            f"{name} answered something that is not an answer of its API; check its address.",
            Fault.UNAVAILABLE,
            unsure=begins,
        ) from None


def fetched(name: str, url: str, fetch: Fetch) -> bytes:
    """A finished picture behind an address that expires: tried twice, for it is paid for."""
    for last in (False, True):
        try:
            return fetch(url)
        except Igny8Error:  # its words name the address, which is as good as a key
            if last:
                break
    raise ImageError(
        f"{name} drew a picture that cannot be fetched from where it says.",
        Fault.MALFORMED,
        unsure=True,
    )
