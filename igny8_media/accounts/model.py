"""What an account is, without its secrets."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from igny8_media.frozen import Frozen


class Service(StrEnum):
    """A place where posts are published; an account belongs to one of them."""

    LINKEDIN = "linkedin"
    TWITTER = "twitter"
    FACEBOOK = "facebook"
    INSTAGRAM = "instagram"
    TIKTOK = "tiktok"
    YOUTUBE = "youtube"

    @property
    def label(self) -> str:
        """The name people know it by."""
        names = {"linkedin": "LinkedIn", "twitter": "X", "tiktok": "TikTok", "youtube": "YouTube"}
        return names.get(self.value, self.value.capitalize())


AccountKind = Literal["person", "organization", "page", "business", "creator", "channel"]
"""LinkedIn has persons and organizations, Facebook pages, Instagram businesses, TikTok creators,
YouTube channels; X has persons."""

AccountStatus = Literal["active", "needs_reconnect"]


class Account(Frozen):
    """One account; `platform_user_id` is what the platform calls it (a LinkedIn account's is the
    bare ID of the person or organization, not the URN).

    `scopes` are those that were granted. `sandbox` accounts live on the sandbox server.
    `parked_until` is when its platform takes posts again, for the reason beside it.
    """

    id: int
    service: Service
    platform_user_id: str
    name: str
    kind: AccountKind
    sandbox: bool = False
    status: AccountStatus = "active"
    status_reason: str = ""
    scopes: tuple[str, ...] = ()
    expires_at: datetime | None = None
    refresh_expires_at: datetime | None = None
    parked_until: datetime | None = None
    parked_reason: str = ""
    details: Mapping[str, Any] = {}
    """What one platform alone knows: TikTok's `username`, Instagram's `login` (facebook or
    instagram), Facebook's `page_tasks`."""
