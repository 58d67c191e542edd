"""The access token of one account: renewed in time, by one at a time on all machines."""

import logging
import os
import random
import secrets
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from igny8_media.accounts.connection import Grant, due_at
from igny8_media.accounts.errors import (
    AppRefusedError,
    ReconnectNeededError,
    RefreshFailedError,
)
from igny8_media.accounts.model import Account
from igny8_media.accounts.rows import REMOVED, account_of, flag, locked_family, put_grant
from igny8_media.accounts.vault import TokenSet, Vault
from igny8_media.database.tables import SocialAccount
from igny8_media.database.transactions import transaction

log = logging.getLogger(__name__)

LEASE: Final = timedelta(seconds=60)
"""How long a renewal may take; after that whoever began it is taken for dead."""
_AHEAD: Final = timedelta(seconds=30)
_LONGEST_PAUSE: Final = timedelta(hours=1)
_WRITES: Final = 6

Refresher = Callable[[Account, TokenSet], Grant]
"""Asks the platform for new tokens. Raises ReconnectNeededError, RefreshFailedError or
AppRefusedError."""


@dataclass(frozen=True)
class _Held:
    """What the database holds at one moment."""

    account: Account
    version: int
    tokens: TokenSet
    issued_at: datetime


@dataclass(frozen=True)
class _Busy:
    """Somebody renews the token, or (`resting`) tried in vain a moment ago; `left` in seconds."""

    resting: bool
    left: float


