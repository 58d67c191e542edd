"""Tokens at rest: encrypted with keys that are never kept beside them in the database."""

import json
from collections.abc import Callable
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pydantic import SecretStr

from igny8_media.errors import InputError
from igny8_media.frozen import Frozen

_UNREADABLE: Final = (
    "The stored tokens cannot be read with the keys at hand; give the key they were written with "
    "in IGNY8_TOKEN_KEY, or connect the accounts again."
)


class TokenSet(Frozen):
    """What an account's platform gave. Neither is ever shown: print one and you see stars."""

    access_token: SecretStr
    refresh_token: SecretStr | None = None

    @property
    def access(self) -> str:
        return self.access_token.get_secret_value()

    @property
    def refresh(self) -> str | None:
        return self.refresh_token.get_secret_value() if self.refresh_token else None


def token_set(access: str, refresh: str | None = None) -> TokenSet:
    return TokenSet(
        access_token=SecretStr(access), refresh_token=SecretStr(refresh) if refresh else None
    )


class Vault:
    """Encrypts with the newest key and reads what any of them wrote (Fernet: AES-128-CBC, HMAC).

    `keys` gives them, newest first. They are asked for only when needed, and again when something
    cannot be read: another process may have changed them meanwhile.
    """

    def __init__(self, keys: Callable[[], list[str]]) -> None:
        self._keys = keys
        self._box: MultiFernet | None = None

    def seal(self, tokens: TokenSet) -> str:
        """The tokens as encrypted text. Raises InputError for a key that is none."""
        written = json.dumps([tokens.access, tokens.refresh])
        return self._opened().encrypt(written.encode()).decode()

    def open(self, sealed: str) -> TokenSet:
        """Raises InputError when none of the keys fits."""
        for _ in range(2):
            try:
                access, refresh = json.loads(self._opened().decrypt(sealed.encode()))
                return token_set(access, refresh)
            except InvalidToken:
                self._box = None
        raise InputError(_UNREADABLE)

    def reseal(self, sealed: str) -> str:
        """The same tokens under the newest key."""
        return self.seal(self.open(sealed))

    def forget_keys(self) -> None:
        """Ask for the keys again at the next need."""
        self._box = None

    def _opened(self) -> MultiFernet:
        if self._box is None:
            try:
                self._box = MultiFernet([Fernet(key) for key in self._keys()])
            except ValueError:
                # Not the library's own words: they may hold part of the key.
                raise InputError(
                    "A token key is not usable: each is 32 bytes in URL-safe base64; see "
                    "docs/accounts.md for how to make one."
                ) from None
        return self._box
