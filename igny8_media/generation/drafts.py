"""What the functions return, as the model's schema and as ours."""

from typing import Annotated

from pydantic import Field

from igny8_media.frozen import Frozen


class PostDraft(Frozen):
    text: str = Field(min_length=1, max_length=4000)
    call_to_action: str = Field("", max_length=200)


class HashtagsDraft(Frozen):
    hashtags: tuple[Annotated[str, Field(max_length=40)], ...] = Field(max_length=10)


class ThreadDraft(Frozen):
    parts: tuple[Annotated[str, Field(max_length=400)], ...] = Field(min_length=2, max_length=12)


class SlideDraft(Frozen):
    heading: str = Field(min_length=1, max_length=120)
    body: str = Field("", max_length=400)


class SlidesDraft(Frozen):
    slides: tuple[SlideDraft, ...] = Field(min_length=1, max_length=10)
