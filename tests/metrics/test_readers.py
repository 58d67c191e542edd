"""Every platform's figures, read from the sandbox that plays it."""

import json
import math
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from igny8_media.accounts.hosts import Hosts
from igny8_media.accounts.model import Service
from igny8_media.publishing.instagram.metrics import _FEED, _REEL, _STORY
from igny8_media.publishing.model import PostKind
from igny8_media.publishing.outcomes import NeedsAuth, Refused, Retryable
from igny8_media.publishing.readings import (
    FIGURES,
    Asked,
    NotGiven,
    NotThere,
    Read,
    Reader,
    Reading,
    bounded,
    number,
)
from igny8_media.publishing.twitter.metrics import XReader
from igny8_media.sandbox.audience import reached
from igny8_media.sandbox.server import Running
from tests.metrics.conftest import MakeReader
from tests.metrics.planted import KINDS, plant
from tests.publishing.helpers import START, Folder, account, tools

SPECS = Path(__file__).parents[3] / "shared/specs"
DAY = timedelta(days=1)
EVERYTHING = [(service, kind) for service, (_, kinds) in KINDS.items() for kind in kinds]
GIVEN = {
    (Service.LINKEDIN, "text"): {
        *("impressions", "reach", "likes", "comments", "shares", "clicks"),
    },
    (Service.TWITTER, "text"): {
        *("impressions", "likes", "comments", "shares", "clicks", "saves"),
    },
    (Service.FACEBOOK, "text"): {
        *("impressions", "reach", "likes", "comments", "shares", "clicks"),
    },
    (Service.FACEBOOK, "reel"): {"views", "average_view_seconds", "likes", "comments", "shares"},
    (Service.INSTAGRAM, "image"): {
        *("impressions", "reach", "likes", "comments", "saves", "shares"),
    },
    (Service.INSTAGRAM, "reel"): {
        *("views", "reach", "likes", "comments", "saves", "shares"),
        *("watch_seconds", "average_view_seconds"),
    },
    (Service.TIKTOK, "video"): {"views", "likes", "comments", "shares"},
    (Service.YOUTUBE, "video"): {
        *("views", "likes", "comments", "shares", "watch_seconds", "average_view_seconds"),
    },
}


def read_all(reader: Reader, posts: list[Asked]) -> Mapping[str, Read]:
    found: dict[str, Read] = {}
    for lot in reader.lots(posts):
        found |= reader.read(lot)
    return found


def calls(sandbox: Running, service: Service) -> int:
    return sandbox.requests(service).get("metrics", 0)


@pytest.mark.parametrize(("service", "kind"), EVERYTHING)
def test_figures_are_what_the_platform_tells_and_the_rest_is_missing_with_a_reason(
    service: Service, kind: PostKind, sandbox: Running, make_reader: MakeReader
) -> None:
    reader, mine = make_reader(service)
    posts = plant(sandbox.state, service, mine.platform_user_id, [5 * DAY, 9 * DAY], kind)
    for post in posts:
        read = read_all(reader, posts)[post.platform_id]
        assert isinstance(read, Reading)
        assert set(read.figures) | set(read.missing) == set(FIGURES)
        assert not set(read.figures) & set(read.missing)
        if (service, kind) in GIVEN:
            assert set(read.figures) == GIVEN[service, kind]
        assert all(reason for reason in read.missing.values())
        played = sandbox.state.post(service, post.platform_id)
        assert played
        expected = reached(played, sandbox.state.now())
        assert read.figures["likes"] == pytest.approx(expected.likes, abs=1)
        for name in ("impressions", "views"):
            if name in read.figures:
                seen = expected.shown if name == "impressions" else expected.plays
                assert read.figures[name] == pytest.approx(seen, abs=2)
        assert len(reader.series) <= 32
        assert "token" not in str(read.raw)


@pytest.mark.parametrize(
    ("service", "kind", "size"),
    [
        (Service.LINKEDIN, "text", 50),
        (Service.TWITTER, "text", 100),
        (Service.FACEBOOK, "text", 50),
        (Service.INSTAGRAM, "image", 50),
        (Service.TIKTOK, "video", 20),
        (Service.YOUTUBE, "video", 50),
    ],
)
def test_no_more_requests_than_batches(
    service: Service, kind: PostKind, size: int, sandbox: Running, make_reader: MakeReader
) -> None:
    reader, mine = make_reader(service)
    ages = [5 * DAY] * (2 * size + 1)
    posts = plant(sandbox.state, service, mine.platform_user_id, ages, kind)
    read = read_all(reader, posts)
    assert len(read) == len(posts)
    assert all(isinstance(one, Reading) for one in read.values())
    each = 2 if service is Service.YOUTUBE else 1  # the analytics are another request
    assert calls(sandbox, service) == 3 * each


