"""The contract every provider of pictures keeps, hosted or on a server of one's own."""

import hashlib
import json
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Final, Protocol

from pydantic import Field

from igny8_media.ai.text import Fault, ProviderError
from igny8_media.frozen import Frozen

MOST_BYTES: Final = 20_000_000
"""Of one picture; nothing we ask for comes near it."""

Fetch = Callable[[str], bytes]
"""The bytes behind an address that a provider gave; raises Igny8Error. Whoever opens a provider
hands it one that visits no private network and reads no more than MOST_BYTES."""

Tell = Callable[[str], None]
"""Told how far a picture is, in a few words."""


class ImageError(ProviderError):
    """One provider gave no picture.

    REFUSED is for this request: its content, or a model that is gone. MALFORMED is a picture that
    is none, or of another size. `unsure` means that a picture may have been begun, and paid for,
    though none came: asking the same provider again could pay twice.
    """

    def __init__(
        self, message: str, fault: Fault, *, after: float | None = None, unsure: bool = False
    ) -> None:
        super().__init__(message, fault, after=after)
        self.unsure = unsure
        self.repeatable = not unsure


class ImageRequest(Frozen):
    """What is to be drawn, in pixels; `avoid` is what should not be on it, for models that take
    that apart. `seed` is honoured by models that have one."""

    prompt: str = Field(min_length=1, max_length=4000)
    avoid: str = Field("", max_length=1000)
    width: int = Field(ge=64, le=4096)
    height: int = Field(ge=64, le=4096)
    seed: int = Field(ge=0, lt=2**31)


class Drawing(Frozen):
    """A picture as it came, not yet looked at. `seed` is None where the model tells none; `cost`
    is US dollars, where the provider says what it took."""

    content: bytes = Field(repr=False)
    model: str
    seed: int | None = None
    cost: Decimal | None = None


class ImageProvider(Protocol):
    """`mark` is all that decides the picture besides the request: model, quality, workflow.
    `own` is whether it is a server of one's own. Errors, logs and reprs never hold the key."""

    name: str
    own: bool

    @property
    def model(self) -> str: ...

    @property
    def mark(self) -> str: ...

    def draw(self, request: ImageRequest, timeout: float, tell: Tell) -> Drawing:
        """Ask, and wait `timeout` seconds at most for the picture. Raises ImageError.

        Whoever does not want it any more raises out of the call: work that can be stopped, is.
        """
        ...

    def models(self, timeout: float) -> tuple[str, ...]:
        """The models that can be asked, as far as it tells; costs nothing. Raises ImageError."""
        ...

    def close(self) -> None: ...


def job_id(provider: ImageProvider, request: ImageRequest, again: str = "") -> str:
    """The same UUID for the same picture, also in another process: so a picture that was begun
    before its answer was lost is found again instead of being paid for twice.

    It has the form of a random one (version 4), which Runware asks for.
    """
    said = json.dumps([provider.name, provider.mark, request.model_dump(), again], sort_keys=True)
    return str(uuid.UUID(bytes=hashlib.sha256(said.encode()).digest()[:16], version=4))
