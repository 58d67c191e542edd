"""The handles of one publication, as adapters are given them."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from igny8_media.publishing.claims import Claim
from igny8_media.publishing.ledger import Ledger
from igny8_media.publishing.ledgerrows import KEPT


class LedgerHandles:
    """A publication's handles: read once, written through."""

    def __init__(self, ledger: Ledger, claim: Claim) -> None:
        self._ledger, self._claim = ledger, claim
        self._held: dict[str, Any] = ledger.handles(claim)

    def get(self, name: str) -> Any:
        # A copy: who changes it and puts it back must not find it unchanged.
        return deepcopy(self._held.get(name))

    def put(self, name: str, value: Any) -> None:
        if name in self._held and self._held[name] == value:
            return
        self._ledger.put_handle(self._claim, name, value)
        self._held[name] = deepcopy(value)

    def drop(self, prefix: str) -> None:
        self._ledger.drop_handles(self._claim, prefix)
        self._held = {
            name: value
            for name, value in self._held.items()
            if not name.startswith(prefix) or name.startswith(KEPT)
        }

    def note(self, found: Mapping[str, Any]) -> None:
        """What the ledger itself wrote."""
        self._held.update(found)