@pytest.mark.parametrize(("service", "kind"), EVERYTHING)
def test_a_post_deleted_by_hand_costs_only_itself(
    service: Service, kind: PostKind, sandbox: Running, make_reader: MakeReader
) -> None:
    reader, mine = make_reader(service)
    posts = plant(sandbox.state, service, mine.platform_user_id, [5 * DAY] * 12, kind)
    lost = [posts[3], posts[11]]
    for post in lost:
        sandbox.post("delete", service=str(service), id=post.platform_id)
    asked = [Asked(0, p.platform_id, p.kind, p.published_at, seen=True) for p in posts]
    read = read_all(reader, asked)
    for post in posts:
        one = read[post.platform_id]
        if post not in lost:
            assert isinstance(one, Reading)
            assert one.figures
        elif service is Service.LINKEDIN:  # its statistics leave out what they know nothing of
            assert isinstance(one, Reading)
            assert not one.figures
        else:
            assert isinstance(one, NotThere)


def test_what_tiktok_never_showed_is_in_moderation(
    sandbox: Running, make_reader: MakeReader
) -> None:
    reader, mine = make_reader(Service.TIKTOK)
    (post,) = plant(sandbox.state, Service.TIKTOK, mine.platform_user_id, [DAY], "video")
    sandbox.post("delete", service="tiktok", id=post.platform_id)
    assert isinstance(reader.read([post])[post.platform_id], Retryable)


def test_tiktok_posts_get_their_public_id_later(sandbox: Running, make_reader: MakeReader) -> None:
    reader, mine = make_reader(Service.TIKTOK)
    (public,) = plant(sandbox.state, Service.TIKTOK, mine.platform_user_id, [DAY], "video")
    name = "v_pub_file~v2-1.1"
    post = Asked(0, name, "video", public.published_at)
    job = {"account": mine.platform_user_id, "mode": "direct", "fail_reason": ""}
    job |= {"info": {"privacy_level": "PUBLIC_TO_EVERYONE"}, "post_id": public.platform_id}
    sandbox.state.shelf("tiktok", "publish")[name] = {**job, "ready_at": 0.0}
    read = read_all(reader, [post])[name]
    assert isinstance(read, Reading)
    assert read.named == public.platform_id
    assert read.figures["views"] > 0


@pytest.mark.parametrize(
    ("service", "kind", "retired", "figure"),
    [
        (Service.FACEBOOK, "text", "post_media_view", "impressions"),
        (Service.FACEBOOK, "reel", "fb_reels_total_plays", "views"),
        (Service.INSTAGRAM, "image", "saved", "saves"),
        (Service.INSTAGRAM, "reel", "ig_reels_avg_watch_time", "average_view_seconds"),
        (Service.YOUTUBE, "video", "averageViewDuration", "average_view_seconds"),
    ],
)
def test_a_retired_name_costs_that_figure_and_is_remembered(
    service: Service,
    kind: PostKind,
    retired: str,
    figure: str,
    sandbox: Running,
    make_reader: MakeReader,
) -> None:
    reader, mine = make_reader(service)
    posts = plant(sandbox.state, service, mine.platform_user_id, [5 * DAY] * 3, kind)
    whole = read_all(reader, posts)[posts[0].platform_id]
    assert isinstance(whole, Reading)
    sandbox.config(retired=[retired])
    for _ in range(2):
        before = calls(sandbox, service)
        read = read_all(reader, posts)[posts[0].platform_id]
        assert isinstance(read, Reading)
        assert retired in read.missing[figure]
        assert set(read.figures) == set(whole.figures) - {figure}
    # The second time it is not asked for any more.
    assert calls(sandbox, service) - before == (2 if service is Service.YOUTUBE else 1)


def test_a_member_of_linkedin_is_read_figure_by_figure(
    sandbox: Running, make_reader: MakeReader
) -> None:
    reader, mine = make_reader(
        Service.LINKEDIN, "person", scopes=["w_member_social", "r_member_postAnalytics"]
    )
    (post,) = plant(sandbox.state, Service.LINKEDIN, mine.platform_user_id, [3 * DAY], "text")
    read = reader.read([post])[post.platform_id]
    assert isinstance(read, Reading)
    assert set(read.missing) == {"views", "watch_seconds", "average_view_seconds"}
    assert calls(sandbox, Service.LINKEDIN) == 7
    sandbox.config(retired=["POST_SAVE"])
    read = reader.read([post])[post.platform_id]
    assert isinstance(read, Reading)
    assert "POST_SAVE" in read.missing["saves"]


