"""Where each platform answers, and our registration with it, read from the environment and .env.

These settings have the names that the platforms' own documentation made usual, without `IGNY8_`.
"""

import re
from typing import Final

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from igny8_media.errors import InputError
from igny8_media.misfits import setting_misfit

GRAPH_VERSION: Final = "v26.0"
"""Current since 2026-07-29 (facebook_business 26.0.3)."""
_APPS: Final = ("linkedin", "twitter", "google")


class Hosts(BaseSettings):
    """Base addresses have no slash at their end. Consent pages follow the API's host where that
    was set to a server of one's own."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    linkedin_api_url: str = "https://api.linkedin.com"
    linkedin_oauth_url: str = "https://www.linkedin.com/oauth/v2"
    linkedin_version: str = Field("202609", description="Sent as LinkedIn-Version.")
    linkedin_client_id: str = ""
    linkedin_client_secret: SecretStr = SecretStr("")
    linkedin_member_analytics: bool = Field(
        False, description="The application was approved for figures of members' posts."
    )
    twitter_api_url: str = "https://api.x.com"
    twitter_oauth_url: str = Field("", description="Where people consent; default https://x.com.")
    twitter_client_id: str = ""
    twitter_client_secret: SecretStr = SecretStr("")
    meta_graph_url: str = Field(
        f"https://graph.facebook.com/{GRAPH_VERSION}", description="With the version at its end."
    )
    meta_upload_url: str = "https://rupload.facebook.com"
    meta_oauth_url: str = Field("", description="Default https://www.facebook.com.")
    meta_app_id: str = ""
    meta_app_secret: SecretStr = SecretStr("")
    tiktok_api_url: str = "https://open.tiktokapis.com"
    tiktok_oauth_url: str = Field("", description="Default https://www.tiktok.com.")
    tiktok_client_key: str = ""
    tiktok_client_secret: SecretStr = SecretStr("")
    google_api_url: str = "https://youtube.googleapis.com"
    google_analytics_url: str = Field(
        "https://youtubeanalytics.googleapis.com", description="Where videos' watch time is told."
    )
    google_oauth_url: str = Field(
        "https://oauth2.googleapis.com", description="Where tokens are given."
    )
    google_consent_url: str = Field("", description="Default https://accounts.google.com.")
    google_client_id: str = ""
    google_client_secret: SecretStr = SecretStr("")

    @field_validator(
        "linkedin_api_url",
        "linkedin_oauth_url",
        "twitter_api_url",
        "meta_graph_url",
        "meta_upload_url",
        "tiktok_api_url",
        "google_api_url",
        "google_analytics_url",
        "google_oauth_url",
    )
    @classmethod
    def _web_address(cls, value: str) -> str:
        if not re.match(r"https?://[^/\s]+", value):
            raise ValueError("it must be a web address that starts with https://")
        return value.rstrip("/")

    @field_validator("linkedin_version")
    @classmethod
    def _month(cls, value: str) -> str:
        if not re.fullmatch(r"20\d{4}", value, re.ASCII):
            raise ValueError("a version is a year and a month, as in 202609")
        return value

    @field_validator("meta_graph_url")
    @classmethod
    def _versioned(cls, value: str) -> str:
        return value if re.search(r"/v\d+\.\d+$", value) else f"{value}/{GRAPH_VERSION}"

    @property
    def graph_version(self) -> str:
        return self.meta_graph_url.rpartition("/")[2]

    @property
    def twitter_consent(self) -> str:
        return self.twitter_oauth_url or _beside(self, "twitter_api_url", "https://x.com")

    @property
    def meta_consent(self) -> str:
        consent = self.meta_oauth_url or _beside(self, "meta_graph_url", "https://www.facebook.com")
        return consent.removesuffix(f"/{self.graph_version}")

    @property
    def tiktok_consent(self) -> str:
        return self.tiktok_oauth_url or _beside(self, "tiktok_api_url", "https://www.tiktok.com")

    @property
    def google_consent(self) -> str:
        return self.google_consent_url or _beside(
            self, "google_oauth_url", "https://accounts.google.com"
        )

    def on_sandbox(self, url: str) -> "Hosts":
        """The same places on the sandbox server at `url`."""
        url = url.rstrip("/")
        app = {"client_id": "sandbox", "client_secret": SecretStr("sandbox-secret")}
        return self.model_copy(
            update={
                "linkedin_api_url": f"{url}/linkedin",
                "linkedin_oauth_url": f"{url}/linkedin/oauth/v2",
                "twitter_api_url": f"{url}/twitter",
                "twitter_oauth_url": "",
                "meta_graph_url": f"{url}/graph/{GRAPH_VERSION}",
                "meta_upload_url": f"{url}/rupload",
                "meta_oauth_url": "",
                "tiktok_api_url": f"{url}/tiktok",
                "tiktok_oauth_url": "",
                "google_api_url": f"{url}/google",
                "google_analytics_url": f"{url}/google",
                "google_oauth_url": f"{url}/google",
                "google_consent_url": "",
                **{f"{name}_{key}": value for name in _APPS for key, value in app.items()},
                "meta_app_id": "sandbox",
                "meta_app_secret": SecretStr("sandbox-secret"),
                "tiktok_client_key": "sandbox",
                "tiktok_client_secret": SecretStr("sandbox-secret"),
            }
        )


def _beside(hosts: Hosts, name: str, usual: str) -> str:
    """The usual consent page's host, or the API's own where that was set."""
    own = str(getattr(hosts, name))
    return usual if own == Hosts.model_fields[name].default else own


def load_hosts() -> Hosts:
    """The addresses in force. Raises InputError naming the variable that does not fit."""
    try:
        return Hosts()
    except ValidationError as error:
        raise InputError(setting_misfit(error, Hosts, str)) from error
