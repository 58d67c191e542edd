"""Facebook's pages, and the Instagram accounts that belong to them."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import httpx

from igny8_media.accounts.app_secret import proof_of
from igny8_media.accounts.asking import ask
from igny8_media.accounts.connection import Connection, Grant
from igny8_media.accounts.errors import ConsentError
from igny8_media.accounts.hosts import Hosts
from igny8_media.accounts.model import Service
from igny8_media.accounts.scopes import as_kept
from igny8_media.accounts.vault import token_set

_MOST_PAGES: Final = 500


def pages(grant: Grant, hosts: Hosts, client: httpx.Client) -> list[Connection]:
    """Every Page of this person's, each with its own token, which has no end when `grant` is the
    long one (Facebook Login, "Long-lived tokens", 2026-10)."""
    found = [
        Connection(
            service=Service.FACEBOOK,
            platform_user_id=str(page["id"]),
            name=str(page.get("name") or page["id"]),
            kind="page",
            grant=own,
            details={**details, "page_tasks": list(page.get("tasks") or ())},
        )
        for page, own, details in _pages("id,name,access_token,tasks", grant, hosts, client)
    ]
    if not found:
        raise ConsentError(
            "Facebook let us see no Page; connect it again, choose at least one Page where you may "
            "create content, and allow everything."
        )
    return found


def instagram_accounts(grant: Grant, hosts: Hosts, client: httpx.Client) -> list[Connection]:
    """The professional accounts linked to those Pages; they are posted to with the Page's token."""
    fields = "id,name,access_token,tasks,instagram_business_account{id,username,name}"
    found = []
    for page, own, details in _pages(fields, grant, hosts, client):
        account = page.get("instagram_business_account")
        if account:
            username = str(account.get("username") or "")
            found.append(
                Connection(
                    service=Service.INSTAGRAM,
                    platform_user_id=str(account["id"]),
                    name=username or str(account.get("name") or account["id"]),
                    kind="business",
                    grant=own,
                    details={
                        **details,
                        "login": "facebook",
                        "username": username,
                        "page_id": str(page["id"]),
                    },
                )
            )
    if not found:
        raise ConsentError(
            "None of the Pages that we may see has a professional Instagram account; link it to a "
            "Page in Instagram's settings, connect it again, and choose both."
        )
    return found


def _pages(
    fields: str, grant: Grant, hosts: Hosts, client: httpx.Client
) -> Iterator[tuple[Mapping[str, Any], Grant, dict[str, Any]]]:
    """Each Page, the tokens for it, and what is known about those."""
    url, after, seen = f"{hosts.meta_graph_url}/me/accounts", "", 0
    while True:
        query = {"fields": fields, "limit": "100", **({"after": after} if after else {})}
        query |= proof_of(grant.tokens.access, hosts.meta_app_secret)
        answer = ask(client, "Facebook", url, grant.tokens.access, query)
        listed = answer.get("data") or []
        for page in listed:
            if page.get("access_token"):
                yield page, *_page_grant(str(page["access_token"]), grant, hosts, client)
        seen += len(listed)
        # Not `paging.next`: that address holds the token.
        after = answer.get("paging", {}).get("cursors", {}).get("after", "")
        if not answer.get("paging", {}).get("next") or not after or seen >= _MOST_PAGES:
            return


def _page_grant(
    token: str, grant: Grant, hosts: Hosts, client: httpx.Client
) -> tuple[Grant, dict[str, Any]]:
    """What Facebook says of a Page's token: its end (0 is none), scopes, and until when it may
    read (90 days; access tokens debugger, 2026-10)."""
    known: Mapping[str, Any] = {}
    secret = hosts.meta_app_secret.get_secret_value()
    if hosts.meta_app_id and secret:
        query = {"input_token": token, "access_token": f"{hosts.meta_app_id}|{secret}"}
        url = f"{hosts.meta_graph_url}/debug_token"
        known = ask(client, "Facebook", url, None, query, secret=True).get("data") or {}
    scopes = as_kept(known["scopes"]) if known.get("scopes") else grant.scopes
    reads = _moment(known.get("data_access_expires_at"))
    own = Grant(
        tokens=token_set(token),
        issued_at=grant.issued_at,
        expires_at=_moment(known.get("expires_at")),
        scopes=scopes,
    )
    return own, {"data_access_expires_at": reads.isoformat()} if reads else {}


def _moment(seconds: Any) -> datetime | None:
    return datetime.fromtimestamp(int(seconds), UTC) if seconds else None
