"""A narration heard once more before it is used, where that was asked for."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from igny8_media.stages.workshop import Workshop
from igny8_media.storage.records import Record

if TYPE_CHECKING:
    from igny8_media.ai.transcription_router import TranscriptionRouter
    from igny8_media.settings import Settings
    from igny8_media.video.model import Narration


class Listening(NamedTuple):
    """What the record of a voice-over keeps of it."""

    facts: dict[str, Any]
    notes: tuple[str, ...] = ()


def listened(
    settings: "Settings",
    narration: "Narration",
    folder: Path,
    hear: "TranscriptionRouter | None",
) -> Listening:
    """Nothing unless IGNY8_HEAR_NARRATIONS is set; a note where nobody could hear it."""
    if not settings.hear_narrations:
        return Listening({})
    from igny8_media.ai.transcription_router import NobodyHeardError
    from igny8_media.narration.listening import listen

    if hear is None:
        return Listening({}, ("It was not listened to: no provider of transcripts is set up.",))
    try:
        found = listen(narration, folder, hear)
    except NobodyHeardError as error:
        return Listening({}, (f"It was not listened to: {error}",))
    facts = {
        "heard_by": found.heard_by,
        "heard_wrongly": round(found.errors, 3),
        "heard_problems": list(found.problems),
    }
    return Listening(facts)


def unlike_script(_shop: Workshop, record: Record) -> list[str]:
    """What was heard that the script does not say, or not heard that it says."""
    return [str(problem) for problem in record.facts.get("heard_problems", ())]
