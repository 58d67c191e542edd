"""All stages, in an order in which each comes after what it needs."""

from collections.abc import Iterable

from igny8_media.social.model import Platform
from igny8_media.stages.article import ARTICLE
from igny8_media.stages.social import images_stage, post_stage
from igny8_media.stages.stage import Stage
from igny8_media.stages.video import video_stages
from igny8_media.video.model import VideoForm

SOCIAL: dict[Platform, tuple[Stage, ...]] = {
    platform: (post_stage(platform), images_stage(platform)) for platform in Platform
}
VIDEO: dict[VideoForm, tuple[Stage, ...]] = {form: video_stages(form) for form in VideoForm}


def wanted_stages(platforms: Iterable[Platform], forms: Iterable[VideoForm]) -> tuple[Stage, ...]:
    """The article and everything made from it for these platforms and forms."""
    social = tuple(stage for platform in platforms for stage in SOCIAL[platform])
    return (ARTICLE, *social, *(stage for form in forms for stage in VIDEO[form]))
