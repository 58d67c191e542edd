"""What each content has reached: assets that the sweeps for figures report, by content."""

import dagster as dg

from igny8_media.partitions import content_partitions
from igny8_media.planning.places import label
from igny8_media.social.model import Platform
from igny8_media.video.model import TARGETS

# Keys are made of plain strings: Dagster's servers cannot read members of our enumerations.
metrics_specs = [
    dg.AssetSpec(
        key=[kind, place, "metrics"],
        deps=[dg.AssetKey([kind, place, "publication"])],
        group_name="metrics",
        partitions_def=content_partitions,
        kinds={"metrics"},
        description=f"What the {noun} has reached on {label(place)} so far. Each reading is one "
        "materialisation, so that its numbers make a plot.",
    )
    for kind, place, noun in (
        *(("social", platform.value, "post") for platform in Platform),
        *(("video", target.value, "video") for targets in TARGETS.values() for target in targets),
    )
]
_KEYS = {spec.key for spec in metrics_specs}


def metrics_key(form: str, place: str) -> dg.AssetKey:
    """The asset of a post's figures. What a person wrote belongs to its platform's posts, and on
    YouTube, which has none, to its videos."""
    posts, videos = (dg.AssetKey([kind, place, "metrics"]) for kind in ("social", "video"))
    return videos if form == "video" or posts not in _KEYS else posts
