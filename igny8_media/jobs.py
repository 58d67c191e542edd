"""The two jobs for one content: posts, which take seconds, and videos, which take minutes."""

import dagster as dg

_ARTICLE = dg.AssetSelection.assets("article")

# A step of ours is mostly shorter than starting a process for it.
_EXECUTOR = dg.in_process_executor

social_job = dg.define_asset_job(
    "social_job",
    selection=_ARTICLE | dg.AssetSelection.groups("social"),
    executor_def=_EXECUTOR,
    run_tags={"igny8/kind": "social"},
    description="The article, and its posts with pictures for every platform.",
)

video_job = dg.define_asset_job(
    "video_job",
    selection=_ARTICLE | dg.AssetSelection.groups("video"),
    executor_def=_EXECUTOR,
    run_tags={"igny8/kind": "render"},
    description="The article, and its short and long videos.",
)
