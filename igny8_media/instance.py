"""The Dagster instance that the command line and the UI share."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
from sqlalchemy.exc import SQLAlchemyError

from igny8_media.errors import OutsideError, disk_remedy
from igny8_media.settings import Settings

POOLS = {"video_render": 2, "social": 4}
"""How many ops of a pool may run at once, over all runs."""
_LEAST_FREE = 65536
"""Bytes; no database writes anything with less."""


def prepare_home(settings: Settings) -> Path:
    """The folder of the Dagster instance, with its configuration.

    `DAGSTER_HOME` wins, and its dagster.yaml is its owner's; else ours is used and kept current.
    """
    home = dagster_home(settings)
    if "DAGSTER_HOME" in os.environ:
        return home
    home.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(Path(__file__).with_name("dagster.yaml"), home / "dagster.yaml")
    return home


def dagster_home(settings: Settings) -> Path:
    """Where the instance keeps its state: `DAGSTER_HOME`, or a folder in our home."""
    return Path(os.environ.get("DAGSTER_HOME") or settings.dagster_home)


@contextmanager
def opened_instance(settings: Settings) -> Iterator[dg.DagsterInstance]:
    """The instance for a command; what its database refuses meanwhile becomes an OutsideError."""
    try:
        with open_instance(settings) as instance:
            yield instance
    except (SQLAlchemyError, OSError) as error:
        cause = str(getattr(error, "orig", None) or error).splitlines()[0]
        if _is_full(dagster_home(settings)):
            # SQLite calls it an I/O error where a file beside the database could not grow.
            cause = "the disk is full"
        remedy = disk_remedy(error) if isinstance(error, OSError) else "free some space there"
        raise OutsideError(
            f"Dagster's state in {dagster_home(settings)} cannot be used: {cause}; {remedy}, start "
            "its database, or choose another folder with IGNY8_HOME."
        ) from error


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < _LEAST_FREE
    except OSError:
        return False


def open_instance(settings: Settings) -> dg.DagsterInstance:
    """The instance on this machine's state, with the limits of our pools set."""
    with _one_at_a_time(settings):
        home = prepare_home(settings)
        instance = dg.DagsterInstance.from_config(str(home))
        log = instance.event_log_storage
        limits = {info.name: info.limit for info in log.get_pool_limits()}
        for pool, limit in POOLS.items():
            if pool not in limits:
                log.set_concurrency_slots(pool, limit)
    return instance


@contextmanager
def _one_at_a_time(settings: Settings) -> Iterator[None]:
    """Dagster lays out its SQLite files without looking whether somebody else is just doing that.

    Who has a `DAGSTER_HOME` laid it out before, perhaps where nothing can be written.
    """
    if "DAGSTER_HOME" in os.environ:
        yield
        return
    from filelock import FileLock

    home = dagster_home(settings)
    home.mkdir(parents=True, exist_ok=True)
    with FileLock(home / "opening.lock"):
        yield
