"""The voices that the settings ask for, in the order in which they are asked."""

import difflib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, Final, NamedTuple, Protocol, get_args

from igny8_media.ai.espeak import UNREADABLE, Espeak
from igny8_media.ai.health import Breaker
from igny8_media.ai.models import Models
from igny8_media.ai.piper import Piper
from igny8_media.ai.pool import Pool
from igny8_media.ai.speech import SpeechEngine, SpeechError, Voice
from igny8_media.ai.speech_watch import WatchedSpeech
from igny8_media.ai.text import Fault
from igny8_media.ai.voices import Candidate, Speaker, usual_voice
from igny8_media.errors import InputError, OutsideError
from igny8_media.settings import Settings
from igny8_media.settings.providers import SpeechProviderName
from igny8_media.settings.registry import models_of

BUILT_IN: Final = ("piper", "espeak")
"""Who speaks for everybody; they need no server, and are not watched."""


class ClosableEngine(SpeechEngine, Protocol):
    def close(self) -> None: ...


class NamedVoice(NamedTuple):
    """One of IGNY8_VOICES: the voice of a language."""

    language: str
    provider: SpeechProviderName
    voice: str


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
            name = UNREADABLE.get(language, f"the language {language!r}")
            raise InputError(
                f"No voice here reads {name}; set a provider of speech that has a voice for it"
                " (docs/ai.md), or make this content without videos."
            )
        return tuple(Casting(self, one) for one in (*named, *others))

    def only(self, wanted: "NamedVoice") -> Candidate:
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


def chosen(voices: Sequence[Voice], language: str, provider: str, name: str) -> Voice:
    """The voice of this name, or the usual one where there is no name.

    Raises InputError for a name that is not there or speaks another language, SpeechError where
    there is no voice for the language.
    """
    if not name:
        usual = usual_voice(voices, language)
        if usual is None:
            raise SpeechError(_without_voice(voices, language, provider), Fault.REFUSED)
        return usual
    if not voices or (provider == "tts_server" and name.lower().endswith(".wav")):
        # No list has it: there is none, or it is a recording to be cloned.
        return Voice(name=name, language=language)
    found = [voice for voice in voices if name in (voice.name, voice.id)]
    found = found or [voice for voice in voices if voice.name.lower() == name.lower()]
    if not found:
        raise InputError(_unknown(voices, provider, name))
    voice = found[0]
    known = {code for code in (voice.language, *voice.languages) if code}
    if known and language not in known:
        raise InputError(
            f"The voice {name!r} of {provider} does not speak {language!r} but "
            f"{', '.join(sorted(known))}; name another in IGNY8_VOICES."
        )
    return voice.speaking(language)


def _without_voice(voices: Sequence[Voice], language: str, provider: str) -> str:
    if any(voice.language or voice.languages for voice in voices):
        return f"{provider} has no voice for the language {language!r}."
    return (
        f"{provider} does not say which languages its voices speak; name one for this language, "
        f"IGNY8_VOICES={language}={provider}:NAME."
    )


def _unknown(voices: Sequence[Voice], provider: str, name: str) -> str:
    names = sorted({voice.name for voice in voices})
    by_lower = {each.lower(): each for each in names}
    near = difflib.get_close_matches(name.lower(), by_lower, n=3, cutoff=0.4)
    shown = [by_lower[each] for each in near] or names[:3]
    return (
        f"{provider} has no voice called {name!r}; it has {', '.join(shown)} among "
        f"{len(names)}: `igny8-media voices list --provider {provider}` shows them."
    )


def named_voices(settings: Settings) -> tuple[NamedVoice, ...]:
    """IGNY8_VOICES, read. Raises InputError for what does not fit, or whom nobody set up."""
    found = []
    for entry in settings.voices:
        language, _, voice = entry.partition("=")
        language = language.strip().lower().split("-")[0]
        try:
            found.append(named_voice(language, voice, settings))
        except InputError as error:
            raise InputError(
                f"IGNY8_VOICES has {entry!r}, not LANGUAGE=PROVIDER:NAME as in "
                f"en=elevenlabs:Rachel: {error}"
            ) from None
    return tuple(found)


def named_voice(language: str, voice: str, settings: Settings) -> NamedVoice:
    """Of "elevenlabs:Rachel", for a language. Raises InputError as `named_voices` does."""
    provider, _, name = (part.strip() for part in voice.partition(":"))
    if not language or not name:
        raise InputError(f"{voice!r} is no voice of a provider, elevenlabs:Rachel.")
    return NamedVoice(language, known_provider(provider, settings), name)


def known_provider(name: str, settings: Settings) -> SpeechProviderName:
    """Raises InputError for one that does not exist, or that nobody set up."""
    for known in settings.speech_sources:
        if known == name:
            return known
    if name in get_args(SpeechProviderName):
        raise InputError(f"{name} is not set up, or not in IGNY8_SPEECH_PROVIDERS; see docs/ai.md.")
    raise InputError(f"{name!r} is none of {', '.join(get_args(SpeechProviderName))}.")


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
