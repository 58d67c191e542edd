"""What is known of models: shipped as data, changed by a file of one's own."""

from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from igny8_media.ai.models import Model, Models, load_models
from igny8_media.ai.text import Usage
from igny8_media.errors import InputError


def test_the_shipped_registry() -> None:
    models = load_models()
    for provider in ("openai", "anthropic"):
        name = models.default("text", provider)
        known = models.find("text", provider, name)
        assert known is not None
        assert known.warning(date(2026, 11, 23)) is None  # nobody starts with one that ends
        assert known.cost(Usage(input_tokens=10**6, output_tokens=10**6)) is not None


@pytest.mark.parametrize(
    ("kind", "provider", "name"),
    [
        ("speech", "openai", "tts-1"),
        ("speech", "openai", "tts-1-hd"),
        ("speech", "elevenlabs", "eleven-multilingual-v2"),
        ("speech", "gpu_server", "coqui-xtts-v2"),
        ("speech", "gpu_server", "piper-en-us"),
        ("image", "gpu_server", "stable-diffusion-xl"),
        ("text", "gpu_server", "llama-3.1-70b"),
    ],
)
def test_names_people_already_use_are_known(kind: str, provider: str, name: str) -> None:
    assert load_models().find(kind, provider, name) is not None


def test_one_default_and_one_name_for_everything() -> None:
    entries = load_models().entries
    defaults = Counter((m.kind, m.provider) for m in entries if m.default)
    assert set(defaults.values()) == {1}
    assert {kind for kind, _ in defaults} == {"text", "speech", "image", "transcription"}
    assert set(defaults) == {(m.kind, m.provider) for m in entries} - {("text", "gpu_server")}
    betters = Counter((m.kind, m.provider) for m in entries if m.better)
    assert set(betters.values()) <= {1}
    names = Counter((m.kind, m.provider, name) for m in entries for name in (m.name, *m.also))
    assert set(names.values()) == {1}


def test_what_people_say_becomes_what_the_provider_is_told() -> None:
    models = load_models()
    says = models.named("speech", "elevenlabs", "eleven-multilingual-v2")
    assert says == "eleven_multilingual_v2"
    assert models.named("speech", "elevenlabs", "eleven_new") == "eleven_new"
    assert models.named("text", "openai", "gpt-5-2025-08-07") == "gpt-5-2025-08-07"


def test_the_better_model_where_there_is_one() -> None:
    models = load_models()
    assert models.default("speech", "openai", better=True) == "tts-1-hd"
    usual = models.default("speech", "elevenlabs")
    assert models.default("speech", "elevenlabs", better=True) == usual != ""
    assert models.default("text", "gpu_server", better=True) == ""


def test_models_that_end_are_told_of_sixty_days_before() -> None:
    model = Model(kind="text", provider="p", name="m", retires=date(2027, 1, 14))
    assert model.warning(date(2026, 11, 14)) is None
    assert "in 60 days" in (model.warning(date(2026, 11, 15)) or "")
    assert "was retired" in (model.warning(date(2027, 1, 15)) or "")


def test_prices_and_snapshots() -> None:
    mini = Model(
        kind="text",
        provider="p",
        name="m-5",
        input_price=Decimal("0.75"),
        output_price=Decimal("4.5"),
    )
    models = Models((mini, Model(kind="text", provider="p", name="m")))
    assert mini.cost(Usage(input_tokens=2000, output_tokens=1000)) == Decimal("0.006")
    assert models.find("text", "p", "m-5-2026-03-17") == mini
    assert models.find("text", "p", "m-5-turbo") is None
    assert models.find("text", "p", "m-20260317") == models.entries[1]


def test_a_registry_of_ones_own(tmp_path: Path) -> None:
    own = tmp_path / "models.toml"
    own.write_text(
        '[[model]]\nkind="text"\nprovider="openai"\nname="mine"\ndefault=true\n'
        '[[model]]\nkind="text"\nprovider="openai"\nname="gpt-5"\ninput_price="9"\n'
    )
    models = load_models(own)
    assert models.default("text", "openai") == "mine"
    changed = models.find("text", "openai", "gpt-5")
    assert changed is not None
    assert changed.input_price == 9
    assert changed.retires is None
    for text, match in (
        ("[[model", "not valid TOML"),
        ('[[model]]\nname="x"', "does not fit: model 1, kind is missing; see"),
        ('[[model]]\nname="x"\nkinds="text"', "fit: model 1, kinds: there is none of that name"),
    ):
        own.write_text(text)
        with pytest.raises(InputError, match=match):
            load_models(own)
    with pytest.raises(InputError, match="cannot be read"):
        load_models(tmp_path / "none.toml")
