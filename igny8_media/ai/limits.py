"""How much a provider may be asked at a time, over all processes of this machine."""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final, Literal

from pydantic import Field, model_validator

from igny8_media.frozen import Frozen

Every = Literal["s", "m", "h"]

_WRITTEN: Final = re.compile(r"([a-z_]+)=(\d{1,4})(?:@(\d{1,6})/([smh]))?", re.ASCII)


class Limit(Frozen):
    """`at_once` requests under way, and `requests` in any `every` (second, minute, hour); as
    people write it, `openai=8@500/m`, or `openai=8` without the latter."""

    provider: str
    at_once: int = Field(ge=1)
    requests: int | None = Field(None, ge=1)
    every: Every = "m"

    @model_validator(mode="before")
    @classmethod
    def _written(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        found = _WRITTEN.fullmatch(value)
        if found is None:
            raise ValueError(f"{value!r} is not a limit such as openai=8@500/m")
        provider, at_once, requests, every = found.groups()
        if provider not in SHIPPED:
            raise ValueError(f"{provider!r} is none of {', '.join(SHIPPED)}")
        return {
            "provider": provider,
            "at_once": int(at_once),
            "requests": int(requests) if requests else None,
            "every": every or "m",
        }

    def __str__(self) -> str:
        rate = f"@{self.requests}/{self.every}" if self.requests else ""
        return f"{self.provider}={self.at_once}{rate}"


def _shipped(*limits: Limit) -> Mapping[str, Limit]:
    return MappingProxyType({limit.provider: limit for limit in limits})


# What the smallest paid plan takes, and what a server of one's own does well: Piper's, Coqui's and
# ComfyUI's work on one request at a time, and vLLM on many together.
SHIPPED: Final = _shipped(
    Limit(provider="openai", at_once=8, requests=500),
    Limit(provider="anthropic", at_once=4, requests=50),
    Limit(provider="elevenlabs", at_once=2),
    Limit(provider="runware", at_once=4),
    Limit(provider="bria", at_once=2, requests=10),
    Limit(provider="gpu_server", at_once=8),
    Limit(provider="piper_server", at_once=2),
    Limit(provider="tts_server", at_once=1),
    Limit(provider="comfyui", at_once=1),
    Limit(provider="whisper_server", at_once=1),
)


def limits_of(changed: Iterable[Limit]) -> Mapping[str, Limit]:
    """The shipped limits with `changed` ones in their place."""
    return {**SHIPPED, **{limit.provider: limit for limit in changed}}
