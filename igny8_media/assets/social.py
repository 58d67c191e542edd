"""One post and one set of pictures for each platform."""

import dagster as dg

from igny8_media.assets.factory import build_asset
from igny8_media.social.model import Platform
from igny8_media.stages.catalog import SOCIAL


def _post_and_images(platform: Platform) -> tuple[dg.AssetsDefinition, ...]:
    post, images = SOCIAL[platform]
    return (
        build_asset(
            post,
            group="social",
            description=f"The {platform.label} post: text, hashtags, thread or slides.",
            kinds={"text"},
            pool="social",
        ),
        build_asset(
            images,
            group="social",
            description=f"The pictures of the {platform.label} post, cut and set to its sizes.",
            kinds={"image"},
            pool="social",
        ),
    )


social_assets = [asset for platform in Platform for asset in _post_and_images(platform)]
