"""Where media lie that platforms fetch, read from the environment and .env.

These settings have the names that S3's tools made usual, without `IGNY8_`.
"""

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from igny8_media.environment import Environment, environment
from igny8_media.errors import InputError
from igny8_media.misfits import setting_misfit

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

ATTEMPTS: Final = 3
"""Of each request, the first one counted; a run that fails all the same is tried again later."""
_BUCKET: Final = r"([A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9])?"


class Bucket(BaseSettings):
    """A bucket of Amazon's or of any server that speaks S3, and the public address of its files.

    Without a bucket's name media lie in a folder, which MEDIA_CDN_URL may make public too. Without
    a key, one is looked for where AWS's own tools have theirs.
    """

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    aws_storage_bucket_name: str = ""
    aws_access_key_id: str = ""
    aws_secret_access_key: SecretStr = SecretStr("")
    aws_session_token: SecretStr = SecretStr("")
    aws_s3_region_name: str = ""
    aws_s3_endpoint_url: str = Field("", description="Of another server than Amazon's.")
    media_cdn_url: str = Field("", description="What stands before a key where files are public.")
    media_url_seconds: int = Field(
        86400,
        ge=3600,
        le=7 * 86400,
        description="How long an address lasts that is signed for a platform to fetch from.",
    )

    @field_validator("aws_s3_endpoint_url", "media_cdn_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        if value and not re.match(r"https?://[^/\s]+[^\s?#]*$", value):
            raise ValueError("it must be a web address that starts with https://")
        return value.rstrip("/")

    @field_validator("aws_storage_bucket_name")
    @classmethod
    def _bucket(cls, value: str) -> str:
        if not re.fullmatch(_BUCKET, value):
            raise ValueError("a bucket's name has at least three letters, digits, dots or hyphens")
        return value

    @field_validator("aws_s3_region_name")
    @classmethod
    def _region(cls, value: str) -> str:
        if not re.fullmatch(r"[A-Za-z0-9-]*", value):
            raise ValueError("a region has letters, digits and hyphens, as in eu-central-1")
        return value

    @property
    def place(self) -> str:
        """The server, for a sentence."""
        return self.aws_s3_endpoint_url or "Amazon S3"

    def connection(self) -> dict[str, Any]:
        """What a client is made with, in the names of boto3 and of Dagster's S3Resource."""
        # A server of one's own has no regions, but signatures name one.
        region = self.aws_s3_region_name or ("us-east-1" if self.aws_s3_endpoint_url else None)
        return {
            "region_name": region,
            "endpoint_url": self.aws_s3_endpoint_url or None,
            "aws_access_key_id": self.aws_access_key_id or None,
            "aws_secret_access_key": self.aws_secret_access_key.get_secret_value() or None,
            "aws_session_token": self.aws_session_token.get_secret_value() or None,
        }


_NAMES: Final = frozenset(name.upper() for name in Bucket.model_fields)


def load_bucket() -> Bucket:
    """The settings in force. Raises InputError naming the variable that does not fit."""
    return _loaded(environment(_NAMES.__contains__))


@lru_cache(maxsize=4)
def _loaded(_environment: Environment) -> Bucket:
    try:
        return Bucket()
    except ValidationError as error:
        raise InputError(setting_misfit(error, Bucket, str)) from None


def connect(bucket: Bucket) -> "S3Client":
    """A client for where no Dagster resource hands one in."""
    import boto3
    from botocore.config import Config

    retries = Config(retries={"max_attempts": ATTEMPTS, "mode": "standard"})
    return boto3.client("s3", config=retries, **bucket.connection())
