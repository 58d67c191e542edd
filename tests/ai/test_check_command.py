"""`ai check` and `doctor` tell how each provider is, without paying for anything."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from igny8_media.ai.health import Breaker
from igny8_media.ai.text import Fault, TextError
from igny8_media.cli import main
from igny8_media.command.ai_check import asked_uses, look
from igny8_media.command.doctor import _providers
from igny8_media.credits.prices import Task
from igny8_media.generation.checking import usage_of_article
from igny8_media.settings import load_settings
from igny8_media.social.model import Platform
from tests.ai.servers import KEY, ModelServer, Reply, closed_port

Set = Callable[..., None]


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Set:
    monkeypatch.setenv("IGNY8_HOME", str(tmp_path))
    monkeypatch.setenv("IGNY8_TRANSCRIPTION_PROVIDERS", "whisper_server")

    def values(**names: str) -> None:
        for name, value in names.items():
            monkeypatch.setenv(name, value)

    return values


def typed(*words: str, status: int) -> str:
    result = CliRunner().invoke(main, ["ai", "check", *words])
    assert result.exit_code == status, result.output
    assert KEY not in result.output
    return result.output


def told(status: int) -> dict[str, dict[str, Any]]:
    document = json.loads(typed("--json", status=status))
    return {one["provider"]: one for one in document["providers"] if one["kind"] == "text"}


def test_nothing_set_up_says_what_to_set(given: Set, tmp_path: Path) -> None:
    text = typed(status=0)
    for remedy in ("VLLM_URL", "IGNY8_OPENAI_KEY", "IGNY8_ANTHROPIC_KEY", "WHISPER_URL"):
        assert f"Set {remedy}" in text
    assert told(0)["openai"]["healthy"] is None
    assert list(tmp_path.iterdir()) == []


def test_each_provider_is_told_of(given: Set, server: ModelServer) -> None:
    server.served = tuple(f"served-{n}" for n in range(6))
    given(
        VLLM_URL=server.url,
        IGNY8_OPENAI_KEY=KEY,
        IGNY8_OPENAI_URL=server.url,
        IGNY8_OPENAI_TEXT_MODEL="gpt-4o-mini",
        IGNY8_ANTHROPIC_KEY=KEY,
        IGNY8_ANTHROPIC_URL=closed_port(),
    )
    found = told(1)
    own = found["gpu_server"]
    assert own["healthy"]
    assert own["model"] == "served-0"
    assert own["models"] == list(server.served)
    assert 0 <= own["latency_ms"] < 5000
    assert found["anthropic"]["healthy"] is False
    assert "cannot be reached" in found["anthropic"]["problem"]
    assert float(found["openai"]["cost_of_article"]) == pytest.approx(0.006, abs=0.005)
    # 5 adapted, 5 times hashtags, 1 thread, and 2 or 3 carousels
    assert float(found["openai"]["credits_of_article"]) >= 5 + 2.5 + 2 + 10
    assert not server.asked  # nothing was written for it
    text = typed(status=1)
    assert "served-3 and 2 more" in text
    assert "credits" in text


def test_models_that_end_and_providers_that_rest_are_warned_of(
    given: Set, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(
        IGNY8_OPENAI_KEY=KEY,
        IGNY8_OPENAI_URL=server.url,
        IGNY8_OPENAI_TEXT_MODEL="dying",
        VLLM_URL=server.url,
    )
    added = ["ai", "models", "add", "text", "openai", "dying", "--retires", "2026-01-01"]
    assert CliRunner().invoke(main, added).exit_code == 0
    breaker = Breaker(load_settings().cache_dir / "health")
    breaker.failed("gpu_server", TextError("gpu_server is overloaded (429).", Fault.OVERLOADED))
    found = told(0)
    assert "was retired on 2026-01-01" in found["openai"]["warnings"][0]
    assert "left alone" in found["gpu_server"]["warnings"][0]
    monkeypatch.setattr("igny8_media.command.doctor._CHECKS", (_providers,))  # it looks at more
    doctor = CliRunner().invoke(main, ["doctor", "--json"])
    findings = {one["name"]: one for one in json.loads(doctor.output)["findings"]}
    assert findings["Words: openai"]["state"] == "note"
    assert "was retired" in findings["Words: openai"]["remedy"]
    assert "served-1" in findings["Words: gpu_server"]["detail"]
    assert "Words: anthropic" not in findings


def test_every_kind_is_told_of(given: Set, server: ModelServer) -> None:
    away = closed_port()
    given(
        IGNY8_OPENAI_KEY=KEY,
        IGNY8_OPENAI_URL=server.url,
        IGNY8_ELEVENLABS_KEY=KEY,
        IGNY8_ELEVENLABS_URL=away,
        COMFYUI_URL=away,
        IGNY8_RUNWARE_KEY=KEY,
        WHISPER_URL=server.url,
    )
    found = {(one.kind, one.provider): one for one in look(load_settings(), configured=True)}
    assert found["text", "openai"].healthy
    speaks = found["speech", "elevenlabs"]
    assert speaks.healthy is False
    assert speaks.model == "eleven_multilingual_v2"
    assert found["image", "comfyui"].healthy is False
    assert found["image", "comfyui"].cost_of_article == 0
    assert found["image", "runware"].healthy is None  # whatever it is asked costs something
    assert found["image", "openai"].healthy
    assert found["transcription", "whisper_server"].healthy
    assert ("speech", "kokoro") not in found
    assert not server.asked
    text = typed(status=1)
    for name in ("Words", "Voices", "Pictures", "Transcripts", "not asked"):
        assert name in text


def test_slow_providers_are_waited_for_beside_each_other(
    given: Set, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("igny8_media.generation.checking._PATIENCE", 120.0)
    server.together = 3
    server.trouble = Reply({"data": []})
    given(
        VLLM_URL=server.url,
        IGNY8_OPENAI_KEY=KEY,
        IGNY8_OPENAI_URL=server.url,
        IGNY8_ANTHROPIC_KEY=KEY,
        IGNY8_ANTHROPIC_URL=server.url,
    )
    found = look(load_settings(), configured=True)
    assert [one.healthy for one in found if one.kind == "text"] == [True] * 3


def test_an_article_is_reckoned_by_the_platforms_it_is_written_for(given: Set) -> None:
    every = load_settings()
    given(IGNY8_PLATFORMS="facebook")
    one = load_settings()
    assert one.platforms == (Platform.FACEBOOK,)
    assert 2 * 2000 < usage_of_article(one).input_tokens < usage_of_article(every).input_tokens / 4
    assert [use.task for use in asked_uses("openai", one)] == [Task.HASHTAGS, Task.ADAPT]
    (own,) = asked_uses("gpu_server", one)
    assert own.task is Task.SELF_HOSTED_TEXT
