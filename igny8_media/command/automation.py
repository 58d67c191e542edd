"""`igny8-media automation`: what is done by itself, site by site, and what waits for it."""

import json
from collections.abc import Sequence
from typing import Any

import click
from dagster._core.scheduler.instigation import SensorInstigatorData

from igny8_media.errors import InputError
from igny8_media.instance import dagster_home, opened_instance
from igny8_media.planning.automation import Automation
from igny8_media.sensors.backlog import Backlog, read_backlog
from igny8_media.sensors.published import published_content_sensor
from igny8_media.settings import Settings, load_settings
from igny8_media.stages.workshop import Workshop


def automation_show(site: str, *, as_json: bool) -> int:
    """The site's automation, and which of its articles wait for the next tick."""
    settings = load_settings()
    rules, backlog = Workshop(settings).automations.get(site), _backlog(settings)
    waits = {
        "posts": [one.id for one in backlog.posts if one.site == site],
        "videos": [one.id for one in backlog.videos if one.site == site],
    }
    values = rules.model_dump(mode="json")
    if as_json:
        click.echo(json.dumps({"site": site, "automation": values, "waiting": waits}, indent=1))
        return 0
    for name, value in values.items():
        changed = "" if value == _usual(name) else "  (changed)"
        click.echo(f"{name:<26} {_shown(value)}{changed}")
    for what, ids in waits.items():
        if ids:
            click.echo(f"{len(ids)} articles wait for their {what}: {', '.join(ids[:5])} …")
    return 0


def automation_set(site: str, given: Sequence[str]) -> int:
    """Change some of it: NAME=VALUE. Holds from the sensors' next tick on."""
    changes: dict[str, Any] = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not equals:
            raise InputError(
                f"{one!r} sets nothing; write NAME=VALUE, as in stage_9_enabled=false."
            )
        changes[name] = value
    Workshop(load_settings()).automations.set(site, changes)
    return automation_show(site, as_json=False)


def _usual(name: str) -> Any:
    return Automation().model_dump(mode="json")[name]


def _shown(value: Any) -> str:
    if value is None:
        return "default"
    if isinstance(value, list):
        return ",".join(value) or "none"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _backlog(settings: Settings) -> Backlog:
    """What the sensor keeps; nothing where Dagster has never run."""
    if not dagster_home(settings).is_dir():
        return Backlog()
    with opened_instance(settings) as instance:
        for state in instance.all_instigator_state():
            data = state.instigator_data
            if state.instigator_name == published_content_sensor.name and isinstance(
                data, SensorInstigatorData
            ):
                return read_backlog(data.cursor)
    return Backlog()