@pytest.mark.parametrize(
    ("service", "kind", "scopes"),
    [
        (Service.LINKEDIN, "person", ["w_member_social"]),
        (Service.LINKEDIN, "organization", ["w_organization_social"]),
        (Service.TIKTOK, "", ["video.publish"]),
    ],
)
def test_without_the_permission_nothing_is_asked(
    service: Service, kind: str, scopes: list[str], sandbox: Running, make_reader: MakeReader
) -> None:
    reader, mine = make_reader(service, kind, scopes=scopes)
    (post,) = plant(sandbox.state, service, mine.platform_user_id, [DAY], "video")
    assert isinstance(read_all(reader, [post])[post.platform_id], NotGiven)
    assert calls(sandbox, service) == 0


@pytest.mark.parametrize(
    ("service", "kind", "scopes", "left"),
    [
        (Service.FACEBOOK, "text", ["pages_read_engagement"], {"shares"}),
        (Service.INSTAGRAM, "image", ["instagram_basic"], {"likes", "comments"}),
        (
            Service.YOUTUBE,
            "video",
            ["https://www.googleapis.com/auth/youtube.readonly"],
            {"views", "likes", "comments"},
        ),
    ],
)
def test_without_insights_what_is_public_remains(
    service: Service,
    kind: PostKind,
    scopes: list[str],
    left: set[str],
    sandbox: Running,
    make_reader: MakeReader,
) -> None:
    reader, mine = make_reader(service, scopes=scopes)
    (post,) = plant(sandbox.state, service, mine.platform_user_id, [60 * DAY], kind)
    read = read_all(reader, [post])[post.platform_id]
    assert isinstance(read, Reading)
    # Of a post that nobody has shared, Facebook says nothing of shares; audiences are drawn.
    assert set(read.figures) | ({"shares"} & left) == left
    assert "not allowed" in read.missing["average_view_seconds" if "views" in left else "reach"]


def test_clicks_on_x_are_told_for_thirty_days(sandbox: Running, make_reader: MakeReader) -> None:
    reader, mine = make_reader(Service.TWITTER)
    user = mine.platform_user_id
    young, old = plant(sandbox.state, Service.TWITTER, user, [2 * DAY, 40 * DAY], "text")
    read = read_all(reader, [young, old])
    assert calls(sandbox, Service.TWITTER) == 2
    fresh, stale = read[young.platform_id], read[old.platform_id]
    assert isinstance(fresh, Reading)
    assert isinstance(stale, Reading)
    assert "clicks" in fresh.figures
    assert "30 days" in stale.missing["clicks"]
    assert "impressions" in stale.figures


def test_stories_of_instagram_end_and_facebooks_have_none(
    sandbox: Running, make_reader: MakeReader
) -> None:
    reader, mine = make_reader(Service.INSTAGRAM)
    ages = [timedelta(hours=3), 2 * DAY]
    fresh, old = plant(sandbox.state, Service.INSTAGRAM, mine.platform_user_id, ages, "story")
    read = read_all(reader, [fresh, old])
    first, second = read[fresh.platform_id], read[old.platform_id]
    assert isinstance(first, Reading)
    assert isinstance(second, Reading)
    assert {"impressions", "reach", "comments", "shares"} == set(first.figures)
    assert not second.figures
    assert "viewers" in second.missing["reach"]
    reader, mine = make_reader(Service.FACEBOOK)
    (post,) = plant(sandbox.state, Service.FACEBOOK, mine.platform_user_id, [DAY], "story")
    assert isinstance(read_all(reader, [post])[post.platform_id], NotGiven)


@pytest.mark.parametrize(("service", "kind"), EVERYTHING)
@pytest.mark.parametrize("fault", ["limited", "error_before", "reset_before", "truncate"])
def test_what_passes_is_told_as_such(
    service: Service, kind: PostKind, fault: str, sandbox: Running, make_reader: MakeReader
) -> None:
    reader, mine = make_reader(service)
    (post,) = plant(sandbox.state, service, mine.platform_user_id, [5 * DAY], kind)
    sandbox.fault(service, "metrics", fault)
    with pytest.raises(Refused) as refused:
        reader.read([post])
    outcome = refused.value.outcome
    assert not isinstance(outcome, NeedsAuth)
    assert "sandbox-" not in outcome.reason
    read = reader.read([post])[post.platform_id]
    assert isinstance(read, Reading)


@pytest.mark.parametrize(("service", "kind"), EVERYTHING)
def test_a_refused_token_is_renewed_once(
    service: Service, kind: PostKind, sandbox: Running, make_reader: MakeReader
) -> None:
    reader, mine = make_reader(service)
    made = sandbox.account(service, platform_user_id=mine.platform_user_id, kind=mine.kind)
    reader.tools.api._tokens = _Renewing(made["access_token"])
    (post,) = plant(sandbox.state, service, mine.platform_user_id, [5 * DAY], kind)
    assert isinstance(reader.read([post])[post.platform_id], Reading)


