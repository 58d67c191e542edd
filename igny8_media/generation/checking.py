"""How each provider of text is, and what the posts of one article cost with it."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from igny8_media.ai.checking import Checks, ProviderCheck, checked, not_configured
from igny8_media.ai.models import Models
from igny8_media.ai.text import Usage
from igny8_media.generation.opening import provider_of
from igny8_media.generation.prompt import POST_PROMPTS, load_prompt
from igny8_media.settings import Settings
from igny8_media.settings.providers import TextProviderName
from igny8_media.social.model import Platform
from igny8_media.social.rules import RULES

_REMEDIES: Final = {
    "gpu_server": "Set VLLM_URL or GPU_SERVER_URL.",
    "openai": "Set IGNY8_OPENAI_KEY.",
    "anthropic": "Set IGNY8_ANTHROPIC_KEY.",
}
_PATIENCE: Final = 5.0  # seconds for a question that costs nothing
_ARTICLE: Final = 2000
"""Tokens of an article of a thousand words, with its titles and keywords."""
_ANSWERS: Final[Mapping[str, int]] = {
    "adapt_content_for_social": 300,
    "generate_hashtags": 60,
    "generate_twitter_thread": 500,
    "generate_carousel_slides": 400,
}
_CHARACTERS_PER_TOKEN: Final = 4


def checks(settings: Settings, models: Models) -> Checks:
    """How each provider of text is, see `ai.checking`."""
    for name in settings.text_providers:
        yield partial(_check, name, settings, models)


def usage_of_article(settings: Settings) -> Usage:
    """What the posts of an article of a thousand words take, asked for once each."""
    asked = [name for platform in settings.platforms for name in functions_of(platform)]
    prompts = {name: load_prompt(name) for name in POST_PROMPTS}
    around = sum(len(p.system) + len(p.prompt.template) for p in map(prompts.__getitem__, asked))
    return Usage(
        input_tokens=len(asked) * _ARTICLE + around // _CHARACTERS_PER_TOKEN,
        output_tokens=sum(_ANSWERS[name] for name in asked),
    )


def functions_of(platform: Platform) -> tuple[str, ...]:
    """What a model is asked for a post, at most."""
    rules = RULES[platform]
    text = "generate_twitter_thread" if rules.thread else "adapt_content_for_social"
    carousel = ("generate_carousel_slides",) if rules.slides else ()
    return ("generate_hashtags", text, *carousel)


def _check(name: TextProviderName, settings: Settings, models: Models) -> ProviderCheck:
    if name not in settings.text_sources:
        return not_configured("text", name, _REMEDIES[name])
    provider = provider_of(name, settings, models)
    known = models.find("text", name, provider.model)
    try:
        return checked(
            "text",
            name,
            models,
            provider.model,
            lambda: provider.models(_PATIENCE),
            cost_of_article=known.cost(usage_of_article(settings)) if known else None,
        )
    finally:
        provider.close()
