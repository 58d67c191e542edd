"""A voice that speaks no words: the narration is made, and its record tells what was heard."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from igny8_media.settings import Settings
from igny8_media.stages.video_words import voiceover_stage
from igny8_media.stages.workshop import Workshop
from igny8_media.video.model import VideoForm
from tests.ai.servers import KEY
from tests.ai.speech_servers import VoiceServer, voice_server
from tests.stages.test_voiceover import speak


@pytest.fixture
def server() -> Iterator[VoiceServer]:
    with voice_server() as state:
        yield state


def test_a_narration_without_words_is_told_and_held_up_by_nothing(
    server: VoiceServer, tmp_path: Path
) -> None:
    settings = Settings(  # type: ignore[call-arg]
        home=tmp_path,
        _env_file=None,
        elevenlabs_key=KEY,
        elevenlabs_url=server.url,
        transcription_providers="faster_whisper",
        hear_narrations=True,
    )
    record, fresh = speak(settings)
    assert fresh
    assert record.facts["heard_by"] == "faster_whisper (whisper-base)"
    assert record.facts["heard_wrongly"] > 0.5
    check = voiceover_stage(VideoForm.SHORT).checks[-1]
    assert (check.name, check.blocking) == ("says_its_script", False)
    (problem,) = check.problems(Workshop(settings), record)
    assert "No words are heard" in problem or "Other words are heard" in problem
