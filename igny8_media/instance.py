"""The Dagster instance that the command line and the UI share."""

import os
import shutil
from pathlib import Path

import dagster as dg

from igny8_media.settings import Settings

POOLS = {"video_render": 2, "social": 4}
"""How many ops of a pool may run at once, over all runs."""


def prepare_home(settings: Settings) -> Path:
    """The folder of the Dagster instance, with its configuration.

    `DAGSTER_HOME` wins, and its dagster.yaml is its owner's; else ours is used and kept current.
    """
    given = os.environ.get("DAGSTER_HOME")
    if given:
        return Path(given)
    home = settings.dagster_home
    home.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(Path(__file__).with_name("dagster.yaml"), home / "dagster.yaml")
    return home


def open_instance(settings: Settings) -> dg.DagsterInstance:
    """The instance on this machine's state, with the limits of our pools set."""
    instance = dg.DagsterInstance.from_config(str(prepare_home(settings)))
    log = instance.event_log_storage
    limits = {info.name: info.limit for info in log.get_pool_limits()}
    for pool, limit in POOLS.items():
        if pool not in limits:
            log.set_concurrency_slots(pool, limit)
    return instance
