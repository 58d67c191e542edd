"""Small scripts to be spoken."""

from igny8_media.video.model import Section, VideoScript

TEXTS = (
    "Most teams waste 45% of their week. Here is how to get it back!",
    "First, group your meetings: put them on two days, and keep the rest of the week free.",
    "Then read the whole guide at example.com and tell us what changed.",
)


def make_script(*texts: str, language: str = "en") -> VideoScript:
    sections = tuple(
        Section(
            section_id=f"s{number}",
            type="point",
            narration=text,
            visual_cue="title_card",
            duration_estimate=5,
        )
        for number, text in enumerate(texts)
    )
    return VideoScript(
        title="A title",
        description="",
        tags=(),
        sections=sections,
        total_duration_estimate=30,
        language=language,
        writer="test",
    )
