"""Small scripts to be spoken."""

from igny8_media.ai.speech import Word
from igny8_media.narration.segments import split_sentences, split_words
from igny8_media.video.model import Narration, Section, SpokenSection, VideoScript

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


def words_of(text: str, language: str = "en") -> tuple[Word, ...]:
    """Words of 0.3 s each, with a pause after every sentence."""
    words: list[Word] = []
    clock = 0.15
    for sentence in split_sentences(text, language):
        for word in split_words(sentence, language):
            words.append(Word(text=word, start=clock, end=clock + 0.3))
            clock += 0.3
        clock += 0.3
    return tuple(words)


def narration_of(text: str, language: str = "en") -> Narration:
    """What `narrate` would say about a text, at an even pace and without sound."""
    words = words_of(text, language)
    end = words[-1].end + 0.6
    return Narration(
        audio="narration.wav",
        duration=end,
        sections=(SpokenSection(section_id="s0", start=0, end=end, words=words),),
        engine="test",
        voice="test",
        language=language,
        timing="engine",
        loudness=-14,
        true_peak=-1,
    )
