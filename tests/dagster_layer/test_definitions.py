"""The definitions load, hold what the documentation names, and cost little to load."""

import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest
import yaml
from dagster._core.remote_representation.external_data import RepositorySnap
from dagster._serdes import deserialize_value, serialize_value

import igny8_media
from igny8_media.assets.metrics import metrics_key
from igny8_media.assets.publications import publication_key
from igny8_media.definitions import defs

_HEAVY = (
    *("moviepy", "pandas", "onnxruntime", "cv2", "PIL", "trafilatura", "yake", "av", "boto3"),
    *("sqlalchemy", "tweepy", "googleapiclient", "authlib", "cryptography", "httpx"),
)
_PLATFORMS = ("linkedin", "twitter", "facebook", "instagram", "tiktok")
_TARGETS = ("youtube", "youtube_shorts", "instagram_reels", "tiktok")
_PUBLICATIONS = {
    *(f"social/{platform}/publication" for platform in _PLATFORMS),
    *(f"video/{target}/publication" for target in _TARGETS),
    "publications",
}
_METRICS = {
    *(f"social/{platform}/metrics" for platform in _PLATFORMS),
    *(f"video/{target}/metrics" for target in _TARGETS),
}
_REPORTED = _PUBLICATIONS | _METRICS
"""What sweeps report, and nobody makes."""


@pytest.fixture(scope="module")
def definitions() -> dg.Definitions:
    return defs()


def test_they_can_be_loaded(definitions: dg.Definitions) -> None:
    dg.Definitions.validate_loadable(definitions)


@pytest.mark.filterwarnings("ignore:Property `ScheduleDefinition.environment_vars`")
def test_a_code_server_can_hand_them_to_the_daemon_and_the_ui(definitions: dg.Definitions) -> None:
    """What neither loading them here nor `dg check defs` does."""
    snapshot = RepositorySnap.from_def(definitions.get_repository_def())
    again = deserialize_value(serialize_value(snapshot), RepositorySnap)
    assert {node.asset_key for node in again.asset_nodes} >= {
        dg.AssetKey(name.split("/")) for name in _REPORTED
    }


def test_the_assets_are_those_of_the_architecture(definitions: dg.Definitions) -> None:
    keys = {spec.key.to_user_string() for spec in definitions.resolve_all_asset_specs()}
    steps = ("script", "voiceover", "captions", "scenes", "render", "thumbnail", "seo", "posts")
    assert keys == (
        {"article"}
        | {f"social/{p}/{kind}" for p in _PLATFORMS for kind in ("post", "images")}
        | {f"video/{form}/{step}" for form in ("short", "long") for step in steps}
        | _REPORTED
    )


def test_every_asset_is_partitioned_by_content_and_what_we_make_is_versioned(
    definitions: dg.Definitions,
) -> None:
    for spec in definitions.resolve_all_asset_specs():
        name = spec.key.to_user_string()
        assert spec.description
        if name == "publications":
            assert spec.partitions_def is None
            continue
        assert isinstance(spec.partitions_def, dg.DynamicPartitionsDefinition)
        assert spec.partitions_def.name == "content"
        assert bool(spec.code_version) == (name not in _REPORTED)


def test_publications_are_reported_and_never_made(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    for name in _REPORTED:
        node = graph.get(dg.AssetKey(name.split("/")))
        assert node.is_external
        assert not node.is_executable
        assert node.parent_keys
    made = {
        dg.AssetKey(["social", "linkedin", "post"]),
        dg.AssetKey(["social", "linkedin", "images"]),
    }
    assert graph.get(dg.AssetKey(["social", "linkedin", "publication"])).parent_keys == made
    video = graph.get(dg.AssetKey(["video", "tiktok", "publication"]))
    assert video.parent_keys == {dg.AssetKey(["video", "short", "posts"])}


def test_a_post_of_any_kind_has_an_asset_to_report_to() -> None:
    told = {
        ("social", "twitter"): "social/twitter/publication",
        ("video", "tiktok"): "video/tiktok/publication",
        ("video", "youtube_shorts"): "video/youtube_shorts/publication",
        ("own", "tiktok"): "social/tiktok/publication",
        ("own", "youtube"): "video/youtube/publication",
    }
    for (form, place), name in told.items():
        assert publication_key(form, place).to_user_string() == name
        assert name in _PUBLICATIONS
        figures = name.replace("publication", "metrics")
        assert metrics_key(form, place).to_user_string() == figures
        assert figures in _METRICS


def test_what_goes_by_the_clock_is_on_from_the_start(definitions: dg.Definitions) -> None:
    clock = {
        schedule.job_name: (schedule.cron_schedule, schedule.default_status.value)
        for schedule in definitions.schedules or ()
        if isinstance(schedule, dg.ScheduleDefinition)
    }
    assert clock == {
        "publish_due_posts": ("*/5 * * * *", "RUNNING"),
        "send_notices": ("*/5 * * * *", "RUNNING"),
        "make_recurring_posts": ("5 * * * *", "RUNNING"),
        "follow_best_times": ("35 * * * *", "RUNNING"),
        "refresh_post_metrics": ("20 */6 * * *", "RUNNING"),
        "refresh_video_metrics": ("40 */12 * * *", "RUNNING"),
        "refresh_tokens": ("0 */6 * * *", "RUNNING"),
        "cleanup_failed_posts": ("0 3 * * *", "RUNNING"),
        "cleanup_render_files": ("0 4 * * *", "RUNNING"),
        "watch_due_posts": ("*/10 * * * *", "RUNNING"),
    }
    sensors = {sensor.name: sensor.default_status.value for sensor in definitions.sensors or ()}
    assert sensors["publish_now"] == "RUNNING"


def test_publishing_does_not_stand_in_line_and_is_not_run_again(
    definitions: dg.Definitions,
) -> None:
    for name in ("publish_due_posts", "watch_due_posts"):
        tags = definitions.resolve_job_def(name).run_tags
        assert (tags["dagster/priority"], tags["dagster/max_retries"]) == ("10", "0")
    configured = yaml.safe_load((Path(igny8_media.__file__).parent / "dagster.yaml").read_text())
    limits = configured["concurrency"]["runs"]["tag_concurrency_limits"]
    kind = definitions.resolve_job_def("publish_due_posts").run_tags["igny8/kind"]
    assert {"key": "igny8/kind", "value": kind, "limit": 2} in limits


def test_renders_and_posts_have_their_pools(definitions: dg.Definitions) -> None:
    pools = {
        key.to_user_string(): asset.op.pool
        for asset in definitions.resolve_asset_graph().assets_defs
        for key in asset.keys
        if asset.is_executable
    }
    assert {pools[f"video/{form}/render"] for form in ("short", "long")} == {"video_render"}
    assert {pool for key, pool in pools.items() if key.startswith("social/")} == {"social"}


def test_loading_imports_nothing_heavy() -> None:
    code = (
        "import sys; from igny8_media.definitions import defs; defs(); "
        f"print([m for m in {_HEAVY!r} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_dg_finds_nothing_to_complain_about() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "dagster_dg_cli.cli", "check", "defs"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
