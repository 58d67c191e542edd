"""The press: posts, accounts and the ledger together, as commands and sweeps use them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from igny8_media.accounts.hosts import load_hosts
from igny8_media.accounts.model import Account, Service
from igny8_media.errors import InputError
from igny8_media.frozen import Frozen
from igny8_media.publishing.claims import Status
from igny8_media.publishing.connecting import Connector, make_client
from igny8_media.publishing.hosting import StoredMedia
from igny8_media.publishing.ledger import Ledger, utc_now
from igny8_media.publishing.model import Options, Outgoing
from igny8_media.publishing.planning import Planned, Planning
from igny8_media.publishing.posts import APPROVED, AUTOMATIC, DRAFT, Posts
from igny8_media.publishing.publisher import Publisher
from igny8_media.publishing.sweep import CONCURRENCY, sweep
from igny8_media.settings import Settings
from igny8_media.stages.outgoing import outgoing, service_of
from igny8_media.stages.sandboxed import Sandbox, sandbox_account
from igny8_media.stages.workshop import Workshop

if TYPE_CHECKING:
    from igny8_media.accounts.renewal import Refresher
    from igny8_media.accounts.store import Accounts
    from igny8_media.accounts.upkeep import Upkept
    from igny8_media.database.tables import SocialPost

LINKEDIN_TERMS: Final = (
    "LinkedIn's terms want a person behind every post: read it before you approve it "
    "(LinkedIn API Terms, 3.1)."
)
_EXCERPT: Final = 60
_FRESH: Final = timedelta(days=1)
_ORDER: Final = (
    Status.NEEDS_REVIEW,
    Status.FAILED,
    Status.PUBLISHING,
    Status.SCHEDULED,
    Status.PUBLISHED,
)
"""What people should see first, where a post has several accounts."""


class Post(Frozen):
    """A post as people see it. `place` is the platform or the video's target."""

    id: int
    content_id: str
    place: str
    service: Service
    kind: str
    status: str
    text: str
    files: tuple[str, ...]
    approved_by: str | None
    publications: tuple[Planned, ...]

    @property
    def excerpt(self) -> str:
        line = " ".join(self.text.split())
        return line if len(line) <= _EXCERPT else f"{line[: _EXCERPT - 1]}…"


