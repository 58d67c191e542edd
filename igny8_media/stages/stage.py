"""One stage makes one asset of one content, and only when something that decides it has changed."""

import logging
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from igny8_media.errors import InputError
from igny8_media.stages.alone import alone
from igny8_media.stages.workshop import Workshop
from igny8_media.storage.media_store import sha256_of
from igny8_media.storage.records import Artifact, Kind, Record, Records, fingerprint

if TYPE_CHECKING:
    from igny8_media.credits.prices import Use
    from igny8_media.settings import Settings
    from igny8_media.stages.costs import Cost
    from igny8_media.stages.paying import WriteDown

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class BuiltFile:
    """A file the stage wrote into its folder, under its public name."""

    name: str
    kind: Kind
    figures: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Built:
    """What a stage made: its files, or the reason why there is rightly nothing.

    `uses` is what the bill says, where a provider served; without it the stage's cost tells.
    """

    files: tuple[BuiltFile, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    skipped: str | None = None
    uses: "tuple[Use, ...]" = ()


@dataclass(frozen=True)
class Job:
    """One content in the workshop, with the records of what the stage needs.

    `outside` is what the stage's own `outside` answered, when the fingerprint was taken of it.
    `review` says that a person decides about what is made before anything is made of it.
    """

    content_id: str
    workshop: Workshop
    needs: Mapping[str, Record]
    outside: Any = None
    review: bool = False

    def path(self, asset: str, name: str) -> Path:
        """A needed artefact's file; not to be changed."""
        return self.workshop.store.local_path(self.needs[asset].named(name).key)

    def lay_out(self, asset: str, folder: Path) -> Path:
        """All files of a needed asset side by side in `folder`, for tools that want a folder."""
        for artifact in self.needs[asset].artifacts:
            link = folder / artifact.name
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(self.workshop.store.local_path(artifact.key))
        return folder

    def progress(self, what: str) -> None:
        """Tell people how far a long piece of work is."""
        log.info("%s: %s", self.content_id, what)


@dataclass(frozen=True)
class Check:
    """`problems` measures a stage's result and returns everything wrong with it as sentences;
    `about` is what holds where it finds nothing.

    What stands on the result is not made while a `blocking` check fails.
    """

    name: str
    problems: Callable[[Workshop, Record], list[str]]
    about: str
    blocking: bool = True


@dataclass(frozen=True)
class Stage:
    """`version` changes when the code's result would; `settings` picks the settings that decide it.

    `outside` is for what decides the result from outside this project (an article's text): it is
    asked each time and must be cheap.

    `checks` measure the result. `remember` tells the database what was made, if people may edit
    it there. It runs also when the result was already there, because a lost reply must not lose
    the row; it is idempotent. `failed` tells it that making did not succeed, or was cancelled.

    `cost` is what making it costs, where credits are asked for.
    """

    asset: str
    needs: tuple[str, ...]
    version: str
    build: Callable[[Job, Path], Built]
    settings: Callable[["Settings"], Any] = lambda _: None
    remember: Callable[[Job, Record], None] = lambda _job, _record: None
    failed: Callable[[Job], None] = lambda _job: None
    checks: tuple[Check, ...] = ()
    outside: Callable[[Workshop, str], Any] = lambda _workshop, _content_id: None
    cost: "Cost | None" = None


@dataclass(frozen=True)
class Made:
    """A record, and whether it was made just now."""

    record: Record
    fresh: bool


def up_to_date(workshop: Workshop, stage: Stage, content_id: str) -> Record | None:
    """The record in force if making it again would change nothing, else None."""
    record = workshop.records.current(content_id, stage.asset)
    if record is None:
        return None
    needs = {asset: workshop.records.current(content_id, asset) for asset in stage.needs}
    known = {asset: found for asset, found in needs.items() if found is not None}
    if len(known) < len(stage.needs):
        return None
    job = Job(content_id, workshop, known, stage.outside(workshop, content_id))
    return record if record.fingerprint == _mark(stage, job) else None


def run_stage(
    workshop: Workshop,
    stage: Stage,
    content_id: str,
    *,
    force: bool = False,
    run: str = "",
    review: bool = False,
) -> Made:
    """Make the stage's asset unless it is there already.

    `force` makes it anew, as a new revision, though nothing changed. Files are stored before
    the record that vouches for them, so that a crash leaves the previous record in force. Of those
    who want the same at once, on this machine, one makes it and the others wait for that.
    `run` is who pays for it in the ledger of credits; `review` as in `Job`. Raises InputError if
    what it needs has not been made, or if there is not enough credit.
    """
    job = _opened(workshop, stage, content_id, review=review)
    if not force and (made := _there_already(job, stage)):
        return made
    with alone(workshop.settings.cache_dir / "making", content_id, stage.asset) as waited:
        if waited:
            job = _opened(workshop, stage, content_id, review=review)
        # Another run may have made it meanwhile.
        if not force and (made := _there_already(job, stage)):
            return made
        try:
            current = workshop.records.current(content_id, stage.asset)
            record = _make(job, stage, _mark(stage, job), current, run)
        except BaseException:  # also a cancelled run, or a mistake of ours, must not look busy
            stage.failed(job)
            raise
        stage.remember(job, record)
    # Not for Dagster's event log, which has the materialisation: a line there costs a commit.
    log.debug("%s: %s made in %.1f s", content_id, stage.asset, record.seconds)
    return Made(record, fresh=True)


def _opened(workshop: Workshop, stage: Stage, content_id: str, *, review: bool) -> Job:
    needs = _needed(workshop, stage, content_id)
    return Job(content_id, workshop, needs, stage.outside(workshop, content_id), review)


def _there_already(job: Job, stage: Stage) -> Made | None:
    """What would be the same if it was made again, put in force."""
    records, mark = job.workshop.records, _mark(stage, job)
    found = records.current(job.content_id, stage.asset)
    if found is None or found.fingerprint != mark:
        found = records.earlier(job.content_id, stage.asset, mark)
        if found is None:
            return None
        records.put_in_force(found)
    stage.remember(job, found)
    return Made(found, fresh=False)


def _needed(workshop: Workshop, stage: Stage, content_id: str) -> dict[str, Record]:
    found = {}
    for asset in stage.needs:
        record = workshop.records.current(content_id, asset)
        if record is None:
            raise InputError(
                f"{stage.asset} of {content_id} needs {asset}, which has not been made yet: "
                f"materialise {asset} first."
            )
        found[asset] = record
    return found


def _mark(stage: Stage, job: Job) -> str:
    """The fingerprint of everything that decides the stage's result."""
    return fingerprint(
        stage.asset,
        stage.version,
        {asset: record.digest for asset, record in job.needs.items()},
        stage.settings(job.workshop.settings),
        job.outside,
    )


def _make(job: Job, stage: Stage, mark: str, current: Record | None, run: str) -> Record:
    records = job.workshop.records
    revision = current.revision + 1 if current else 1
    folder_mark = mark if current is None else fingerprint(mark, revision)
    started = time.monotonic()
    blocked = _blocked_by(job)
    with (
        job.workshop.store.scratch() as folder,
        _paid(job, stage, mark, run, free=blocked is not None) as write_down,
    ):
        built = Built(skipped=blocked) if blocked else stage.build(job, folder)
        artifacts = _store(records, stage, job, folder_mark, folder, built)
        record = Record(
            content_id=job.content_id,
            asset=stage.asset,
            fingerprint=mark,
            revision=revision,
            artifacts=artifacts,
            facts={**built.facts, **write_down(built)},
            notes=built.notes,
            skipped=built.skipped,
            made_at=datetime.now(UTC),
            seconds=round(time.monotonic() - started, 3),
        )
        records.write(record)
    if built.uses:
        from igny8_media.stages.retiring import tell_of_retiring

        tell_of_retiring(job.workshop, built.uses)
    return record


def _paid(
    job: Job, stage: Stage, mark: str, run: str, *, free: bool
) -> "AbstractContextManager[WriteDown]":
    if free or stage.cost is None or not job.workshop.settings.credits:
        return nullcontext(lambda _built: {})
    from igny8_media.credits.model import Purpose
    from igny8_media.stages.paying import paid

    purpose = Purpose(content_id=job.content_id, asset=stage.asset, mark=mark, run=run)
    return paid(job, stage.cost, purpose)


def _blocked_by(job: Job) -> str | None:
    """A stage on top of a rightly empty one is rightly empty too, for the same reason."""
    return next((record.skipped for record in job.needs.values() if record.skipped), None)


def _store(
    records: Records, stage: Stage, job: Job, mark: str, folder: Path, built: Built
) -> tuple[Artifact, ...]:
    store = job.workshop.store
    base = f"{records.folder(job.content_id, stage.asset)}/{mark}"
    artifacts = []
    for file in built.files:
        path = folder / file.name
        key = f"{base}/{file.name}"
        artifacts.append(
            Artifact(
                name=file.name,
                kind=file.kind,
                key=key,
                sha256=sha256_of(path),
                size=path.stat().st_size,
                figures=dict(file.figures),
            )
        )
        store.put_file(key, path)
    return tuple(artifacts)
