"""Copies what was made out of the store, under names that people can read."""

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from igny8_media.errors import InputError
from igny8_media.report.outcome import Outcome
from igny8_media.storage.media_store import MediaStore


def check_writable(out: Path) -> None:
    """Raises InputError before any work is done for a folder that could not take the result."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
    except OSError as error:
        raise InputError(
            f"Cannot write to the output folder {out}: {error.strerror}; "
            "choose another one with --out."
        ) from error


def export(store: MediaStore, outcomes: Sequence[Outcome], out: Path) -> dict[str, Path]:
    """Copy every artefact to `out/<content_id>/<asset>/<name>`; returns the path of each key.

    A file that is there already with the same size and a later time is left as it is.
    """
    placed: dict[str, Path] = {}
    for outcome in outcomes:
        for record in outcome.records:
            folder = out / record.content_id / record.asset
            for artifact in record.artifacts:
                source, target = store.local_path(artifact.key), folder / artifact.name
                if not _same(source, target):
                    _copy(source, target)
                placed[artifact.key] = target
    return placed


def _same(source: Path, target: Path) -> bool:
    if not target.is_file():
        return False
    one, other = source.stat(), target.stat()
    return one.st_size == other.st_size and one.st_mtime_ns == other.st_mtime_ns


def _copy(source: Path, target: Path) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f".{target.name}.part")
        try:
            shutil.copy2(source, partial)
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(
            f"Cannot copy {target.name} to {target.parent}: {error.strerror}; "
            "what was made is safe in the media store, choose another folder with --out."
        ) from error


def as_json(outcomes: Sequence[Outcome], placed: dict[str, Path]) -> dict[str, Any]:
    """The document that `igny8-media run --json` prints, see docs/command-line.md."""
    return {
        "contents": [
            {
                "content_id": outcome.content_id,
                "title": outcome.title,
                "status": outcome.status,
                "artifacts": [
                    {
                        **artifact.figures,
                        "asset": record.asset,
                        "name": artifact.name,
                        "kind": artifact.kind,
                        "path": str(placed[artifact.key].absolute()),
                        "sha256": artifact.sha256,
                        "size": artifact.size,
                        "made": record.asset in outcome.fresh,
                    }
                    for record in outcome.records
                    for artifact in record.artifacts
                ],
                "notes": [
                    {"asset": record.asset, "message": note}
                    for record in outcome.records
                    for note in (*record.notes, *([record.skipped] if record.skipped else []))
                ]
                + [{"asset": asset, "message": message} for asset, message in outcome.waits],
                "errors": [
                    {"asset": asset, "message": message} for asset, message in outcome.errors
                ],
            }
            for outcome in outcomes
        ]
    }
