"""Adding contents to what Dagster knows, by several runs at once."""

from collections.abc import Sequence

import dagster as dg
import pytest
from sqlalchemy.exc import IntegrityError

from igny8_media.partitions import add_contents


def test_somebody_else_may_add_the_same_at_the_same_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        real, slow = instance.add_dynamic_partitions, [True]

        def late(name: str, keys: Sequence[str]) -> None:
            real(name, keys)
            if slow.pop() if slow else False:
                raise IntegrityError("INSERT", {}, Exception("UNIQUE constraint failed"))

        monkeypatch.setattr(instance, "add_dynamic_partitions", late)
        add_contents(instance, ["a", "b"])
        assert instance.get_dynamic_partitions("content") == ["a", "b"]
