"""When posts go out, what is told of them, and to whom. What differs by site is in the database."""

from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings

from igny8_media.errors import InputError
from igny8_media.publishing.moments import zone_of


def _zone(value: str) -> str:
    try:
        zone_of(value)
    except InputError:
        raise ValueError(
            f"there is no time zone '{value[:40]}'; write one as in Europe/Berlin"
        ) from None
    return value


class PlanningSettings(BaseSettings):
    """Part of Settings."""

    time_zone: Annotated[str, AfterValidator(_zone)] = Field(
        "UTC", description="Where local times are meant, as in Europe/Berlin."
    )
    pay_for_links: bool = Field(
        False, description="Accept X's higher price for posts with a link ($0.20, not $0.015)."
    )
    utm: bool = Field(
        True, description="Mark links to articles, so that the site's analytics know the post."
    )
    notify: SecretStr | None = Field(
        None, description="Who hears of what went well or wrong: Apprise addresses, with spaces."
    )
    notify_digest: int = Field(
        15, ge=0, le=1440, description="Minutes for which news is gathered into one message."
    )
    credit_warning: Decimal = Field(
        Decimal(50), ge=0, description="Somebody is told when fewer credits are left."
    )
