"""The workshop as a Dagster resource."""

import dagster as dg

from igny8_media.settings import load_settings
from igny8_media.stages.workshop import Workshop


class WorkshopResource(dg.ConfigurableResource["WorkshopResource"]):
    """Opens the workshop from the environment of the process that really runs the step."""

    def open(self) -> Workshop:
        """Raises InputError for a setting that does not fit."""
        return Workshop(load_settings())
