"""The functions that a model is asked for posts: each a prompt of its own, typed in and out."""

from dataclasses import dataclass

from igny8_media.ai.text_router import Answered, TextRouter
from igny8_media.generation.asking import Assignment, Repair, ask
from igny8_media.generation.drafts import (
    HashtagsDraft,
    HeadlineDraft,
    PostDraft,
    SlidesDraft,
    ThreadDraft,
)
from igny8_media.social.model import Platform
from igny8_media.social.rules import RULES


@dataclass(frozen=True, kw_only=True)
class PostAssignment(Assignment):
    platform: Platform


def adapt_content_for_social(
    router: TextRouter, task: PostAssignment, limit: int, repair: Repair | None = None
) -> Answered[PostDraft]:
    """The text of a post of at most `limit` characters as the platform counts.

    All functions raise NobodyAnsweredError.
    """
    rules = RULES[task.platform]
    return ask(
        router,
        task,
        "adapt_content_for_social",
        PostDraft,
        repair,
        platform=task.platform.label,
        manner=rules.voice,
        emoji=rules.emoji,
        hook=rules.hook,
        target=min(rules.target, limit),
        limit=limit,
        call=rules.call_to_action,
    )


def generate_hashtags(
    router: TextRouter, task: PostAssignment, repair: Repair | None = None
) -> Answered[HashtagsDraft]:
    most = RULES[task.platform].hashtags[1]
    return ask(
        router,
        task,
        "generate_hashtags",
        HashtagsDraft,
        repair,
        platform=task.platform.label,
        most=most,
    )


def generate_twitter_thread(
    router: TextRouter, task: PostAssignment, limit: int, repair: Repair | None = None
) -> Answered[ThreadDraft]:
    """Parts of at most `limit` weighted characters each, not numbered."""
    fewest, most = RULES[Platform.TWITTER].thread or (2, 2)
    return ask(
        router,
        task,
        "generate_twitter_thread",
        ThreadDraft,
        repair,
        platform=task.platform.label,
        limit=limit,
        fewest=fewest,
        most=most,
    )


def generate_carousel_slides(
    router: TextRouter, task: PostAssignment, repair: Repair | None = None
) -> Answered[SlidesDraft]:
    """The slides between title and closing."""
    fewest, most = RULES[task.platform].slides or (3, 3)
    return ask(
        router,
        task,
        "generate_carousel_slides",
        SlidesDraft,
        repair,
        platform=task.platform.label,
        fewest=max(1, fewest - 2),
        most=most - 2,
    )


def generate_headline(
    router: TextRouter, task: PostAssignment, repair: Repair | None = None
) -> Answered[HeadlineDraft]:
    """The line on the picture, where the article's own is in another language."""
    return ask(
        router, task, "generate_headline", HeadlineDraft, repair, platform=task.platform.label
    )
