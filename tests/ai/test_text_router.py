"""Who answers is the first that can; who could not, and why, is told and remembered."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from igny8_media.ai.health import Breaker
from igny8_media.ai.limits import Limit
from igny8_media.ai.models import Model, Models
from igny8_media.ai.openai_text import OpenAIText
from igny8_media.ai.pool import Pool
from igny8_media.ai.text import TextRequest, Usage
from igny8_media.ai.text_router import NobodyAnsweredError, TextRouter
from tests.ai.servers import ModelServer, Reply, closed_port, said


class Post(BaseModel):
    text: str


REQUEST = TextRequest("adapt_post", "You write posts.", "Write about compost.", Post, 300)
WRITTEN = json.dumps({"text": "Compost is alive."})
NONE = Models(())


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


class Desk:
    """A router over servers, with its clock; each `fresh` one is another process's."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.folder, self.clock = folder, clock
        self.opened: list[OpenAIText] = []

    def fresh(
        self, *urls: str, models: Models = NONE, timeout: float = 5, pool: Pool | None = None
    ) -> TextRouter:
        named = zip(("gpu_server", "openai", "third"), urls, strict=False)
        made = [OpenAIText(name, url, None, "m", own_server=True) for name, url in named]
        self.opened += made
        breaker = Breaker(self.folder, self.clock)
        pool = pool or Pool(self.folder / "pool")
        return TextRouter(made, breaker, models, pool, timeout=timeout, wait=self.clock.wait)


@pytest.fixture
def desk(tmp_path: Path, clock: Clock) -> Iterator[Desk]:
    made = Desk(tmp_path / "health", clock)
    yield made
    for one in made.opened:
        one.close()


def test_the_first_that_is_well_answers(
    desk: Desk, server: ModelServer, other_server: ModelServer
) -> None:
    server.write = other_server.write = lambda _: WRITTEN
    router = desk.fresh(server.url, other_server.url)
    answer = router.ask(REQUEST)
    assert (answer.provider, answer.model, answer.passed_over) == ("gpu_server", "m", ())
    assert answer.value.text == "Compost is alive."
    router.ask(REQUEST)
    assert server.listed == 1  # its health is known for a while
    desk.clock.wait(61)
    router.ask(REQUEST)
    assert server.listed == 2
    assert not other_server.asked


def test_one_that_is_down_is_passed_over_and_then_left_alone(
    desk: Desk, server: ModelServer
) -> None:
    server.write = lambda _: WRITTEN
    down = closed_port()
    answer = desk.fresh(down, server.url).ask(REQUEST)
    assert answer.provider == "openai"
    assert "gpu_server cannot be reached" in answer.passed_over[0].reason
    again = desk.fresh(down, server.url).ask(REQUEST)  # in another process
    assert "left alone for" in again.passed_over[0].reason


def test_a_provider_is_asked_again_after_its_rest(
    desk: Desk, server: ModelServer, other_server: ModelServer
) -> None:
    server.write = other_server.write = lambda _: WRITTEN
    server.trouble = Reply({"error": {"message": "no", "type": "api_error"}}, 500)
    assert desk.fresh(server.url, other_server.url).ask(REQUEST).provider == "openai"
    asked = server.listed
    server.trouble = None
    assert desk.fresh(server.url, other_server.url).ask(REQUEST).provider == "openai"
    assert server.listed == asked
    desk.clock.wait(31)
    assert desk.fresh(server.url, other_server.url).ask(REQUEST).provider == "gpu_server"


def test_who_fails_on_rests_longer_each_time(desk: Desk) -> None:
    router = desk.fresh(closed_port())
    rests = []
    for _ in range(8):
        with pytest.raises(NobodyAnsweredError):
            router.ask(REQUEST)
        breaker, started = Breaker(desk.folder, desk.clock), desk.clock.now
        while breaker.resting("gpu_server"):
            desk.clock.wait(1)
        rests.append(desk.clock.now - started)
    assert rests == sorted(rests)
    assert rests[0] == 30
    assert rests[-1] == 600


@pytest.mark.parametrize(
    ("kind", "status", "rest"),
    [("rate_limit", 429, 60), ("insufficient_quota", 429, 3600), ("invalid_api_key", 401, 600)],
)
def test_what_does_not_pass_at_once_is_not_tried_twice(
    kind: str, status: int, rest: int, desk: Desk, server: ModelServer
) -> None:
    server.replies = [Reply({"error": {"message": "no", "code": kind}}, status)]
    router = desk.fresh(server.url)
    with pytest.raises(NobodyAnsweredError):
        router.ask(REQUEST)
    assert len(server.asked) == 1
    breaker = Breaker(desk.folder, desk.clock)
    desk.clock.wait(rest - 2)
    assert breaker.resting("gpu_server")
    desk.clock.wait(3)
    assert not breaker.resting("gpu_server")


