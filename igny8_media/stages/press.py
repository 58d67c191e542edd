"""The press: posts, accounts and the ledger together, as commands and sweeps use them."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from igny8_media.accounts.hosts import load_hosts
from igny8_media.accounts.model import Account, Service
from igny8_media.database.tables import Site
from igny8_media.database.transactions import transaction
from igny8_media.errors import Igny8Error, InputError, OutsideError
from igny8_media.planning.queue import Queue, Wanted
from igny8_media.planning.sites import sites_of
from igny8_media.publishing.choices import Chosen
from igny8_media.publishing.connecting import Connector, make_client
from igny8_media.publishing.hosting import StoredMedia
from igny8_media.publishing.ledger import Ledger, utc_now
from igny8_media.publishing.model import Options, Outgoing
from igny8_media.publishing.moments import zone_of
from igny8_media.publishing.placing import Placement, Turn
from igny8_media.publishing.planning import Planning
from igny8_media.publishing.posts import Posts
from igny8_media.publishing.publisher import Publisher
from igny8_media.publishing.statuses import APPROVED, Status
from igny8_media.publishing.sweep import CONCURRENCY, sweep
from igny8_media.settings import Settings
from igny8_media.stages.marking import Marks
from igny8_media.stages.outgoing import outgoing, service_of, with_options
from igny8_media.stages.posted import Post, views
from igny8_media.stages.sandboxed import Sandbox, sandbox_account, unseen_account
from igny8_media.stages.workshop import Workshop

if TYPE_CHECKING:
    from igny8_media.accounts.renewal import Refresher
    from igny8_media.accounts.store import Accounts
    from igny8_media.accounts.upkeep import Upkept
    from igny8_media.database.tables import SocialPost

log = logging.getLogger(__name__)

LINKEDIN_TERMS: Final = (
    "LinkedIn's terms want a person behind every post (LinkedIn API Terms, 3.1): an approval says "
    "that somebody has read it; `igny8-media posts cancel` takes it back."
)
_USUAL: Final = Options()


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
        self.shop, self.accounts, self.connect, self.sandbox = shop, accounts, connect, sandbox
        self._refresh = refresh
        self.ledger = Ledger(engine, None if now is utc_now else now)
        self.planning = Planning(engine, now)
        self.queue = Queue(engine, self.settings.time_zone, now)
        self.all_posts = Posts(engine, now)
        self.publisher = Publisher(self.ledger, accounts, connect, address=self._address)

    def _address(self, account: Account, platform_id: str, url: str | None) -> str | None:
        """The sandbox plays platforms, whose own addresses would lead nowhere."""
        return self.sandbox.page_of(account.service, platform_id) if account.sandbox else url

    # Posts

    def add(self, file: Path) -> tuple[Post, bool]:
        """Take in a post that a person wrote. Raises InputError with everything wrong with it."""
        from igny8_media.publishing.ownpost import read_own_post

        post_id, new = self.all_posts.add(read_own_post(file, self.shop.store))
        return self.post(post_id), new

    def post(self, post_id: int) -> Post:
        """Raises InputError where there is none with this ID."""
        row = self.all_posts.get(post_id)
        (post,) = views([row], self.planning.planned(post_ids=[post_id]))
        return post

    def posts(self) -> list[Post]:
        """All that no newer revision has replaced."""
        return views(self.all_posts.list(), self.planning.planned())

    def zones(self, posts: Sequence[Post]) -> dict[int, tzinfo]:
        """The zone of each post's site, by the post's ID; that of the settings where a site has
        none yet."""
        with transaction(self.shop.engine, reading=True) as session:
            sites = sites_of(session, {post.content_id for post in posts})
            known = {site.name: site.time_zone for site in session.scalars(select(Site))}
        usual = self.settings.time_zone
        return {post.id: zone_of(known.get(sites[post.content_id], usual)) for post in posts}

    def examined(self, post_id: int) -> tuple[Outgoing | None, str]:
        """What would be sent, and why it cannot be as it is, to any of the accounts there are, or
        to the sandbox."""
        row = self.all_posts.get(post_id)
        service = service_of(row.form, row.platform)
        accounts = self.accounts.list(service) or [unseen_account(service)]
        accounts = [a for a in accounts if not a.sandbox] or accounts
        problems: dict[str, None] = {}
        try:
            sent = outgoing(self.shop, row)
            for account in accounts:
                theirs = self._with_options(row, account, Options())
                problems |= dict.fromkeys(self.connect(account).validate(theirs))
        except Igny8Error as error:
            return None, str(error)
        return theirs if len(accounts) == 1 else sent, " ".join(problems)

    # Deciding

    def approve(self, post_ids: Sequence[int]) -> None:
        """All of them, or, where one is not there, none."""
        for post_id in post_ids:
            self.all_posts.get(post_id)
        for post_id in post_ids:
            self.all_posts.approve(post_id)

    def reject(self, post_id: int, note: str) -> int:
        """It must not go out as it is, for the reason in `note`; what it was planned for and has
        not begun is taken back. Returns how many publications that were."""
        self.all_posts.get(post_id)
        gone = self.cancel(post_id)
        self.all_posts.reject(post_id, note)
        # Whoever planned it in between could not know; from now on nobody can.
        return gone + self.cancel(post_id)

    def plan(
        self,
        post_id: int,
        account: str | None,
        due: datetime | None,
        chosen: Chosen,
        turn: Turn | None = None,
    ) -> int:
        """Plan an approved post, `due` None meaning now, or, with a `turn`, when a slot is free;
        returns the publication's ID.

        Raises InputError with everything that its platform would refuse, OutsideError when it is
        for the sandbox and there is none.
        """
        (publication_id,) = self.queue.plan([self.wanted(post_id, account, due, chosen, turn)])
        return publication_id

    def wanted(
        self,
        post_id: int,
        account: str | None,
        due: datetime | None,
        chosen: Chosen,
        turn: Turn | None = None,
    ) -> Wanted:
        """As `plan`, up to the planning: many may be planned together."""
        row = self.all_posts.get(post_id)
        if row.status != APPROVED:
            raise InputError(
                f"Post {post_id} is not approved: read it with `igny8-media posts show {post_id}`, "
                f"then `igny8-media posts approve {post_id}`."
            )
        target = self.account_for(service_of(row.form, row.platform), account)
        if target.sandbox:
            self.sandbox.ready()
        sent = self.checked(row, target, chosen(target.service))
        placement = Placement(
            post_id=row.id,
            account_id=target.id,
            content_id=row.content_id,
            service=target.service,
            outgoing=sent.model_dump(mode="json"),
            due_at=due or self.ledger.now(),
            turn=turn,
        )
        with transaction(self.shop.engine, reading=True) as session:
            site = sites_of(session, [row.content_id])[row.content_id]
        return Wanted(placement, site, row.platform)

    def cancel(self, post_id: int) -> int:
        """Take back what has not begun, see `Planning.cancel`; the queue closes up behind it."""
        gone = self.planning.cancel(post_id)
        if gone:
            planned = self.planning.planned(post_ids=[post_id])
            self.queue.refill({one.account_id for one in planned})
        return gone

    def checked(self, row: "SocialPost", target: Account, options: Options) -> Outgoing:
        """What is sent of a row. Raises InputError when it is out, or would be refused."""
        before = next(
            (p for p in self.planning.planned(post_ids=[row.id]) if p.account_id == target.id), None
        )
        if before is not None and before.status is Status.PUBLISHED:
            where = before.url or before.platform_id
            raise InputError(
                f"Post {row.id} is out already as {target.name}: {where}; nothing was sent."
            )
        sent = self._with_options(row, target, options)
        adapter = self.connect(target)
        problems = adapter.validate(sent)
        if problems:
            raise InputError(f"Post {row.id} cannot go out as it is: {' '.join(problems)}")
        return Marks(self.shop).on(row, sent, adapter)

    def _with_options(self, row: "SocialPost", target: Account, options: Options) -> Outgoing:
        return self.sent_as(row, target, options, self.planning.chosen(row.id, target.id))

    def sent_as(
        self, row: "SocialPost", target: Account, options: Options, before: Mapping[str, Any]
    ) -> Outgoing:
        """What was chosen when it was planned `before` stays, unless it is chosen anew, or written
        in the post itself."""
        written = outgoing(self.shop, row)
        chosen = {
            name: value
            for name, value in before.items()
            if getattr(written.options, name) == getattr(_USUAL, name)
        }
        chosen |= options.model_dump(mode="json", exclude_unset=True)
        free = target.sandbox or self.settings.pay_for_links
        if target.service is Service.TWITTER and free:
            chosen["links_cost_extra"] = True
        return with_options(written, Options.model_validate(chosen))

    def account_for(self, service: Service, text: str | None) -> Account:
        """The account that was named, else the only one of the service, else the sandbox's."""
        if text == "sandbox":
            return self._on_sandbox(service)
        mine = self.accounts.list(service)
        if text is not None:
            named = [a for a in mine if text.casefold() in (str(a.id), a.name.casefold())]
            account = named[0] if len(named) == 1 else self.accounts.find(text)
            if account.service is not service:
                raise InputError(
                    f"{account.name} is an account of {account.service.label}, and the post is for "
                    f"{service.label}; name another with --account."
                )
            return account
        real = [a for a in mine if not a.sandbox]
        if len(real) > 1:
            those = ", ".join(f"{a.id} ({a.name})" for a in real)
            raise InputError(
                f"There are several accounts of {service.label}: {those}; name one with --account."
            )
        return real[0] if real else self._on_sandbox(service)

    def _on_sandbox(self, service: Service) -> Account:
        """The sandbox's account of a service, made when it is needed first."""
        held = [a for a in self.accounts.list(service) if a.sandbox]
        return sandbox_account(self.accounts, service, self.sandbox.ready(), held)

    # Sending

    def sweep(
        self,
        *,
        stay: float = 0.0,
        upcoming: bool = False,
        only: list[int] | None = None,
        concurrency: int = CONCURRENCY,
        watch: Callable[[], None] = lambda: None,
    ) -> int:
        """Publish what is due, see `publishing.sweep`."""
        by = self.ledger.now() + timedelta(seconds=stay)
        if self.planning.due_by(by, only=only, sandbox=True, ahead=True):
            try:
                self.sandbox.ready()
            except OutsideError as error:  # nobody else's posts wait for it
                log.warning("%s", error)
        return sweep(
            self.ledger,
            self.publisher,
            stay=stay,
            upcoming=upcoming,
            only=only,
            concurrency=concurrency,
            watch=watch,
            # Who sends a few of their own moves nobody else's.
            catch_up=self.queue.catch_up if only is None else lambda: 0,
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
