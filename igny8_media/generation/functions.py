"""The functions that a model is asked for: each a prompt of its own, typed in and out."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from igny8_media.ai.text import Answer, TextRequest
from igny8_media.ai.text_router import Answered, TextRouter
from igny8_media.articles.model import Article
from igny8_media.frozen import Frozen
from igny8_media.generation.drafts import HashtagsDraft, PostDraft, SlidesDraft, ThreadDraft
from igny8_media.generation.prompt import load_prompt
from igny8_media.generation.untrusted import as_data
from igny8_media.social.brand import Brand
from igny8_media.social.model import Platform
from igny8_media.social.rules import RULES


@dataclass(frozen=True)
class Assignment:
    """An article, made safe already (see `untrusted.defused`), for one platform and brand."""

    article: Article
    platform: Platform
    brand: Brand


@dataclass(frozen=True)
class Repair:
    """What was answered before, and what is wrong with it, in sentences."""

    before: Frozen
    wrong: Sequence[str]


def adapt_content_for_social(
    router: TextRouter, task: Assignment, limit: int, repair: Repair | None = None
) -> Answered[PostDraft]:
    """The text of a post of at most `limit` characters as the platform counts.

    All functions raise NobodyAnsweredError.
    """
    rules = RULES[task.platform]
    return _ask(
        router,
        task,
        "adapt_content_for_social",
        PostDraft,
        repair,
        manner=rules.voice,
        emoji=rules.emoji,
        hook=rules.hook,
        target=min(rules.target, limit),
        limit=limit,
        call=rules.call_to_action,
    )


def generate_hashtags(
    router: TextRouter, task: Assignment, repair: Repair | None = None
) -> Answered[HashtagsDraft]:
    most = RULES[task.platform].hashtags[1]
    return _ask(router, task, "generate_hashtags", HashtagsDraft, repair, most=most)


def generate_twitter_thread(
    router: TextRouter, task: Assignment, limit: int, repair: Repair | None = None
) -> Answered[ThreadDraft]:
    """Parts of at most `limit` weighted characters each, not numbered."""
    fewest, most = RULES[Platform.TWITTER].thread or (2, 2)
    return _ask(
        router,
        task,
        "generate_twitter_thread",
        ThreadDraft,
        repair,
        limit=limit,
        fewest=fewest,
        most=most,
    )


def generate_carousel_slides(
    router: TextRouter, task: Assignment, repair: Repair | None = None
) -> Answered[SlidesDraft]:
    """The slides between title and closing."""
    fewest, most = RULES[task.platform].slides or (3, 3)
    return _ask(
        router,
        task,
        "generate_carousel_slides",
        SlidesDraft,
        repair,
        fewest=max(1, fewest - 2),
        most=most - 2,
    )


def _ask(
    router: TextRouter,
    task: Assignment,
    name: str,
    schema: type[Answer],
    repair: Repair | None,
    **values: object,
) -> Answered[Answer]:
    prompt = load_prompt(name)
    asked = prompt.prompt.substitute(
        values,
        platform=task.platform.label,
        language=task.article.language,
        voice=_voice(task.brand),
        article=as_data(task.article),
    )
    if repair:
        before = repair.before.model_dump(mode="json")
        asked += (
            f"\n\nYour last answer was {json.dumps(before, ensure_ascii=False)}\n"
            f"It cannot be used as it is: {json.dumps(list(repair.wrong), ensure_ascii=False)}\n"
            "Write it again with this put right, and nothing else changed."
        )
    return router.ask(TextRequest(name, prompt.system, asked, schema))


def _voice(brand: Brand) -> str:
    lines = [
        f"Tone: {brand.tone}" if brand.tone else "",
        f"Readers: {brand.audience}" if brand.audience else "",
        f"Words never to use: {', '.join(brand.banned_words)}" if brand.banned_words else "",
    ]
    lines += [
        f"A post of this brand, for its tone alone: {json.dumps(sample, ensure_ascii=False)}"
        for sample in brand.sample_posts
    ]
    return "\n".join(filter(None, lines))
