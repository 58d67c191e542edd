"""Whether a narration says what its script says: heard by somebody who does not know the script."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from igny8_media.ai.heard import error_rate, letters, matched
from igny8_media.ai.speech import Word
from igny8_media.ai.transcription_router import TranscriptionRouter
from igny8_media.frozen import Frozen
from igny8_media.video.model import Narration

_UNLIKE: Final = 0.5
"""Share of wrong letters from which on the narration as a whole is not what was to be said. Good
voices are below 0.1, and espeak-ng's in a language that Whisper knows well below 0.3."""
_LEFT_OUT: Final = 30
"""Letters in a row that nobody heard: half a sentence. A number heard as figures is shorter."""
_HALF: Final = 0.5  # of a word's letters, for it to count as heard
_SLACK: Final = 0.4  # seconds that a word may be told too early or too late
_SHOWN: Final = 60


class Listened(Frozen):
    """`errors` is the share of letters heard wrongly, by the script's; `problems` are sentences."""

    heard_by: str
    errors: float
    problems: tuple[str, ...] = ()


def listen(narration: Narration, folder: Path, hear: TranscriptionRouter) -> Listened:
    """Hear `narration`, whose sound lies in `folder`, and compare it with its words.

    Raises NobodyHeardError.
    """
    audio = folder / narration.audio
    found = hear.hear(audio, narration.language)
    heard, by = found.transcript.words, f"{found.provider} ({found.transcript.model})"
    known = [word for section in narration.sections for word in section.words]
    errors = error_rate(_text(known), _text(heard))
    if not heard:
        return Listened(heard_by=by, errors=1.0, problems=("No words are heard in it.",))
    if errors > _UNLIKE:
        # Another language shows in the words themselves; Whisper's guess at it is worth little
        # where the voice is a robot's.
        unlike = (
            f"Other words are heard than the script has: {_shown(heard)!r}; listen to it, and take "
            "another voice, or a better model to hear it with."
        )
        return Listened(heard_by=by, errors=errors, problems=(unlike,))
    problems = tuple(
        f"At {missing[0].start:.0f} s the script is not heard: {_shown(missing)!r}."
        for section in narration.sections
        for missing in _left_out(
            section.words,
            [w for w in heard if section.start - _SLACK <= w.start <= section.end + _SLACK],
        )
    )
    return Listened(heard_by=by, errors=errors, problems=problems)


def _left_out(known: Sequence[Word], heard: Sequence[Word]) -> Iterator[list[Word]]:
    """Every run of words that nobody heard, if it is long."""
    ours = [letters(word.text) for word in known]
    owner = [number for number, word in enumerate(ours) for _ in word]
    there = [0] * len(known)
    for place, _ in matched("".join(ours), letters(_text(heard))):
        there[owner[place]] += 1
    run: list[int] = []
    for number in range(len(known) + 1):
        if number < len(known) and there[number] < max(1, _HALF * len(ours[number])):
            run.append(number)
            continue
        if sum(len(ours[n]) for n in run) >= _LEFT_OUT:
            yield [known[n] for n in run]
        run = []


def _text(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words)


def _shown(words: Sequence[Word]) -> str:
    text = _text(words)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1].rstrip()}…"
