"""Many posts of all platforms due at once, and processes that sweep them up."""

import multiprocessing
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path

from chaos.material import Kind, Material
from igny8_media.accounts.model import Account, Service
from igny8_media.publishing.model import Outgoing
from igny8_media.sandbox.server import Running
from igny8_media.settings import Settings
from igny8_media.stages.press import Press, open_press
from igny8_media.stages.sandboxed import connection_of
from igny8_media.stages.workshop import Workshop
from igny8_media.storage.media_store import LocalMediaStore

PLENTY = dict.fromkeys([str(service) for service in Service], 1_000_000)
"""As a sandbox's `rate_limit` and `daily_limit`: none that matters here."""

_processes = multiprocessing.get_context("forkserver")
# A child is forked from a process that has imported all of this, once.
_processes.set_forkserver_preload([__name__, "igny8_media.accounts.upkeep"])


@contextmanager
def press_of(
    home: Path, database_url: str, sandbox_url: str, ahead: float = 0.0
) -> Iterator[Press]:
    """What a command has open; with `ahead` its clock is so many seconds fast."""
    settings = Settings(
        home=home,
        database_url=database_url,
        sandbox_url=sandbox_url,
        _env_file=None,  # type: ignore[call-arg]
    )
    late = timedelta(seconds=ahead)
    given: dict[str, Callable[[], datetime]] = {"now": lambda: datetime.now(UTC) + late}
    with open_press(Workshop(settings), **(given if ahead else {})) as press:
        yield press


def _sweep(home: Path, database_url: str, sandbox_url: str) -> None:
    with press_of(home, database_url, sandbox_url) as press:
        press.sweep(concurrency=4)


class Yard:
    """A database, a sandbox, accounts, and what was planned."""

    def __init__(self, home: Path, database_url: str, sandbox: Running) -> None:
        self.home, self.database_url, self.sandbox = home, database_url, sandbox
        self.planned: list[Outgoing] = []
        self._accounts: dict[tuple[Service, str], Account] = {}

    @contextmanager
    def press(self, ahead: float = 0.0) -> Iterator[Press]:
        with press_of(self.home, self.database_url, self.sandbox.url, ahead) as press:
            yield press

    def plan(self, kinds: Iterable[Kind], count: int) -> None:
        """So many posts, each with words of its own, all due now."""
        kinds = list(kinds)
        with self.press() as press:
            due = press.ledger.now()
            for number in range(count):
                kind = kinds[number % len(kinds)]
                account = self._account(press, kind)
                post = _with_own_words(kind.post, number)
                problems = press.connect(account).validate(post)
                assert not problems, (kind.name, problems)
                post_id, _ = press.all_posts.add(post)
                press.planning.schedule(post_id, f"post-{number}", account, post, due)
                self.planned.append(post)

    def _account(self, press: Press, kind: Kind) -> Account:
        key = (kind.service, kind.account.get("kind", ""))
        if key not in self._accounts:
            made = self.sandbox.account(kind.service, **kind.account)
            self._accounts[key] = press.accounts.add(connection_of(kind.service, made))
        return self._accounts[key]

    def start(self, count: int) -> list[BaseProcess]:
        """Processes that sweep at once."""
        arguments = (self.home, self.database_url, self.sandbox.url)
        started = [_processes.Process(target=_sweep, args=arguments) for _ in range(count)]
        for process in started:
            process.start()
        return started

    def finish(self, *, dead: bool) -> None:
        """What is left when time has gone by: looking at what platforms work on, and what the
        dead had begun, once their leases are over."""
        for ahead in (400.0, 430.0, 460.0) if dead else (30.0, 60.0):
            self.sandbox.config(advance_seconds=ahead)
            with self.press(ahead) as press:
                press.sweep()

    def states(self) -> Counter[str]:
        with self.press() as press:
            return Counter(str(planned.status) for planned in press.planning.planned())

    def asked(self) -> Counter[tuple[str, str]]:
        return Counter((p.service, text) for p in self.planned for text in p.parts or (p.text,))

    def out(self) -> Counter[tuple[str, str]]:
        """What people can see, by service and words."""
        return Counter((post["service"], post["text"]) for post in self.sandbox.posts())


def _with_own_words(post: Outgoing, number: int) -> Outgoing:
    words = tuple(f"{part} Number {number}." for part in post.parts or (post.text,))
    return post.model_copy(update={"text": words[0], "parts": words if post.parts else ()})


def kinds_in(folder: Path) -> list[Kind]:
    """Every platform's kinds that show their words, with their files in the media store there."""
    kinds = Material(LocalMediaStore(folder)).kinds()
    wordless = ("story", "draft")
    return [kind for kind in kinds if not kind.name.endswith(wordless)]
