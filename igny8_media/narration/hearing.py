"""Who hears words in sound, as the settings ask for it."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from functools import partial
from typing import Final

from igny8_media.ai.checking import Checks, ProviderCheck, checked, not_configured
from igny8_media.ai.health import Breaker
from igny8_media.ai.models import Models
from igny8_media.ai.openai_transcription import OpenAITranscription
from igny8_media.ai.pool import Pool
from igny8_media.ai.transcription_router import TranscriptionRouter
from igny8_media.ai.whisper import Whisper
from igny8_media.settings import Settings
from igny8_media.settings.providers import TranscriptionProviderName
from igny8_media.settings.registry import models_of

_REGISTERED: Final = {
    "whisper_server": "gpu_server",
    "openai": "openai",
    "faster_whisper": "faster_whisper",
}
_REMEDIES: Final = {
    "whisper_server": "Set WHISPER_URL.",
    "openai": "Set IGNY8_OPENAI_KEY.",
    "faster_whisper": "Install igny8-media[whisper].",
}
_MINUTES: Final = Decimal(4)
"""Of sound that one article has: a short video and a long one."""
_PATIENCE: Final = 5.0  # seconds for a question that costs nothing


@contextmanager
def open_hearing(settings: Settings) -> Iterator[TranscriptionRouter | None]:
    """None where nobody can hear. Nothing is started or loaded before something is to be heard.

    Raises InputError for a registry that does not fit.
    """
    if not settings.transcription_sources:
        yield None
        return
    models = models_of(settings)
    with ExitStack() as stack:
        providers = []
        for name in settings.transcription_sources:
            provider = provider_of(name, settings, models)
            stack.callback(provider.close)
            providers.append(provider)
        yield TranscriptionRouter(
            providers,
            Breaker(settings.cache_dir / "health"),
            Pool(settings.cache_dir / "pools", settings.provider_limits),
        )


def provider_of(
    name: TranscriptionProviderName, settings: Settings, models: Models
) -> OpenAITranscription | Whisper:
    """Only for a provider that is there, see Settings.transcription_sources."""
    if name == "faster_whisper":
        return Whisper(settings.cache_dir / "models", settings.whisper_folder)
    model = model_of(name, settings, models)
    if name == "openai":
        key = settings.openai_key.get_secret_value() if settings.openai_key else ""
        return OpenAITranscription(name, settings.openai_url, key, model, own_server=False)
    address = settings.whisper_url.rstrip("/")
    base = address if address.endswith("/v1") else f"{address}/v1"
    token = settings.gpu_server_auth_token
    bearer = token.get_secret_value() if token else None
    return OpenAITranscription(name, base, bearer, model, own_server=True)


def model_of(name: TranscriptionProviderName, settings: Settings, models: Models) -> str:
    """The model that is asked; for faster-whisper, the folder decides."""
    registered = _REGISTERED[name]
    named = {
        "whisper_server": settings.whisper_model,
        "openai": settings.openai_transcription_model,
        "faster_whisper": "",
    }[name]
    known = models.named("transcription", registered, named) if named else ""
    return known or models.default("transcription", registered)


def checks(settings: Settings, models: Models) -> Checks:
    """How each provider of transcripts is, see `ai.checking`."""
    for name in settings.transcription_providers:
        yield partial(_check, name, settings, models)


def _check(name: TranscriptionProviderName, settings: Settings, models: Models) -> ProviderCheck:
    if name not in settings.transcription_sources:
        return not_configured("transcription", name, _REMEDIES[name])
    provider = provider_of(name, settings, models)
    known = models.find("transcription", _REGISTERED[name], provider.model)
    free = name == "faster_whisper"
    price = Decimal(0) if free else known.price if known else None
    try:
        return checked(
            "transcription",
            name,
            models,
            provider.model,
            lambda: provider.models(_PATIENCE),
            registered_as=_REGISTERED[name],
            cost_of_article=None if price is None else price * _MINUTES,
        )
    finally:
        provider.close()
