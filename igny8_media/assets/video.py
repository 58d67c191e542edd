"""The stages of each video form, from script to the posts that carry the finished file."""

import dagster as dg

from igny8_media.assets.factory import build_asset
from igny8_media.stages.catalog import VIDEO
from igny8_media.video.model import VideoForm

_ABOUT = {
    "script": ("What is said and what is seen, section by section.", {"text"}),
    "voiceover": ("The narration, spoken and measured, with the time of every word.", {"audio"}),
    "captions": ("Subtitles: files to upload, and the ones drawn into the picture.", {"text"}),
    "scenes": ("The pictures, cards and movements of every section.", {"image"}),
    "render": ("The finished video file, checked before it is kept.", {"video"}),
    "thumbnail": ("The picture people see before they press play.", {"image"}),
    "posts": ("A draft for each target: the video, its words, its files.", {"text"}),
    "seo": ("Title, description, chapters and tags for each target.", {"text"}),
}


def _assets_of(form: VideoForm) -> list[dg.AssetsDefinition]:
    assets = []
    for stage in VIDEO[form]:
        name = stage.asset.rsplit("/", 1)[1]
        description, kinds = _ABOUT[name]
        assets.append(
            build_asset(
                stage,
                group="video",
                description=f"{form.capitalize()} form. {description}",
                kinds=kinds,
                pool="video_render" if name == "render" else None,
            )
        )
    return assets


video_assets = [asset for form in VideoForm for asset in _assets_of(form)]
