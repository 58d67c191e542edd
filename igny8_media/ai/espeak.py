"""espeak-ng at arm's length: over a hundred languages, word times and phonemes.

The library and its data come in the wheel of `espeakng-loader` (GPL-3); it runs in a worker
process (`espeak_worker.py`) and is spoken to over a pipe.
"""

import sys
from collections.abc import Sequence
from functools import cached_property
from importlib import metadata
from itertools import pairwise
from pathlib import Path
from typing import Any, Self

import espeakng_loader

from igny8_media.ai.speech import Utterance, Voice, Word
from igny8_media.ai.wav import last_sound, read_wav, voiced
from igny8_media.ai.worker import Worker
from igny8_media.errors import InputError, OutsideError

WORKER = Path(__file__).with_name("espeak_worker.py")
LICENCE = "GPL-3.0-or-later"

UNREADABLE = {"ja": "Japanese", "th": "Thai"}
"""Languages with rules for their sounds but not for the script that people write them in: kanji
become "Chinese letter" each, and Thai words break apart."""

# A calm reading voice: espeak-ng's own 175 words a minute sounds hurried, its pitch range flat.
_RATE, _PITCH, _RANGE, _GAP = 165, 42, 60, 1
# ISO 639-1 codes for which espeak-ng uses another name, and the accents people expect.
_NAMES = {"en": "en-us", "fr": "fr-fr", "zh": "cmn", "no": "nb", "pt": "pt-br"}


class Espeak:
    """A `SpeechEngine`; the worker starts with the first request and ends with `close`."""

    name = "espeak-ng"

    def __init__(self) -> None:
        self._worker = Worker(_command)
        self._phonemes: dict[tuple[str, str], str] = {}

    @property
    def version(self) -> str:
        return metadata.version("espeakng-loader")

    def voices(self) -> tuple[Voice, ...]:
        return self._voices

    @cached_property
    def _voices(self) -> tuple[Voice, ...]:
        listed: list[list[str]] = self._ask({"do": "voices"})["voices"]
        return tuple(
            Voice(name=tag, language=_iso(tag), licence=LICENCE)
            for tag in sorted({tag for _, tag in listed})
        )

    def speak(self, text: str, voice: Voice, out: Path, *, speed: float = 1.0) -> Utterance:
        """Write `text` as speech to `out`; see `SpeechEngine`."""
        if not text.strip():
            raise InputError("There is nothing to say: give espeak-ng a text with words.")
        if voice.name not in {known.name for known in self._voices}:
            # The library would take any name that begins like one of its own.
            raise OutsideError(f"espeak-ng has no voice called {voice.name!r}.")
        answer = self._ask(
            {
                "do": "speak",
                "text": text,
                "voice": voice.name,
                "rate": round(_RATE * speed),
                "pitch": _PITCH,
                "range": _RANGE,
                "gap": _GAP,
                "out": str(out),
            }
        )
        samples, rate = read_wav(out, self.name)
        if voiced(samples, rate) is None:
            raise OutsideError(f"espeak-ng returned silence for {text[:60]!r}.")
        duration = len(samples) / rate
        starts = [(position, sample / rate) for position, _, sample in answer["words"]]
        bounds = _word_bounds(text, starts, duration)
        words = tuple(
            Word(text=word, start=start, end=last_sound(samples, rate, start, end))
            for word, (start, end) in zip(text.split(), bounds, strict=True)
        )
        return Utterance(
            audio=out, sample_rate=rate, duration=duration, words=words, timing="engine"
        )

    def phonemes(self, words: Sequence[str], voice: str) -> list[str]:
        """Each word alone in IPA, as the espeak-ng voice called `voice` says it."""
        new = [word for word in dict.fromkeys(words) if (voice, word) not in self._phonemes]
        if new:
            answer = self._ask({"do": "phonemes", "voice": voice, "words": new})
            pairs = zip(new, answer["phonemes"], strict=True)
            self._phonemes.update({(voice, word): ipa for word, ipa in pairs})
        return [self._phonemes[voice, word] for word in words]

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        answer = self._worker.ask(request)
        if answer is None:
            raise OutsideError(
                "espeak-ng stopped without an answer; reinstall the package espeakng-loader."
            )
        if "error" in answer:
            raise OutsideError(f"espeak-ng failed: {answer['error']}.")
        return answer

    def close(self) -> None:
        """End the worker; the next request starts another."""
        self._worker.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _command() -> list[str]:
    return [
        *(sys.executable, "-I", "-S", str(WORKER)),
        espeakng_loader.get_library_path(),
        espeakng_loader.get_data_path(),
    ]


def voice_name(language: str) -> str:
    """What espeak-ng calls its voice for an ISO 639-1 language."""
    return _NAMES.get(language, language)


def _iso(tag: str) -> str:
    """The ISO 639-1 code of an espeak-ng language tag, or its ISO 639-3 code if there is none."""
    primary = tag.split("-")[0]
    return {"cmn": "zh", "nb": "no"}.get(primary, primary)


def _word_bounds(
    text: str, starts: Sequence[tuple[int, float]], duration: float
) -> list[tuple[float, float]]:
    """When each white-space separated word of `text` starts and ends, in seconds.

    `starts` are (character position, seconds) of what espeak-ng takes for words: several for
    "5,000", one for "of the". A word without an event of its own shares its neighbour's time.
    """
    found: list[float | None] = []
    events = list(starts)
    position = 0
    for word in text.split():
        position = text.index(word, position)
        end = position + len(word)
        own = [seconds for at, seconds in events if position <= at < end]
        found.append(min(own) if own else None)
        position = end
    return _share([*found, duration])


def _share(starts: Sequence[float | None]) -> list[tuple[float, float]]:
    """Fill gaps by dividing the time between the known starts on either side of them."""
    filled: list[float] = []
    for index, start in enumerate(starts):
        if start is not None:
            filled.append(max(start, filled[-1] if filled else 0.0))
            continue
        ahead = next(i for i in range(index, len(starts)) if starts[i] is not None)
        before = filled[-1] if filled else 0.0
        step = ((starts[ahead] or 0.0) - before) / (ahead - index + 1)
        filled.append(before + max(0.0, step))
    return list(pairwise(filled))
