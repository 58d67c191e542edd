"""Every setting, in one typed place, read from the environment and a `.env` file."""

import ipaddress
import os
from decimal import Decimal
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict, SettingsError

from igny8_media.articles.sources.mapping import DatabaseMapping
from igny8_media.credits.prices import Prices
from igny8_media.errors import InputError
from igny8_media.imaging.theme import Theme
from igny8_media.social.brand import Brand
from igny8_media.social.model import Platform
from igny8_media.video.model import VideoForm, VideoTarget
from igny8_media.video.presets import Encoder, Quality


def _network(value: str) -> str:
    return str(ipaddress.ip_network(value))


Network = Annotated[str, AfterValidator(_network)]


def _listed(value: object) -> object:
    """Lists are written as on the command line: `linkedin,twitter`; nothing is an empty list."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip() and part != "none"]
    return value


_Listed = BeforeValidator(_listed)

TextProviderName = Literal["gpu_server", "openai", "anthropic"]
# Servers of one's own have the names that are usual for them, without our prefix.
_UNPREFIXED = ("GPU_SERVER_URL", "GPU_SERVER_AUTH_TOKEN", "VLLM_URL", "VLLM_MODEL")


class Settings(BaseSettings):
    """Names in the environment are these, in capitals, with `IGNY8_` in front.

    Nested ones take two underscores: `IGNY8_THEME__ACCENT=#e11d48`.
    """

    model_config = SettingsConfigDict(
        env_prefix="IGNY8_",
        env_nested_delimiter="__",
        env_file=".env",
        extra="ignore",
        frozen=True,
        populate_by_name=True,
    )

    home: Path = Field(Path("var"), description="Where state is kept: media, database, Dagster.")
    content_dir: Path = Field(Path("content"), description="The folder watched for articles.")
    database_url: str | None = Field(None, description="SQLAlchemy URL; default SQLite in home.")
    theme: Theme = Field(default_factory=Theme, description="Colours, font, logo, name.")
    platforms: Annotated[tuple[Platform, ...], NoDecode, _Listed] = Field(
        tuple(Platform), description="Platforms to write for."
    )
    videos: Annotated[tuple[VideoForm, ...], NoDecode, _Listed] = Field(
        tuple(VideoForm), description="Video forms to make."
    )
    video_quality: Quality = Field(
        Quality.STANDARD, description="`draft` renders at 540p, for a quick look."
    )
    video_encoder: Encoder = Field(
        Encoder.X264,
        description="x264, x265, nvenc, qsv, videotoolbox, or hardware (one that works).",
    )
    video_also: Annotated[tuple[int, ...], NoDecode, _Listed] = Field(
        (), description="Smaller files from the same render, by their shorter side: 720."
    )
    music: str = Field(
        "auto", description="auto, none, a mood, or the path of a music file or folder."
    )
    pexels_key: SecretStr | None = Field(None, description="Stock pictures and clips from Pexels.")
    pexels_url: str = Field("https://api.pexels.com", description="Where its API answers.")
    pixabay_key: SecretStr | None = Field(None, description="The same from Pixabay.")
    pixabay_url: str = Field("https://pixabay.com", description="Where its API answers.")
    allow_networks: Annotated[tuple[Network, ...], NoDecode, _Listed] = Field(
        (), description="Networks (CIDR) that articles and pictures may come from though private."
    )
    auto_approve: Annotated[tuple[Platform | VideoTarget, ...], NoDecode, _Listed] = Field(
        (), description="Platforms and video targets whose drafts go out without a person."
    )
    pay_for_links: bool = Field(
        False, description="Accept X's higher price for posts with a link ($0.20, not $0.015)."
    )
    time_zone: str = Field("UTC", description="Where local times are meant, as in Europe/Berlin.")
    token_key: SecretStr | None = Field(
        None, description="Encrypts tokens; newest first, with commas; default a file in home."
    )
    sandbox_url: str = Field("http://127.0.0.1:8765", description="Where the sandbox answers.")
    callback_port: int = Field(
        8976, ge=0, le=65535, description="Where the browser comes back to after consent."
    )
    credits: bool = Field(False, description="Ask for credits before anything is made.")
    credit_account: str = Field("main", max_length=64, description="Whose credits are spent.")
    credit_limit: Decimal = Field(
        Decimal(0), ge=0, decimal_places=4, description="How far below zero the balance may go."
    )
    prices: Prices = Field(
        default_factory=Prices, description="Prices other than the shipped ones, by task and grade."
    )
    text_providers: Annotated[tuple[TextProviderName, ...], NoDecode, _Listed] = Field(
        ("gpu_server", "openai", "anthropic"),
        description="Who is asked for text, in this order, where there is an address or a key.",
    )
    text_timeout: float = Field(
        120.0, gt=0, le=3600, description="Seconds to wait for one answer of a model."
    )
    gpu_server_url: str = Field(
        "",
        validation_alias="GPU_SERVER_URL",
        description="A server that speaks OpenAI's API (vLLM, llama.cpp).",
    )
    gpu_server_auth_token: SecretStr | None = Field(
        None, validation_alias="GPU_SERVER_AUTH_TOKEN", description="Sent to it as a bearer."
    )
    vllm_url: str = Field(
        "", validation_alias="VLLM_URL", description="For text, where that has another address."
    )
    vllm_model: str = Field(
        "", validation_alias="VLLM_MODEL", description="Default: the one the server names first."
    )
    openai_key: SecretStr | None = Field(None, description="Posts written by OpenAI's models.")
    openai_url: str = Field("https://api.openai.com/v1", description="Where its API answers.")
    openai_text_model: str = Field("", description="Default: the registry's.")
    anthropic_key: SecretStr | None = Field(None, description="The same by Anthropic's models.")
    anthropic_url: str = Field("https://api.anthropic.com", description="Where its API answers.")
    anthropic_text_model: str = Field("", description="Default: the registry's.")
    models_file: Path | None = Field(
        None, description="A TOML file of models that adds to the shipped registry."
    )
    brand: Brand = Field(default_factory=Brand, description="How posts by a model sound.")
    wordpress_url: str | None = Field(None, description="A WordPress site to watch.")
    feed_url: str | None = Field(None, description="An RSS or Atom feed to watch.")
    source_database_url: str | None = Field(None, description="The IGNY8 database to watch.")
    source_database_mapping: DatabaseMapping = Field(
        default_factory=DatabaseMapping, description="What its tables and columns are called."
    )

    @cached_property
    def resolved_home(self) -> Path:
        return self.home.absolute()

    @property
    def stock_libraries(self) -> tuple[str, ...]:
        """The names of the libraries there are keys for."""
        keys = {"Pexels": self.pexels_key, "Pixabay": self.pixabay_key}
        return tuple(name for name, key in keys.items() if key)

    @property
    def text_sources(self) -> tuple[TextProviderName, ...]:
        """The providers of text that there is an address or a key for, in the order of asking."""
        there = {
            "gpu_server": bool(self.vllm_url or self.gpu_server_url),
            "openai": bool(self.openai_key and self.openai_key.get_secret_value()),
            "anthropic": bool(self.anthropic_key and self.anthropic_key.get_secret_value()),
        }
        return tuple(dict.fromkeys(name for name in self.text_providers if there[name]))

    @property
    def media_dir(self) -> Path:
        return self.resolved_home / "media"

    @property
    def cache_dir(self) -> Path:
        return self.resolved_home / "cache"

    @property
    def dagster_home(self) -> Path:
        return self.resolved_home / "dagster"

    @property
    def sqlalchemy_url(self) -> str:
        return self.database_url or f"sqlite:///{self.resolved_home / 'igny8.db'}"


def load_settings() -> Settings:
    """The settings in force. Raises InputError naming the variable that does not fit."""
    own = {
        name: value
        for name, value in os.environ.items()
        if name.upper().startswith("IGNY8_") or name.upper() in _UNPREFIXED
    }
    file = Path(".env")
    written = file.stat().st_mtime_ns if file.is_file() else 0
    return _loaded(tuple(sorted(own.items())), str(file.absolute()), written)


@lru_cache(maxsize=4)
def _loaded(_environment: tuple[tuple[str, str], ...], _file: str, _written: int) -> Settings:
    # Kept while nothing they are read from changes: a sensor asks for them with every tick.
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "__".join(part for part in first["loc"] if isinstance(part, str)).upper()
        name = name if name in _UNPREFIXED else f"IGNY8_{name}"
        raise InputError(
            f"The setting {name} does not fit: {first['msg']}; see docs/settings.md."
        ) from error
    except SettingsError as error:
        raise InputError(f"A setting does not fit: {error}; see docs/settings.md.") from error
