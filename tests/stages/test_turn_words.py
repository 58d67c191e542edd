"""The words of a recurring post's next turn by a model: grounded, like none before, paid once."""

import json
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from igny8_media.database import tables
from igny8_media.planning.recurrences import Recurrences
from igny8_media.planning.rules import Wish
from igny8_media.social.model import SocialPost
from igny8_media.social.variation import is_fresh
from igny8_media.stages.press import Press
from igny8_media.stages.recurring import repeat, take_turns
from tests.ai.servers import ModelServer, Reply, model_server
from tests.stages.test_recurring import DAY, START, Clock, clock, links_are_paid, made, press

__all__ = ["clock", "links_are_paid", "made", "press"]

OPENINGS = (
    "The changes themselves were ordinary.",
    "One number has a great advantage over a dashboard.",
    "Speed is too large a subject to fix.",
    "Google counts an LCP of 2.5 seconds or less as good.",
)
RESTS = (
    "What made the difference was the order: we measured first, changed one thing, and measured "
    "again.",
    "Everybody in the team can remember it.",
    "A page is not. Pick the page that most visitors land on.",
    "Load the page nine times and keep the median, because a single load can be lucky.",
)


class Author:
    """Writes what it is told to, in the shape that it is asked for."""

    def __init__(self) -> None:
        self.texts: list[Sequence[str]] = []

    def __call__(self, body: dict[str, Any]) -> str:
        said = self.texts.pop(0) if len(self.texts) > 1 else self.texts[0]
        if "Write a thread for X" in body["messages"][-1]["content"]:
            return json.dumps({"parts": [said[n % len(said)] for n in range(5)]})
        return json.dumps({"text": " ".join(said), "call_to_action": ""})


@pytest.fixture(autouse=True)
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelServer]:
    with model_server() as server:
        monkeypatch.setenv("GPU_SERVER_URL", server.url)
        monkeypatch.setenv("IGNY8_BRAND__TONE", "plain and dry")
        server.write = Author()
        yield server


def _author(server: ModelServer, *texts: Sequence[str]) -> None:
    assert isinstance(server.write, Author)
    server.write.texts = list(texts)


def _posts(press: Press) -> list[SocialPost]:
    with Session(press.shop.engine) as session:
        rows = session.scalars(select(tables.SocialPost).order_by(tables.SocialPost.id))
        return [SocialPost.model_validate(row.post) for row in rows]


def _text(post: SocialPost) -> str:
    return "\n".join(post.thread or (post.post_text,))


def _turn(press: Press, clock: Clock, number: int = 1) -> SocialPost:
    clock.at = START + (14 * number - 1) * DAY
    (turn,) = take_turns(press)
    assert turn.post_id is not None, turn.note
    return _posts(press)[-1]


@pytest.fixture
def repeated(press: Press) -> Press:
    repeat(press, 1, None, Wish("09:00", every="14d", count=4))
    return press


def test_a_model_writes_it_in_the_brands_voice_knowing_what_was_said(
    repeated: Press, clock: Clock, server: ModelServer
) -> None:
    first = _posts(repeated)[0]
    _author(server, (OPENINGS[0], RESTS[0]))
    second = _turn(repeated, clock)
    assert second.writer == "gpu_server served-1"
    assert OPENINGS[0] in _text(second)
    assert (second.slides, second.headline, second.alt_text) == (
        first.slides,
        first.headline,
        first.alt_text,
    )
    (asked,) = [body["messages"][-1]["content"] for body in server.asked]
    assert "plain and dry" in asked
    assert "The same readers have seen them" in asked
    _author(server, (OPENINGS[1], RESTS[1]))
    _turn(repeated, clock, 2)
    before = server.asked[-1]["messages"][-1]["content"].split("posted about the article before")[1]
    assert before.index(OPENINGS[0]) < before.index(json.dumps(_opening(first))[1:-1]), "newest"
    assert "https://" not in before


def _opening(post: SocialPost) -> str:
    return re.split(r"\n|https?:", _text(post))[0].strip()


def test_what_is_too_like_an_earlier_turn_is_written_once_more(
    repeated: Press, clock: Clock, server: ModelServer
) -> None:
    _author(server, (OPENINGS[0], RESTS[0]))
    _turn(repeated, clock)
    _author(server, (OPENINGS[0], RESTS[0]), (OPENINGS[1], RESTS[1]))
    third = _turn(repeated, clock, 2)
    assert "too like an earlier post" in server.asked[-1]["messages"][-1]["content"]
    assert third.writer == "gpu_server served-1"
    posts = _posts(repeated)
    assert is_fresh(_text(third), [_text(post) for post in posts[:2]])


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (("Margaret Hamilton measured 9,731 pages.",), "'9,731' is not in the article"),
        (("We measured first and changed one thing. " * 9,), "over the limit of 280"),
        (None, "too like an earlier post"),
    ],
)
def test_what_may_not_stand_is_the_articles_own_words_with_the_reason(
    said: Sequence[str] | None, why: str, repeated: Press, clock: Clock, server: ModelServer
) -> None:
    first = _posts(repeated)[0]
    same = [re.sub(r"https?://\S+|#\w+|\d+/\d+$", "", t).strip() for t in first.thread]
    _author(server, said or same or [_opening(first)])
    post = _turn(repeated, clock)
    assert post.writer == "extractive"
    (note,) = [note for note in post.notes if "without a model's help" in note]
    assert why in note
    assert is_fresh(_text(post), [_text(first)])


