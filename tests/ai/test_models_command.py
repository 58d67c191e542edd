"""What people add to the registry is what the next run asks, and can be taken back."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from igny8_media.cli import main
from igny8_media.generation.opening import fingerprint_of
from igny8_media.settings import Settings, load_settings
from igny8_media.settings.registry import models_of


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("IGNY8_HOME", str(tmp_path))
    return tmp_path


def typed(*words: str, status: int = 0) -> str:
    result = CliRunner().invoke(main, ["ai", "models", *words])
    assert result.exit_code == status, result.output
    return result.output


def test_to_look_makes_no_database(home: Path) -> None:
    assert "gpt-5.4-mini (default)" in typed("list")
    assert list(home.iterdir()) == []


def test_what_is_added_stands_before_file_and_shipped(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = home / "models.toml"
    own.write_text(
        '[[model]]\nkind="text"\nprovider="openai"\nname="mine"\ndefault=true\n'
        '[[model]]\nkind="text"\nprovider="openai"\nname="gpt-5.5"\ninput_price="7"\n'
    )
    monkeypatch.setenv("IGNY8_MODELS_FILE", str(own))
    assert models_of(load_settings()).default("text", "openai") == "mine"
    typed("add", "text", "openai", "gpt-5.5", "--output-price", "9", "--default")
    models = models_of(load_settings())
    assert models.default("text", "openai") == "gpt-5.5"
    found = models.find("text", "openai", "gpt-5.5")
    assert found is not None
    assert found.output_price == 9
    assert found.input_price == 7  # what was known stays
    listed = typed("list", "--kind", "text")
    assert "gpt-5.5 (default)" in listed
    assert "mine (default)" not in listed
    origins = {m["name"]: m["from"] for m in json.loads(typed("list", "--json"))["models"]}
    assert origins["gpt-5.5"] == "database"
    assert origins["mine"] == "file"
    assert origins["tts-1"] == "shipped"
    typed("remove", "text", "openai", "gpt-5.5")
    assert models_of(load_settings()).default("text", "openai") == "mine"
    assert "Nobody added" in typed("remove", "text", "openai", "gpt-5.5", status=2)


def test_a_new_default_is_what_decides_a_post(home: Path) -> None:
    settings = Settings(home=home, _env_file=None, openai_key="sk-1")
    before = fingerprint_of(settings)
    typed(
        "add", "text", "openai", "gpt-9", "--default", "--retires", "2029-01-01", "--also", "nine"
    )
    assert fingerprint_of(settings)["models"] == [["openai", "gpt-9"]]
    assert fingerprint_of(settings) != before
    assert models_of(settings).named("text", "openai", "nine") == "gpt-9"


def test_what_does_not_fit_is_refused_in_a_sentence(home: Path) -> None:
    assert "is no provider of models" in typed("add", "text", "opnai", "x", status=2)
    assert "is not a number" in typed("add", "text", "openai", "x", "--price", "a", status=2)
    assert "zero or more" in typed("add", "text", "openai", "x", "--price", "-1", status=2)
    told = typed("add", "text", "openai", "", status=2)
    assert "name takes a text of 1 to 128 characters, not ''.\n" in told
    told = typed("add", "text", "openai", "x", "--also", "", status=2)
    assert "also takes a list, each a text that is not empty, not ''." in told
    assert not (home / "igny8.db").exists()
