"""When people are told, and what they read."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from igny8_media.database.notifications import Notice
from igny8_media.notices.digest import SOON, compose, ready, without_secrets

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def notice(
    kind: str, text: str = "It happened.", minutes_ago: float = 0, number: int = 1
) -> Notice:
    at = NOW - timedelta(minutes=minutes_ago)
    return Notice(id=number, kind=kind, text=text, created_at=at, sent_at=None)


def test_what_is_urgent_is_told_at_once() -> None:
    assert ready([notice("needs_review")], None, NOW, 15)
    assert ready([notice("published"), notice("reconnect")], NOW - SOON, NOW, 15)


def test_the_rest_is_gathered() -> None:
    assert not ready([notice("published", minutes_ago=14)], None, NOW, 15)
    assert ready([notice("published"), notice("published", minutes_ago=15)], None, NOW, 15)
    assert ready([notice("published")], None, NOW, 0)


def test_there_is_never_a_flood() -> None:
    assert not ready([notice("failed")], NOW - timedelta(minutes=4), NOW, 0)
    assert not ready([], None, NOW, 0)


def test_a_clock_that_was_set_back_silences_nothing() -> None:
    assert ready([notice("failed")], NOW + timedelta(days=1), NOW, 15)


def test_one_piece_of_news_is_the_message() -> None:
    message = compose([notice("failed", "Post 3 for X (Tea) failed. Too long.")])
    assert message.title == "igny8-media: 1 failed"
    assert message.body == "Post 3 for X (Tea) failed. Too long."


def test_many_are_grouped_the_most_urgent_first_and_cut_short() -> None:
    news = [notice("published", f"Post {n} is out.", number=n) for n in range(25)]
    message = compose([*news, notice("needs_review", "Look at post 99.")])
    assert message.title == "igny8-media: 1 to look at, 25 published"
    first, second = message.body.split("\n\n")
    assert first == "1 to look at\n- Look at post 99."
    assert second.count("\n") == 11
    assert second.endswith("- and 15 more: igny8-media notices list")


def test_news_of_a_kind_nobody_knows_is_told_too() -> None:
    assert compose([notice("moon_landed")]).title == "igny8-media: 1 moon landed"


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("GET https://x.example/me?access_token=EAAB123&fields=id said 400", "EAAB123"),
        ("Authorization: Bearer abcdefgh.ijk-lmn", "abcdefgh"),
        ("postgresql://user:hunter2@db/igny8 refused", "hunter2"),
        ("https://s3/x.png?X-Amz-Signature=0f0f0f&X-Amz-Date=1", "0f0f0f"),
        ("invalid key sk-proj-abcdefghijklmnop given", "abcdefghijklmnop"),
        ("https://host/upload?upload_token=s3cr3t", "s3cr3t"),
        ('{"error": 1, "access_token": "a, b"}', "a, b"),
        ("{'client_secret': 'abcdef'}", "abcdef"),
        ("password: hunter2", "hunter2"),
        ("postgresql://user:p@ss/w0rd@db/igny8 refused", "w0rd"),
        ("https://hooks.slack.com/services/T0AB/B0CD/eFgH123", "eFgH123"),
        ("https://discord.com/api/webhooks/123456/abc_DEF", "abc_DEF"),
        ("https://api.telegram.org/bot123456:AAH-abc_def/sendMessage", "AAH-abc_def"),
        ("token ya29.a0AfB_byC1234567 was refused", "byC1234567"),
        ("Malformed access token EAAGm0PX4ZCpsBAKZC", "EAAGm0"),
        ("expired: eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOjF9.abc", "eyJzdWIiOjF9"),
    ],
)
def test_secrets_are_taken_out(text: str, secret: str) -> None:
    assert secret not in without_secrets(text)
    assert secret not in compose([notice("failed", text)]).body


@pytest.mark.parametrize(
    "text",
    [
        "Post 3 is out on X (Tea): https://x.com/i/status/1234567890123456789?lang=en",
        "Post 4 is out: https://www.tiktok.com/@tea/video/7300000000000000001",
        "See http://127.0.0.1:8765/@tea/1 for it.",
        "X refused the token: connect the account again.",
        "Set IGNY8_OPENAI_KEY: it is missing.",
    ],
)
def test_what_people_need_stays(text: str) -> None:
    assert without_secrets(text) == text


@given(st.lists(st.sampled_from(["failed", "published", "other"]), max_size=60))
def test_every_piece_is_counted(kinds: list[str]) -> None:
    if not kinds:
        return
    title = compose([notice(kind) for kind in kinds]).title.removeprefix("igny8-media: ")
    assert sum(int(part.split()[0]) for part in title.split(", ")) == len(kinds)
