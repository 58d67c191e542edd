"""The writer that the settings ask for, with its clients open as long as it is used."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from igny8_media.ai.anthropic_text import AnthropicText
from igny8_media.ai.health import Breaker
from igny8_media.ai.models import Models
from igny8_media.ai.openai_text import OpenAIText
from igny8_media.ai.pool import Pool
from igny8_media.ai.text_router import TextRouter
from igny8_media.generation.prompt import POST_PROMPTS, load_prompt
from igny8_media.generation.writer import GeneratedWriter
from igny8_media.settings import Settings
from igny8_media.settings.providers import TextProviderName
from igny8_media.settings.registry import models_of


@contextmanager
def open_writer(settings: Settings) -> Iterator[GeneratedWriter]:
    """Raises InputError for a registry that does not fit."""
    with open_router(settings) as router:
        yield GeneratedWriter(router, settings.brand)


@contextmanager
def open_router(settings: Settings) -> Iterator[TextRouter]:
    """Who answers, by the settings. Raises InputError for a registry that does not fit."""
    models = models_of(settings)
    with ExitStack() as stack:
        providers = []
        for name in settings.text_sources:
            provider = provider_of(name, settings, models)
            stack.callback(provider.close)
            providers.append(provider)
        yield TextRouter(
            providers,
            breaker_of(settings),
            models,
            pool_of(settings),
            timeout=settings.text_timeout,
        )


def provider_of(
    name: TextProviderName, settings: Settings, models: Models
) -> OpenAIText | AnthropicText:
    """A client; only for a provider that is configured, see Settings.text_sources."""
    model = model_of(name, settings, models)
    if name == "gpu_server":
        address = (settings.vllm_url or settings.gpu_server_url).rstrip("/")
        base = address if address.endswith("/v1") else f"{address}/v1"
        token = settings.gpu_server_auth_token
        key = token.get_secret_value() if token else None
        return OpenAIText(name, base, key, model, own_server=True)
    secret = settings.openai_key if name == "openai" else settings.anthropic_key
    key = secret.get_secret_value() if secret else ""
    if name == "openai":
        return OpenAIText(name, settings.openai_url, key, model, own_server=False)
    return AnthropicText(settings.anthropic_url, key, model)


def model_of(name: TextProviderName, settings: Settings, models: Models) -> str:
    """The model that is asked; empty where the server's own first one is."""
    named = {
        "gpu_server": settings.vllm_model,
        "openai": settings.openai_text_model,
        "anthropic": settings.anthropic_text_model,
    }[name]
    return models.named("text", name, named) or models.default("text", name)


def breaker_of(settings: Settings) -> Breaker:
    return Breaker(settings.cache_dir / "health")


def pool_of(settings: Settings) -> Pool:
    return Pool(settings.cache_dir / "pools", settings.provider_limits)


def fingerprint_of(settings: Settings, prompts: Sequence[str] = POST_PROMPTS) -> Any:
    """What decides what a model writes: the models in their order, the prompts' wording and the
    brand. Who was well when it was written is not part of it: that would write everything anew
    whenever a server had been down."""
    models = models_of(settings)
    brand = settings.brand.model_dump(mode="json")
    if not settings.brand.language:
        del brand["language"]  # what was written before there was a choice stays as it is
    return {
        "models": [[name, model_of(name, settings, models)] for name in settings.text_sources],
        "prompts": [load_prompt(name).mark for name in prompts],
        "brand": brand,
    }
