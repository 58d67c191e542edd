"""Names of figures that a platform knows no more, remembered for as long as the process lives.

Each costs a refused request to find out, and the figures beside it in that request.
"""

import threading


class Retired:
    """By the platform's address: what its stand-in refuses, it may know itself."""

    def __init__(self) -> None:
        self._names: dict[str, frozenset[str]] = {}
        self._lock = threading.Lock()

    def at(self, address: str) -> frozenset[str]:
        return self._names.get(address, frozenset())

    def add(self, address: str, *names: str) -> None:
        with self._lock:
            self._names[address] = self.at(address) | set(names)
