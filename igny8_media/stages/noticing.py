"""What nothing else tells of: what was due and was not begun, and credits that run low."""

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from igny8_media.errors import InputError

if TYPE_CHECKING:
    from igny8_media.notices.channels import Channels, Sent
    from igny8_media.settings import Settings
    from igny8_media.stages.workshop import Workshop

LATE: Final = timedelta(minutes=10)


def look_around(shop: "Workshop") -> None:
    """Leave word of what stands still; each occasion once."""
    now = shop.planning.now()
    for one in shop.planning.overdue(LATE):
        text = (
            f"Post {one.post_id} for {one.account} was due {one.due_at:%Y-%m-%d %H:%M} UTC and "
            "nobody has begun it: see that `igny8-media dev`, or Dagster's daemon, is running."
        )
        shop.notices.leave(f"overdue:{one.id}:{one.due_at:%Y%m%d%H%M}", "overdue", text, now)
    if shop.settings.credits:
        _credits(shop)


def _credits(shop: "Workshop") -> None:
    settings = shop.settings
    left = shop.credits.balance().available + settings.credit_limit
    if left >= settings.credit_warning:
        return
    # Once for each grant: who adds too little hears of it again.
    key = f"credits:{settings.credit_account}:{shop.credits.last_grant()}"
    text = (
        f"{left} credits are left of {settings.credit_account}; `igny8-media credits grant` adds "
        "some, and without them nothing more is made."
    )
    shop.notices.leave(key, "credits_low", text, shop.planning.now())


def open_channels(settings: "Settings") -> "Channels":
    """Raises InputError where no address is set, or one is not understood."""
    from igny8_media.notices.channels import Channels

    addresses = addresses_of(settings)
    if not addresses:
        raise InputError(
            "Nobody is told anything: name them in IGNY8_NOTIFY, see docs/notices.md for how."
        )
    return Channels(addresses)


def addresses_of(settings: "Settings") -> list[str]:
    return settings.notify.get_secret_value().split() if settings.notify else []


def news(shop: "Workshop") -> bool:
    """Whether there is something to tell somebody now."""
    if not addresses_of(shop.settings):
        return False
    from igny8_media.notices import telling

    look_around(shop)
    return telling.wanted(shop.notices, shop.planning.now(), shop.settings.notify_digest)


def tell(shop: "Workshop") -> "tuple[int, Sent | None]":
    """Send all that waits; see `notices.telling.tell`."""
    from igny8_media.notices import telling

    return telling.tell(shop.notices, open_channels(shop.settings), shop.planning.now)
