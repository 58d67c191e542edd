"""The one partitioning of this project: content by its ID, added as it is published."""

from collections.abc import Sequence

import dagster as dg

content_partitions = dg.DynamicPartitionsDefinition(name="content")
"""Keys are content IDs: `^[A-Za-z0-9_-]{1,64}$`, see `igny8_media.articles.ids`."""

_CHUNK = 5_000  # SQLite refuses more bind variables than its build allows; 5,000 is safe on all


def add_contents(instance: dg.DagsterInstance, content_ids: Sequence[str]) -> None:
    """Make sure these partitions exist."""
    from sqlalchemy.exc import IntegrityError  # whoever only reads the definitions needs none

    for start in range(0, len(content_ids), _CHUNK):
        chunk = list(content_ids[start : start + _CHUNK])
        try:
            instance.add_dynamic_partitions("content", chunk)
        except IntegrityError:
            # Another process added one of them after Dagster had looked which are missing.
            instance.add_dynamic_partitions("content", chunk)