class Press:
    """`accounts` are those that are connected; see `open_press`."""

    def __init__(
        self,
        shop: Workshop,
        accounts: "Accounts",
        connect: Connector,
        refresh: "Refresher",
        sandbox: Sandbox,
        now: Callable[[], datetime],
    ) -> None:
        engine = shop.engine
        self.settings: Settings = shop.settings
        self.shop, self.accounts, self.connect = shop, accounts, connect
        self._refresh, self._sandbox = refresh, sandbox
        self.ledger = Ledger(engine, None if now is utc_now else now)
        self.planning = Planning(engine, now)
        self.all_posts = Posts(engine, now)
        self.publisher = Publisher(self.ledger, accounts, connect)

    # Posts

    def add(self, file: Path) -> tuple[Post, bool]:
        """Take in a post that a person wrote. Raises InputError with everything wrong with it."""
        from igny8_media.publishing.ownpost import read_own_post

        post_id, new = self.all_posts.add(read_own_post(file, self.shop.store))
        return self.post(post_id), new

    def post(self, post_id: int) -> Post:
        row = self.all_posts.get(post_id)
        return self._view(row, self.planning.planned(post_ids=[post_id]))

    def posts(self) -> list[Post]:
        planned = self.planning.planned()
        return [
            self._view(row, [p for p in planned if p.post_id == row.id])
            for row in self.all_posts.list()
        ]

    def _view(self, row: "SocialPost", planned: Sequence[Planned]) -> Post:
        service = service_of(row.form, row.platform)
        live = [p.status for p in planned if p.status is not Status.CANCELLED]
        status = next((str(s) for s in _ORDER if s in live), row.status)
        words = row.post
        text = words.get("post_text") or words.get("text") or words.get("description") or ""
        if words.get("title"):
            text = f"{words['title']}\n{text}"
        files = [one.get("name", "") for one in words.get("media") or []]
        if words.get("video"):
            files.append(words["video"].get("name", ""))
        return Post(
            id=row.id,
            content_id=row.content_id,
            place=row.platform,
            service=service,
            kind=words.get("kind") or words.get("post_type") or "video",
            status=status,
            text=text,
            files=tuple(files),
            approved_by=row.approved_by,
            publications=tuple(planned),
        )

    # Deciding

    def approve(self, post_id: int) -> None:
        self.all_posts.get(post_id)
        self.all_posts.approve(post_id)

    def approve_automatically(self) -> list[int]:
        """Approve and plan for now the fresh drafts of platforms that are switched to it.

        Only drafts of the last day, and only where an account is connected: switching it on must
        not send out everything that ever lay there.
        """
        wanted = set(self.settings.auto_approve)
        done: list[int] = []
        if not wanted:
            return done
        since = self.ledger.now() - _FRESH
        for row in self.all_posts.list(statuses=[DRAFT], since=since):
            service = service_of(row.form, row.platform)
            accounts = [a for a in self.accounts.list(service) if not a.sandbox]
            if row.platform in wanted and row.form != "own" and len(accounts) == 1:
                self.all_posts.approve(row.id, AUTOMATIC)
                done.append(self.plan(row.id, str(accounts[0].id), None, lambda _: Options()))
        return done

    def plan(
        self,
        post_id: int,
        account: str | None,
        due: datetime | None,
        chosen: Callable[[Service], Options],
    ) -> int:
        """Plan an approved post, `due` None meaning now; returns the publication's ID.

        `chosen` tells what a person chose for posts of a service. Raises InputError with everything
        that its platform would refuse.
        """
        row = self.all_posts.get(post_id)
        if row.status != APPROVED:
            raise InputError(
                f"Post {post_id} is not approved: read it with `igny8-media posts show {post_id}`, "
                f"then `igny8-media posts approve {post_id}`."
            )
        target = self.account_for(service_of(row.form, row.platform), account)
        sent = self._outgoing(row, target, chosen(target.service))
        problems = self.connect(target).validate(sent)
        if problems:
            raise InputError(f"Post {post_id} cannot go out as it is: {' '.join(problems)}")
        at = due or self.ledger.now()
        return self.planning.schedule(row.id, row.content_id, target, sent, at)

    def _outgoing(self, row: "SocialPost", target: Account, options: Options) -> Outgoing:
        if target.sandbox or self.settings.pay_for_links:
            options = options.model_copy(update={"links_cost_extra": True})
        return outgoing(self.shop, row, options if options != Options() else None)

    def account_for(self, service: Service, text: str | None) -> Account:
        """The account that was named, else the only one of the service, else the sandbox's."""
        if text == "sandbox":
            return self._on_sandbox(service)
        if text is not None:
            account = self.accounts.find(text)
            if account.service is not service:
                raise InputError(
                    f"{account.name} is an account of {account.service.label}, and the post is for "
                    f"{service.label}; name another with --account."
                )
            return account
        real = [a for a in self.accounts.list(service) if not a.sandbox]
        if len(real) > 1:
            those = ", ".join(f"{a.id} ({a.name})" for a in real)
            raise InputError(
                f"There are several accounts of {service.label}: {those}; name one with --account."
            )
        return real[0] if real else self._on_sandbox(service)

    def _on_sandbox(self, service: Service) -> Account:
        """The sandbox's account of a service, made when it is needed first."""
        held = [a for a in self.accounts.list(service) if a.sandbox]
        return sandbox_account(self.accounts, service, self._sandbox.ready(), held)

    # Sending

    def sweep(
        self,
        *,
        stay: float = 0.0,
        upcoming: bool = False,
        only: list[int] | None = None,
        concurrency: int = CONCURRENCY,
    ) -> int:
        """Publish what is due, see `publishing.sweep`."""
        if any(a.sandbox for a in self.accounts.list()):
            self._sandbox.ready()
        return sweep(
            self.ledger,
            self.publisher,
            stay=stay,
            upcoming=upcoming,
            only=only,
            concurrency=concurrency,
        )

    def renew_tokens(self) -> "Sequence[Upkept]":
        """Renew what has used up four fifths of its life."""
        from igny8_media.accounts.upkeep import refresh_due

        return refresh_due(self.accounts, self._refresh, self.ledger.now)


@contextmanager
def open_press(shop: Workshop, now: Callable[[], datetime] = utc_now) -> Iterator[Press]:
    """The press of this workshop. Raises InputError for a setting that does not fit."""
    from igny8_media.accounts.apps import hosts_of
    from igny8_media.accounts.keys import open_vault
    from igny8_media.accounts.store import Accounts
    from igny8_media.accounts.upkeep import refresher

    settings, hosts = shop.settings, load_hosts()
    key = settings.token_key.get_secret_value() if settings.token_key else None
    given = None if now is utc_now else now
    accounts = Accounts(shop.engine, open_vault(key, settings.resolved_home), given)
    refresh = refresher(hosts, settings.sandbox_url)
    with (
        make_client() as client,
        Sandbox(settings.sandbox_url, settings.resolved_home / "sandbox") as sandbox,
        StoredMedia(shop.store) as media,
    ):
        connect = Connector(
            client,
            lambda account: hosts_of(account, hosts, settings.sandbox_url),
            media.of,
            lambda account: accounts.tokens(account.id, refresh),
            now,
        )
        yield Press(shop, accounts, connect, refresh, sandbox, now)
