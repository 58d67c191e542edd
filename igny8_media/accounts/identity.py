"""Whose tokens these are: every account that one consent opens."""

from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import quote

import httpx

from igny8_media.accounts.asking import ask
from igny8_media.accounts.connection import Connection, Grant
from igny8_media.accounts.errors import ConsentError, NotAllowedError, RefreshFailedError
from igny8_media.accounts.hosts import Hosts
from igny8_media.accounts.meta_identity import instagram_accounts, pages
from igny8_media.accounts.model import Service

_ORGANIZATION: Final = "urn:li:organization:"
_MAY_POST: Final = {"ADMINISTRATOR", "CONTENT_ADMIN", "CONTENT_ADMINISTRATOR"}


def accounts_of(
    service: Service, grant: Grant, hosts: Hosts, client: httpx.Client
) -> list[Connection]:
    """The accounts that can be posted to with these tokens; more than one for LinkedIn (the member
    and their organizations), Facebook and Instagram (each with tokens of its own).

    Raises ConsentError where there is none, and what `ask` raises.
    """
    try:
        return _PLATFORMS[service](grant, hosts, client)
    except (KeyError, TypeError, AttributeError):
        raise RefreshFailedError(
            f"{service.label} did not say whose account it is; try again later."
        ) from None


def _linkedin(grant: Grant, hosts: Hosts, client: httpx.Client) -> list[Connection]:
    found: list[Connection] = []
    for scope, look in (("openid", _member), ("rw_organization_admin", _organizations)):
        # Tokens that came in a file may not say what was granted: then both are tried.
        if grant.scopes is not None and scope not in grant.scopes:
            continue
        try:
            found += look(grant, hosts, client)
        except NotAllowedError:
            if grant.scopes is not None:
                raise
    if not found:
        raise ConsentError(
            "LinkedIn granted neither openid nor rw_organization_admin, so that nobody knows whose "
            "account it is; connect it again and allow them."
        )
    return found


def _member(grant: Grant, hosts: Hosts, client: httpx.Client) -> list[Connection]:
    me = ask(client, "LinkedIn", f"{hosts.linkedin_api_url}/v2/userinfo", grant.tokens.access)
    return [
        Connection(
            service=Service.LINKEDIN,
            platform_user_id=str(me["sub"]),
            name=str(me.get("name") or me["sub"]),
            kind="person",
            grant=grant,
        )
    ]


def _organizations(grant: Grant, hosts: Hosts, client: httpx.Client) -> list[Connection]:
    headers = {
        "LinkedIn-Version": hosts.linkedin_version,
        "X-Restli-Protocol-Version": "2.0.0",
    }
    rest, token = f"{hosts.linkedin_api_url}/rest", grant.tokens.access
    query = {"q": "roleAssignee", "state": "APPROVED", "count": "100"}
    roles = ask(client, "LinkedIn", f"{rest}/organizationAcls", token, query, headers=headers)
    found = {}
    for role in roles.get("elements", ()):
        urn = str(role.get("organization") or role.get("organizationTarget") or "")
        if urn.startswith(_ORGANIZATION) and role.get("role") in _MAY_POST:
            id = urn.removeprefix(_ORGANIZATION)
            found[id] = Connection(
                service=Service.LINKEDIN,
                platform_user_id=id,
                name=_organization_name(id, rest, token, headers, client),
                kind="organization",
                grant=grant,
            )
    return list(found.values())


def _organization_name(
    id: str, rest: str, token: str, headers: Mapping[str, str], client: httpx.Client
) -> str:
    try:
        known = ask(
            client, "LinkedIn", f"{rest}/organizations/{quote(id, safe='')}", token, headers=headers
        )
    except NotAllowedError:
        known = {}  # a name is a convenience; posting needs only the ID
    return str(known.get("localizedName") or f"Organization {id}")


def _twitter(grant: Grant, hosts: Hosts, client: httpx.Client) -> list[Connection]:
    answer = ask(client, "X", f"{hosts.twitter_api_url}/2/users/me", grant.tokens.access)
    me: dict[str, Any] = answer["data"]
    return [
        Connection(
            service=Service.TWITTER,
            platform_user_id=str(me["id"]),
            name=str(me.get("username") or me.get("name") or me["id"]),
            kind="person",
            grant=grant,
            details={"username": str(me.get("username", ""))},
        )
    ]


def _tiktok(grant: Grant, hosts: Hosts, client: httpx.Client) -> list[Connection]:
    profile = grant.scopes is None or "user.info.profile" in grant.scopes
    fields = "open_id,display_name" + (",username" if profile else "")
    url = f"{hosts.tiktok_api_url}/v2/user/info/"
    me = ask(client, "TikTok", url, grant.tokens.access, {"fields": fields})["data"]["user"]
    return [
        Connection(
            service=Service.TIKTOK,
            platform_user_id=str(me["open_id"]),
            name=str(me.get("username") or me.get("display_name") or me["open_id"]),
            kind="creator",
            grant=grant,
            details={"username": str(me["username"])} if me.get("username") else {},
        )
    ]


def _youtube(grant: Grant, hosts: Hosts, client: httpx.Client) -> list[Connection]:
    answer = ask(
        client,
        "YouTube",
        f"{hosts.google_api_url}/youtube/v3/channels",
        grant.tokens.access,
        {"part": "snippet", "mine": "true"},
    )
    channels = answer.get("items") or []
    if not channels:
        raise ConsentError(
            "This Google account has no YouTube channel; create one on youtube.com, or choose "
            "another account."
        )
    return [
        Connection(
            service=Service.YOUTUBE,
            platform_user_id=str(channel["id"]),
            name=str(channel.get("snippet", {}).get("title") or channel["id"]),
            kind="channel",
            grant=grant,
        )
        for channel in channels
    ]


_PLATFORMS: Final[Mapping[Service, Callable[[Grant, Hosts, httpx.Client], list[Connection]]]] = {
    Service.LINKEDIN: _linkedin,
    Service.TWITTER: _twitter,
    Service.FACEBOOK: pages,
    Service.INSTAGRAM: instagram_accounts,
    Service.TIKTOK: _tiktok,
    Service.YOUTUBE: _youtube,
}
