"""Consent pages, codes and tokens, as OAuth 2.0 (RFC 6749) and PKCE (RFC 7636) have them.

Each platform says its own rules in `Rules` and puts refusals into its own form.
"""

import base64
import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import unquote, urlencode, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, RedirectResponse, Response

from igny8_media.sandbox.call import Call, add_person
from igny8_media.sandbox.state import Person, Token

CLIENT_ID: Final = "sandbox"
CLIENT_SECRET: Final = "sandbox-secret"  # noqa: S105 - known to everybody, guards nothing
_LONGEST_STATE: Final = 500


class Denied(Exception):
    """A token endpoint refuses; `error` is RFC 6749's code, `description` a sentence."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(f"{error}: {description}")
        self.error, self.description = error, description


@dataclass(frozen=True)
class Rules:
    """How one platform gives tokens; times are in seconds, None is for ever.

    `kind` is the account that consents. `challenge` is how a PKCE challenge is encoded ("hex" is
    TikTok's own way), None where none is offered. `rotates`: each refresh gives a new refresh
    token and the old one is dead.
    """

    service: str
    label: str
    kind: str = "person"
    client_name: str = "client_id"
    separator: str = " "
    scopes: Sequence[str] = ()
    code_seconds: float = 600.0
    challenge: Literal["S256", "hex"] | None = None
    challenge_required: bool = False
    access_seconds: float | None = 3600.0
    refreshes: bool = True
    refresh_seconds: float | None = None
    rotates: bool = False


async def authorize(call: Call, rules: Rules, person: Person | None = None) -> Response:
    """The consent page (GET), and what its buttons send (POST): back to `redirect_uri` with a code.

    `?auto=1` approves at once. `person` is who consents; otherwise the first account of
    `rules.kind`, or a new one.
    """
    query = call.request.query_params
    redirect = query.get("redirect_uri", "")
    if not _is_address(redirect):
        return _page(rules, error="The redirect_uri is missing, or is no web address.")
    client = query.get(rules.client_name, "")
    if client != CLIENT_ID and not call.world.config.lenient:
        return _page(rules, error=f"There is no application with the {rules.client_name} {client}.")
    wanted = [scope for scope in query.get("scope", "").split(rules.separator) if scope]
    wrong = _wrong(rules, query, wanted)
    if wrong:
        return _back(redirect, query, error=wrong[0], error_description=wrong[1])
    granted = wanted
    if call.request.method == "POST":
        form = await call.form()
        if form.get("answer") != "allow":
            return _back(
                redirect, query, error="access_denied", error_description="The user said no."
            )
        granted = [scope for scope in wanted if scope in form.getlist("grant")]
    elif not (query.get("auto") or call.world.config.auto_consent):
        return _page(rules, scopes=wanted)
    person = person or someone(call, rules.kind)
    code = secrets.token_urlsafe(24)
    call.world.shelf("oauth", "codes")[code] = {
        "service": rules.service,
        "client": client,
        "redirect": redirect,
        "scopes": granted,
        "challenge": query.get("code_challenge", ""),
        "method": query.get("code_challenge_method", "plain"),
        "user": person.id,
        "ends": call.world.now() + rules.code_seconds,
    }
    return _back(redirect, query, code=code)


def someone(call: Call, kind: str) -> Person:
    """The first account of this kind, made if there is none."""
    found = call.world.people_of(call.service, kind)
    scopes = list(call.platform.kinds.get(kind, ()))
    return found[0] if found else add_person(call.world, call.platform, kind, None, scopes)


def credentials(call: Call, form: Mapping[str, object], name: str = "client_id") -> tuple[str, str]:
    """The client's ID and secret, from HTTP Basic or from the form's fields."""
    basic = call.bearer("basic")
    if basic:
        try:
            said = base64.b64decode(basic, validate=True).decode()
        except ValueError:
            return "", ""
        id, _, secret = said.partition(":")
        return unquote(id), unquote(secret)
    secret_name = "client_secret"  # noqa: S105 - a field's name
    return str(form.get(name, "")), str(form.get(secret_name, ""))


def check_client(call: Call, id: str, secret: str) -> None:
    """Raises Denied("invalid_client") unless it is the sandbox's one application."""
    if (id, secret) != (CLIENT_ID, CLIENT_SECRET) and not call.world.config.lenient:
        raise Denied("invalid_client", "Client authentication failed.")


def exchange(call: Call, rules: Rules, given: Mapping[str, object], client: str) -> Token:
    """Tokens for a code, whose fields are in `given`. A code serves once. Raises Denied."""
    codes = call.world.shelf("oauth", "codes")
    code = str(given.get("code", ""))
    if not code:
        raise Denied("invalid_request", "Missing required parameter [code].")
    kept = codes.pop(code, None)
    if kept is None or kept["service"] != rules.service or kept["client"] != client:
        raise Denied("invalid_grant", "The authorization code is invalid or was used before.")
    if call.world.now() >= kept["ends"]:
        raise Denied("invalid_grant", "The authorization code has expired.")
    if str(given.get("redirect_uri", "")) != kept["redirect"]:
        raise Denied("invalid_grant", "The redirect_uri does not match the one of the code.")
    if kept["challenge"] and not _verified(
        kept["challenge"], kept["method"], rules, str(given.get("code_verifier", ""))
    ):
        raise Denied("invalid_grant", "The code_verifier does not match the code_challenge.")
    person = call.world.people[f"{rules.service}/{kept['user']}"]
    return call.world.issue(
        person,
        kept["scopes"],
        expires_in=rules.access_seconds,
        refresh=rules.refreshes,
        refresh_expires_in=rules.refresh_seconds,
        client_id=client,
    )


def renew(call: Call, rules: Rules, given: Mapping[str, object], client: str) -> Token:
    """A new pair for a refresh token. Raises Denied("invalid_grant") for a dead one."""
    refresh = str(given.get("refresh_token", ""))
    if not refresh:
        raise Denied("invalid_request", "Missing required parameter [refresh_token].")
    old = call.world.by_refresh(refresh)
    if old is None or old.service != rules.service or old.client_id != client:
        raise Denied("invalid_grant", "The refresh token is invalid, expired or revoked.")
    new = call.world.issue(
        call.owner(old),
        old.scopes,
        expires_in=rules.access_seconds,
        refresh=True,
        client_id=client,
    )
    new.refresh_expires_at = old.refresh_expires_at
    if rules.rotates:
        for token in call.world.tokens.values():
            if token.refresh == refresh:
                token.refresh = ""
    else:
        new.refresh = refresh
    return new


def lasts(call: Call, token: Token) -> int:
    """Seconds that the access token still lives, for `expires_in`; 0 where it has no end."""
    return 0 if token.expires_at is None else round(token.expires_at - call.world.now())


def _is_address(redirect: str) -> bool:
    try:
        return urlsplit(redirect).scheme in ("http", "https") and "#" not in redirect
    except ValueError:
        return False


def _wrong(rules: Rules, query: Mapping[str, str], wanted: list[str]) -> tuple[str, str] | None:
    """What is wrong with a request for consent, as RFC 6749's code and a sentence."""
    if query.get("response_type") != "code":
        return "unsupported_response_type", "response_type must be code."
    if not 0 < len(query.get("state", "")) <= _LONGEST_STATE:
        return "invalid_request", f"state is required and at most {_LONGEST_STATE} characters long."
    unknown = [scope for scope in wanted if scope not in rules.scopes]
    if unknown or not wanted:
        return "invalid_scope", f"There is no scope {', '.join(unknown) or 'given'}."
    if rules.challenge:
        challenge = query.get("code_challenge", "")
        if rules.challenge_required and not challenge:
            return "invalid_request", "code_challenge is required."
        if challenge and query.get("code_challenge_method", "plain") != "S256":
            return "invalid_request", "code_challenge_method must be S256."
    return None


def _verified(challenge: str, method: str, rules: Rules, verifier: str) -> bool:
    if not 43 <= len(verifier) <= 128 or method != "S256":
        return False
    digest = hashlib.sha256(verifier.encode())
    if rules.challenge == "hex":
        return secrets.compare_digest(digest.hexdigest(), challenge)
    encoded = base64.urlsafe_b64encode(digest.digest()).rstrip(b"=").decode()
    return secrets.compare_digest(encoded, challenge)


def _back(redirect: str, query: Mapping[str, str], **fields: str) -> Response:
    if query.get("state"):
        fields["state"] = query["state"]
    joint = "&" if urlsplit(redirect).query else "?"
    return RedirectResponse(f"{redirect}{joint}{urlencode(fields)}", status_code=302)


_TEMPLATES: Final = Environment(
    loader=PackageLoader("igny8_media.sandbox"), autoescape=True, undefined=StrictUndefined
)


def _page(rules: Rules, scopes: Sequence[str] = (), error: str = "") -> HTMLResponse:
    page = _TEMPLATES.get_template("consent.html.j2").render(
        label=rules.label, service=rules.service, scopes=scopes, error=error
    )
    return HTMLResponse(page, status_code=400 if error else 200)
