"""The contract every provider of text keeps, hosted or on a server of one's own."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from igny8_media.errors import OutsideError
from igny8_media.frozen import Frozen

Answer = TypeVar("Answer", bound=BaseModel)


class Fault(StrEnum):
    """Why there is no answer, by what helps.

    UNAVAILABLE (unreachable, slow, 5xx) and OVERLOADED (429, 529) pass; QUOTA and AUTH need a
    person; REFUSED is for this request alone, on the provider's word; TRUNCATED means the answer
    ran into its limit, MALFORMED that it does not fit the schema. The last two were paid for.
    """

    UNAVAILABLE = "unavailable"
    OVERLOADED = "overloaded"
    QUOTA = "quota"
    AUTH = "auth"
    REFUSED = "refused"
    TRUNCATED = "truncated"
    MALFORMED = "malformed"


class Usage(Frozen):
    """Tokens, as the provider counts them."""

    input_tokens: int = 0
    output_tokens: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
        )


class ProviderError(OutsideError):
    """One provider of any kind did not do what it was asked; `fault` says what helps.

    `after` is when to ask again in seconds, if it said so; `slow`, that nothing came in the time
    there was; `repeatable`, that asking the same again costs nothing twice.
    """

    repeatable = True

    def __init__(
        self, message: str, fault: Fault, *, after: float | None = None, slow: bool = False
    ) -> None:
        super().__init__(message)
        self.fault = fault
        self.after = after
        self.slow = slow


class TextError(ProviderError):
    """One provider gave no answer; `usage` is what was used all the same."""

    def __init__(
        self,
        message: str,
        fault: Fault,
        *,
        after: float | None = None,
        slow: bool = False,
        usage: Usage | None = None,
    ) -> None:
        super().__init__(message, fault, after=after, slow=slow)
        self.usage = usage or Usage()


@dataclass(frozen=True)
class TextRequest(Generic[Answer]):
    """What is asked: `system` are our instructions, `prompt` the task with its data.

    The answer is an object of `schema`. `max_tokens` bounds it, reasoning included.
    """

    task: str
    system: str
    prompt: str
    schema: type[Answer]
    max_tokens: int = 4000


class Completion(Frozen):
    """What a provider wrote, JSON by contract but not yet read; `model` as it names it itself."""

    text: str
    model: str
    usage: Usage


class TextProvider(Protocol):
    """`name` is the provider's, `model` the one that will be asked, as far as it is known.

    Errors, logs and reprs never hold the key.
    """

    name: str

    @property
    def model(self) -> str: ...

    def complete(self, request: TextRequest[Answer], timeout: float) -> Completion:
        """Ask, and wait `timeout` seconds at most for the whole answer. Raises TextError.

        Whoever does not want the answer any more raises out of the call: the connection is closed,
        at which servers stop generating.
        """
        ...

    def models(self, timeout: float) -> tuple[str, ...]:
        """The models that can be asked; costs nothing, and so tells whether it is there and takes
        our key. Raises TextError."""
        ...


def understood(request: TextRequest[Answer], provider: str, completion: Completion) -> Answer:
    """The object that was asked for. Raises TextError, MALFORMED."""
    try:
        return request.schema.model_validate_json(completion.text)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        at = f" at '{where}'" if where else ""
        raise TextError(
            f"{provider} answered {request.task} with something that does not fit{at}: "
            f"{first['msg']}.",
            Fault.MALFORMED,
            usage=completion.usage,
        ) from None