class _Renewing:
    def __init__(self, good: str) -> None:
        self._good = good

    def current(self) -> str:
        return "expired"

    def renewed(self, refused: str) -> str:
        assert refused == "expired"
        return self._good


def test_analytics_that_fail_do_not_cost_the_views(
    sandbox: Running, make_reader: MakeReader
) -> None:
    reader, mine = make_reader(Service.YOUTUBE)
    (post,) = plant(sandbox.state, Service.YOUTUBE, mine.platform_user_id, [5 * DAY], "video")
    reader.read([post])
    spent = sandbox.state.shelf("youtube", "quota")
    used = next(iter(spent.values()))["units"]
    sandbox.config(rate_limit={"youtube": used + 1})
    read = reader.read([post])[post.platform_id]
    assert isinstance(read, Reading)
    assert "views" in read.figures
    assert "quota" in read.missing["watch_seconds"]


def test_numbers_in_every_form() -> None:
    assert number("12345678901234567890") == 12345678901234567890
    assert number("1.5") == 1.5
    assert number(True) is None
    assert number(math.nan) is None
    assert number("many") is None
    assert number(None) is None


def test_an_answer_is_kept_without_secrets_and_not_without_end() -> None:
    kept = bounded({"a": 1, "access_token": "s3cret", "deep": [{"client_secret": "s3cret"}]})
    assert "s3cret" not in str(kept)
    assert kept["a"] == 1
    assert len(str(bounded({"long": "x" * 100_000}))) < 9000


def test_x_may_leave_out_a_post_for_a_field_that_is_not_ours(tmp_path: Path) -> None:
    """So it is seen in practice: the whole post is missing, and the errors name the field."""

    def answer(request: httpx.Request) -> httpx.Response:
        if "non_public_metrics" in request.url.params["tweet.fields"]:
            error = {"field": "non_public_metrics", "resource_id": "7", "title": "Field Auth"}
            return httpx.Response(200, json={"errors": [error]})
        public = {"impression_count": 5, "repost_count": 2, "quote_count": 1}
        return httpx.Response(200, json={"data": [{"id": "7", "public_metrics": public}]})

    mine = account(Service.TWITTER, "person")
    reader = XReader(tools(mine, Folder(tmp_path), answer), Hosts())
    read = reader.read([Asked(1, "7", "text", START - DAY)])["7"]
    assert isinstance(read, Reading)
    assert read.figures == {"impressions": 5, "shares": 3}


def test_requests_are_as_the_platforms_describe_them(
    sandbox: Running, make_reader: MakeReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is sent, held against the vendors' own descriptions."""
    if not SPECS.is_dir():
        pytest.skip("the vendors' specifications are not at hand")
    sent: list[httpx.URL] = []
    usual = httpx.Client.send

    def send(self: httpx.Client, request: httpx.Request, **more: Any) -> httpx.Response:
        sent.append(request.url)
        return usual(self, request, **more)

    monkeypatch.setattr(httpx.Client, "send", send)
    for service, kind in EVERYTHING:
        reader, mine = make_reader(service)
        posts = plant(sandbox.state, service, mine.platform_user_id, [5 * DAY, 50 * DAY], kind)
        assert len(read_all(reader, posts)) == 2
    by_path = {url.path: url.params for url in sent}
    _matches_x(by_path["/twitter/2/tweets"])
    _matches_google("youtube.v3", "videos", "list", by_path["/google/youtube/v3/videos"])
    _matches_google("youtubeAnalytics.v2", "reports", "query", by_path["/google/v2/reports"])
    known = json.loads((SPECS / "meta/graph-v26.0-params.json").read_text())["api"]
    names = {name for plan in (_FEED, _REEL, _STORY) for name in plan.values()}
    assert names <= set(known["InstagramInsightsResult"]["Metric"])


def _matches_x(params: httpx.QueryParams) -> None:
    document = json.loads((SPECS / "x/openapi.json").read_text())
    parts = document["components"]["parameters"]
    # Posts were tweets when tweepy was written, and X takes either name.
    for sent, named in (
        ("tweet.fields", "PostFieldsParameter"),
        ("media.fields", "MediaFieldsParameter"),
        ("expansions", "PostExpansionsParameter"),
    ):
        assert set(params[sent].split(",")) <= set(parts[named]["schema"]["items"]["enum"])
    ids = next(p for p in document["paths"]["/2/tweets"]["get"]["parameters"] if "name" in p)
    assert ids["schema"]["maxItems"] == XReader.batch


def _matches_google(name: str, resource: str, method: str, params: httpx.QueryParams) -> None:
    document = json.loads((SPECS / f"youtube/{name}.json").read_text())
    known = document["resources"][resource]["methods"][method]["parameters"]
    assert set(params) - {"alt"} <= set(known)
