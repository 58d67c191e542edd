"""From an account to the adapter that publishes for it."""

import logging
import ssl
import time
from collections.abc import Callable
from datetime import datetime
from functools import cache

import httpx

from igny8_media.accounts.errors import (
    AppRefusedError,
    ReconnectNeededError,
    RefreshFailedError,
)
from igny8_media.accounts.hosts import Hosts
from igny8_media.accounts.model import Account, Service
from igny8_media.publishing.api import Api, Tokens
from igny8_media.publishing.contract import Adapter, Media, Tools
from igny8_media.publishing.outcomes import Halted, NeedsAuth, Refused, Retryable
from igny8_media.publishing.patience import end_dripping
from igny8_media.publishing.readings import Reader

log = logging.getLogger(__name__)


def adapter_of(service: Service) -> Callable[[Tools, Hosts], Adapter]:
    """The platform's adapter, imported when it is needed: Google's and X's clients take their
    time, and most commands need neither."""
    match service:
        case Service.LINKEDIN:
            from igny8_media.publishing.linkedin.adapter import LinkedIn

            return LinkedIn
        case Service.TWITTER:
            from igny8_media.publishing.twitter.adapter import Twitter

            return Twitter
        case Service.FACEBOOK:
            from igny8_media.publishing.facebook.adapter import Facebook

            return Facebook
        case Service.INSTAGRAM:
            from igny8_media.publishing.instagram.adapter import Instagram

            return Instagram
        case Service.TIKTOK:
            from igny8_media.publishing.tiktok.adapter import TikTok

            return TikTok
        case Service.YOUTUBE:
            from igny8_media.publishing.youtube.adapter import YouTube

            return YouTube


def reader_of(service: Service) -> Callable[[Tools, Hosts], Reader]:
    """The platform's reader of figures, imported when it is needed."""
    match service:
        case Service.LINKEDIN:
            from igny8_media.publishing.linkedin.metrics import LinkedInReader

            return LinkedInReader
        case Service.TWITTER:
            from igny8_media.publishing.twitter.metrics import XReader

            return XReader
        case Service.FACEBOOK:
            from igny8_media.publishing.facebook.metrics import FacebookReader

            return FacebookReader
        case Service.INSTAGRAM:
            from igny8_media.publishing.instagram.metrics import InstagramReader

            return InstagramReader
        case Service.TIKTOK:
            from igny8_media.publishing.tiktok.metrics import TikTokReader

            return TikTokReader
        case Service.YOUTUBE:
            from igny8_media.publishing.youtube.metrics import YouTubeReader

            return YouTubeReader


def make_client() -> httpx.Client:
    """What all adapters of a sweep share; addresses never follow redirects with their tokens."""
    # It logs the headers of every answer, and some hold addresses that anybody can upload to.
    logging.getLogger("httpcore").setLevel(logging.INFO)
    limits = httpx.Limits(max_connections=64, max_keepalive_connections=32)
    client = httpx.Client(
        verify=_certificates(),
        limits=limits,
        follow_redirects=False,
        headers={"User-Agent": "igny8-media"},
    )
    end_dripping(client)
    return client


@cache
def _certificates() -> ssl.SSLContext:
    # To read all the authorities takes longer than to publish a post beside them (40 ms).
    return httpx.create_ssl_context()


class Connector:
    """Makes adapters and readers. `hosts_of` and `media_of` choose by account: sandbox accounts
    have their own places; `tokens_of` gives an account's tokens, renewed by whoever keeps them."""

    def __init__(
        self,
        client: httpx.Client,
        hosts_of: Callable[[Account], Hosts],
        media_of: Callable[[Account], Media],
        tokens_of: Callable[[Account], Tokens],
        now: Callable[[], datetime],
        trace: Callable[[str], None] = lambda _: None,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._hosts_of, self._media_of, self._tokens_of = hosts_of, media_of, tokens_of
        self._now, self._trace, self._wait = now, trace, wait

    def __call__(self, account: Account, guard: Callable[[], None] = lambda: None) -> Adapter:
        tools = self._tools(account, guard)
        return adapter_of(account.service)(tools, self._hosts_of(account))

    def reader(self, account: Account) -> Reader:
        """What reads the figures of an account's posts."""
        return reader_of(account.service)(self._tools(account), self._hosts_of(account))

    def _tools(self, account: Account, guard: Callable[[], None] = lambda: None) -> Tools:
        api = Api(
            account.service.label,
            self._client,
            _Translated(self._tokens_of(account)),
            now=self._now,
            guard=guard,
            trace=self._trace,
        )
        return Tools(account, api, self._media_of(account), self._now, self._wait)


class _Translated:
    """An account's tokens, whose troubles are outcomes of publishing."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    def current(self) -> str:
        return self._outcome(self._tokens.current)

    def renewed(self, refused: str) -> str:
        return self._outcome(lambda: self._tokens.renewed(refused))

    def _outcome(self, ask: Callable[[], str]) -> str:
        try:
            return ask()
        except ReconnectNeededError as error:
            raise Refused(NeedsAuth(str(error), renewable=False)) from None
        except RefreshFailedError as error:
            raise Refused(Retryable(str(error), after=error.after, counted=False)) from None
        except AppRefusedError as error:
            raise Refused(Halted(str(error))) from None
