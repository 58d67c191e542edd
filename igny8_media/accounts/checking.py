"""Whether an account can still be posted to, asked of its platform."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

import httpx

from igny8_media.accounts.app_secret import proof_of
from igny8_media.accounts.asking import ask
from igny8_media.accounts.connection import Grant
from igny8_media.accounts.errors import ReconnectNeededError, TokenRefusedError
from igny8_media.accounts.hosts import Hosts
from igny8_media.accounts.identity import accounts_of
from igny8_media.accounts.model import Account, Service
from igny8_media.accounts.renewal import AccountTokens
from igny8_media.accounts.store import Accounts
from igny8_media.accounts.vault import token_set

_OWN_NAME: Final = {Service.FACEBOOK: "name", Service.INSTAGRAM: "username"}


def check(
    accounts: Accounts, account: Account, tokens: AccountTokens, hosts: Hosts, client: httpx.Client
) -> str:
    """The account's name, as its platform says it now. A token that is refused is renewed once.

    Raises ReconnectNeededError when only its person can help (which is then noted down, and told
    once), RefreshFailedError when the platform cannot be asked.
    """
    name_with = _asker(account, hosts, client)
    token = tokens.current()
    try:
        return name_with(token)
    except TokenRefusedError:
        token = tokens.renewed(token)
    try:
        return name_with(token)
    except TokenRefusedError as error:
        accounts.needs_reconnect(account.id, str(error))
        raise


def _asker(account: Account, hosts: Hosts, client: httpx.Client) -> Callable[[str], str]:
    def whose(token: str) -> str:
        field = _OWN_NAME.get(account.service)
        if field is not None:
            # A Page's token opens this Page alone; what it is linked to is asked by its ID.
            url = f"{hosts.meta_graph_url}/{account.platform_user_id}"
            query = {"fields": f"id,{field}", **proof_of(token, hosts.meta_app_secret)}
            answer = ask(client, account.service.label, url, token, query)
            return str(answer.get(field) or account.name)
        grant = Grant(
            tokens=token_set(token), issued_at=datetime.now(UTC), scopes=account.scopes or None
        )
        for one in accounts_of(account.service, grant, hosts, client):
            if one.platform_user_id == account.platform_user_id:
                return one.name
        raise ReconnectNeededError(
            f"{account.service.label} no longer counts {account.name} among the accounts that "
            "these tokens open; connect it again."
        )

    return whose
