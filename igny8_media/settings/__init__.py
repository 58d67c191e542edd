"""Every setting, in one typed place, read from the environment and a `.env` file."""

import ipaddress
import re
from decimal import Decimal
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import NoDecode, SettingsConfigDict, SettingsError

from igny8_media.articles.sources.mapping import DatabaseMapping
from igny8_media.credits.prices import Prices
from igny8_media.environment import Environment, environment
from igny8_media.errors import InputError
from igny8_media.imaging.theme import Theme
from igny8_media.misfits import setting_misfit
from igny8_media.settings.listed import LISTED
from igny8_media.settings.planning import PlanningSettings
from igny8_media.settings.providers import UNPREFIXED, ProviderSettings
from igny8_media.social.brand import Brand
from igny8_media.social.model import Platform
from igny8_media.video.model import VideoForm, VideoTarget
from igny8_media.video.presets import Encoder, Quality


def _network(value: str) -> str:
    try:
        return str(ipaddress.ip_network(value))
    except ValueError:
        raise ValueError(f"'{value[:40]}' is no network such as 192.168.1.0/24") from None


Network = Annotated[str, AfterValidator(_network)]


class Settings(ProviderSettings, PlanningSettings):
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
    platforms: Annotated[tuple[Platform, ...], NoDecode, LISTED] = Field(
        tuple(Platform), description="Platforms to write for."
    )
    videos: Annotated[tuple[VideoForm, ...], NoDecode, LISTED] = Field(
        tuple(VideoForm), description="Video forms to make."
    )
    video_quality: Quality = Field(
        Quality.STANDARD, description="`draft` renders at 540p, for a quick look."
    )
    video_encoder: Encoder = Field(
        Encoder.X264,
        description="x264, x265, nvenc, qsv, videotoolbox, or hardware (one that works).",
    )
    video_also: Annotated[tuple[int, ...], NoDecode, LISTED] = Field(
        (), description="Smaller files from the same render, by their shorter side: 720."
    )
    music: str = Field(
        "auto", description="auto, none, a mood, or the path of a music file or folder."
    )
    allow_networks: Annotated[tuple[Network, ...], NoDecode, LISTED] = Field(
        (), description="Networks (CIDR) that articles and pictures may come from though private."
    )
    auto_approve: Annotated[tuple[Platform | VideoTarget, ...], NoDecode, LISTED] = Field(
        (), description="Platforms and video targets whose drafts go out without a person."
    )
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
    return _loaded(environment(lambda name: name.startswith("IGNY8_") or name in UNPREFIXED))


@lru_cache(maxsize=4)
def _loaded(_environment: Environment) -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        raise InputError(setting_misfit(error, Settings, _variable)) from error
    except SettingsError as error:
        found = re.search(r'field "(\w+)"', str(error))
        name = _variable(found[1].upper()) if found else "A setting"
        raise InputError(
            f"{name} is no JSON; write its parts one by one, as in IGNY8_THEME__ACCENT=#e11d48, or "
            "see docs/settings.md."
        ) from error


def _variable(name: str) -> str:
    return name if name in UNPREFIXED else f"IGNY8_{name}"
