"""The voice-over's stage: who is asked by the settings, what it tells, and what is charged."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from igny8_media.credits.prices import Grade, Task, Use
from igny8_media.settings import Settings
from igny8_media.stages.stage import Built, BuiltFile, Job, Stage, run_stage, up_to_date
from igny8_media.stages.video_words import voiceover_stage
from igny8_media.stages.workshop import Workshop
from igny8_media.storage.records import Record
from igny8_media.video.model import Section, VideoForm, VideoScript
from tests.ai.servers import KEY, Reply
from tests.ai.speech_servers import VoiceServer, voice_server
from tests.words_corpus import make

# Four seconds each as the server says it, so that it fits a short at once.
SAID = "A heap of compost number {} is alive and wants to be turned often."
NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven")
SCRIPT = VideoScript(
    title="Compost",
    description="",
    tags=(),
    sections=tuple(
        Section(
            section_id=name,
            type="point",
            narration=SAID.format(name),
            visual_cue="title_card",
            duration_estimate=4,
        )
        for name in NUMBERS
    ),
    total_duration_estimate=50,
    language="en",
    writer="test",
)
USED: list[tuple[Use, ...]] = []


@pytest.fixture
def server() -> Iterator[VoiceServer]:
    with voice_server() as state:
        yield state


def _article(_: Job, folder: Path) -> Built:
    (folder / "article.json").write_text(make().model_dump_json())
    return Built(files=(BuiltFile("article.json", "metadata"),))


def _script(_: Job, folder: Path) -> Built:
    (folder / "script.json").write_text(SCRIPT.model_dump_json())
    return Built(files=(BuiltFile("script.json", "text"),))


def stage() -> Stage:
    usual = voiceover_stage(VideoForm.SHORT)

    def build(job: Job, folder: Path) -> Built:
        built = usual.build(job, folder)
        USED.append(built.uses)
        return built

    return Stage(**{**usual.__dict__, "build": build, "remember": lambda _job, _record: None})


def speak(settings: Settings) -> tuple[Record, bool]:
    shop = Workshop(settings)
    run_stage(shop, Stage("article", (), "1", _article), "c")
    run_stage(shop, Stage("video/short/script", ("article",), "1", _script), "c")
    made = run_stage(shop, stage(), "c")
    assert up_to_date(shop, stage(), "c") is not None
    return made.record, made.fresh


def own(home: Path, **values: Any) -> Settings:
    """Without ears: there are no words in a tone."""
    return Settings(home=home, _env_file=None, transcription_providers="none", **values)  # type: ignore[arg-type, call-arg]


def eleven(home: Path, server: VoiceServer, **more: Any) -> Settings:
    return own(home, elevenlabs_key=KEY, elevenlabs_url=server.url, **more)


def test_who_spoke_is_told_and_charged_and_nothing_is_spoken_twice(
    server: VoiceServer, tmp_path: Path
) -> None:
    record, fresh = speak(eleven(tmp_path, server))
    facts = record.facts
    assert fresh
    assert (facts["provider"], facts["engine"], facts["voice"]) == ("elevenlabs",) * 2 + ("Rachel",)
    assert facts["model"] == "eleven_multilingual_v2"
    assert facts["timing"] == "engine"
    said = [one.body["text"] for one in server.said if one.body]
    assert said == [SAID.format(name) for name in NUMBERS]
    assert facts["characters"] == sum(map(len, said))
    (use,) = USED[-1]
    assert (use.task, use.grade, use.provider) == (Task.SPEECH, Grade.STANDARD, "elevenlabs")
    assert use.quantity == Decimal(str(facts["duration"])) / 60
    _, fresh = speak(eleven(tmp_path, server, speech_timeout=10.0))
    assert not fresh, "how long one waits does not change how it sounds"
    record, fresh = speak(eleven(tmp_path, server, voices="en=elevenlabs:Anna"))
    assert fresh
    assert record.facts["voice"] == "Anna"
    _, fresh = speak(eleven(tmp_path, server))
    assert not fresh
    assert len(server.said) == 2 * len(NUMBERS)


@pytest.mark.parametrize(
    ("quality", "model", "grade"),
    [
        ("standard", "tts-1", Grade.STANDARD),
        ("high", "tts-1-hd", Grade.HIGH),
    ],
)
def test_the_better_model_is_asked_and_charged(
    quality: str, model: str, grade: Grade, server: VoiceServer, tmp_path: Path
) -> None:
    url = f"{server.url}/v1"
    record, _ = speak(own(tmp_path, openai_key=KEY, openai_url=url, speech_quality=quality))
    assert record.facts["model"] == model
    assert {one.body["model"] for one in server.said if one.body} == {model}
    assert USED[-1][0].grade is grade


def test_when_it_fails_at_the_end_one_other_voice_reads_all_of_it(
    server: VoiceServer, tmp_path: Path
) -> None:
    good = [Reply(server.timed(SAID.format(name))) for name in NUMBERS[:-1]]
    gone = Reply({"detail": {"status": "quota_exceeded", "message": "0 left"}}, 401)
    server.replies = [*good, gone]
    with voice_server() as other:
        record, _ = speak(
            eleven(
                tmp_path,
                server,
                tts_url=other.url,
                tts_api="xtts",
                speech_providers="elevenlabs,tts_server",
            )
        )
        assert len(other.said) == len(NUMBERS)
    assert record.facts["provider"] == "tts_server"
    assert USED[-1][0].grade is Grade.SELF_HOSTED
    told = next(note for note in record.notes if "elevenlabs" in note)
    assert "no credit left" in told
    assert "section 'eleven'" in told
    assert KEY not in record.model_dump_json()
