"""The proof that a call with an account's token comes from the application it was given to.

With it a token that got lost is worth nothing to anybody who does not have the application's
secret too ("Securing Graph API calls", developers.facebook.com, 2026-10).
"""

import hashlib
import hmac
from collections.abc import Mapping

from pydantic import SecretStr


def proof_of(token: str, secret: SecretStr) -> Mapping[str, str]:
    """The parameter for a call of the Graph API with this token; none without a secret."""
    key = secret.get_secret_value()
    if not key:
        return {}
    return {"appsecret_proof": hmac.new(key.encode(), token.encode(), hashlib.sha256).hexdigest()}