class AccountTokens:
    """One account's access token, as adapters are handed it.

    A new pair is in the database, and on its disk, before it is handed out. Leases run on the
    database server's clock where there is one, unless `now` is given.
    """

    def __init__(
        self,
        engine: Engine,
        vault: Vault,
        account_id: int,
        refresher: Refresher,
        *,
        now: Callable[[], datetime] | None = None,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._engine = engine
        self._vault = vault
        self._id = account_id
        self._refresher = refresher
        self._now = now or (lambda: datetime.now(UTC))
        self._server_clock = now is None and engine.dialect.name == "postgresql"
        self._wait = wait
        self._me = f"{socket.gethostname()[:32]}:{os.getpid()}:{secrets.token_hex(4)}"

    def current(self) -> str:
        """The token to use now.

        One that has used up four fifths of its life is renewed; while it lives, it serves when
        that does not work. One that cannot be renewed is never judged by our clock, which may be
        wrong: the platform says when it is over. Raises ReconnectNeededError, RefreshFailedError
        or AppRefusedError.
        """
        held = self._read()
        if not self._due(held):
            return held.tokens.access
        expires = held.account.expires_at
        return self._renew(held, alive=expires is not None and self._now() < expires - _AHEAD)

    def renewed(self, refused: str) -> str:
        """Another token than the one that was refused; raises as `current` does."""
        held = self._read()
        if held.tokens.access != refused:
            return held.tokens.access
        if held.tokens.refresh is None:
            label = held.account.service.label
            return self._lost(held, f"{label} does not accept its token any more.")
        return self._renew(held, alive=False)

    def keep_fresh(self) -> bool:
        """Renew if four fifths of the life are over; True if that was done. Raises as `current`
        does, also while the old token lives."""
        held = self._read()
        if not self._due(held):
            return False
        self._renew(held, alive=False)
        return True

    def _due(self, held: _Held) -> bool:
        due = due_at(held.issued_at, held.account.expires_at)
        return held.tokens.refresh is not None and due is not None and self._now() >= due

    def _read(self) -> _Held:
        with transaction(self._engine, reading=True) as session:
            row = session.get(SocialAccount, self._id)
            if row is None or row.status == REMOVED:
                raise ReconnectNeededError("The account was removed; connect it again.")
            return self._held(row)

    def _held(self, row: SocialAccount) -> _Held:
        if row.status != "active":
            raise ReconnectNeededError(row.status_reason)
        return _Held(
            account_of(row), row.token_version, self._vault.open(row.tokens), row.issued_at
        )

    def _renew(self, held: _Held, *, alive: bool) -> str:
        found = self._take_turn(held, alive=alive)
        if found is not None:
            return found
        try:
            grant = self._refresher(held.account, held.tokens)
        except ReconnectNeededError as error:
            return self._lost(held, str(error))
        except (RefreshFailedError, AppRefusedError) as error:
            after = error.after if isinstance(error, RefreshFailedError) else 60.0
            self._rest(held, min(timedelta(seconds=after), _LONGEST_PAUSE))
            if alive:
                log.warning("%s is posted as with the token it has: %s", held.account.name, error)
                return held.tokens.access
            raise
        except BaseException:
            self._rest(held, None)
            raise
        return self._keep(held, grant)

    def _take_turn(self, held: _Held, *, alive: bool) -> str | None:
        """None once the lease is ours; else a token that needs no renewal by us."""
        waited = 0.0
        while True:
            with transaction(self._engine) as session:
                row, sharing = self._family(session, held)
                now_held = self._held(row)
                if now_held.version != held.version:
                    return now_held.tokens.access
                busy = _busy(row, self._lease_now(session))
                if busy is None:
                    for one in (row, *sharing):
                        one.refresh_by = self._me
                        one.refresh_until = self._lease_now(session) + LEASE
                    return None
            if alive:
                return held.tokens.access
            if busy.resting or waited > 1.5 * LEASE.total_seconds():
                label = held.account.service.label
                raise RefreshFailedError(
                    f"{label} gave no new token for {held.account.name} a moment ago; it is asked "
                    "again soon.",
                    max(1.0, busy.left),
                )
            pause = random.uniform(0.05, 0.15) if waited < 2 else random.uniform(0.3, 0.7)  # noqa: S311
            self._wait(pause)
            waited += pause

    def _keep(self, held: _Held, grant: Grant) -> str:
        """Write the new pair down; the old one may be dead already, so it is tried for a while."""
        for attempt in range(_WRITES):
            try:
                return self._write(held, grant)
            except OperationalError:
                if attempt == _WRITES - 1:
                    raise
                self._wait(0.2 * 2**attempt)
        raise AssertionError("unreachable")

    def _write(self, held: _Held, grant: Grant) -> str:
        with transaction(self._engine, durable=True) as session:
            row, sharing = self._family(session, held)
            if row.token_version != held.version:
                # Its person connected it again meanwhile, or our lease was over.
                return self._vault.open(row.tokens).access
            merged = _merged(grant, held)
            for one in (row, *sharing):
                put_grant(one, merged, self._vault, self._now())
            return merged.tokens.access

    def _lost(self, held: _Held, reason: str) -> str:
        """Say that the account needs its person, unless there are newer tokens already."""
        with transaction(self._engine) as session:
            row, sharing = self._family(session, held)
            if row.token_version != held.version:
                return self._held(row).tokens.access
            for one in (row, *sharing):
                flag(session, one, reason, self._now())
        raise ReconnectNeededError(reason)

    def _rest(self, held: _Held, pause: timedelta | None) -> None:
        """Give the lease back; nobody asks the platform again before `pause` is over."""
        with transaction(self._engine) as session:
            row, sharing = self._family(session, held)
            for one in (row, *sharing):
                if one.refresh_by == self._me:
                    one.refresh_by = None
                    one.refresh_until = self._lease_now(session) + pause if pause else None

    def _family(self, session: Session, held: _Held) -> tuple[SocialAccount, list[SocialAccount]]:
        return locked_family(session, self._id, self._vault, held.tokens.refresh)

    def _lease_now(self, session: Session) -> datetime:
        if self._server_clock:
            now = session.scalar(select(func.now()))
            assert isinstance(now, datetime)  # noqa: S101 - a server has a clock
            return now.astimezone(UTC)
        return self._now()


def _busy(row: SocialAccount, now: datetime) -> _Busy | None:
    if row.refresh_until is None or row.refresh_until <= now:
        return None
    left = row.refresh_until - now
    # Further ahead than we ever write: a clock was put back since.
    if left > (2 * _LONGEST_PAUSE if row.refresh_by is None else 2 * LEASE):
        return None
    return _Busy(resting=row.refresh_by is None, left=left.total_seconds())


def _merged(grant: Grant, held: _Held) -> Grant:
    """With what the platform did not say again because it is as before."""
    if grant.tokens.refresh_token is not None:
        return grant
    return grant.model_copy(
        update={
            "tokens": grant.tokens.model_copy(update={"refresh_token": held.tokens.refresh_token}),
            "refresh_expires_at": grant.refresh_expires_at or held.account.refresh_expires_at,
        }
    )
