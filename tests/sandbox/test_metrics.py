"""The sandbox's audience, and how its platforms refuse to tell of it."""

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from igny8_media.sandbox.audience import appeal, reached
from igny8_media.sandbox.faults import SERVICES
from igny8_media.sandbox.server import Running
from igny8_media.sandbox.state import Post
from tests.sandbox.graph import Graph, code

MADE = 1_795_000_000.0


def post(service: str, id: str, made: float = MADE) -> Post:
    return Post(service, id, "", "1", "text", "", made)


@given(st.sampled_from(SERVICES), st.text(max_size=20), st.floats(0, 4e7), st.floats(0, 4e7))
def test_an_audience_grows_and_is_the_same_every_time(
    service: str, id: str, one: float, other: float
) -> None:
    early, late = sorted((one, other))
    first, second = (
        reached(post(service, id), MADE + early),
        reached(post(service, id), MADE + late),
    )
    assert second == reached(post(service, id), MADE + late)
    for name in ("shown", "people", "plays", "likes", "comments", "shares", "saves", "clicks"):
        assert 0 <= getattr(first, name) <= getattr(second, name)
        assert getattr(second, name) <= second.shown + 1
    assert first.seconds <= second.seconds


@pytest.mark.parametrize("service", SERVICES)
def test_some_hours_are_better_than_others(service: str) -> None:
    week = [appeal(service, MADE + hour * 3600) for hour in range(168)]
    assert max(week) > 3 * min(week)


@pytest.mark.parametrize("service", SERVICES)
def test_nothing_is_reached_before_it_is_out(service: str) -> None:
    assert reached(post(service, "7"), MADE - 1000).shown == 0


def bearer(account: dict[str, str]) -> dict[str, str]:
    return {"Authorization": f"Bearer {account['access_token']}"}


def test_batches_have_an_end(sandbox: Running, client: httpx.Client) -> None:
    x = sandbox.account("twitter")
    ids = ",".join(str(10**18 + number) for number in range(101))
    answer = client.get(f"{sandbox.url}/twitter/2/tweets", params={"ids": ids}, headers=bearer(x))
    assert answer.status_code == 400
    graph = Graph(sandbox, client, "facebook")
    assert code(graph.get("", ids=",".join(map(str, range(51))), fields="id")) == (100, None)
    tok = sandbox.account("tiktok")
    answer = client.post(
        f"{sandbox.url}/tiktok/v2/video/query/?fields=id",
        json={"filters": {"video_ids": [str(number) for number in range(21)]}},
        headers=bearer(tok),
    )
    assert answer.json()["error"]["code"] == "invalid_params"
    tube = sandbox.account("youtube")
    answer = client.get(
        f"{sandbox.url}/google/youtube/v3/videos",
        params={"part": "statistics", "id": ",".join(f"v{number}" for number in range(51))},
        headers=bearer(tube),
    )
    assert answer.status_code == 400


@pytest.mark.parametrize("name", ["post_impressions", "post_engaged_users", "made_up"])
def test_retired_names_are_refused_as_meta_refuses_them(
    name: str, sandbox: Running, client: httpx.Client
) -> None:
    graph = Graph(sandbox, client, "facebook")
    made = graph.post(f"{graph.id}/feed", message="Hello").json()["id"]
    refused = graph.get(f"{made}/insights", metric=f"post_clicks,{name}")
    assert code(refused) == (100, None)
    assert "valid insights metric" in refused.json()["error"]["message"]
    fine = graph.get(f"{made}/insights", metric="post_media_view").json()["data"]
    assert [one["name"] for one in fine] == ["post_media_view"]


def test_one_object_that_is_not_there_fails_all(sandbox: Running, client: httpx.Client) -> None:
    graph = Graph(sandbox, client, "facebook")
    made = graph.post(f"{graph.id}/feed", message="Hello").json()["id"]
    assert set(graph.get("", ids=made, fields="id").json()) == {made}
    assert code(graph.get("", ids=f"{made},77", fields="id")) == (100, 33)


@pytest.mark.parametrize("days", ["2026-1-1", "tomorrow", "2026-02-30"])
def test_reports_want_days(days: str, sandbox: Running, client: httpx.Client) -> None:
    tube = sandbox.account("youtube")
    asked = {"ids": "channel==MINE", "startDate": days, "endDate": "2026-11-01"}
    asked |= {"metrics": "views", "dimensions": "video", "filters": "video==a"}
    answer = client.get(f"{sandbox.url}/google/v2/reports", params=asked, headers=bearer(tube))
    assert answer.status_code == 400
    asked["startDate"] = "2026-10-01"
    fine = client.get(f"{sandbox.url}/google/v2/reports", params=asked, headers=bearer(tube))
    assert fine.json()["rows"] == []
    narrow = sandbox.account("youtube", scopes=["https://www.googleapis.com/auth/youtube.upload"])
    refused = client.get(f"{sandbox.url}/google/v2/reports", params=asked, headers=bearer(narrow))
    assert refused.json()["error"]["errors"][0]["reason"] == "insufficientPermissions"


def test_a_post_deleted_by_hand_is_gone(sandbox: Running, client: httpx.Client) -> None:
    x = sandbox.account("twitter")
    made = client.post(
        f"{sandbox.url}/twitter/2/tweets", json={"text": "Hello"}, headers=bearer(x)
    ).json()["data"]["id"]
    sandbox.post("delete", service="twitter", id=made)
    assert sandbox.posts("twitter") == []
    with pytest.raises(ValueError, match="has no post"):
        sandbox.post("delete", service="twitter", id=made)
