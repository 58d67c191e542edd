"""Processes that know nothing of each other keep to what a provider takes."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError

from igny8_media.ai.limits import SHIPPED, Limit, limits_of
from igny8_media.ai.pool import BusyError, Pool
from igny8_media.settings import Settings

Hand = subprocess.Popen[str]
Start = Callable[[str, int, float], Hand]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a process that will take turns once it is told to."""
    hands: list[Hand] = []

    def started(limit: str, times: int, seconds: float) -> Hand:
        script = str(Path(__file__).with_name("pool_hand.py"))
        hand = subprocess.Popen(
            [sys.executable, script, str(tmp_path), limit, str(times), str(seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        hands.append(hand)
        return hand

    yield started
    for hand in hands:
        hand.kill()
        hand.communicate()


def go(*hands: Hand) -> None:
    for hand in hands:
        assert hand.stdout is not None
        assert hand.stdin is not None
        assert hand.stdout.readline() == "READY\n"
    for hand in hands:
        assert hand.stdin is not None
        hand.stdin.write("\n")
        hand.stdin.flush()


def turns(*hands: Hand) -> list[tuple[float, float]]:
    lines = [
        line.split() for hand in hands for line in hand.communicate(timeout=120)[0].split("\n")
    ]
    return sorted((float(line[1]), float(line[2])) for line in lines if line[:1] == ["DONE"])


def test_no_more_at_once_than_the_limit_over_processes(start: Start) -> None:
    hands = [start("openai=2", 3, 0.1) for _ in range(4)]
    go(*hands)
    found = turns(*hands)
    assert len(found) == 12
    most = max(sum(other[0] <= began < other[1] for other in found) for began, _ in found)
    assert most == 2


def test_no_more_in_a_second_than_the_rate_over_processes(start: Start) -> None:
    hands = [start("openai=9@4/s", 4, 0.0) for _ in range(3)]
    go(*hands)
    began = [at for at, _ in turns(*hands)]
    assert len(began) == 12
    # Twelve are three windows' worth: the last ones come two seconds after the first. Half a second
    # of it may be what a busy machine needs between a turn and the note of it.
    assert began[11] - began[0] > 1.5


def test_a_killed_process_frees_its_slot(start: Start, tmp_path: Path) -> None:
    hand = start("openai=1", 1, 60)
    go(hand)
    assert hand.stdout is not None
    assert hand.stdout.readline().startswith("TURN")
    waiting = Pool(tmp_path, [Limit(provider="openai", at_once=1)], patience=0.3)
    said = pytest.raises(BusyError, match=r"no turn left within 0 seconds .* openai=1;.*LIMITS")
    with said, waiting.turn("openai"):
        raise AssertionError
    hand.kill()
    hand.wait()
    with waiting.turn("openai"):
        pass


def test_whoever_fails_or_is_interrupted_frees_its_slot(tmp_path: Path) -> None:
    pool = Pool(tmp_path, [Limit(provider="openai", at_once=1)], patience=0)
    for error in (ValueError, KeyboardInterrupt):
        with pytest.raises(error), pool.turn("openai"):
            raise error
    with pool.turn("openai"), pool.turn("anthropic"), pool.turn("kokoro"), pool.turn("kokoro"):
        pass


def test_a_rate_that_leaves_no_turn_in_time_is_told_at_once(tmp_path: Path) -> None:
    pool = Pool(tmp_path, [Limit(provider="bria", at_once=3, requests=1, every="h")])
    with pool.turn("bria"):
        pass
    started = time.monotonic()
    with pytest.raises(BusyError, match="bria=3@1/h"), pool.turn("bria"):
        raise AssertionError
    assert time.monotonic() - started < 30


def test_a_broken_count_or_a_clock_put_back_stops_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = Pool(tmp_path, [Limit(provider="bria", at_once=1, requests=1, every="m")], patience=5)
    (tmp_path / "bria.sqlite").write_bytes(b"not a database" * 500)
    with pool.turn("bria"):
        pass
    with monkeypatch.context() as earlier:
        ahead = time.time_ns() + 3600 * 10**9
        earlier.setattr(time, "time_ns", lambda: ahead)
        with pool.turn("bria"):
            pass
    with pool.turn("bria"):
        pass


def test_limits_are_written_as_people_read_them() -> None:
    changed = Settings(provider_limits="openai=3@20/s,elevenlabs=5").provider_limits
    assert [str(limit) for limit in changed] == ["openai=3@20/s", "elevenlabs=5"]
    assert hash(Settings(provider_limits=changed))
    limits = limits_of(changed)
    assert limits["openai"].at_once == 3
    assert limits["anthropic"] == SHIPPED["anthropic"]
    for wrong in ("openai", "openai=0", "openai=8@0/m", "open-ai=3", "opeani=3", "openai=8@5/d"):
        with pytest.raises(ValidationError):
            Limit.model_validate(wrong)
