"""A whole script read by one voice, before it is laid out in time."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple, get_args

from igny8_media.ai.espeak import Espeak
from igny8_media.ai.speech import Timing
from igny8_media.ai.transcription_router import TranscriptionRouter
from igny8_media.ai.voices import Candidate, Speaker
from igny8_media.errors import InputError, OutsideError
from igny8_media.narration.sentences import Sentence, section_sentences
from igny8_media.narration.takes import Take, heard, speak
from igny8_media.storage.cache import FolderCache
from igny8_media.video.model import VideoScript


class Said(NamedTuple):
    sentence: Sentence
    take: Take


class Reading(NamedTuple):
    """Every section's sentences as `speaker` said them; `notes` tell why no earlier voice did.

    `left` are those who may read another script: the speaker and who comes after it.
    """

    script: VideoScript
    sections: tuple[tuple[Said, ...], ...]
    speaker: Speaker
    notes: tuple[str, ...]
    left: tuple[Candidate, ...]

    @property
    def characters(self) -> int:
        """Of everything that is said, as it is said."""
        return sum(len(said.sentence.spoken) for section in self.sections for said in section)

    @property
    def timing(self) -> Timing:
        """The least certain way in which word times of this reading were found."""
        ways = {said.take.timing for section in self.sections for said in section}
        return max(ways, key=get_args(Timing).index, default="engine")


def read_aloud(
    script: VideoScript,
    speakers: Sequence[Candidate],
    takes: FolderCache,
    *,
    hear: TranscriptionRouter | None = None,
) -> Reading:
    """Read a script with the first voice that can read all of it: one voice for one film.

    `hear` finds the words in sentences whose voice tells no times, where comparing them did not.

    Sentences spoken before are taken from `takes`, new ones are kept there, also when a later one
    fails. Raises InputError for a script or section with nothing to say, OutsideError (naming
    engine and section) when no voice can speak it.
    """
    if not script.sections:
        raise InputError("The script has no sections; write at least one before narrating it.")
    if not speakers:
        raise InputError(f"No voice was given for the language {script.language!r}.")
    sentences = [section_sentences(section, script.language) for section in script.sections]
    notes: list[str] = []
    for number, candidate in enumerate(speakers):
        try:
            speaker = candidate.ready()
            with Espeak() as espeak:  # starts when it is first asked
                read = _read(script, sentences, speaker, takes, espeak, hear)
        except OutsideError as error:
            notes.append(f"{candidate.name} did not speak: {error}")
            continue
        left = tuple(speakers[number:])
        return Reading(script, read, speaker, (*notes, *_guessed(read)), left)
    raise OutsideError(" ".join(notes))


def _read(
    script: VideoScript,
    sentences: Sequence[Sequence[Sentence]],
    speaker: Speaker,
    takes: FolderCache,
    espeak: Espeak,
    hear: TranscriptionRouter | None,
) -> tuple[tuple[Said, ...], ...]:
    def take(text: str) -> Take:
        spoken = speak(text, script.language, speaker, takes, espeak)
        if hear is None or spoken.timing != "estimate":
            return spoken
        return heard(spoken, text, script.language, hear, takes)

    sections: list[tuple[Said, ...]] = []
    for section, own in zip(script.sections, sentences, strict=True):
        try:
            sections.append(tuple(Said(sentence, take(sentence.spoken)) for sentence in own))
        except OutsideError as error:
            raise OutsideError(f"{error} (section {section.section_id!r})") from error
    return tuple(sections)


def _guessed(read: Sequence[Sequence[Said]]) -> list[str]:
    """Why word times had to be estimated, and who heard words that could not be found otherwise."""
    takes = [said.take for section in read for said in section]
    problems = Counter(take.note for take in takes if take.timing == "estimate")
    listeners = Counter(take.note for take in takes if take.timing == "transcription")
    return [
        f"The word times of {count} of {len(takes)} sentences are estimates: {problem}."
        for problem, count in problems.items()
    ] + [
        f"The word times of {count} of {len(takes)} sentences were heard by {listener}."
        for listener, count in listeners.items()
    ]
