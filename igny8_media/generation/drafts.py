"""What the functions return, as the model's schema and as ours."""

from typing import Annotated, Literal

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


class HeadlineDraft(Frozen):
    headline: str = Field(min_length=1, max_length=120)


class SectionDraft(Frozen):
    """`section` is the name that the outline gives it; `items` go with the cue."""

    section: str = Field(max_length=12)
    narration: str = Field(min_length=1, max_length=1200)
    visual_cue: Literal["animated_text", "title_card", "statistic", "quote", "list", "image"]
    text_overlay: str = Field("", max_length=200)
    items: tuple[Annotated[str, Field(max_length=200)], ...] = Field((), max_length=7)
    chapter: str = Field("", max_length=120)


class ScriptDraft(Frozen):
    title: str = Field("", max_length=200)
    sections: tuple[SectionDraft, ...] = Field(min_length=1, max_length=24)


class SeoDraft(Frozen):
    title: str = Field("", max_length=200)
    description: str = Field(min_length=1, max_length=4000)
    tags: tuple[Annotated[str, Field(max_length=80)], ...] = Field((), max_length=30)
    hashtags: tuple[Annotated[str, Field(max_length=40)], ...] = Field((), max_length=10)