def test_nobody_who_answers_is_no_turn_that_is_missed(
    repeated: Press, clock: Clock, server: ModelServer
) -> None:
    server.trouble = Reply({"error": "down"}, status=500)
    post = _turn(repeated, clock)
    assert post.writer == "extractive"
    assert any("without a model's help" in note for note in post.notes)


def test_two_at_once_ask_a_model_once_and_who_died_over_it_holds_it_up_for_half_an_hour(
    repeated: Press, clock: Clock, server: ModelServer
) -> None:
    _author(server, (OPENINGS[0], RESTS[0]))
    write, others = server.write, []

    def meanwhile(body: dict[str, Any]) -> str:
        server.write = write
        others.extend(take_turns(repeated))
        return write(body)

    server.write = meanwhile
    assert _turn(repeated, clock).writer == "gpu_server served-1"
    assert (others, len(server.asked)) == ([], 1)

    recurrences = Recurrences(repeated.shop.engine, clock)
    clock.at = START + 27 * DAY
    assert recurrences.claim(recurrences.get(1)) is not None
    assert take_turns(repeated) == []
    assert len(server.asked) == 1
    clock.at += DAY / 40
    assert len(take_turns(repeated)) == 1


def test_what_else_the_account_has_out_of_the_article_counts_too(
    repeated: Press, clock: Clock, server: ModelServer
) -> None:
    """Another revision that went out by itself, and is none of the repetition's turns."""
    first = _posts(repeated)[0]
    other = first.model_copy(update={"thread": (OPENINGS[0], RESTS[0])})
    with Session(repeated.shop.engine) as session, session.begin():
        row = session.get_one(tables.SocialPost, 1)
        new = tables.SocialPost(
            content_id=row.content_id,
            form=row.form,
            platform=row.platform,
            revision=9,
            fingerprint=row.fingerprint,
            status=row.status,
            post=other.model_dump(mode="json"),
            created_at=START,
            note="",
        )
        session.add(new)
        session.flush()
        session.add(
            tables.Publication(
                post_id=new.id,
                account_id=1,
                content_id=row.content_id,
                service="twitter",
                outgoing={},
                status="published",
                due_at=START,
                next_at=START,
                published_at=START,
                created_at=START,
            )
        )
    _author(server, (OPENINGS[0], RESTS[0]))
    post = _turn(repeated, clock)
    assert post.writer == "extractive"


def _spent(press: Press) -> tuple[Decimal, Decimal]:
    balance = press.shop.credits.balance()
    return balance.spent, balance.reserved


@pytest.fixture
def buyer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IGNY8_CREDITS", "true")


@pytest.mark.usefixtures("buyer")
class TestPaid:
    """`buyer` comes before `press` by its name in the arguments."""

    def test_what_a_model_wrote_is_paid_and_what_it_could_not_is_not(
        self, buyer: None, repeated: Press, clock: Clock, server: ModelServer
    ) -> None:
        repeated.shop.credits.grant(Decimal(100), "for the test")
        _author(server, (OPENINGS[0], RESTS[0]))
        assert _turn(repeated, clock).writer == "gpu_server served-1"
        spent, reserved = _spent(repeated)
        assert spent > 0
        assert reserved == 0
        _author(server, ("Margaret Hamilton measured 9,731 pages.",))
        assert _turn(repeated, clock, 2).writer == "extractive"
        assert _spent(repeated) == (spent, Decimal(0))

    def test_without_credits_the_article_speaks(
        self, buyer: None, repeated: Press, clock: Clock, server: ModelServer
    ) -> None:
        post = _turn(repeated, clock)
        assert post.writer == "extractive"
        assert any("credits" in note for note in post.notes)
        assert server.asked == []

    def test_a_turn_that_somebody_else_made_meanwhile_costs_nothing(
        self,
        buyer: None,
        repeated: Press,
        clock: Clock,
        server: ModelServer,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        repeated.shop.credits.grant(Decimal(100), "for the test")
        _author(server, (OPENINGS[0], RESTS[0]))
        monkeypatch.setattr("igny8_media.stages.recurring.begin_turn", lambda *_: None)
        clock.at = START + 13 * DAY
        assert take_turns(repeated) == []
        assert server.asked
        assert _spent(repeated) == (Decimal(0), Decimal(0))
        assert Recurrences(repeated.shop.engine, clock).made(1) == []
