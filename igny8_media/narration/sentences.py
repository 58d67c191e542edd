"""What a section says, sentence by sentence, and how long the voice rests after each."""

from typing import NamedTuple

from igny8_media.errors import InputError
from igny8_media.narration.segments import split_sentences
from igny8_media.narration.spoken import SpokenWord, clean, spoken_form
from igny8_media.video.model import Section

_AFTER_SENTENCE, _AFTER_QUESTION, _AFTER_CUT = 0.30, 0.35, 0.12


class Sentence(NamedTuple):
    """Words as shown and as said; `pause` is the breath after it, in seconds."""

    words: tuple[SpokenWord, ...]
    pause: float

    @property
    def spoken(self) -> str:
        return " ".join(word.spoken for word in self.words)


def section_sentences(section: Section, language: str) -> list[Sentence]:
    """The sentences of a section. Raises InputError, naming it, if nothing in it can be said."""
    found: list[Sentence] = []
    for text in split_sentences(clean(section.narration), language):
        words = tuple(spoken_form(text, language))
        if words:
            found.append(Sentence(words, _pause_after(text)))
    if not found:
        raise InputError(
            f"Section {section.section_id!r} has nothing that can be said"
            " (only marks or emoji); give it a sentence or remove it."
        )
    return found


def _pause_after(text: str) -> float:
    end = text.rstrip("\"'”’»)]")[-1:]
    if end in "?!؟？！":
        return _AFTER_QUESTION
    return _AFTER_SENTENCE if end in ".…。:।۔" else _AFTER_CUT
