"""What a site does by itself, and how much of it at once."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from igny8_media.database.engine import open_database
from igny8_media.errors import InputError
from igny8_media.planning.automation import Automation
from igny8_media.planning.automations import Automations
from igny8_media.planning.handing import Waiting, added, hand_on
from igny8_media.social.model import Platform
from igny8_media.video.model import VideoForm

ALL, FORMS = tuple(Platform), tuple(VideoForm)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path / 'igny8.db'}")
    yield engine
    engine.dispose()


def test_it_is_as_the_settings_say_until_somebody_changes_it() -> None:
    usual = Automation()
    assert usual.platforms(ALL) == ALL
    assert usual.forms(FORMS) == FORMS
    assert not usual.approves("social", "linkedin", ())
    assert usual.approves("social", "linkedin", ("linkedin",))
    only = Automation(stage_8_platforms=(Platform.TWITTER,), stage_9_video_type="long")
    assert only.platforms(ALL) == (Platform.TWITTER,)
    assert only.forms(FORMS) == (VideoForm.LONG,)
    assert only.forms((VideoForm.SHORT,)) == ()


@pytest.mark.parametrize("switch", ["socializer_enabled", "stage_8_enabled"])
def test_either_switch_stops_posts(switch: str) -> None:
    assert Automation.model_validate({switch: False}).platforms(ALL) == ()
    assert Automation.model_validate({switch: False}).forms(FORMS) == FORMS


@pytest.mark.parametrize("switch", ["video_creator_enabled", "stage_9_enabled"])
def test_either_switch_stops_videos(switch: str) -> None:
    assert Automation.model_validate({switch: False}).forms(FORMS) == ()
    assert Automation.model_validate({switch: False}).platforms(ALL) == ALL


def test_a_module_that_is_off_approves_nothing() -> None:
    site = Automation(auto_approve=(Platform.TIKTOK,), video_creator_enabled=False)
    assert site.approves("social", "tiktok", ())
    assert not site.approves("video", "tiktok", ())


def test_each_site_has_its_own(engine: Engine) -> None:
    kept = Automations(engine, "Europe/Berlin", lambda: datetime(2026, 11, 23, tzinfo=UTC))
    kept.set("garden", {"stage_8_platforms": "linkedin, twitter", "stage_9_enabled": "false"})
    kept.set("garden", {"stage_8_batch_size": "3"})
    garden = kept.get("garden")
    assert garden.stage_8_platforms == (Platform.LINKEDIN, Platform.TWITTER)
    assert (garden.stage_9_enabled, garden.stage_8_batch_size) == (False, 3)
    assert kept.get("kitchen") == Automation()
    assert kept.set("garden", {"stage_8_platforms": "default"}).stage_8_platforms is None
    assert kept.set("garden", {"auto_approve": "none"}).auto_approve == ()
    assert list(kept.all()) == ["garden"]


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"stage_8_platforms": "myspace"}, "stage_8_platforms"),
        ({"stage_9_video_type": "wide"}, "stage_9_video_type"),
        ({"max_videos_per_run": "0"}, "max_videos_per_run"),
        ({"stage_8_enabled": "perhaps"}, "stage_8_enabled"),
        ({"stage_7_enabled": "true"}, "stage_7_enabled"),
    ],
)
def test_what_does_not_fit_is_named_and_changes_nothing(
    engine: Engine, changes: dict[str, str], named: str
) -> None:
    kept = Automations(engine, "UTC", lambda: datetime(2026, 11, 23, tzinfo=UTC))
    with pytest.raises(InputError, match=named):
        kept.set("main", {"stage_8_batch_size": "7", **changes})
    assert kept.get("main") == Automation()


def _waiting(*sites: str) -> tuple[Waiting, ...]:
    return tuple(Waiting(id=f"a{n}", version="1", site=site) for n, site in enumerate(sites))


def _posts(site: Automation) -> tuple[int, int, int]:
    return site.stage_8_batch_size, site.max_social_posts_per_run, len(site.platforms(ALL))


def test_a_batch_is_bounded_by_articles_and_by_posts() -> None:
    waiting = _waiting(*["main"] * 9)
    handed = hand_on(waiting, lambda _: Automation(), _posts)
    assert [one.id for one in handed.now] == ["a0", "a1", "a2", "a3"]  # 5 platforms, 20 posts
    few = Automation(stage_8_platforms=(Platform.TWITTER,))
    assert len(hand_on(waiting, lambda _: few, _posts).now) == 5


def test_an_article_with_more_posts_than_a_run_may_have_goes_alone() -> None:
    handed = hand_on(_waiting("a", "a"), lambda _: Automation(max_social_posts_per_run=1), _posts)
    assert [len(part) for part in handed] == [1, 1, 0]


def test_a_busy_site_does_not_hold_up_another() -> None:
    handed = hand_on(_waiting(*["a"] * 50, "b"), lambda _: Automation(), _posts)
    assert Counter(one.site for one in handed.now) == {"a": 4, "b": 1}


def test_a_newer_version_takes_the_place_of_the_one_that_waits() -> None:
    newer = Waiting(id="a0", version="2", site="a")
    queue = added(_waiting("a", "a"), [newer, Waiting(id="a9", version="1", site="a")])
    assert [(one.id, one.version) for one in queue] == [("a0", "2"), ("a1", "1"), ("a9", "1")]


@given(
    sites=st.lists(st.sampled_from("abc"), max_size=40),
    batch=st.integers(1, 8),
    most=st.integers(1, 30),
    off=st.sets(st.sampled_from("abc")),
)
def test_none_is_lost_or_handed_on_twice(
    sites: list[str], batch: int, most: int, off: set[str]
) -> None:
    left, seen, unwanted = _waiting(*sites), list[str](), list[str]()

    def rules(site: str) -> Automation:
        return Automation(
            socializer_enabled=site not in off,
            stage_8_batch_size=batch,
            max_social_posts_per_run=most,
        )

    for _ in range(len(sites) + 1):
        handed = hand_on(left, rules, _posts)
        each = Counter(one.site for one in handed.now)
        assert all(count <= batch and (count == 1 or count * 5 <= most) for count in each.values())
        seen += [one.id for one in handed.now]
        unwanted += [one.id for one in handed.unwanted]
        left = handed.left
    assert left == ()
    assert sorted(seen + unwanted) == sorted(one.id for one in _waiting(*sites))
    order = {site: [f"a{n}" for n, of in enumerate(sites) if of == site] for site in "abc"}
    for site, ids in order.items():
        assert [one for one in seen if one in ids] == ([] if site in off else ids)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("stage_8_batch_size", "abc", "takes a whole number from 1 to 100, not 'abc'."),
        ("max_videos_per_run", "0", "takes a whole number from 1 to 1000, not '0'."),
        ("stage_9_enabled", "maybe", "takes true or false, not 'maybe'."),
        ("stage_9_video_type", "tall", "takes short, long or both, not 'tall'."),
        (
            "stage_8_platforms",
            "linkedin,orkut",
            "takes a list of linkedin, twitter, facebook, instagram or tiktok with commas between, "
            "none, or default, not 'orkut'.",
        ),
    ],
)
def test_what_does_not_fit_is_told_what_would(
    engine: Engine, name: str, value: str, sentence: str
) -> None:
    kept = Automations(engine, "UTC", lambda: datetime(2026, 11, 23, tzinfo=UTC))
    with pytest.raises(InputError) as caught:
        kept.set("main", {name: value})
    assert str(caught.value) == f"{name} {sentence}"


def test_every_part_can_say_what_it_takes(engine: Engine) -> None:
    kept = Automations(engine, "UTC", lambda: datetime(2026, 11, 23, tzinfo=UTC))
    for name in Automation.model_fields:
        with pytest.raises(InputError, match=f"^{name} takes .*, not '-1 or so'.$"):
            kept.set("main", {name: "-1 or so"})
