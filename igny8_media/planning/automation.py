"""What is done by itself for a site: from published to posts (stage 8) and to videos (stage 9)."""

from collections.abc import Collection, Sequence
from typing import Annotated, Final, Literal

from pydantic import Field, field_validator

from igny8_media.frozen import Frozen
from igny8_media.misfits import Besides
from igny8_media.social.model import Platform
from igny8_media.video.model import VideoForm, VideoTarget

_OR_NONE: Final = Besides("none, or default")


class Automation(Frozen):
    """Names are IGNY8's own. None is what the settings say: IGNY8_PLATFORMS, IGNY8_AUTO_APPROVE.

    A batch is what one look at the sources hands on: so many articles, and no more posts or videos
    in all than the `max_…_per_run`, though always one article, lest it wait for ever.
    """

    socializer_enabled: bool = True
    video_creator_enabled: bool = True
    stage_8_enabled: bool = True
    stage_8_platforms: Annotated[tuple[Platform, ...] | None, _OR_NONE] = None
    stage_8_batch_size: int = Field(5, ge=1, le=100)
    max_social_posts_per_run: int = Field(20, ge=1, le=1000)
    stage_9_enabled: bool = True
    stage_9_video_type: Literal["short", "long", "both"] = "both"
    stage_9_batch_size: int = Field(2, ge=1, le=100)
    max_videos_per_run: int = Field(5, ge=1, le=1000)
    stage_9_review_script: bool = False
    auto_approve: Annotated[tuple[Platform | VideoTarget, ...] | None, _OR_NONE] = None
    schedule_approved: bool = False
    follow_best_times: bool = False

    @field_validator("stage_8_platforms", "auto_approve", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        """As on the command line: `linkedin,twitter`; `none` is none, `default` the settings'."""
        if not isinstance(value, str):
            return value
        if value == "default":
            return None
        return tuple(part.strip() for part in value.split(",") if part.strip() not in ("", "none"))

    def platforms(self, usual: Sequence[Platform]) -> tuple[Platform, ...]:
        """Those that posts are made for; none where stage 8 is off."""
        if not (self.socializer_enabled and self.stage_8_enabled):
            return ()
        return tuple(usual) if self.stage_8_platforms is None else self.stage_8_platforms

    def forms(self, usual: Sequence[VideoForm]) -> tuple[VideoForm, ...]:
        """Those of the usual video forms that are made; none where stage 9 is off."""
        if not (self.video_creator_enabled and self.stage_9_enabled):
            return ()
        return tuple(form for form in usual if self.stage_9_video_type in (form.value, "both"))

    def approves(self, form: str, place: str, usual: Collection[str]) -> bool:
        """Whether a draft for this platform or video target goes out without a person."""
        on = self.video_creator_enabled if form == "video" else self.socializer_enabled
        return on and place in (usual if self.auto_approve is None else self.auto_approve)
