"""What each stage's work costs: the most it may use, told before, and what it used, told after.

Whoever serves decides the price, and before the work nobody knows who will: what is set aside is
for the dearest that is configured.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from igny8_media.credits.prices import Grade, PriceList, Task, Use
from igny8_media.social.model import Platform
from igny8_media.stages.serving import CLOUD, OWN_TEXT, own, post_parts, served
from igny8_media.video.model import TARGETS, VideoForm

if TYPE_CHECKING:
    from igny8_media.settings import Settings
    from igny8_media.stages.stage import Built

Facts = Callable[[str], Mapping[str, Any] | None]
"""The facts of an asset, as far as they are known before the work: {} for one that is empty."""

_MARGIN: Final = Decimal("1.25")
"""What a voice may take longer than the script's estimate."""
_SHOWN: Final = 24_000
"""Characters of an article that a model is shown at most."""
_CHARACTERS_PER_TOKEN: Final = 3
_AROUND, _WRITTEN = 1500, 2000
"""Tokens of a prompt beside the article, and of an answer at most, with some thought before it."""


@dataclass(frozen=True)
class Cost:
    """`most` gets the facts of what the stage needs; both get the settings, which say who may
    serve."""

    most: Callable[[Facts, "Settings"], tuple[Use, ...]]
    used: Callable[["Built", "Settings"], tuple[Use, ...]]


def post_cost(platform: Platform) -> Cost:
    return Cost(partial(_most_of_post, platform), _used_for_post)


def images_cost(platform: Platform) -> Cost:
    return Cost(partial(_most_pictures, platform), _used_pictures)


def voiceover_cost(form: VideoForm) -> Cost:
    return Cost(partial(_longest_speech, form), _as_told)


def metadata_cost(form: VideoForm) -> Cost:
    count = len(TARGETS[form])
    return words_cost(Task.VIDEO_METADATA, count, askings=count)


def words_cost(task: Task, quantity: Decimal | int, writer: str = "", *, askings: int = 1) -> Cost:
    """What a model may write in so many answers, and the extractive writer otherwise."""
    return Cost(
        lambda facts, settings: (_dearest_words(task, quantity, facts, settings, askings),),
        lambda _built, _settings: (own(task, quantity, writer),),
    )


def _drawing(task: Task) -> Cost:
    return Cost(
        lambda _facts, settings: (_dearest_pictures(task, 1, settings),),
        lambda _built, _settings: (own(task),),
    )


def _fixed(task: Task) -> Cost:
    uses = (own(task),)
    return Cost(lambda _facts, _settings: uses, lambda _built, _settings: uses)


SCRIPT_COST: Final = words_cost(Task.SCRIPT, 1, "extractive", askings=2)
SCENES_COST: Final = _drawing(Task.VISUALS)
THUMBNAIL_COST: Final = _drawing(Task.THUMBNAIL)
RENDER_COST: Final = _fixed(Task.COMPOSITION)


def _most_of_post(platform: Platform, facts: Facts, settings: "Settings") -> tuple[Use, ...]:
    from igny8_media.social.rules import RULES

    rules = RULES[platform]
    tasks = post_parts(
        hashtags=True, thread=rules.thread is not None, carousel=rules.slides is not None
    )
    return tuple(_dearest_words(task, 1, facts, settings) for task in tasks)


def _used_for_post(built: "Built", _: "Settings") -> tuple[Use, ...]:
    facts = built.facts
    tasks = post_parts(
        hashtags=facts["hashtags"] > 0, thread=facts["parts"] > 1, carousel=facts["slides"] > 0
    )
    return tuple(own(task, model=facts["writer"]) for task in tasks)


def _most_pictures(platform: Platform, facts: Facts, settings: "Settings") -> tuple[Use, ...]:
    from igny8_media.social.rules import RULES

    post, most = facts(f"social/{platform}/post"), RULES[platform].slides
    slides = post.get("slides", 0) if post is not None else (most[1] if most else 0)
    # The post's own picture, the slides', and the cover that Instagram's profile grid cuts.
    count = 1 + slides + (platform is Platform.INSTAGRAM)
    if not settings.image_sources:
        return (own(Task.SOCIAL_IMAGE, count),)
    # One that a model draws may stand in all of them.
    drawn = _dearest_pictures(Task.SOCIAL_IMAGE, 1, settings)
    return (drawn, own(Task.SOCIAL_IMAGE, count - 1)) if count > 1 else (drawn,)


def _used_pictures(built: "Built", _: "Settings") -> tuple[Use, ...]:
    return (own(Task.SOCIAL_IMAGE, sum(file.kind == "image" for file in built.files)),)


def _longest_speech(form: VideoForm, facts: Facts, settings: "Settings") -> tuple[Use, ...]:
    from igny8_media.narration.fit import RANGES

    script, longest = facts(f"video/{form}/script"), Decimal(str(RANGES[form][1]))
    if script is not None:
        longest = min(longest, _MARGIN * Decimal(str(script.get("duration_estimate", 0))))
    minutes, high = longest / 60, settings.speech_quality == "high"
    may = (
        served(Task.SPEECH, minutes, name, high=high)
        for name in settings.speech_sources
        if name in CLOUD
    )
    return (_dearest([own(Task.SPEECH, minutes), *may], settings),)


def _as_told(built: "Built", _: "Settings") -> tuple[Use, ...]:
    """The stage says itself who served."""
    return built.uses


def _dearest_words(
    task: Task, quantity: Decimal | int, facts: Facts, settings: "Settings", askings: int = 1
) -> Use:
    """A part that a model may write, that it may have to put right once, and that may stay as the
    extractive writer has it. A long one takes several `askings`, each with the whole article."""
    may = [own(task, quantity, "extractive")]
    for name in settings.text_sources:
        if name in CLOUD:
            may.append(served(task, quantity, name))
        else:
            article = facts("article") or {}
            shown = min(int(article.get("characters", _SHOWN)), _SHOWN) // _CHARACTERS_PER_TOKEN
            tokens = Decimal(2 * askings * (_AROUND + shown + _WRITTEN)) / 1000
            may.append(Use(task=OWN_TEXT, quantity=tokens, grade=Grade.SELF_HOSTED, provider=name))
    return _dearest(may, settings)


def _dearest_pictures(task: Task, quantity: int, settings: "Settings") -> Use:
    high = settings.image_quality == "high"
    may = (served(task, quantity, name, high=high) for name in settings.image_sources)
    return _dearest([own(task, quantity), *may], settings)


def _dearest(may: list[Use], settings: "Settings") -> Use:
    """The first of the dearest."""
    prices = PriceList(settings.prices)
    return max(may, key=lambda use: use.quantity * prices.rate(use.task, use.grade))