def test_a_short_wait_is_waited_for(desk: Desk, server: ModelServer) -> None:
    server.write = lambda _: WRITTEN
    limited = Reply({"error": {"message": "slow", "code": "rate_limit"}}, 429, {"retry-after": "2"})
    server.replies = [limited]
    started = desk.clock.now
    assert desk.fresh(server.url).ask(REQUEST).provider == "gpu_server"
    assert 2 <= desk.clock.now - started <= 3  # not all at the same moment


def test_a_slow_server_is_passed_over(
    desk: Desk, server: ModelServer, other_server: ModelServer
) -> None:
    other_server.write = lambda _: WRITTEN
    server.trouble = Reply({}, wait=60)
    answer = desk.fresh(server.url, other_server.url, timeout=3).ask(REQUEST)
    assert answer.provider == "openai"
    assert "within" in answer.passed_over[0].reason


def test_answers_that_do_not_fit_are_paid_for_and_passed_over(
    desk: Desk, server: ModelServer, other_server: ModelServer
) -> None:
    server.write, other_server.write = lambda _: '{"txt": 1}', lambda _: WRITTEN
    answer = desk.fresh(server.url, other_server.url).ask(REQUEST)
    assert answer.provider == "openai"
    assert answer.passed_over[0].usage == Usage(input_tokens=200, output_tokens=40)
    # It is well all the same, and asked first the next time.
    server.write = lambda _: WRITTEN
    assert desk.fresh(server.url, other_server.url).ask(REQUEST).provider == "gpu_server"


def test_one_answer_that_does_not_fit_is_asked_for_again(desk: Desk, server: ModelServer) -> None:
    server.write = lambda _: WRITTEN
    server.replies = [said("Sure! Here is your post:")]
    answer = desk.fresh(server.url).ask(REQUEST)
    assert answer.passed_over == ()
    assert answer.usage == Usage(input_tokens=200, output_tokens=40)


def test_a_cut_off_answer_is_not_asked_for_again(desk: Desk, server: ModelServer) -> None:
    server.replies = [said('{"text": "Com', stop="length")]
    with pytest.raises(NobodyAnsweredError, match="limit of 300 tokens") as raised:
        desk.fresh(server.url).ask(REQUEST)
    assert len(server.asked) == 1
    assert raised.value.passed_over[0].usage.output_tokens == 20


def test_what_a_model_cannot_hold_is_not_sent(desk: Desk, server: ModelServer) -> None:
    small = Models((Model(kind="text", provider="gpu_server", name="m", context=300),))
    with pytest.raises(NobodyAnsweredError, match="300 tokens of context"):
        desk.fresh(server.url, models=small).ask(REQUEST)
    assert not server.asked


def test_nobody_to_ask(desk: Desk) -> None:
    with pytest.raises(NobodyAnsweredError):
        desk.fresh().ask(REQUEST)


def test_a_cancelled_run_closes_the_connection_and_gives_its_turn_back(
    server: ModelServer, tmp_path: Path
) -> None:
    server.replies = [Reply({"text": "." * 3000}, drip=0.02)]
    script = str(Path(__file__).with_name("asking_hand.py"))
    with subprocess.Popen(
        [sys.executable, script, server.url, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as run:
        assert run.stdout is not None
        until = time.monotonic() + 120
        while not server.asked and time.monotonic() < until:
            time.sleep(0.05)
        assert server.asked
        assert not server.hung_up.is_set()
        run.send_signal(signal.SIGINT)
        assert run.stdout.readline() == "STOPPED\n"
        assert server.hung_up.wait(30)  # at which servers stop generating
        with Pool(tmp_path, [Limit(provider="openai", at_once=1)], patience=0).turn("openai"):
            run.kill()


def test_nobody_waits_twice_for_a_server_that_does_not_answer(
    desk: Desk, server: ModelServer, other_server: ModelServer
) -> None:
    other_server.write = lambda _: WRITTEN
    server.replies = [Reply({}, wait=60)] * 9
    for _ in range(2):  # the second time as another process
        answer = desk.fresh(server.url, other_server.url, timeout=3).ask(REQUEST)
        assert answer.provider == "openai"
    assert len(server.asked) == 1
    assert "left alone" in answer.passed_over[0].reason


def test_a_provider_that_has_no_turn_left_is_passed_over(
    desk: Desk, server: ModelServer, other_server: ModelServer
) -> None:
    other_server.write = lambda _: WRITTEN
    only = Pool(desk.folder, [Limit(provider="gpu_server", at_once=1)], patience=0)
    router = desk.fresh(server.url, other_server.url, pool=only)
    with only.turn("gpu_server"):
        answer = router.ask(REQUEST)
    assert answer.provider == "openai"
    assert "gpu_server=1" in answer.passed_over[0].reason
    server.write = lambda _: WRITTEN
    assert router.ask(REQUEST).provider == "gpu_server"  # it is as well as before


def test_a_broken_memory_of_health_costs_nothing(desk: Desk, server: ModelServer) -> None:
    server.write = lambda _: WRITTEN
    desk.folder.mkdir(parents=True)
    (desk.folder / "gpu_server.json").write_text("{half")
    assert desk.fresh(server.url).ask(REQUEST).provider == "gpu_server"
