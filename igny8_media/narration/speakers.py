"""The voices that the settings ask for, in the order in which they are asked."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Final, Protocol

from igny8_media.ai.espeak import UNREADABLE, Espeak
from igny8_media.ai.health import Breaker
from igny8_media.ai.models import Models
from igny8_media.ai.piper import Piper
from igny8_media.ai.pool import Pool
from igny8_media.ai.speech import SpeechEngine
from igny8_media.ai.speech_watch import WatchedSpeech
from igny8_media.ai.voices import Candidate, Speaker, usual_voice
from igny8_media.errors import InputError, OutsideError
from igny8_media.narration.choosing import NamedVoice, chosen, named_voices
from igny8_media.settings import Settings
from igny8_media.settings.providers import SpeechProviderName
from igny8_media.settings.registry import models_of

BUILT_IN: Final = ("piper", "espeak")
"""Who speaks for everybody; they need no server, and are not watched."""


class ClosableEngine(SpeechEngine, Protocol):
    def close(self) -> None: ...


class Speakers:
    """Engines for the settings, opened when they are first wanted."""

    def __init__(self, settings: Settings, models: Models, stack: ExitStack) -> None:
        self.settings, self._models, self._stack = settings, models, stack
        self._breaker = Breaker(settings.cache_dir / "health")
        self._pool = Pool(settings.cache_dir / "pools", settings.provider_limits)
        self._engines: dict[str, SpeechEngine] = {}
        self.espeak = stack.enter_context(Espeak())
        self.named = named_voices(settings)

    def engine(self, provider: SpeechProviderName) -> SpeechEngine:
        if provider not in self._engines:
            self._engines[provider] = self._opened(provider)
        return self._engines[provider]

    def model(self, provider: SpeechProviderName) -> str:
        return model_of(provider, self.settings, self._models)

    def cast(self, language: str) -> tuple[Candidate, ...]:
        """Who may speak a language, best first: the voice that was named for it, then the
        providers in their order.

        Raises InputError where nobody does.
        """
        named = [one for one in self.named if one.language == language]
        spoken_for = {one.provider for one in named}
        others = [
            NamedVoice(language, provider, "")
            for provider in self.settings.speech_sources
            if provider not in spoken_for and self._may(provider, language)
        ]
        if not named and not others:
            known = UNREADABLE.get(language)
            # espeak-ng reads a hundred languages: one that it has never heard of may be none.
            strange = known is None and "espeak" in self.settings.speech_sources
            doubt = " check that it is a language's code, as in de, or" if strange else ""
            raise InputError(
                f"No voice here reads {known or repr(language)};{doubt} set up a provider of "
                "speech that has a voice for it (docs/ai.md). Posts need none: `igny8-media run` "
                "with --videos none."
            )
        return tuple(Casting(self, one) for one in (*named, *others))

    def only(self, wanted: NamedVoice) -> Candidate:
        """This voice and no other."""
        return Casting(self, wanted)

    def _may(self, provider: SpeechProviderName, language: str) -> bool:
        """What is here can be looked at; of what is elsewhere, only asking tells."""
        if provider == "espeak":
            readable = language not in UNREADABLE
            return readable and usual_voice(self.espeak.voices(), language) is not None
        if provider == "piper":
            try:
                return usual_voice(self.engine("piper").voices(), language) is not None
            except OutsideError:  # which it will say itself when it is asked to speak
                return True
        return True

    def _opened(self, provider: SpeechProviderName) -> SpeechEngine:
        if provider == "espeak":
            return self.espeak
        if provider == "piper":
            return self._stack.enter_context(Piper(self.espeak))
        engine = self._remote(provider)
        self._stack.callback(engine.close)
        return WatchedSpeech(engine, provider, self._breaker, self._pool)

    def _remote(self, provider: SpeechProviderName) -> ClosableEngine:
        # Imported here: whoever speaks with what is built in needs none of the vendors' packages.
        settings, seconds, model = self.settings, self.settings.speech_timeout, self.model(provider)
        secret = settings.gpu_server_auth_token
        token = secret.get_secret_value() if secret else ""
        if provider == "piper_server":
            return Piper(self.espeak, settings.piper_url, token=token, seconds=seconds)
        if provider == "tts_server" and settings.tts_api == "openai":
            from igny8_media.ai.openai_speech import OpenAIShapedSpeech

            return OpenAIShapedSpeech(settings.tts_url, token, model, seconds=seconds)
        if provider == "tts_server":
            from igny8_media.ai.coqui_speech import CoquiSpeech, XttsSpeech

            kind = XttsSpeech if settings.tts_api == "xtts" else CoquiSpeech
            return kind(settings.tts_url, token, model, seconds=seconds)
        if provider == "elevenlabs":
            from igny8_media.ai.elevenlabs_speech import ElevenLabsSpeech

            entry = self._models.find("speech", provider, model)
            return ElevenLabsSpeech(
                settings.elevenlabs_url,
                settings.elevenlabs_key.get_secret_value() if settings.elevenlabs_key else "",
                model,
                entry.characters if entry else None,
                seconds=seconds,
            )
        if provider == "kokoro" and settings.kokoro_voices is not None:
            from igny8_media.ai.kokoro import Kokoro

            models = settings.cache_dir / "models"
            return Kokoro(self.espeak, models, settings.kokoro_voices, settings.kokoro_model)
        from igny8_media.ai.openai_speech import OpenAISpeech

        key = settings.openai_key.get_secret_value() if settings.openai_key else ""
        return OpenAISpeech(settings.openai_url, key, model, seconds=seconds)


class Casting:
    """A `Candidate` of the settings."""

    def __init__(self, speakers: Speakers, wanted: NamedVoice) -> None:
        self._speakers, self._wanted = speakers, wanted
        self._speaker: Speaker | None = None

    @property
    def name(self) -> str:
        return self._wanted.provider

    def ready(self) -> Speaker:
        if self._speaker is None:
            language, provider, name = self._wanted
            engine = self._speakers.engine(provider)
            voice = chosen(engine.voices(), language, provider, name)
            self._speaker = Speaker(engine, voice, provider, self._speakers.model(provider))
        return self._speaker


@contextmanager
def open_speakers(settings: Settings) -> Iterator[Speakers]:
    """Engines for the settings; what they started stops at the end.

    Raises InputError for settings of voices that do not fit.
    """
    with ExitStack() as stack:
        yield Speakers(settings, models_of(settings), stack)


def model_of(provider: SpeechProviderName, settings: Settings, models: Models) -> str:
    """The model that is asked; empty where a voice is all there is to choose."""
    better = settings.speech_quality == "high"
    if provider == "openai":
        name = settings.openai_speech_model or models.default("speech", "openai", better=better)
        return models.named("speech", "openai", name)
    if provider == "elevenlabs":
        name = settings.elevenlabs_model or models.default("speech", "elevenlabs", better=better)
        return models.named("speech", "elevenlabs", name)
    if provider == "tts_server":
        return settings.tts_model or models.default("speech", "gpu_server")
    return ""


def fingerprint_of(settings: Settings) -> Any:
    """What decides how a narration sounds: who speaks in which order, models and voices. Who was
    well when it was spoken is not part of it: that would speak it anew whenever a server had been
    down. None as long as nobody but the built-in voices speak."""
    if settings.speech_sources == BUILT_IN and not settings.voices:
        return None
    models = models_of(settings)
    return {
        "speech": [[name, model_of(name, settings, models)] for name in settings.speech_sources],
        "voices": list(settings.voices),
    }
