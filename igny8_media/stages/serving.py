"""Who served what, as the bill has it: a provider's work under its name, our own under ours."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from igny8_media.credits.prices import Grade, Task, Use

if TYPE_CHECKING:
    from igny8_media.generation.parts import Call
    from igny8_media.social.model import SocialPost

CLOUD: Final = frozenset(("openai", "anthropic", "elevenlabs", "runware", "bria"))
"""Who is paid for elsewhere; everybody else works on machines of one's own."""
OWN_TEXT: Final = Task.SELF_HOSTED_TEXT


def served(
    task: Task, quantity: Decimal | int, provider: str, model: str = "", *, high: bool = False
) -> Use:
    """Work of a provider or an engine: `high` is whether a cloud's best quality was asked for.

    For text see `written`: a server of one's own is charged by tokens.
    """
    cloud = Grade.HIGH if high else Grade.STANDARD
    grade = cloud if provider in CLOUD else Grade.SELF_HOSTED
    return Use(task=task, quantity=Decimal(quantity), grade=grade, provider=provider, model=model)


def own(task: Task, quantity: Decimal | int = 1, model: str = "") -> Use:
    """Work of what is built in, on this machine."""
    return served(task, quantity, "built-in", model)


def written(
    task: Task, quantity: Decimal | int, calls: Sequence["Call"], function: str
) -> tuple[Use, ...]:
    """Who wrote one part, of all that was asked for it.

    A cloud provider is charged for as the task, a server of one's own by the tokens that the answer
    took, attempts that were put right included. A part of which no answer was kept is the
    extractive writer's: what was asked in vain costs nothing.
    """
    asked = [call for call in calls if call.function == function]
    kept = next((call for call in reversed(asked) if call.kept), None)
    if kept is None:
        return (own(task, quantity, "extractive"),)
    if kept.provider in CLOUD:
        return (served(task, quantity, kept.provider, kept.model),)
    usage = [call.usage for call in asked if call.provider == kept.provider]
    tokens = sum(one.input_tokens + one.output_tokens for one in usage)
    return (served(OWN_TEXT, Decimal(tokens) / 1000, kept.provider, kept.model),)


def post_parts(*, hashtags: bool, thread: bool, carousel: bool) -> tuple[Task, ...]:
    """What a post is charged as."""
    parts = {Task.HASHTAGS: hashtags, Task.THREAD: thread, Task.CAROUSEL: carousel}
    return (Task.ADAPT, *(task for task, there in parts.items() if there))


def post_written(post: "SocialPost", calls: Sequence["Call"]) -> tuple[Use, ...]:
    """A post by a model, part by part."""
    functions = {
        Task.ADAPT: "generate_twitter_thread" if post.thread else "adapt_content_for_social",
        Task.HASHTAGS: "generate_hashtags",
        Task.THREAD: "generate_twitter_thread",
        Task.CAROUSEL: "generate_carousel_slides",
    }
    parts = post_parts(
        hashtags=bool(post.hashtags), thread=bool(post.thread), carousel=bool(post.slides)
    )
    uses: dict[str, tuple[Use, ...]] = {}
    for task in parts:
        found = written(task, 1, calls, functions[task])
        # A thread is adapted and cut in one answer, whose tokens are charged once.
        by_tokens = found[0].task is OWN_TEXT
        uses[functions[task] if by_tokens else task] = found
    return tuple(use for found in uses.values() for use in found)
