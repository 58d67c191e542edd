"""The stages of a video, from script to the posts that carry it, one set for each form."""

from igny8_media.stages.stage import Stage
from igny8_media.stages.video_metadata import seo_stage
from igny8_media.stages.video_picture import render_stage, scenes_stage
from igny8_media.stages.video_posts import posts_stage
from igny8_media.stages.video_thumbnail import thumbnail_stage
from igny8_media.stages.video_words import captions_stage, script_stage, voiceover_stage
from igny8_media.video.model import VideoForm


def video_stages(form: VideoForm) -> tuple[Stage, ...]:
    """In an order in which each comes after what it needs."""
    return (
        script_stage(form),
        thumbnail_stage(form),
        voiceover_stage(form),
        captions_stage(form),
        scenes_stage(form),
        seo_stage(form),
        render_stage(form),
        posts_stage(form),
    )
