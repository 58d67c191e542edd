"""The definitions load, hold what the documentation names, and cost little to load."""

import subprocess
import sys

import dagster as dg
import pytest

from igny8_media.definitions import defs

_HEAVY = ("moviepy", "pandas", "onnxruntime", "cv2", "PIL", "trafilatura", "yake", "av", "boto3")


@pytest.fixture(scope="module")
def definitions() -> dg.Definitions:
    return defs()


def test_they_can_be_loaded(definitions: dg.Definitions) -> None:
    dg.Definitions.validate_loadable(definitions)


def test_the_assets_are_those_of_the_architecture(definitions: dg.Definitions) -> None:
    keys = {spec.key.to_user_string() for spec in definitions.resolve_all_asset_specs()}
    platforms = ("linkedin", "twitter", "facebook", "instagram", "tiktok")
    steps = ("script", "voiceover", "captions", "scenes", "render", "thumbnail", "seo", "posts")
    assert keys == (
        {"article"}
        | {f"social/{p}/{kind}" for p in platforms for kind in ("post", "images")}
        | {f"video/{form}/{step}" for form in ("short", "long") for step in steps}
    )


def test_every_asset_is_partitioned_by_content_and_versioned(
    definitions: dg.Definitions,
) -> None:
    for spec in definitions.resolve_all_asset_specs():
        assert isinstance(spec.partitions_def, dg.DynamicPartitionsDefinition)
        assert spec.partitions_def.name == "content"
        assert spec.code_version
        assert spec.description


def test_renders_and_posts_have_their_pools(definitions: dg.Definitions) -> None:
    pools = {
        key.to_user_string(): asset.op.pool
        for asset in definitions.resolve_asset_graph().assets_defs
        for key in asset.keys
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
