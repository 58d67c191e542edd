"""What Meta's errors and headers mean, against its own samples where they are at hand."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from igny8_media.accounts.model import Service
from igny8_media.publishing.api import Reply
from igny8_media.publishing.meta.errors import container_failed, error_in, judge
from igny8_media.publishing.meta.graph import Graph, same_text, time_of
from igny8_media.publishing.meta.usage import regained_at, rest_until
from igny8_media.publishing.outcomes import (
    Absent,
    Ambiguous,
    Halted,
    NeedsAuth,
    Permanent,
    Quota,
    Refused,
    Retryable,
)
from tests.publishing.helpers import START, Clock, FixedTokens, Folder, account, tools
from tests.publishing.meta_replies import PAGE, SPECS, Meta, error, hosts, meta, needs_specs

__all__ = ["meta"]  # the fixture
SAMPLES = SPECS / "testdata"


def reply(body: Any, status: int = 400, **headers: str) -> Reply:
    return Reply(status, httpx.Headers(headers), json.dumps(body).encode())


# code, subcode, outcome while preparing, outcome of a commit
MEANINGS: list[tuple[int, int, type, type]] = [
    (1, 0, Retryable, Ambiguous),
    (2, 0, Retryable, Ambiguous),
    (0, 0, Retryable, Ambiguous),
    (-1, 0, Retryable, Ambiguous),
    (4, 0, Quota, Quota),
    (17, 0, Quota, Quota),
    (32, 0, Quota, Quota),
    (613, 0, Quota, Quota),
    (80001, 0, Quota, Quota),
    (80014, 0, Quota, Quota),
    (4, 2207051, Permanent, Permanent),
    (25, 2207050, Permanent, Permanent),
    (9, 2207042, Quota, Quota),
    (10, 0, Permanent, Permanent),
    (200, 0, Permanent, Permanent),
    (299, 0, Permanent, Permanent),
    (100, 0, Permanent, Permanent),
    (100, 33, Permanent, Permanent),
    (102, 0, NeedsAuth, NeedsAuth),
    (190, 463, NeedsAuth, NeedsAuth),
    (368, 0, Quota, Quota),
    (506, 0, Permanent, Permanent),
    (100, 1366051, Permanent, Permanent),
    (1363047, 0, Retryable, Retryable),
    (1609010, 0, Retryable, Retryable),
    (1390008, 0, Retryable, Retryable),
    (1366046, 0, Permanent, Permanent),
    (1404006, 0, NeedsAuth, NeedsAuth),
    (1404078, 0, NeedsAuth, NeedsAuth),
    (1346003, 0, Permanent, Permanent),
    (1609008, 0, Permanent, Permanent),
    (2061006, 0, Permanent, Permanent),
    (-1, 2207001, Retryable, Ambiguous),
    (-1, 2207032, Retryable, Ambiguous),
    (-1, 2207053, Retryable, Ambiguous),
    (-2, 2207003, Retryable, Retryable),
    (9004, 2207052, Retryable, Retryable),
    (-2, 2207020, Retryable, Ambiguous),
    (24, 2207006, Retryable, Ambiguous),
    (24, 2207008, Retryable, Ambiguous),
    (9007, 2207027, Retryable, Retryable),
    (36000, 2207004, Permanent, Permanent),
    (36001, 2207005, Permanent, Permanent),
    (36003, 2207009, Permanent, Permanent),
    (36004, 2207010, Permanent, Permanent),
    (352, 2207026, Permanent, Permanent),
    (1, 2207057, Permanent, Permanent),
    (100, 2207023, Permanent, Permanent),
    (100, 2207028, Permanent, Permanent),
    (100, 2207035, Permanent, Permanent),
    (1, 2207076, Retryable, Ambiguous),
    (1, 2207081, Permanent, Permanent),
]


@pytest.mark.parametrize(("code", "subcode", "preparing", "committing"), MEANINGS)
def test_every_code_of_the_contracts_has_its_meaning(
    code: int, subcode: int, preparing: type, committing: type
) -> None:
    answered = reply(error(code, subcode))
    for commit, kind in ((False, preparing), (True, committing)):
        outcome = judge(answered, commit, "Facebook", START)
        assert type(outcome) is kind, (commit, outcome)
        assert str(code) in outcome.reason


def test_what_only_new_media_helps_is_prepared_anew() -> None:
    for code, subcode in ((-1, 2207053), (-2, 2207020), (24, 2207006), (1, 2207082)):
        outcome = judge(reply(error(code, subcode)), False, "Instagram", START)
        assert isinstance(outcome, Retryable)
        assert outcome.afresh
    busy = judge(reply(error(24, 2207008)), False, "Instagram", START)
    assert isinstance(busy, Retryable)
    assert (busy.afresh, busy.after) == (False, 60.0)


@pytest.mark.parametrize(
    ("subcode", "renewable"),
    [(458, False), (460, False), (492, False), (463, True), (467, True), (0, True)],
)
def test_a_token_is_renewed_only_where_that_can_help(subcode: int, renewable: bool) -> None:
    outcome = judge(reply(error(190, subcode), 401), False, "Facebook", START)
    assert isinstance(outcome, NeedsAuth)
    assert outcome.renewable is renewable
    assert "connect the account again" in outcome.reason


def test_what_the_error_says_of_itself_decides_where_the_code_is_unknown() -> None:
    passing = reply(error(31337, is_transient=True))
    lasting = reply(error(31337, is_transient=False))
    assert isinstance(judge(passing, False, "Facebook", START), Retryable)
    assert isinstance(judge(passing, True, "Facebook", START), Ambiguous)
    assert isinstance(judge(lasting, True, "Facebook", START), Permanent)


def test_a_server_error_leaves_a_commit_open_whatever_its_code() -> None:
    for code in (1363047, 31337, 100):
        assert isinstance(judge(reply(error(code), 500), True, "Facebook", START), Ambiguous)
    assert isinstance(judge(reply(error(190), 500), True, "Facebook", START), NeedsAuth)


def test_the_sentence_meant_for_people_is_the_one_that_is_told() -> None:
    body = error(36003, 2207009, "Invalid parameter", error_user_msg="The ratio\nis not taken.")
    outcome = judge(reply(body), False, "Instagram", START)
    assert outcome == Permanent("Instagram says: The ratio is not taken. (36003/2207009)")


def test_an_error_in_a_good_reply_is_one_and_a_good_reply_is_none() -> None:
    assert isinstance(judge(reply(error(190), 200), False, "Facebook", START), NeedsAuth)
    assert judge(reply({"id": "1"}, 200), True, "Facebook", START) is None
    assert judge(Reply(502, httpx.Headers(), b"<html>"), True, "Facebook", START) is None


@pytest.mark.parametrize(
    "said",
    [
        "API calls from the server require an appsecret_proof argument",
        "Invalid appsecret_proof provided in the API argument",
    ],
)
def test_an_app_that_wants_proof_of_its_secret_is_a_matter_of_configuration(said: str) -> None:
    outcome = judge(reply(error(100, message=said)), False, "Facebook", START)
    assert isinstance(outcome, Halted)
    assert "set META_APP_SECRET" in outcome.reason


def test_a_block_over_policies_is_told_to_the_person() -> None:
    outcome = judge(reply(error(368, message="You are blocked")), True, "Facebook", START)
    assert isinstance(outcome, Quota)
    assert (outcome.until, outcome.person) == (START + timedelta(hours=24), True)


def test_a_throttle_lasts_as_long_as_the_headers_say() -> None:
    usage = {"17": [{"type": "pages", "call_count": 100, "estimated_time_to_regain_access": 42}]}
    headers = {"x-business-use-case-usage": json.dumps(usage)}
    told = judge(reply(error(32), 400, **headers), True, "Facebook", START)
    assert isinstance(told, Quota)
    assert told.until == START + timedelta(minutes=42)
    waits = judge(reply(error(4), 400, **{"retry-after": "120"}), True, "Facebook", START)
    assert isinstance(waits, Quota)
    assert waits.until == START + timedelta(seconds=120)
    silent = judge(reply(error(4)), True, "Facebook", START)
    assert isinstance(silent, Quota)
    assert silent.until == START + timedelta(minutes=15)


@pytest.mark.parametrize(
    ("name", "usage", "minutes"),
    [
        ("x-app-usage", {"call_count": 74, "total_time": 3, "total_cputime": 3}, None),
        ("x-app-usage", {"call_count": 75, "total_time": 3, "total_cputime": 3}, 1),
        ("x-app-usage", {"call_count": 85, "total_time": 3, "total_cputime": 3}, 8),
        ("x-app-usage", {"call_count": 95, "total_time": 3, "total_cputime": 3}, 15),
        ("x-app-usage", {"call_count": 1, "total_time": 1, "total_cputime": 100}, 15),
        ("x-page-usage", {"call_count": 99}, 15),
        ("x-business-use-case-usage", {"1": [{"call_count": 10}, {"total_time": 96}]}, 15),
        ("x-business-use-case-usage", {"1": [{"call_count": 10}]}, None),
        ("x-app-usage", ["call_count"], None),
        ("x-app-usage", {"call_count": "100"}, None),
    ],
)
def test_calls_slow_down_as_the_limit_comes_near(
    name: str, usage: Any, minutes: int | None
) -> None:
    headers = httpx.Headers({name: json.dumps(usage)})
    rests = None if minutes is None else START + timedelta(minutes=minutes)
    assert rest_until(headers, START) == rests
    assert regained_at(headers, START) is None


def test_the_pause_is_seen_on_a_good_reply(meta: Meta, tmp_path: Path) -> None:
    used = {"x-app-usage": json.dumps({"call_count": 97})}
    meta.on("GET 5", (200, {"permalink_url": "/p"}, used))
    graph = graph_on(meta, tmp_path)
    assert graph.get("5", "permalink_url") == {"permalink_url": "/p"}
    assert graph.tools.api.pause is not None
    until, why = graph.tools.api.pause
    assert until == START + timedelta(minutes=15)
    assert "Facebook" in why


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "error",
                    "code",
                    "error_subcode",
                    "message",
                    "is_transient",
                    "error_user_msg",
                    "1",
                    "call_count",
                    "estimated_time_to_regain_access",
                    "total_time",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(body=anything, usage=anything, commit=st.booleans(), status=st.sampled_from([200, 400, 500]))
def test_no_answer_can_break_the_reading(body: Any, usage: Any, commit: bool, status: int) -> None:
    headers = httpx.Headers(
        {name: json.dumps(usage) for name in ("x-app-usage", "x-business-use-case-usage")}
    )
    answered = Reply(status, headers, json.dumps(body).encode())
    outcome = judge(answered, commit, "Facebook", START)
    assert (outcome is None) == (error_in(answered) is None)
    until = rest_until(headers, START)
    assert until is None or START < until <= START + timedelta(days=1)


@pytest.mark.parametrize(
    ("status", "kind", "afresh"),
    [
        ("Error: Media upload has failed with error code 2207026", Permanent, None),
        ("Error: 2207004 too large", Permanent, None),
        ("Error: Media upload has failed with error code 2207053", Retryable, True),
        ("Error: Media upload has failed with error code 2207052", Retryable, False),
        ("Error", Retryable, True),
        (None, Retryable, True),
    ],
)
def test_why_a_container_failed_stands_in_its_status(
    status: Any, kind: type, afresh: bool | None
) -> None:
    outcome, _ = container_failed(status, "Instagram")
    assert type(outcome) is kind
    if isinstance(outcome, Retryable):
        assert outcome.afresh is afresh


def test_texts_are_the_same_as_platforms_give_them_back() -> None:
    assert same_text("Salt & pepper \n\n now ", "Salt &amp; pepper\nnow")
    assert same_text("Cafe\u0301", "Café")
    assert not same_text("Salt & pepper now", "Salt & pepper now!")
    assert not same_text("Salt", None)


def test_times_are_read_and_nonsense_is_none() -> None:
    assert time_of("2026-11-20T12:00:00+0000") == datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert time_of("2026-11-20T12:00:00") is None
    assert time_of("yesterday") is None
    assert time_of(17) is None


@needs_specs()
def test_the_samples_of_errors_are_read() -> None:
    for name in ("error.json", "base_error_data.json"):
        answered = Reply(400, httpx.Headers(), (SAMPLES / name).read_bytes())
        found = error_in(answered)
        assert found is not None
        assert (found.code, found.transient) == (100, None)
        assert isinstance(judge(answered, False, "Facebook", START), Permanent)


@needs_specs()
def test_a_list_that_pages_by_time_is_read_to_the_end(meta: Meta, tmp_path: Path) -> None:
    sample = json.loads((SAMPLES / "facebook_apidata_posts_feed_fields_p1.json").read_text())
    meta.on(f"GET {PAGE}/published_posts", sample, {"data": []})
    graph = graph_on(meta, tmp_path)
    found = list(
        graph.newest(
            f"{PAGE}/published_posts",
            "id,message",
            datetime(2020, 1, 1, tzinfo=UTC),
            "created_time",
        )
    )
    assert len(found) == len(sample["data"])
    first, second = meta.sent
    assert "until" not in first.params
    assert second.params["until"] == "1624385168"
    assert second.params["fields"] == "id,message"
    assert "access_token" not in second.params


def test_a_list_that_cannot_be_read_is_no_proof_of_absence(meta: Meta, tmp_path: Path) -> None:
    graph = graph_on(meta, tmp_path)
    beyond = {"data": [], "paging": {"next": "https://graph.facebook.com/?strange=1"}}
    for answer in ({"data": "x"}, {}, {"data": [{"id": "1"}]}, {"data": [7]}, beyond):
        meta.on(f"GET {PAGE}/published_posts", answer)
        with pytest.raises(Refused) as refused:
            list(graph.newest(f"{PAGE}/published_posts", "id", START, "created_time"))
        assert isinstance(refused.value.outcome, Retryable)


def test_what_is_gone_was_deleted(meta: Meta, tmp_path: Path) -> None:
    graph = graph_on(meta, tmp_path)
    meta.on("DELETE 1_2", {"success": True}, (400, error(100, 33)), (404, {}), {"success": False})
    assert [graph.delete("1_2") for _ in range(3)] == [Absent()] * 3
    assert isinstance(graph.delete("1_2"), Permanent)
    meta.on("DELETE 1_2", (400, error(10)))
    assert isinstance(graph.delete("1_2"), Permanent)


def test_a_token_that_an_error_repeats_is_not_told(meta: Meta, tmp_path: Path) -> None:
    meta.on("GET 5", (400, error(100, message="Malformed access token token-1")))
    with pytest.raises(Refused) as refused:
        graph_on(meta, tmp_path).get("5", "id")
    assert "token-1" not in refused.value.outcome.reason
    assert "***" in refused.value.outcome.reason


def graph_on(meta: Meta, tmp_path: Path) -> Graph:
    page = account(Service.FACEBOOK, "page", PAGE)
    return Graph(tools(page, Folder(tmp_path), meta, clock=Clock(), tokens=FixedTokens()), hosts())


def test_a_usage_that_is_too_deep_is_none() -> None:
    assert rest_until(httpx.Headers({"x-app-usage": "[" * 90_000}), START) is None
