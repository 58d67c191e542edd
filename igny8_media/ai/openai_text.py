"""OpenAI, and every server that speaks its chat completions: vLLM, llama.cpp and others."""

import time
from typing import Any

import openai
from pydantic import BaseModel

from igny8_media.ai.claims import believed, named
from igny8_media.ai.openai_client import OpenAIServer
from igny8_media.ai.text import Answer, Completion, Fault, TextError, TextRequest, Usage
from igny8_media.ai.text_http import timeouts
from igny8_media.ai.text_schema import strict_schema
from igny8_media.ai.text_sdk import answered


class _Message(BaseModel):
    content: str | None = None
    refusal: str | None = None


class _Choice(BaseModel):
    finish_reason: str | None
    message: _Message


class _Tokens(BaseModel):
    prompt_tokens: int = 0
    completion_tokens: int = 0


class _Chat(BaseModel):
    model: str
    choices: tuple[_Choice, ...]
    usage: _Tokens | None = None


class OpenAIText(OpenAIServer):
    """Chat completions with `response_format` json_schema.

    Without a model, the first that the server names is asked, which for vLLM and llama.cpp is the
    one it was started with. `own_server` keeps the schema's bounds, which their grammars enforce.
    """

    def complete(self, request: TextRequest[Answer], timeout: float) -> Completion:
        ends = time.monotonic() + timeout
        model = self._model or self._served(timeout)
        schema = strict_schema(request.schema, bounds=self._own)
        shape: Any = {
            "type": "json_schema",
            "json_schema": {"name": request.task, "schema": schema, "strict": True},
        }
        call = self._client.chat.completions.with_streaming_response.create(
            model=model,
            messages=[
                {"role": "system", "content": request.system},
                {"role": "user", "content": request.prompt},
            ],
            response_format=shape,
            max_completion_tokens=request.max_tokens,
            timeout=timeouts(timeout),
        )
        chat = answered(self.name, call, _Chat, openai, ends=ends, seconds=timeout)
        return self._completion(chat, request)

    def _completion(self, chat: _Chat, request: TextRequest[Answer]) -> Completion:
        tokens = chat.usage or _Tokens()
        told = Usage(input_tokens=tokens.prompt_tokens, output_tokens=tokens.completion_tokens)
        usage = believed(told, request)
        if not chat.choices:
            raise TextError(f"{self.name} answered nothing.", Fault.MALFORMED, usage=usage)
        choice = chat.choices[0]
        if choice.finish_reason == "length":
            raise TextError(
                f"{self.name} ran into the limit of {request.max_tokens} tokens before "
                f"{request.task} was finished.",
                Fault.TRUNCATED,
                usage=usage,
            )
        if choice.message.refusal or choice.finish_reason == "content_filter":
            raise TextError(
                f"{self.name} declined to write {request.task}.", Fault.REFUSED, usage=usage
            )
        # Reasoning models of one's own server may leave the content empty.
        return Completion(text=choice.message.content or "", model=named(chat.model), usage=usage)

    def _served(self, timeout: float) -> str:
        found = self.models(timeout)
        if not found:
            raise TextError(f"{self.name} has no model loaded.", Fault.UNAVAILABLE)
        return found[0]
