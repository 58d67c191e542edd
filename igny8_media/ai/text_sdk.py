"""What clients on a vendor's SDK share: one call, read within bounds, and what its errors mean."""

import time
from contextlib import AbstractContextManager
from types import ModuleType
from typing import TypeVar

import httpx2
from pydantic import BaseModel

from igny8_media.ai.text_http import Streamed, decoded, read_body, refused, unreachable

Shape = TypeVar("Shape", bound=BaseModel)


class _Model(BaseModel):
    id: str


class _Models(BaseModel):
    data: tuple[_Model, ...]


def answered(
    provider: str,
    call: AbstractContextManager[Streamed],
    shape: type[Shape],
    sdk: ModuleType,
    *,
    ends: float,
    seconds: float,
) -> Shape:
    """What `call`, one of `sdk`'s streaming responses, answers before `ends` on the monotonic
    clock; `seconds` is what was allowed. Raises TextError.

    Whatever is raised, a cancelled run's interrupt too, closes the connection.
    """
    try:
        with call as response:
            body = read_body(response, ends)
    except sdk.APIStatusError as error:
        raise refused(
            provider, error.status_code, error.response.content, error.response.headers
        ) from None
    except (sdk.APIConnectionError, httpx2.HTTPError, ValueError) as error:
        raise unreachable(provider, error, seconds) from None
    read: Shape = decoded(provider, body, shape)
    return read


def listed(
    provider: str, call: AbstractContextManager[Streamed], sdk: ModuleType, seconds: float
) -> tuple[str, ...]:
    """The names of the models that `call` lists. Raises TextError."""
    ends = time.monotonic() + seconds
    found = answered(provider, call, _Models, sdk, ends=ends, seconds=seconds)
    return tuple(model.id for model in found.data)
