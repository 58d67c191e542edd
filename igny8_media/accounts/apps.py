"""Our registration with each platform, and where it gives consent and tokens."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from pydantic import SecretStr

from igny8_media.accounts.errors import NotRegisteredError
from igny8_media.accounts.hosts import Hosts
from igny8_media.accounts.model import Account, Service


@dataclass(frozen=True)
class App:
    """One platform's OAuth 2.0 as we use it.

    `says_who` is how our credentials travel: in the header (basic), the form (post), the query,
    the form under TikTok's own names, or without a secret (none). `challenge` is how PKCE's is
    encoded: RFC 7636 has base64url, TikTok takes hexadecimal digits (Login Kit for Desktop); None
    where the platform has no PKCE. `method` is the token endpoint's.
    """

    service: Service
    consent_url: str
    token_url: str
    client_id: str
    secret: SecretStr
    says_who: Literal["client_secret_basic", "client_secret_post", "query", "tiktok", "none"]
    challenge: Literal["base64url", "hex"] | None = None
    method: Literal["GET", "POST"] = "POST"
    extra: Mapping[str, str] = field(default_factory=dict)
    """More of the consent page's parameters."""


def app_of(service: Service, hosts: Hosts) -> App:
    """Raises NotRegisteredError naming the variables where the registration is not set."""
    app = _APPS[service](service, hosts)
    public = service is Service.TWITTER
    if not app.client_id or (not app.secret.get_secret_value() and not public):
        variables, where = _REGISTRATION[service]
        raise NotRegisteredError(
            f"{service.label} must know this installation before accounts can be connected: set "
            f"{variables} to those of an application of yours, which you make at {where}; "
            "docs/accounts.md tells how."
        )
    return app


def hosts_of(account: Account, hosts: Hosts, sandbox_url: str) -> Hosts:
    """Where this account's platform answers: the sandbox plays it for the sandbox's accounts."""
    return hosts.on_sandbox(sandbox_url) if account.sandbox else hosts


def _linkedin(service: Service, hosts: Hosts) -> App:
    return App(
        service,
        f"{hosts.linkedin_oauth_url}/authorization",
        f"{hosts.linkedin_oauth_url}/accessToken",
        hosts.linkedin_client_id,
        hosts.linkedin_client_secret,
        "client_secret_post",
    )


def _twitter(service: Service, hosts: Hosts) -> App:
    secret = hosts.twitter_client_secret
    return App(
        service,
        f"{hosts.twitter_consent}/i/oauth2/authorize",
        f"{hosts.twitter_api_url}/2/oauth2/token",
        hosts.twitter_client_id,
        secret,
        "client_secret_basic" if secret.get_secret_value() else "none",
        challenge="base64url",
    )


def _meta(service: Service, hosts: Hosts) -> App:
    return App(
        service,
        f"{hosts.meta_consent}/{hosts.graph_version}/dialog/oauth",
        f"{hosts.meta_graph_url}/oauth/access_token",
        hosts.meta_app_id,
        hosts.meta_app_secret,
        "query",
        method="GET",
    )


def _tiktok(service: Service, hosts: Hosts) -> App:
    return App(
        service,
        f"{hosts.tiktok_consent}/v2/auth/authorize/",
        f"{hosts.tiktok_api_url}/v2/oauth/token/",
        hosts.tiktok_client_key,
        hosts.tiktok_client_secret,
        "tiktok",
        challenge="hex",
    )


def _google(service: Service, hosts: Hosts) -> App:
    # Without `offline` Google gives no refresh token, and without `consent` only the first time.
    extra = {"access_type": "offline", "prompt": "consent", "include_granted_scopes": "true"}
    return App(
        service,
        f"{hosts.google_consent}/o/oauth2/v2/auth",
        f"{hosts.google_oauth_url}/token",
        hosts.google_client_id,
        hosts.google_client_secret,
        "client_secret_post",
        challenge="base64url",
        extra=extra,
    )


_APPS: Final[Mapping[Service, Callable[[Service, Hosts], App]]] = {
    Service.LINKEDIN: _linkedin,
    Service.TWITTER: _twitter,
    Service.FACEBOOK: _meta,
    Service.INSTAGRAM: _meta,
    Service.TIKTOK: _tiktok,
    Service.YOUTUBE: _google,
}
_META: Final = ("META_APP_ID and META_APP_SECRET", "https://developers.facebook.com/apps")
_REGISTRATION: Final[Mapping[Service, tuple[str, str]]] = {
    Service.LINKEDIN: (
        "LINKEDIN_CLIENT_ID and LINKEDIN_CLIENT_SECRET",
        "https://www.linkedin.com/developers/apps",
    ),
    Service.TWITTER: (
        "TWITTER_CLIENT_ID and TWITTER_CLIENT_SECRET",
        "https://developer.x.com",
    ),
    Service.FACEBOOK: _META,
    Service.INSTAGRAM: _META,
    Service.TIKTOK: (
        "TIKTOK_CLIENT_KEY and TIKTOK_CLIENT_SECRET",
        "https://developers.tiktok.com",
    ),
    Service.YOUTUBE: (
        "GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET",
        "https://console.cloud.google.com/apis/credentials",
    ),
}
