"""A whole script read by one voice, before it is laid out in time."""

from collections import Counter
from collections.abc import Sequence
from typing import Literal, NamedTuple

from igny8_media.ai.espeak import Espeak
from igny8_media.ai.voices import Speaker
from igny8_media.errors import InputError, OutsideError
from igny8_media.narration.sentences import Sentence, section_sentences
from igny8_media.narration.takes import Take, speak
from igny8_media.storage.cache import FolderCache
from igny8_media.video.model import VideoScript


class Said(NamedTuple):
    sentence: Sentence
    take: Take


class Reading(NamedTuple):
    """Every section's sentences as `speaker` said them; `notes` tell why no earlier voice did."""

    script: VideoScript
    sections: tuple[tuple[Said, ...], ...]
    speaker: Speaker
    notes: tuple[str, ...]

    @property
    def timing(self) -> Literal["engine", "alignment", "estimate"]:
        """The least certain way in which word times of this reading were found."""
        ways = {said.take.timing for section in self.sections for said in section}
        if "estimate" in ways:
            return "estimate"
        return "alignment" if "alignment" in ways else "engine"


def read_aloud(script: VideoScript, speakers: Sequence[Speaker], takes: FolderCache) -> Reading:
    """Read a script with the first voice that can read all of it.

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
    for speaker in speakers:
        try:
            with Espeak() as espeak:  # starts when it is first asked
                read = _read(script, sentences, speaker, takes, espeak)
        except OutsideError as error:
            notes.append(f"{speaker.engine.name} did not speak: {error}")
            continue
        return Reading(script, read, speaker, (*notes, *_guessed(read)))
    raise OutsideError(" ".join(notes))


def _read(
    script: VideoScript,
    sentences: Sequence[Sequence[Sentence]],
    speaker: Speaker,
    takes: FolderCache,
    espeak: Espeak,
) -> tuple[tuple[Said, ...], ...]:
    sections: list[tuple[Said, ...]] = []
    for section, own in zip(script.sections, sentences, strict=True):
        try:
            sections.append(
                tuple(
                    Said(sentence, speak(sentence.spoken, script.language, speaker, takes, espeak))
                    for sentence in own
                )
            )
        except OutsideError as error:
            raise OutsideError(f"{error} (section {section.section_id!r})") from error
    return tuple(sections)


def _guessed(read: Sequence[Sequence[Said]]) -> list[str]:
    """Why word times had to be estimated, if they had to."""
    takes = [said.take for section in read for said in section]
    problems = Counter(take.note for take in takes if take.timing == "estimate")
    return [
        f"The word times of {count} of {len(takes)} sentences are estimates: {problem}."
        for problem, count in problems.items()
    ]
