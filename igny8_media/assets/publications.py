"""Where each content is out: assets that the publishing sweep reports, and Dagster never makes."""

import dagster as dg

from igny8_media.partitions import content_partitions
from igny8_media.planning.places import label
from igny8_media.resources.workshop import WorkshopResource
from igny8_media.social.model import Platform
from igny8_media.stages.noticing import LATE
from igny8_media.video.model import TARGETS

LEDGER = dg.AssetKey("publications")
"""The ledger as a whole: what the watch looks at."""

# Keys are made of plain strings: Dagster's servers cannot read members of our enumerations.
_SOCIAL = [
    dg.AssetSpec(
        key=["social", platform.value, "publication"],
        deps=[dg.AssetKey(["social", platform.value, part]) for part in ("post", "images")],
        group_name="publishing",
        partitions_def=content_partitions,
        kinds={"publication"},
        description=f"The {platform.label} post as it went out: account, address, time.",
    )
    for platform in Platform
]
_VIDEOS = [
    dg.AssetSpec(
        key=["video", target.value, "publication"],
        deps=[dg.AssetKey(["video", form.value, "posts"])],
        group_name="publishing",
        partitions_def=content_partitions,
        kinds={"publication"},
        description=f"The video as it went out to {label(target)}: account, address, time.",
    )
    for form, targets in TARGETS.items()
    for target in targets
]
_LEDGER = dg.AssetSpec(
    key=LEDGER,
    deps=[spec.key for spec in (*_SOCIAL, *_VIDEOS)],
    group_name="publishing",
    description="Every publication: what is due, what is out, what waits for a person.",
)

publication_specs = [*_SOCIAL, *_VIDEOS, _LEDGER]


_KEYS = {spec.key for spec in publication_specs}


def publication_key(form: str, place: str) -> dg.AssetKey:
    """The asset of a post's publication. What a person wrote belongs to its platform's posts, and
    on YouTube, which has none, to its videos."""
    posts, videos = (dg.AssetKey([kind, place, "publication"]) for kind in ("social", "video"))
    return videos if form == "video" or posts not in _KEYS else posts


@dg.asset_check(
    asset=LEDGER,
    blocking=True,
    description="Nothing was due ten minutes ago that nobody has started.",
)
def nothing_overdue(workshop: WorkshopResource) -> dg.AssetCheckResult:
    late = workshop.open().planning.overdue(LATE)
    lines = [f"Post {p.post_id} was due {p.due_at:%Y-%m-%d %H:%M} UTC. {p.reason}" for p in late]
    return dg.AssetCheckResult(
        passed=not late,
        severity=dg.AssetCheckSeverity.ERROR,
        description="\n".join(lines) or None,
        metadata={"overdue": len(late)},
    )
