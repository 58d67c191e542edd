"""What is out is told once, whoever tells it, on either database."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from igny8_media.database.tables import Publication
from igny8_media.publishing.planned import Planned
from igny8_media.publishing.reporting import report, untold
from tests.publishing.toy import START, World

_OUT = [f"a{number:02}" for number in range(57)]
"""More than are told in one transaction."""


@pytest.fixture
def world(world: World) -> World:
    """With these out, oldest first, and one more that is not."""
    posts = [world.post(content) for content in (*_OUT, "later")]
    with Session(world.engine) as session, session.begin():
        for number, (post, content) in enumerate(zip(posts, (*_OUT, "later"), strict=True)):
            is_out = content != "later"
            session.add(
                Publication(
                    post_id=post,
                    account_id=world.account_id,
                    content_id=content,
                    service="twitter",
                    outgoing={"service": "twitter", "kind": "text", "text": content},
                    status="published" if is_out else "scheduled",
                    due_at=START,
                    next_at=START,
                    published_at=START + timedelta(minutes=number) if is_out else None,
                    created_at=START,
                )
            )
    return world


def test_what_could_not_be_told_is_told_later(world: World) -> None:
    told: list[str] = []

    def tell(one: Planned) -> None:
        if len(told) == 53:
            raise OSError("Nobody listens.")
        told.append(one.content_id)

    with pytest.raises(OSError, match="Nobody"):
        report(world.engine, world.clock, tell)
    assert told == _OUT[:53]
    again: list[str] = []
    assert report(world.engine, world.clock, lambda one: again.append(one.content_id)) == 7
    assert again == _OUT[50:], "those of the transaction that was undone, and those after it"
    assert not untold(world.engine)


def test_two_that_tell_at_once_tell_each_once(world: World) -> None:
    assert untold(world.engine)
    told: list[str] = []
    both = threading.Barrier(2, timeout=60)

    def sweep() -> None:
        both.wait()
        report(world.engine, world.clock, lambda one: told.append(one.content_id))

    threads = [threading.Thread(target=sweep) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(told) == _OUT
    assert not untold(world.engine)
