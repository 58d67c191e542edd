"""CPU seconds of calls and processes, children included: machines are noisy, clocks lie."""

import os
import resource
import statistics
import subprocess
from collections.abc import Callable, Sequence


def _spent() -> float:
    own, children = (
        resource.getrusage(resource.RUSAGE_SELF),
        resource.getrusage(resource.RUSAGE_CHILDREN),
    )
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds that `work` takes, in this process and in those it waits for."""
    before = _spent()
    work()
    return _spent() - before


def cpu_of_process(command: Sequence[str], **environment: str) -> float:
    """CPU seconds of a process from its start to its end."""
    return cpu(
        lambda: subprocess.run(
            command, check=True, stdout=subprocess.DEVNULL, env=os.environ | environment
        )
    )


def medians(times: int, **works: Callable[[], float]) -> dict[str, float]:
    """The median of each figure over `times` rounds, taken in turn so that all share the noise."""
    rounds = [{name: work() for name, work in works.items()} for _ in range(times)]
    return {name: statistics.median(one[name] for one in rounds) for name in works}


def report(name: str, ratio: float, limit: float, **figures: float) -> None:
    """One line: the ratio, what it should stay under, and what it was made of."""
    parts = ", ".join(f"{key} {value:.3f} s" for key, value in figures.items())
    mark = "ok  " if ratio <= limit else "OVER"
    print(f"{mark} {name}: {ratio:.2f} (at most {limit:g}); CPU {parts}", flush=True)
