"""Scripts that a person reads before anything is spoken: what is made before, and what after."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from igny8_media.stages.catalog import VIDEO, wanted_stages
from igny8_media.video.model import VideoForm

if TYPE_CHECKING:
    from igny8_media.planning.automation import Automation
    from igny8_media.stages.stage import Stage
    from igny8_media.stages.workshop import Workshop


def stage_9(rules: "Automation", usual: Sequence[VideoForm]) -> "tuple[Stage, ...]":
    """What a site makes of a published article by itself: videos, or only their scripts."""
    made = wanted_stages((), rules.forms(usual))
    if not rules.stage_9_review_script:
        return made
    return tuple(stage for stage in made if stage.asset == "article" or _is_script(stage))


def production(form: VideoForm) -> "tuple[Stage, ...]":
    """What is made of a script: voice, pictures, film and its posts.

    The article is not read again: a person approved what it said then.
    """
    return tuple(stage for stage in VIDEO[form] if not _is_script(stage))


def reviewed(shop: "Workshop", content_id: str) -> bool:
    """Whether the site of this content wants its scripts read first."""
    return shop.automations.get(shop.contents.get(content_id).site).stage_9_review_script


def _is_script(stage: "Stage") -> bool:
    return stage.asset.endswith("/script")
