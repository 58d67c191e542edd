"""Pictures by OpenAI's image models (images.generate, openai 3.54 and openapi.json, 2026-11)."""

import base64
import binascii
import math
import time
from typing import Final, Literal

import httpx2
import openai
from pydantic import BaseModel

from igny8_media.ai.image import MOST_BYTES, Drawing, ImageError, ImageRequest, Tell
from igny8_media.ai.image_http import Reply, failed, read, unanswered
from igny8_media.ai.openai_client import open_openai
from igny8_media.ai.text import Fault
from igny8_media.ai.text_http import read_body, timeouts

_STEP: Final = 16
_LONGEST: Final = 3.0
_MOST_PIXELS: Final = 2560 * 1440
"""Sizes above are "experimental"."""
_LEAST_PIXELS: Final = 1024 * 1024
"""The smallest of the standard sizes; a model's own limit lies below."""


class _Data(BaseModel):
    b64_json: str


class _Answer(BaseModel):
    data: tuple[_Data, ...]


class _Model(BaseModel):
    id: str


class _Models(BaseModel):
    data: tuple[_Model, ...]


class OpenAIImage:
    """Always base64: GPT image models know no other answer, and refuse `response_format`.

    They have no seed. Nothing can be asked about a picture whose answer was lost.
    """

    own = False

    def __init__(
        self, base_url: str, key: str, model: str, quality: Literal["medium", "high"]
    ) -> None:
        self.name = "openai"
        self._model, self._quality = model, quality
        self._client = open_openai(base_url, key)

    def __repr__(self) -> str:
        return f"OpenAIImage(model={self._model!r}, quality={self._quality!r})"

    @property
    def model(self) -> str:
        return self._model

    @property
    def mark(self) -> str:
        return f"{self._model} {self._quality}"

    def close(self) -> None:
        self._client.close()

    def draw(self, request: ImageRequest, timeout: float, tell: Tell) -> Drawing:
        ends = time.monotonic() + timeout
        width, height = allowed_size(request.width, request.height)
        try:
            with self._client.images.with_streaming_response.generate(
                prompt=request.prompt,
                model=self._model,
                n=1,
                size=f"{width}x{height}",
                quality=self._quality,
                output_format="png",
                background="opaque",
                timeout=timeouts(timeout),
            ) as response:
                # Base64 takes four thirds.
                body = read_body(response, ends, 4 * MOST_BYTES // 3 + 10_000)
        except openai.APIStatusError as error:
            raise _status(self.name, error, begins=True) from None
        except (openai.APIConnectionError, httpx2.HTTPError, ValueError) as error:
            raise unanswered(self.name, error, timeout, begins=True) from None
        answer = read(self.name, Reply(200, body, {}), _Answer, begins=True)
        if not answer.data:
            raise ImageError(f"{self.name} answered without a picture.", Fault.MALFORMED)
        try:
            content = base64.b64decode(answer.data[0].b64_json, validate=True)
        except binascii.Error:
            raise ImageError(
                f"{self.name} answered a picture that is not base64.", Fault.MALFORMED
            ) from None
        return Drawing(content=content, model=self._model)

    def models(self, timeout: float) -> tuple[str, ...]:
        try:
            with self._client.models.with_streaming_response.list(
                timeout=timeouts(timeout)
            ) as response:
                body = read_body(response, time.monotonic() + timeout, 5_000_000)
        except openai.APIStatusError as error:
            raise _status(self.name, error, begins=False) from None
        except (openai.APIConnectionError, httpx2.HTTPError, ValueError) as error:
            raise unanswered(self.name, error, timeout, begins=False) from None
        return tuple(m.id for m in read(self.name, Reply(200, body, {}), _Models).data)


def allowed_size(width: int, height: int) -> tuple[int, int]:
    """The nearest size that is taken: sides divisible by 16, no more than three times as long as
    wide, and about as many pixels as the standard sizes have, or more."""
    ratio = min(_LONGEST, max(1 / _LONGEST, width / height))
    pixels = min(_MOST_PIXELS, max(_LEAST_PIXELS, width * height))
    wide = round(math.sqrt(pixels * ratio) / _STEP) * _STEP
    tall = round(math.sqrt(pixels / ratio) / _STEP) * _STEP
    # Rounding may leave the allowed shapes by a few pixels.
    return min(wide, 3 * tall), min(tall, 3 * wide)


def _status(name: str, error: openai.APIStatusError, *, begins: bool) -> ImageError:
    reply = Reply(error.status_code, error.response.content, error.response.headers)
    return failed(name, reply, begins=begins)
