"""What a daemon does besides publishing, killed at every step: after the next time that it is
done, everything must be as if nobody had been killed."""

import shutil
from collections import Counter
from collections.abc import Callable, Hashable
from itertools import count
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from chaos.figures import Figures
from chaos.killing import count_work, dying_at, forked
from chaos.tidying import Tidying
from chaos.trial import Result
from chaos.turns import Turns
from igny8_media.sandbox.server import Running

Facts = Counter[Hashable]


class Job(Protocol):
    """`home` is a folder that holds all of a machine's state and can be copied."""

    def prepare(self, home: Path) -> None:
        """Leave something to do."""
        ...

    def work(self, home: Path, take: Callable[[str], None]) -> None:
        """Do it once; `take` hears of requests, see `chaos.killing`."""
        ...

    def broken(self, home: Path) -> str:
        """What nobody may ever find there, also before the next time, or nothing."""
        ...

    def again(self, home: Path) -> Facts:
        """Do it once more, when the daemon would; everything that is to be seen then."""
        ...


class Named(NamedTuple):
    name: str
    make: Callable[[Running], Job]


JOBS: Final = (
    Named("job recurrences", Turns),
    Named("job metrics", Figures),
    Named("job clean-up", Tidying),
)


def every_step(named: Named, folder: Path, sandbox: Running, every: int = 1) -> list[Result]:
    """Killed at every step that there is, or only at each of `every` steps."""
    job, template = named.make(sandbox), folder / "template"
    job.prepare(template)
    undisturbed = shutil.copytree(template, folder / "undisturbed")
    job.work(undisturbed, lambda _: None)
    wanted = job.again(undisturbed)
    results = []
    for step in count(every, every):
        home = shutil.copytree(template, folder / "home")

        def work(home: Path = home, step: int = step) -> None:
            take = dying_at(step)
            count_work(take)
            job.work(home, take)

        if not forked(work):
            break
        broken = job.broken(home)
        results.append(_judged(named.name, step, wanted, job.again(home), broken))
        shutil.rmtree(home)
    return results


def _judged(name: str, step: int, wanted: Facts, found: Facts, broken: str) -> Result:
    missing, extra = wanted - found, found - wanted
    reason = broken or "; ".join(
        [*(f"missing {fact}" for fact in missing), *(f"too much {fact}" for fact in extra)]
    )
    verdict = "done"
    if broken:
        verdict = "BROKEN"
    elif missing:
        verdict = "LOST"
    elif extra:
        verdict = "DUPLICATE"
    return Result(
        name, f"kill -9 at step {step}", wanted.total(), found.total(), "", reason, verdict
    )
