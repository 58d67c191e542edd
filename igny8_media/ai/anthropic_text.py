"""Anthropic's messages with structured output."""

import time
import warnings
from typing import Any

import anthropic
from pydantic import BaseModel

from igny8_media.ai.claims import believed, named
from igny8_media.ai.text import Answer, Completion, Fault, TextError, TextRequest, Usage
from igny8_media.ai.text_http import http_client, timeouts
from igny8_media.ai.text_schema import strict_schema
from igny8_media.ai.text_sdk import answered, listed


class _Block(BaseModel):
    type: str
    text: str = ""


class _Tokens(BaseModel):
    input_tokens: int = 0
    output_tokens: int = 0
    cache_creation_input_tokens: int | None = None
    cache_read_input_tokens: int | None = None


class _Message(BaseModel):
    model: str
    stop_reason: str | None
    content: tuple[_Block, ...]
    usage: _Tokens


class AnthropicText:
    """`output_config.format` json_schema (Messages API, platform.claude.com, 2026-10)."""

    name = "anthropic"

    def __init__(self, base_url: str, key: str, model: str) -> None:
        self._base, self._model = base_url.rstrip("/"), model
        self._client = anthropic.Anthropic(
            api_key=key, base_url=self._base, max_retries=0, http_client=http_client()
        )

    def __repr__(self) -> str:
        return f"AnthropicText({self._base!r}, model={self._model!r})"

    @property
    def model(self) -> str:
        return self._model

    def close(self) -> None:
        self._client.close()

    def complete(self, request: TextRequest[Answer], timeout: float) -> Completion:
        ends = time.monotonic() + timeout
        shape: Any = {
            "format": {
                "type": "json_schema",
                "schema": strict_schema(request.schema, bounds=False),
            }
        }
        with warnings.catch_warnings():
            # The registry tells of models that end, in words that name the remedy.
            warnings.simplefilter("ignore", DeprecationWarning)
            call = self._client.messages.with_streaming_response.create(
                model=self._model,
                max_tokens=request.max_tokens,
                system=request.system,
                messages=[{"role": "user", "content": request.prompt}],
                output_config=shape,
                timeout=timeouts(timeout),
            )
            message = answered(self.name, call, _Message, anthropic, ends=ends, seconds=timeout)
        return self._completion(message, request)

    def _completion(self, message: _Message, request: TextRequest[Answer]) -> Completion:
        tokens = message.usage
        cached = (tokens.cache_creation_input_tokens or 0) + (tokens.cache_read_input_tokens or 0)
        told = Usage(input_tokens=tokens.input_tokens + cached, output_tokens=tokens.output_tokens)
        usage = believed(told, request)
        if message.stop_reason in ("max_tokens", "model_context_window_exceeded"):
            raise TextError(
                f"{self.name} ran into its limit of tokens before {request.task} was finished.",
                Fault.TRUNCATED,
                usage=usage,
            )
        if message.stop_reason == "refusal":
            raise TextError(
                f"{self.name} declined to write {request.task}.", Fault.REFUSED, usage=usage
            )
        text = "".join(block.text for block in message.content if block.type == "text")
        return Completion(text=text, model=named(message.model), usage=usage)

    def models(self, timeout: float) -> tuple[str, ...]:
        call = self._client.models.with_streaming_response.list(
            limit=1000, timeout=timeouts(timeout)
        )
        return listed(self.name, call, anthropic, timeout)
