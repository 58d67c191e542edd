"""The registry of models: shipped as data, because models come and go every few months."""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Final, Literal

from pydantic import Field, ValidationError

from igny8_media.ai.text import Usage
from igny8_media.errors import InputError
from igny8_media.frozen import Frozen
from igny8_media.misfits import misfits

WARN_BEFORE: Final = timedelta(days=60)
_MILLION: Final = Decimal(1_000_000)


ModelKind = Literal["text", "speech", "image", "transcription"]

UNITS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "text": "million tokens",
        "speech": "million characters",
        "image": "picture",
        "transcription": "minute",
    }
)
"""What a price is for."""


class Model(Frozen):
    """Prices are US dollars, None where we do not know them: of a million tokens for text, else
    `price` for one of what UNITS says. `context` and `output` are tokens, `characters` what one
    request to speak may hold; `retires` is the last day the provider has announced.

    `name` is what the provider is told; `also` are names that people use for it. `default` is
    asked where no setting names another, `better` where the best quality is wanted.
    """

    kind: ModelKind
    provider: str
    name: str = Field(min_length=1, max_length=128)
    also: tuple[Annotated[str, Field(min_length=1)], ...] = ()
    input_price: Decimal | None = Field(None, ge=0)
    output_price: Decimal | None = Field(None, ge=0)
    price: Decimal | None = Field(None, ge=0)
    context: int | None = Field(None, gt=0)
    output: int | None = Field(None, gt=0)
    characters: int | None = Field(None, gt=0)
    retires: date | None = None
    default: bool = False
    better: bool = False

    def cost(self, usage: Usage) -> Decimal | None:
        """Dollars for tokens, None if a price is not known."""
        if self.input_price is None or self.output_price is None:
            return None
        return (
            self.input_price * usage.input_tokens + self.output_price * usage.output_tokens
        ) / _MILLION

    def warning(self, today: date) -> str | None:
        """That it ends within sixty days, or has ended, as a sentence."""
        if self.retires is None or self.retires - today > WARN_BEFORE:
            return None
        if self.retires < today:
            said = f"was retired on {self.retires}"
        else:
            said = f"will be retired on {self.retires}, in {(self.retires - today).days} days"
        return f"The model {self.name} of {self.provider} {said}; name another one, see docs/ai.md."


class _Entries(Frozen):
    model: tuple[Model, ...] = ()


class Models:
    """What is known of models. One that is not known works all the same."""

    def __init__(self, entries: tuple[Model, ...]) -> None:
        self.entries = entries

    def find(self, kind: str, provider: str, name: str) -> Model | None:
        """The entry of this name; of a dated snapshot ("name-2026-03-17"), its model's."""
        known = [m for m in self.entries if (m.kind, m.provider) == (kind, provider)]
        fits = [m for m in known if name in (m.name, *m.also) or _is_snapshot(name, m.name)]
        return max(fits, key=lambda m: (name == m.name, len(m.name)), default=None)

    def named(self, kind: str, provider: str, name: str) -> str:
        """What the provider calls it: `eleven_multilingual_v2` for `eleven-multilingual-v2`; a
        name that is not known, and a snapshot's, as it is."""
        found = self.find(kind, provider, name)
        return found.name if found is not None and name in found.also else name

    def default(self, kind: str, provider: str, *, better: bool = False) -> str:
        """The name of the model to ask where none is set; empty if the provider knows best.

        `better` is for the best quality; a provider without such a model has its usual one.
        """
        known = [m for m in reversed(self.entries) if (m.kind, m.provider) == (kind, provider)]
        usual = next((m.name for m in known if m.default), "")
        return next((m.name for m in known if m.better), usual) if better else usual


def load_models(own: Path | None = None, stored: Sequence[Model] = ()) -> Models:
    """The shipped entries; those of a file of one's own in their place or besides; and those that
    are `stored` elsewhere before both.

    Raises InputError for a file that is not there or does not fit.
    """
    entries = _shipped()
    for added in (_read(own) if own is not None else (), tuple(stored)):
        replaced = {(m.kind, m.provider, m.name) for m in added}
        kept = (m for m in entries if (m.kind, m.provider, m.name) not in replaced)
        entries = (*kept, *added)
    return Models(entries)


def _read(own: Path) -> tuple[Model, ...]:
    try:
        return _Entries.model_validate(tomllib.loads(own.read_text(encoding="utf-8"))).model
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"IGNY8_MODELS_FILE names {own}, which cannot be read ({type(error).__name__}); "
            "correct the path."
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{own} is not valid TOML: {error}; see docs/ai.md.") from None
    except ValidationError as error:
        raise InputError(
            f"{own} does not fit: {misfits(error, _Entries)[0]}; see docs/ai.md."
        ) from None


@lru_cache(maxsize=1)
def _shipped() -> tuple[Model, ...]:
    text = (resources.files("igny8_media.ai") / "models.toml").read_text(encoding="utf-8")
    return _Entries.model_validate(tomllib.loads(text)).model


def _is_snapshot(name: str, model: str) -> bool:
    rest = name.removeprefix(f"{model}-")
    return rest != name and rest.replace("-", "").isdigit() and len(rest) in (8, 10)
