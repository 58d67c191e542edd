"""Which voice of a provider is taken: the one that the settings name, or its usual one."""

import difflib
from collections.abc import Sequence
from typing import NamedTuple, get_args

from igny8_media.ai.speech import SpeechError, Voice
from igny8_media.ai.text import Fault
from igny8_media.ai.voices import usual_voice
from igny8_media.errors import InputError
from igny8_media.settings import Settings
from igny8_media.settings.providers import SpeechProviderName


class NamedVoice(NamedTuple):
    """One of IGNY8_VOICES: the voice of a language."""

    language: str
    provider: SpeechProviderName
    voice: str


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
        raise InputError(
            f"{voice!r} is no voice of a provider: `igny8-media voices list` shows those there are."
        )
    return NamedVoice(language, known_provider(provider, settings), name)


def known_provider(name: str, settings: Settings) -> SpeechProviderName:
    """Raises InputError for one that does not exist, or that nobody set up."""
    for known in settings.speech_sources:
        if known == name:
            return known
    if name in get_args(SpeechProviderName):
        raise InputError(f"{name} is not set up, or not in IGNY8_SPEECH_PROVIDERS; see docs/ai.md.")
    raise InputError(f"{name!r} is none of {', '.join(get_args(SpeechProviderName))}.")
