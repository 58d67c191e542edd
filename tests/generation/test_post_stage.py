"""The post stage asks a model where one is configured, and changes nothing where none is."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from igny8_media.errors import InputError
from igny8_media.settings import Settings, load_settings
from igny8_media.social.model import Platform, SocialPost
from igny8_media.social.writer import ExtractiveWriter
from igny8_media.stages.social import post_stage
from igny8_media.stages.stage import Built, BuiltFile, Job, Stage, run_stage, up_to_date
from igny8_media.stages.workshop import Workshop
from igny8_media.storage.records import Record
from tests.ai.servers import ModelServer, Reply, closed_port, model_server
from tests.generation.models import faithful
from tests.words_corpus import corpus

ARTICLE = corpus()["faster-web-page"]


def _article(_: Job, folder: Path) -> Built:
    (folder / "article.json").write_text(ARTICLE.model_dump_json())
    return Built(files=(BuiltFile("article.json", "metadata"),))


def write(settings: Settings, platform: Platform, *, force: bool = False) -> tuple[Record, bool]:
    shop = Workshop(settings)
    run_stage(shop, Stage("article", (), "1", _article), "c")
    stage = post_stage(platform)
    stage = Stage(**{**stage.__dict__, "remember": lambda _job, _record: None})
    made = run_stage(shop, stage, "c", force=force)
    assert up_to_date(shop, stage, "c") is not None
    return made.record, made.fresh


def post_of(settings: Settings, record: Record) -> SocialPost:
    shop = Workshop(settings)
    return SocialPost.model_validate_json(shop.store.read_bytes(record.named("post.json").key))


def own(home: Path, **values: Any) -> Settings:
    return Settings(home=home, _env_file=None, **values)  # type: ignore[call-arg]


def writes(body: dict[str, Any]) -> str:
    """What the faithful model writes, from the request as it came over the wire."""

    class Request:
        task = (
            body["response_format"]["json_schema"]["name"]
            if "response_format" in body
            else _task(body)
        )
        prompt = body["messages"][-1]["content"]

    return json.dumps(faithful(Request()))  # type: ignore[arg-type]


def _task(body: dict[str, Any]) -> str:
    names = {
        "hashtags": "generate_hashtags",
        "parts": "generate_twitter_thread",
        "slides": "generate_carousel_slides",
        "text": "adapt_content_for_social",
    }
    return names[next(iter(body["output_config"]["format"]["schema"]["properties"]))]


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with model_server() as state:
        state.write = writes
        yield state


def test_without_a_provider_nothing_is_other_than_before(tmp_path: Path) -> None:
    record, _ = write(own(tmp_path), Platform.LINKEDIN)
    assert post_of(own(tmp_path), record) == ExtractiveWriter().write(ARTICLE, Platform.LINKEDIN)
    assert "calls" not in record.facts
    assert post_stage(Platform.LINKEDIN).settings(own(tmp_path)) is None
    # Also with a brand, which only models read.
    assert not write(own(tmp_path, brand={"tone": "dry"}), Platform.LINKEDIN)[1]


@pytest.mark.parametrize("provider", ["gpu_server", "openai", "anthropic"])
def test_a_configured_provider_writes(provider: str, server: ModelServer, tmp_path: Path) -> None:
    given = {
        "gpu_server": {"gpu_server_url": server.url},
        "openai": {"openai_key": "sk-1", "openai_url": server.url},
        "anthropic": {"anthropic_key": "sk-1", "anthropic_url": server.url},
    }[provider]
    settings = own(tmp_path, **given)
    record, fresh = write(settings, Platform.INSTAGRAM)
    assert fresh
    post = post_of(settings, record)
    assert post.writer.startswith(f"{provider} ")
    assert record.facts["writer"] == post.writer
    assert record.facts["calls"] == 3
    assert record.facts["input_tokens"] == 300
    assert record.facts["output_tokens"] == 60
    asked = len(server.asked)
    assert not write(settings, Platform.INSTAGRAM)[1]
    assert len(server.asked) == asked  # unchanged work asks nobody
    assert "sk-1" not in record.model_dump_json()


def test_who_wrote_is_who_is_charged_for(server: ModelServer, tmp_path: Path) -> None:
    settings = own(tmp_path, openai_key="sk-1", openai_url=server.url, credits=True)
    credits = Workshop(settings).credits
    credits.grant(Decimal(100))
    record, _ = write(settings, Platform.INSTAGRAM)
    assert record.facts["credits_for"] == {"adapt": "1", "hashtags": "0.5", "carousel": "5"}
    paid = [entry for entry in credits.entries(9) if entry.kind == "settle"]
    assert {(entry.provider, entry.model) for entry in paid} == {("openai", "gpt-5.4-mini")}
    mine = own(tmp_path, gpu_server_url=server.url, credits=True)
    record, _ = write(mine, Platform.FACEBOOK)
    assert record.facts["credits_for"] == {"self_hosted_text": "0.06"}  # 120 tokens a part
    assert "credits_forgone" not in record.facts


def test_a_model_that_ends_is_told_of_once(server: ModelServer, tmp_path: Path) -> None:
    ends = datetime.now(UTC).date() + timedelta(days=30)
    own_models = tmp_path / "models.toml"
    own_models.write_text(
        f'[[model]]\nkind="text"\nprovider="openai"\nname="old"\nretires={ends}\n'
    )
    settings = own(
        tmp_path,
        openai_key="sk-1",
        openai_url=server.url,
        openai_text_model="old",
        models_file=own_models,
    )
    for platform in (Platform.FACEBOOK, Platform.LINKEDIN):
        write(settings, platform)
    (news,) = Workshop(settings).notices.latest(9)
    assert news.kind == "model_retiring"
    assert f"The model old of openai will be retired on {ends}" in news.text


def test_models_and_brand_are_part_of_the_fingerprint(server: ModelServer, tmp_path: Path) -> None:
    base = {"gpu_server_url": server.url}
    assert write(own(tmp_path, **base), Platform.FACEBOOK)[1]
    assert write(own(tmp_path, **base, vllm_model="other"), Platform.FACEBOOK)[1]
    assert server.asked[-1]["model"] == "other"
    assert write(own(tmp_path, **base, brand={"tone": "dry"}), Platform.FACEBOOK)[1]
    # Back again, the first one is still there.
    assert not write(own(tmp_path, **base), Platform.FACEBOOK)[1]


def test_a_server_that_is_down_falls_back_to_the_next_and_then_to_none(
    server: ModelServer, tmp_path: Path
) -> None:
    down = closed_port()
    cloud = {"openai_key": "sk-1", "openai_url": server.url}
    settings = own(tmp_path, gpu_server_url=down, **cloud)
    record, _ = write(settings, Platform.FACEBOOK)
    assert record.facts["writer"].startswith("openai ")
    assert any(note.startswith("gpu_server was passed over") for note in record.notes)
    server.trouble = Reply({"error": {"message": "x", "code": "insufficient_quota"}}, 429)
    record, _ = write(settings, Platform.FACEBOOK, force=True)
    assert record.facts["writer"] == "extractive"
    assert any("no credit left" in note for note in record.notes)


def test_settings_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().text_sources == ()
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-another-program")
    assert load_settings().text_sources == ()  # nobody pays without having said so to us
    monkeypatch.setenv("GPU_SERVER_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("IGNY8_ANTHROPIC_KEY", "sk-1")
    monkeypatch.setenv("IGNY8_BRAND__BANNED_WORDS", '["cheap", "guru"]')
    assert load_settings().text_sources == ("gpu_server", "anthropic")
    assert load_settings().brand.banned_words == ("cheap", "guru")
    monkeypatch.setenv("IGNY8_TEXT_PROVIDERS", "anthropic,gpu_server")
    assert load_settings().text_sources == ("anthropic", "gpu_server")
    monkeypatch.setenv("IGNY8_TEXT_PROVIDERS", "none")
    assert load_settings().text_sources == ()
    assert "sk-1" not in repr(load_settings())
    monkeypatch.setenv("IGNY8_TEXT_PROVIDERS", "clippy")
    with pytest.raises(InputError, match="IGNY8_TEXT_PROVIDERS"):
        load_settings()
