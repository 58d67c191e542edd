"""Where messages go: whatever Apprise speaks to, which is mail, chats, push services, webhooks."""

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from igny8_media.errors import InputError, OutsideError
from igny8_media.frozen import Frozen
from igny8_media.notices.digest import Message

if TYPE_CHECKING:
    from apprise import NotifyBase

log = logging.getLogger(__name__)


class Sent(Frozen):
    """Names of channels, without their secrets."""

    reached: tuple[str, ...]
    failed: tuple[str, ...]


class Channels:
    """The channels of Apprise addresses (github.com/caronc/apprise, 2.2)."""

    def __init__(self, addresses: Sequence[str]) -> None:
        """Raises InputError for an address that Apprise does not know, naming its place in the
        list: the address itself is a secret."""
        # Importing it takes a while, and most commands send nothing.
        from apprise import Apprise, NotifyBase, OverflowMode

        # What it says on the way may hold a channel's password.
        logging.getLogger("apprise").setLevel(logging.CRITICAL)
        self._channels: list[NotifyBase] = []
        for number, address in enumerate(addresses, 1):
            made = Apprise.instantiate(address, suppress_exceptions=True)
            if not isinstance(made, NotifyBase):
                raise InputError(
                    f"Address {number} in IGNY8_NOTIFY is none that Apprise knows; see "
                    "docs/notices.md for how they are written."
                )
            # Most channels refuse what is too long for them, and it would never be told. One
            # message, not many: some cost money. An address may say otherwise (overflow=split).
            if made.overflow_mode == OverflowMode.UPSTREAM:
                made.overflow_mode = OverflowMode.TRUNCATE
            self._channels.append(made)

    def names(self) -> tuple[str, ...]:
        return tuple(_name(channel) for channel in self._channels)

    def send(self, message: Message) -> Sent:
        """Each channel gets it. Raises OutsideError if none took it."""
        from apprise import NotifyFormat

        reached: list[str] = []
        failed: list[str] = []
        for channel in self._channels:
            taken = _taken(channel, message, NotifyFormat.TEXT)
            (reached if taken else failed).append(_name(channel))
        for name in failed:
            log.warning("%s did not take a message: check its address in IGNY8_NOTIFY.", name)
        if not reached:
            raise OutsideError(f"No message could be sent through {', '.join(failed)}.")
        return Sent(reached=tuple(reached), failed=tuple(failed))


def _taken(channel: "NotifyBase", message: Message, written: object) -> bool:
    try:
        return bool(channel.notify(body=message.body, title=message.title, body_format=written))
    except Exception as error:  # a plugin's own mistake costs its channel, not the others
        log.warning("%s failed: %s", _name(channel), type(error).__name__)
        return False


def _name(channel: "NotifyBase") -> str:
    shown: str = channel.url(privacy=True)  # type: ignore[no-untyped-call]
    return f"{channel.service_name} ({shown.partition('?')[0]})"
