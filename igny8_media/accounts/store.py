"""The accounts that are connected, and what is known about them."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from igny8_media.accounts.connection import Connection
from igny8_media.accounts.model import Account, Service
from igny8_media.accounts.renewal import AccountTokens, Refresher
from igny8_media.accounts.rows import (
    REMOVED,
    account_of,
    connect_command,
    flag,
    locked,
    put_grant,
)
from igny8_media.accounts.vault import Vault
from igny8_media.database.notifications import notify
from igny8_media.database.tables import Publication, SocialAccount
from igny8_media.database.transactions import transaction
from igny8_media.errors import InputError


class Accounts:
    """The table `social_account`. `now` replaces all clocks, the leases' too."""

    def __init__(
        self, engine: Engine, vault: Vault, now: Callable[[], datetime] | None = None
    ) -> None:
        self._engine = engine
        self._vault = vault
        self._given_now = now
        self._now = now or (lambda: datetime.now(UTC))

    def add(self, connection: Connection) -> Account:
        """Keep an account; one that is there already gets the new tokens and is active again."""
        now, given = self._now(), connection
        with transaction(self._engine, durable=True) as session:
            row = session.scalars(
                select(SocialAccount)
                .where(
                    SocialAccount.service == given.service,
                    SocialAccount.platform_user_id == given.platform_user_id,
                    SocialAccount.sandbox == given.sandbox,
                )
                .with_for_update()
            ).first()
            if row is None:
                row = SocialAccount(
                    service=given.service,
                    platform_user_id=given.platform_user_id,
                    sandbox=given.sandbox,
                    scopes=[],
                    created_at=now,
                )
                session.add(row)
            if row.status == REMOVED:
                row.parked_until, row.parked_reason = None, ""
            row.name, row.kind, row.details = given.name, given.kind, dict(given.details)
            put_grant(row, given.grant, self._vault, now)
            session.flush()
            session.refresh(row)
            return account_of(row)

    def list(self, service: Service | None = None) -> list[Account]:
        query = select(SocialAccount).where(SocialAccount.status != REMOVED)
        if service is not None:
            query = query.where(SocialAccount.service == service)
        with transaction(self._engine, reading=True) as session:
            return [account_of(row) for row in session.scalars(query.order_by(SocialAccount.id))]

    def get(self, account_id: int) -> Account:
        """Also one that was removed, while publications tell of it. Raises InputError."""
        with transaction(self._engine, reading=True) as session:
            row = session.get(SocialAccount, account_id)
            if row is None:
                raise InputError(_unknown(str(account_id)))
            return account_of(row)

    def find(self, text: str) -> Account:
        """The one account with this ID or name, or of this service. Raises InputError."""
        accounts = self.list()
        wanted = text.strip().casefold()
        by_id = [a for a in accounts if str(a.id) == wanted]
        by_name = [a for a in accounts if a.name.casefold() == wanted]
        found = (
            by_id
            or by_name
            or [a for a in accounts if wanted in (a.service, a.service.label.casefold())]
        )
        if not found:
            raise InputError(_unknown(text))
        if len(found) > 1:
            those = ", ".join(f"{a.id} ({a.service.label}: {a.name})" for a in found)
            raise InputError(f"Several accounts fit '{text}': {those}; name one by its number.")
        return found[0]

    def remove(self, account_id: int, *, force: bool = False) -> int:
        """Forget an account and its tokens; returns how many waiting posts were cancelled.

        Raises InputError while posts wait for it, unless `force` cancels them, and while one is
        being published: nobody would learn what became of it.
        """
        with transaction(self._engine, durable=True) as session:
            row = locked(session, account_id)
            # Locked, so that none is claimed between looking and removing.
            counts = Counter(
                session.scalars(
                    select(Publication.status)
                    .where(Publication.account_id == account_id)
                    .with_for_update()
                )
            )
            if counts["publishing"]:
                raise InputError(
                    f"A post is being published as {row.name} at this moment; remove the account "
                    "when it is done."
                )
            waiting = counts["scheduled"]
            if waiting and not force:
                raise InputError(
                    f"{waiting} post{'s wait' if waiting > 1 else ' waits'} to be published as "
                    f"{row.name}; cancel them first, or remove the account with --force."
                )
            self._forget(session, row, has_history=bool(counts))
            return waiting

    def _forget(self, session: Session, row: SocialAccount, *, has_history: bool) -> None:
        if not has_history:
            session.execute(delete(SocialAccount).where(SocialAccount.id == row.id))
            return
        # What was published goes on naming its account, without anything to publish with.
        session.execute(
            update(Publication)
            .where(Publication.account_id == row.id, Publication.status == "scheduled")
            .values(status="cancelled", reason="The account was removed.")
        )
        row.status, row.tokens, row.updated_at = REMOVED, "", self._now()
        row.token_version += 1

    def tokens(self, account_id: int, refresher: Refresher) -> AccountTokens:
        return AccountTokens(self._engine, self._vault, account_id, refresher, now=self._given_now)

    def ends_at(self, account_id: int) -> datetime | None:
        """When its person must connect it again at the latest, as far as the platform said: what
        was granted ends, and nothing in hand renews it."""
        with transaction(self._engine) as session:
            row = locked(session, account_id)
            renewable = self._vault.open(row.tokens).refresh is not None
            ends = row.refresh_expires_at if renewable else row.expires_at
            reads = row.details.get("data_access_expires_at")
        moments = [ends, datetime.fromisoformat(reads) if reads else None]
        return min((moment for moment in moments if moment), default=None)

    def park(self, account_id: int, until: datetime | None, reason: str) -> None:
        """Post nothing until then, or longer where it was parked for longer; None lifts it."""
        with transaction(self._engine) as session:
            row = locked(session, account_id)
            if until and row.parked_until and row.parked_until >= until:
                return
            row.parked_until, row.parked_reason = until, reason if until else ""
            row.updated_at = self._now()

    def resume(self, account_id: int) -> int | None:
        """A person says that what it was parked for is over: its posts go out again when they are
        due. Returns how many were put off till the park's end, None where it was not parked.

        Raises InputError for one that needs its person: that is not lifted by saying so.
        """
        now = self._now()
        with transaction(self._engine) as session:
            row = locked(session, account_id)
            if row.status != "active":
                raise InputError(
                    f"{row.name} is not parked, it needs you: connect it again with "
                    f"`{connect_command(account_of(row))}`."
                )
            until = row.parked_until
            if until is None or until <= now:
                return None
            row.parked_until, row.parked_reason, row.updated_at = None, "", now
            # Who ran into the limit was put off itself; its platform's answer decides anew.
            waiting = session.scalars(
                select(Publication)
                .where(
                    Publication.account_id == account_id,
                    Publication.status.in_(("scheduled", "publishing")),
                    Publication.lease_until.is_(None),
                    Publication.next_at > now,
                    Publication.next_at <= until,
                    Publication.next_at > Publication.due_at,
                )
                .order_by(Publication.id)
                .with_for_update(skip_locked=True)
            ).all()
            for each in waiting:
                each.next_at = max(now, each.due_at)
                each.reason = ""
            return len(waiting)

    def needs_reconnect(self, account_id: int, reason: str) -> bool:
        """Let the account's posts wait for its person; True, and told, the first time only."""
        with transaction(self._engine) as session:
            return flag(session, locked(session, account_id), reason, self._now())

    def notify(self, key: str, kind: str, text: str) -> bool:
        """Leave a notification; False when there was one with this key."""
        with transaction(self._engine) as session:
            return notify(session, key, kind, text, self._now())

    def reseal(self) -> int:
        """Encrypt all tokens with the newest key, all or none; returns how many accounts."""
        self._vault.forget_keys()
        with transaction(self._engine, durable=True) as session:
            rows: Sequence[SocialAccount] = session.scalars(
                select(SocialAccount)
                .where(SocialAccount.status != REMOVED)
                .order_by(SocialAccount.id)
                .with_for_update()
            ).all()
            for row in rows:
                row.tokens = self._vault.reseal(row.tokens)
            return len(rows)


def _unknown(text: str) -> str:
    return (
        f"There is no account '{text}'; `igny8-media accounts list` shows those there are, and "
        "`igny8-media accounts connect` adds one."
    )
