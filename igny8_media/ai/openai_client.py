"""OpenAI's SDK as all of its clients here open it, and what those of any such server share."""

from typing import Final

import openai

from igny8_media.ai.text_http import http_client, timeouts
from igny8_media.ai.text_sdk import listed

_NO_KEY: Final = "none"
"""Servers without a key take any; OpenAI's client insists on one."""


def open_openai(base_url: str, key: str | None) -> openai.OpenAI:
    """Without retries, which are the router's to decide."""
    return openai.OpenAI(
        api_key=key or _NO_KEY,
        base_url=base_url.rstrip("/"),
        max_retries=0,
        http_client=http_client(),
    )


class OpenAIServer:
    """OpenAI, or a server that speaks its API, by the name that people know it by; `own_server`
    is one that they run."""

    def __init__(
        self, name: str, base_url: str, key: str | None, model: str = "", *, own_server: bool
    ) -> None:
        self.name = name
        self._base, self._model, self._own = base_url.rstrip("/"), model, own_server
        self._client = open_openai(base_url, key)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r}, {self._base!r}, model={self._model!r})"

    @property
    def model(self) -> str:
        return self._model

    def close(self) -> None:
        self._client.close()

    def models(self, timeout: float) -> tuple[str, ...]:
        call = self._client.models.with_streaming_response.list(timeout=timeouts(timeout))
        return listed(self.name, call, openai, timeout)
