"""How each provider of speech is, and what the narrations of one article cost with it."""

from decimal import Decimal
from functools import partial
from typing import Final

from igny8_media.ai.checking import Checks, ProviderCheck, checked, not_configured
from igny8_media.ai.models import Models
from igny8_media.narration.speakers import BUILT_IN, model_of, open_speakers
from igny8_media.settings import Settings
from igny8_media.settings.providers import SpeechProviderName

_REMEDIES: Final = {
    "piper_server": "Set PIPER_URL.",
    "tts_server": "Set TTS_URL.",
    "elevenlabs": "Set IGNY8_ELEVENLABS_KEY.",
    "openai": "Set IGNY8_OPENAI_KEY.",
    "kokoro": "Install igny8-media[kokoro], and set IGNY8_KOKORO_VOICES.",
}
_REGISTERED: Final = {"piper_server": "gpu_server", "tts_server": "gpu_server"}
_CHARACTERS: Final = Decimal(3600)
"""Spoken for one article: four minutes, in a short video and a long one."""
_MILLION: Final = 1_000_000


def checks(settings: Settings, models: Models) -> Checks:
    """How each provider of speech is, see `ai.checking`; those that are built in always are."""
    for name in settings.speech_providers:
        if name not in BUILT_IN:
            yield partial(_check, name, settings, models)


def _check(name: SpeechProviderName, settings: Settings, models: Models) -> ProviderCheck:
    if name not in settings.speech_sources:
        return not_configured("speech", name, _REMEDIES[name])
    model, registered = model_of(name, settings, models), _REGISTERED.get(name, name)
    known = models.find("speech", registered, model)
    # What has no entry of its own and is not paid elsewhere speaks on a machine of one's own.
    price = known.price if known else None if name in ("openai", "elevenlabs") else Decimal(0)
    with open_speakers(settings) as speakers:
        engine = speakers.engine(name)
        return checked(
            "speech",
            name,
            models,
            model,
            lambda: tuple(voice.name for voice in engine.voices()),
            registered_as=registered,
            cost_of_article=None if price is None else price * _CHARACTERS / _MILLION,
        )
