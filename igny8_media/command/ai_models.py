"""`igny8-media ai models`: the registry, and what people add to it."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any, Final

from pydantic import ValidationError
from rich.console import Console
from rich.text import Text

from igny8_media.ai.models import UNITS, Model, Models, load_models
from igny8_media.database.ai_models import StoredModels
from igny8_media.errors import InputError
from igny8_media.misfits import misfits
from igny8_media.settings import Settings, load_settings
from igny8_media.settings.registry import models_of
from igny8_media.stages.workshop import Workshop

_PROVIDERS: Final = ("openai", "anthropic", "elevenlabs", "runware", "bria", "gpu_server")
_KINDS: Final = tuple(UNITS)


def models_list(kind: str | None, *, as_json: bool) -> int:
    """Every model in force, and where its entry is from."""
    settings = load_settings()
    models = models_of(settings)
    entries = [model for model in models.entries if kind in (None, model.kind)]
    origin = _origins(settings)
    shown = [(_in_force(m, models), origin(m)) for m in sorted(entries, key=_place)]
    if as_json:
        document = [model.model_dump(mode="json") | {"from": origin} for model, origin in shown]
        print(json.dumps({"models": document}, ensure_ascii=False, indent=1))
    else:
        _print(shown)
    return 0


def models_add(
    kind: str, provider: str, name: str, changed: Mapping[str, object], *, as_json: bool
) -> int:
    """Put a model into the database; what is known of it and not `changed` stays."""
    if provider not in _PROVIDERS:
        raise InputError(f"{provider} is no provider of models; use {', '.join(_PROVIDERS)}.")
    settings = load_settings()
    entries = models_of(settings).entries
    known: Mapping[str, Any] = next(
        (dict(m) for m in entries if (m.kind, m.provider, m.name) == (kind, provider, name)), {}
    )
    try:
        model = Model.model_validate(
            {"kind": kind, "provider": provider, "name": name, **known, **changed}
        )
    except ValidationError as error:
        raise InputError(f"{misfits(error, Model)[0]}.") from None
    StoredModels(Workshop(settings).engine).put(model)
    if as_json:
        print(json.dumps(model.model_dump(mode="json"), ensure_ascii=False, indent=1))
    else:
        _print([(model, "database")])
    return 0


def models_remove(kind: str, provider: str, name: str) -> int:
    """Forget what was added of a model."""
    settings = load_settings()
    if not StoredModels(Workshop(settings).engine).remove(kind, provider, name):
        raise InputError(
            f"Nobody added the {kind} model {name} of {provider}; "
            "`igny8-media ai models list` shows where each is from."
        )
    print(f"{name} is as it was before it was added.")
    return 0


def _in_force(model: Model, models: Models) -> Model:
    """A default that another one has replaced is none."""
    usual = models.default(model.kind, model.provider) == model.name
    better = models.default(model.kind, model.provider, better=True) == model.name and not usual
    return model.model_copy(update={"default": usual, "better": better})


def _place(model: Model) -> tuple[int, int, str]:
    known = _PROVIDERS.index(model.provider) if model.provider in _PROVIDERS else len(_PROVIDERS)
    return _KINDS.index(model.kind), known, model.provider


def _origins(settings: Settings) -> Callable[[Model], str]:
    shipped, file = load_models().entries, load_models(settings.models_file).entries

    def origin(model: Model) -> str:
        return "shipped" if model in shipped else "file" if model in file else "database"

    return origin


def _print(shown: list[tuple[Model, str]]) -> None:
    today = datetime.now(UTC).date()
    console = Console(highlight=False, soft_wrap=True)
    for kind, models in groupby(shown, key=lambda one: one[0].kind):
        console.print(f"{kind.capitalize()}, in dollars for a {UNITS[kind]}", style="bold")
        for provider, ones in groupby(models, key=lambda one: one[0].provider):
            console.print(f"  {provider}")
            for model, origin in ones:
                console.print(_line(model, origin, today))


def _line(model: Model, origin: str, today: date) -> Text:
    mark = " (default)" if model.default else " (better)" if model.better else ""
    line = Text.assemble("    ", model.name, (mark, "green"))
    line.pad_right(max(0, 40 - len(line)))
    line.append(f" {_price(model)}")
    line.pad_right(max(0, 67 - len(line)))
    line.append(" ").append_text(_end(model, today))
    if origin != "shipped":
        line.append(f" from the {origin}", "cyan")
    line.rstrip()
    if model.also:
        line.append(f"\n      also {', '.join(model.also)}", "dim")
    return line


def _price(model: Model) -> str:
    if model.kind == "text":
        if model.input_price is None or model.output_price is None:
            return "not known"
        return f"{model.input_price} read, {model.output_price} written"
    return "not known" if model.price is None else f"{model.price}"


def _end(model: Model, today: date) -> Text:
    if model.retires is None:
        return Text("")
    if model.retires < today:
        return Text(f"ended {model.retires}", "red")
    return Text(f"ends {model.retires}", "yellow" if model.warning(today) else "")
