"""Which approval of a script a run films, in the run's tags."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from igny8_media.database.scripts import Script

SCRIPT_TAG = "igny8/script"
"""The ID of the script that a person approved and a run films: no other, and nothing once they
have thought of something else."""

APPROVAL_TAG = "igny8/approved_at"
"""When they did: a script that is approved once more is another run's."""


def filming_tags(script: "Script") -> dict[str, str]:
    """For the run that films what a person approved."""
    at = script.approved_at
    return {SCRIPT_TAG: str(script.id), APPROVAL_TAG: at.isoformat() if at else ""}


def approval_of(tags: Mapping[str, str]) -> tuple[int, datetime] | None:
    """The script's ID and when it was approved; None for a run that films as nobody asked."""
    script, at = tags.get(SCRIPT_TAG), tags.get(APPROVAL_TAG)
    return (int(script), datetime.fromisoformat(at)) if script and at else None
