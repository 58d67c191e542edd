"""A script is filmed by one at a time, whatever machines share the database."""

import threading
from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import Engine

from igny8_media.database.films import Films
from igny8_media.database.scripts import Scripts
from igny8_media.errors import InputError


@pytest.fixture
def scripts(engine: Engine) -> Scripts:
    Films(engine).propose_script("a", "short", "f1", {}, review=True)
    return Scripts(engine)


def at_once(*tries: Callable[[], object]) -> list[str]:
    """What each of them was refused with, empty for who was not."""
    ready = threading.Barrier(len(tries), timeout=60)
    said = [""] * len(tries)

    def go(number: int) -> None:
        ready.wait()
        try:
            tries[number]()
        except InputError as error:
            said[number] = str(error)

    threads = [threading.Thread(target=go, args=(number,)) for number in range(len(tries))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return said


def approved(scripts: Scripts) -> datetime:
    at = scripts.approve(1).approved_at
    assert at is not None
    return at


def test_of_several_that_film_it_at_once_one_does(scripts: Scripts) -> None:
    said = at_once(*[lambda: scripts.approve(1, begin=True)] * 4)
    assert said.count("") == 1
    refused = next(filter(None, said))
    assert refused.startswith("Script 1 is being filmed already")
    assert "igny8-media video reject 1" in refused
    # The remedy for a machine that is gone.
    scripts.reject(1, "it is gone")
    scripts.approve(1, begin=True)


def test_a_run_that_waited_and_a_person_who_does_not_wait(scripts: Scripts) -> None:
    at = approved(scripts)
    said = at_once(lambda: scripts.claim(1, at), lambda: scripts.approve(1, begin=True))
    assert said.count("") == 1, said
    assert scripts.get(1).status == "generating_audio"
    assert (scripts.get(1).approved_at == at) == (said[0] == "")


def test_a_run_claims_what_it_films_before_each_step(scripts: Scripts, engine: Engine) -> None:
    at = approved(scripts)
    for status in ("generating_audio", "rendering", "ready", "failed"):
        scripts.claim(1, at)
        Films(engine).video_status("a", "short", status)
    scripts.claim(1, at)
    # It failed, and was approved once more: that is for the run which the new approval starts.
    approved(scripts)
    with pytest.raises(InputError, match="for another run"):
        scripts.claim(1, at)


def test_who_is_over_gives_back_only_what_was_theirs(scripts: Scripts) -> None:
    at = approved(scripts)
    scripts.give_up(1, at)
    assert scripts.get(1).status == "failed"
    again = approved(scripts)
    scripts.give_up(1, at)
    assert scripts.get(1).status == "script_ready"
    scripts.claim(1, again)
    scripts.give_up(1, at)
    assert scripts.get(1).status == "generating_audio"
    scripts.give_up(1, again)
    assert scripts.get(1).status == "failed"
    scripts.give_up(99, again)  # a run of another database
