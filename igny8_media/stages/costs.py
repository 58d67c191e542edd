"""What each stage's work costs: the most it may use, told before, and what it used, told after."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from igny8_media.credits.prices import Grade, Task, Use
from igny8_media.social.model import Platform
from igny8_media.video.model import TARGETS, VideoForm

if TYPE_CHECKING:
    from igny8_media.stages.stage import Built

Facts = Callable[[str], Mapping[str, Any] | None]
"""The facts of an asset, as far as they are known before the work: {} for one that is empty."""

_MARGIN: Final = Decimal("1.25")
"""What a voice may take longer than the script's estimate."""


@dataclass(frozen=True)
class Cost:
    most: Callable[[Facts], tuple[Use, ...]]
    used: Callable[["Built"], tuple[Use, ...]]


def post_cost(platform: Platform) -> Cost:
    return Cost(partial(_most_of_post, platform), _used_for_post)


def images_cost(platform: Platform) -> Cost:
    return Cost(partial(_most_pictures, platform), _used_pictures)


def voiceover_cost(form: VideoForm) -> Cost:
    return Cost(partial(_longest_speech, form), _spoken)


def metadata_cost(form: VideoForm) -> Cost:
    return _fixed(Task.VIDEO_METADATA, len(TARGETS[form]))


def _own(task: Task, quantity: Decimal | int = 1, model: str = "") -> Use:
    """Work of what is built in, on this machine."""
    return Use(
        task=task,
        quantity=Decimal(quantity),
        grade=Grade.SELF_HOSTED,
        provider="built-in",
        model=model,
    )


def _fixed(task: Task, quantity: int = 1, model: str = "") -> Cost:
    uses = (_own(task, quantity, model),)
    return Cost(lambda _facts: uses, lambda _built: uses)


SCRIPT_COST: Final = _fixed(Task.SCRIPT, model="extractive")
SCENES_COST: Final = _fixed(Task.VISUALS)
THUMBNAIL_COST: Final = _fixed(Task.THUMBNAIL)
RENDER_COST: Final = _fixed(Task.COMPOSITION)


def _post(*, hashtags: bool, thread: bool, carousel: bool, writer: str) -> tuple[Use, ...]:
    parts = {Task.HASHTAGS: hashtags, Task.THREAD: thread, Task.CAROUSEL: carousel}
    tasks = (Task.ADAPT, *(task for task, wanted in parts.items() if wanted))
    return tuple(_own(task, model=writer) for task in tasks)


def _most_of_post(platform: Platform, _: Facts) -> tuple[Use, ...]:
    from igny8_media.social.rules import RULES

    rules = RULES[platform]
    return _post(
        hashtags=True,
        thread=rules.thread is not None,
        carousel=rules.slides is not None,
        writer="extractive",
    )


def _used_for_post(built: "Built") -> tuple[Use, ...]:
    facts = built.facts
    return _post(
        hashtags=facts["hashtags"] > 0,
        thread=facts["parts"] > 1,
        carousel=facts["slides"] > 0,
        writer=facts["writer"],
    )


def _most_pictures(platform: Platform, facts: Facts) -> tuple[Use, ...]:
    from igny8_media.social.rules import RULES

    post, most = facts(f"social/{platform}/post"), RULES[platform].slides
    slides = post.get("slides", 0) if post is not None else (most[1] if most else 0)
    # The post's own picture, the slides', and the cover that Instagram's profile grid cuts.
    count = 1 + slides + (platform is Platform.INSTAGRAM)
    return (_own(Task.SOCIAL_IMAGE, count),)


def _used_pictures(built: "Built") -> tuple[Use, ...]:
    return (_own(Task.SOCIAL_IMAGE, sum(file.kind == "image" for file in built.files)),)


def _longest_speech(form: VideoForm, facts: Facts) -> tuple[Use, ...]:
    from igny8_media.narration.fit import RANGES

    script, longest = facts(f"video/{form}/script"), Decimal(str(RANGES[form][1]))
    if script is not None:
        longest = min(longest, _MARGIN * Decimal(str(script.get("duration_estimate", 0))))
    return (_own(Task.SPEECH, longest / 60),)


def _spoken(built: "Built") -> tuple[Use, ...]:
    minutes = Decimal(str(built.facts["duration"])) / 60
    return (
        Use(
            task=Task.SPEECH,
            quantity=minutes,
            grade=Grade.SELF_HOSTED,
            provider=built.facts["engine"],
            model=built.facts["voice"],
        ),
    )
