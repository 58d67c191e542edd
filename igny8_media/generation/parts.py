"""One part of a post: asked for, checked, repaired once, or given up."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, Final, Generic

from igny8_media.ai.text import Answer, Usage
from igny8_media.ai.text_router import Answered, NobodyAnsweredError, PassedOver
from igny8_media.frozen import Frozen
from igny8_media.generation.asking import Repair

SAME_AGAIN: Final = "The model wrote the same again: say more plainly what should be different."


class Call(Frozen):
    """What one function cost and who served it; `kept` says whether its answer is used."""

    function: str
    provider: str
    model: str
    usage: Usage
    seconds: float
    kept: bool
    passed_over: tuple[PassedOver, ...] = ()


@dataclass
class Log:
    """What happened while one thing was written; `reasons` say why parts were not kept."""

    calls: list[Call] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    failed: list[Usage] = field(default_factory=list)
    nobody: bool = False

    def drop(self) -> None:
        """Nothing of what was answered is used after all."""
        self.calls = [call.model_copy(update={"kept": False}) for call in self.calls]

    @property
    def served(self) -> str:
        """Whose answers were kept, as in "openai gpt"; empty for nobody's."""
        kept = (f"{call.provider} {call.model}" for call in self.calls if call.kept)
        return ", ".join(dict.fromkeys(kept))

    @property
    def facts(self) -> dict[str, Any]:
        """For the record: who was asked, by which prompts, what it used."""
        return {
            "calls": len(self.calls),
            "input_tokens": self.usage.input_tokens,
            "output_tokens": self.usage.output_tokens,
            "functions": ", ".join(dict.fromkeys(c.function for c in self.calls if c.kept)),
            "served_by": ", ".join(dict.fromkeys(f"{c.provider} {c.model}" for c in self.calls)),
        }

    @property
    def usage(self) -> Usage:
        """Everything used, answers that were not kept and failed attempts included."""
        passed = [one.usage for call in self.calls for one in call.passed_over]
        return sum((*(call.usage for call in self.calls), *passed, *self.failed), Usage())


@dataclass(frozen=True)
class Part(Generic[Answer]):
    """How a part is made: `ask` it, and what is `wrong` with an answer, in sentences.

    `partly` tells whether some of an answer that is wrong is kept all the same.
    """

    function: str
    label: str
    ask: Callable[[Repair | None], Answered[Answer]]
    wrong: Callable[[Answer], list[str]]
    partly: Callable[[Answer], bool] = lambda _: False


def made(part: Part[Answer], log: Log) -> Answered[Answer] | None:
    """The part, or None where the extractive one must stand, for a reason put into the notes."""
    answer, faults = tried(part, log)
    if faults:
        shown = " ".join(faults[:3])
        log.notes.append(
            f"{part.label} without a model's help, for what it wrote was wrong: {shown}"
        )
        log.reasons.append(f"What the model wrote cannot be used: {shown}")
    return None if faults else answer


def tried(part: Part[Answer], log: Log) -> tuple[Answered[Answer] | None, list[str]]:
    """The last answer, and what is wrong with it still, having been repaired once.

    None where nobody answered, which is in the notes; nobody is asked again then.
    """
    if log.nobody:
        return None, []
    repair: Repair | None = None
    answer: Answered[Answer] | None = None
    faults: list[str] = []
    for _ in range(2):
        try:
            answer = part.ask(repair)
        except NobodyAnsweredError as error:
            log.nobody = True
            log.failed += [one.usage for one in error.passed_over]
            log.notes.append(f"{part.label} without a model's help. {error}")
            log.reasons.append(str(error))
            return None, []
        faults = part.wrong(answer.value)
        log.calls.append(_call(part, answer, kept=not faults or part.partly(answer.value)))
        _remember(log, answer.passed_over)
        if not faults:
            return answer, []
        assert isinstance(answer.value, Frozen)  # noqa: S101 - all our drafts are
        repair = Repair(answer.value, faults[:12])
    return answer, faults


def _call(part: Part[Answer], answer: Answered[Answer], *, kept: bool) -> Call:
    return Call(
        function=part.function,
        provider=answer.provider,
        # llama.cpp calls a model by the path of its file, which is nobody's business.
        model=PurePath(answer.model).name if answer.model.startswith("/") else answer.model,
        usage=answer.usage,
        seconds=answer.seconds,
        kept=kept,
        passed_over=answer.passed_over,
    )


def _remember(log: Log, passed: tuple[PassedOver, ...]) -> None:
    for one in passed:
        said = f"{one.provider} was passed over."
        if not any(note.startswith(said) for note in log.notes):
            log.notes.append(f"{said} {one.reason}")
