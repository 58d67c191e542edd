"""Where it is kept what each site does by itself."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Engine, select

from igny8_media.database.tables import Site
from igny8_media.database.transactions import transaction
from igny8_media.errors import InputError
from igny8_media.misfits import misfits
from igny8_media.planning.automation import Automation


class Automations:
    """What is set for each site, in the table `site`; may be changed while everything runs."""

    def __init__(self, engine: Engine, time_zone: str, now: Callable[[], datetime]) -> None:
        """`time_zone` is that of a site that has none of its own yet."""
        self._engine, self._time_zone, self._now = engine, time_zone, now

    def get(self, site: str) -> Automation:
        """As set, or as usual for a site that nobody has set anything for."""
        with transaction(self._engine, reading=True) as session:
            row = session.get(Site, site)
            return Automation.model_validate(row.automation if row else {})

    def all(self) -> dict[str, Automation]:
        """What is set, by site; a site that is not in it is as usual."""
        with transaction(self._engine, reading=True) as session:
            rows = session.scalars(select(Site).order_by(Site.name))
            return {row.name: Automation.model_validate(row.automation) for row in rows}

    def set(self, site: str, changes: Mapping[str, Any]) -> Automation:
        """Change some of it; raises InputError naming what does not fit, and changes nothing."""
        unknown = sorted(set(changes) - set(Automation.model_fields))
        if unknown:
            raise InputError(
                f"There is no {unknown[0]} to set; there are {', '.join(Automation.model_fields)}."
            )
        with transaction(self._engine) as session:
            row = session.get(Site, site, with_for_update=True)
            if row is None:
                row = Site(
                    name=site, time_zone=self._time_zone, automation={}, updated_at=self._now()
                )
                session.add(row)
            try:
                made = Automation.model_validate({**row.automation, **changes})
            except ValidationError as error:
                raise InputError(f"{misfits(error, Automation)[0]}.") from None
            row.automation = made.model_dump(mode="json", exclude_defaults=True)
            row.updated_at = self._now()
            return made
