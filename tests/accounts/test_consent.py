"""Consent on all six platforms, as the sandbox plays them, and what can come between."""

import hashlib
import logging
import socket
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from igny8_media.accounts.apps import App, app_of
from igny8_media.accounts.callback import Callback, waiting_for_visit
from igny8_media.accounts.connecting import connect
from igny8_media.accounts.errors import AppRefusedError, ConsentError, ReconnectNeededError
from igny8_media.accounts.hosts import Hosts
from igny8_media.accounts.model import AccountKind, Service
from igny8_media.accounts.oauth import ask_consent, challenge_of, redeem
from igny8_media.accounts.scopes import missing, needed
from igny8_media.errors import InputError
from igny8_media.sandbox.server import Running
from tests.accounts.conftest import Browser

KINDS: dict[Service, AccountKind] = {
    Service.LINKEDIN: "person",
    Service.TWITTER: "person",
    Service.FACEBOOK: "page",
    Service.INSTAGRAM: "business",
    Service.TIKTOK: "creator",
    Service.YOUTUBE: "channel",
}


@pytest.mark.parametrize("service", Service)
def test_a_person_who_allows_it_is_connected(
    service: Service, hosts: Hosts, browser: Browser, client: httpx.Client
) -> None:
    found = connect(service, None, hosts, 0, browser, client, 10)
    assert found
    for one in found:
        assert (one.service, one.kind) == (service, KINDS[service])
        assert one.platform_user_id
        assert one.name != one.platform_user_id
        assert missing(service, one.kind, one.grant.scopes or ()) == []
    browser.close()
    assert browser.landed[-1][0] == 200
    assert "Thank you" in browser.landed[-1][1]
    grant = found[0].grant
    if service in (Service.FACEBOOK, Service.INSTAGRAM):
        assert grant.expires_at is None, "a Page's token from a long one has no end"
        assert grant.tokens.refresh is None
    else:
        assert grant.expires_at is not None
    if service in (Service.TWITTER, Service.TIKTOK, Service.YOUTUBE):
        assert grant.tokens.refresh


def test_what_is_asked_for_is_what_each_platform_wants(hosts: Hosts) -> None:
    asked = {}
    for service in Service:
        consent = ask_consent(
            app_of(service, hosts), "http://127.0.0.1:8976/callback", list(needed(service)), "s1"
        )
        fields = parse_qs(urlsplit(consent.url).query, strict_parsing=True)
        asked[service] = {name: value for name, (value,) in fields.items()}
        assert asked[service]["response_type"] == "code"
        assert asked[service]["redirect_uri"] == "http://127.0.0.1:8976/callback"
        assert asked[service]["state"] == "s1"
        name = "client_key" if service is Service.TIKTOK else "client_id"
        assert asked[service][name] == "sandbox"
    assert asked[Service.TWITTER]["scope"].split() == list(needed(Service.TWITTER))
    assert asked[Service.TIKTOK]["scope"].split(",") == list(needed(Service.TIKTOK))
    assert "client_id" not in asked[Service.TIKTOK]
    google = asked[Service.YOUTUBE]
    assert google["access_type"] == "offline"
    assert google["prompt"] == "consent"
    assert google["scope"].startswith("https://www.googleapis.com/auth/youtube.upload ")
    proved = {s for s in asked if asked[s].get("code_challenge_method") == "S256"}
    assert proved == {Service.TWITTER, Service.TIKTOK, Service.YOUTUBE}
    assert len(asked[Service.TIKTOK]["code_challenge"]) == 64


def test_the_challenge_is_that_of_rfc_7636_appendix_b(hosts: Hosts) -> None:
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    expected = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    assert challenge_of(app_of(Service.TWITTER, hosts), verifier) == expected
    assert challenge_of(app_of(Service.YOUTUBE, hosts), verifier) == expected
    as_digits = hashlib.sha256(verifier.encode()).hexdigest()
    assert challenge_of(app_of(Service.TIKTOK, hosts), verifier) == as_digits


@pytest.mark.parametrize("service", [Service.TWITTER, Service.TIKTOK, Service.YOUTUBE])
def test_a_code_without_its_verifier_is_worth_nothing(
    service: Service, hosts: Hosts, browser: Browser
) -> None:
    app = app_of(service, hosts)
    with waiting_for_visit(0) as callback:
        address = f"http://127.0.0.1:{callback.port}/callback"
        consent = ask_consent(app, address, list(needed(service)), callback.state)
        other = ask_consent(app, address, list(needed(service)), callback.state)
        browser(consent.url)
        code = callback.wait(20, "X")
    with pytest.raises(ReconnectNeededError, match="refused") as caught:
        redeem(other, code)
    assert code not in str(caught.value)


def test_permissions_that_were_not_given_are_named(
    hosts: Hosts, browser: Browser, client: httpx.Client
) -> None:
    given = [s for s in needed(Service.TWITTER) if s not in ("media.write", "offline.access")]
    browser.answer = {"answer": "allow", "grant": given}  # type: ignore[dict-item]
    (one,) = connect(Service.TWITTER, None, hosts, 0, browser, client, 10)
    assert one.grant.tokens.refresh is None
    told = missing(Service.TWITTER, "person", one.grant.scopes or ())
    assert [sentence.split()[4] for sentence in told] == ["media.write,", "offline.access,"]
    assert "pictures and videos" in told[0]


def test_an_approved_application_asks_for_the_figures_of_a_member_s_posts(
    hosts: Hosts, browser: Browser, client: httpx.Client
) -> None:
    (usual,) = connect(Service.LINKEDIN, None, hosts, 0, browser, client, 10)
    assert "r_member_postAnalytics" not in (usual.grant.scopes or ())
    approved = hosts.model_copy(update={"linkedin_member_analytics": True})
    (found,) = connect(Service.LINKEDIN, None, approved, 0, browser, client, 10)
    assert "r_member_postAnalytics" in (found.grant.scopes or ())


def test_a_member_s_organizations_can_be_chosen(
    hosts: Hosts, browser: Browser, client: httpx.Client, sandbox: Running
) -> None:
    sandbox.account("linkedin", kind="organization", name="Garden Ltd")
    found = connect(Service.LINKEDIN, "organization", hosts, 0, browser, client, 10)
    assert [one.kind for one in found] == ["person", "organization"]
    assert found[1].name == "Garden Ltd"
    assert found[1].platform_user_id.isdigit()


@pytest.mark.parametrize("service", Service)
def test_a_person_who_says_no_is_not_connected(
    service: Service, hosts: Hosts, browser: Browser, client: httpx.Client
) -> None:
    browser.answer = {"answer": "deny"}
    with pytest.raises(ConsentError, match="nothing was connected"):
        connect(service, None, hosts, 0, browser, client, 10)
    browser.close()
    assert "Nothing was allowed" in browser.landed[-1][1]


def test_a_person_who_closes_the_page_is_not_waited_for(hosts: Hosts, client: httpx.Client) -> None:
    with pytest.raises(ConsentError, match="Nobody answered"):
        connect(Service.TWITTER, None, hosts, 0, lambda *_: None, client, patience=0.05)


def test_a_visit_with_another_state_is_turned_away_and_the_right_one_awaited(
    browser: Browser,
) -> None:
    with waiting_for_visit(0) as callback:
        base = f"http://127.0.0.1:{callback.port}/callback"
        for query in ("?code=stolen&state=guess", "?code=stolen", "?error=access_denied", ""):
            assert browser.land(base + query)[0] == 400
        assert browser.land(f"http://127.0.0.1:{callback.port}/favicon.ico")[0] == 404
        assert browser.land(f"{base}?code=mine&state={callback.state}")[0] == 200
        assert callback.wait(20, "X") == "mine"


def test_an_idle_connection_of_the_browser_holds_nothing_up(browser: Browser) -> None:
    with (
        waiting_for_visit(0) as callback,
        socket.create_connection(("127.0.0.1", callback.port)),
    ):
        address = f"http://127.0.0.1:{callback.port}/callback?code=mine&state={callback.state}"
        assert browser.land(address)[0] == 200
        assert callback.wait(20, "X") == "mine"


def test_what_the_platform_says_on_the_way_is_told(browser: Browser) -> None:
    with waiting_for_visit(0) as callback:
        said = "error=unauthorized_scope_error&error_description=Scope+r_x+is+not+authorized."
        status, page = browser.land(
            f"http://127.0.0.1:{callback.port}/callback?{said}&state={callback.state}"
        )
        assert status == 200
        assert "<script" not in page
        with pytest.raises(ConsentError, match="Scope r_x is not authorized"):
            callback.wait(20, "LinkedIn")


def test_a_port_in_use_is_named() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(InputError, match=f"Port {port}.*--port"):
            Callback(port)


@pytest.mark.parametrize("service", Service)
def test_a_registration_that_is_missing_is_named(service: Service) -> None:
    with pytest.raises(AppRefusedError, match="https://") as caught:
        app_of(service, Hosts(_env_file=None))  # type: ignore[call-arg]
    variables = {
        Service.LINKEDIN: "LINKEDIN_CLIENT_ID",
        Service.TWITTER: "TWITTER_CLIENT_ID",
        Service.FACEBOOK: "META_APP_ID",
        Service.INSTAGRAM: "META_APP_ID",
        Service.TIKTOK: "TIKTOK_CLIENT_KEY",
        Service.YOUTUBE: "GOOGLE_CLIENT_ID",
    }
    assert variables[service] in str(caught.value)


@pytest.mark.parametrize("service", Service)
def test_nothing_secret_gets_into_logs_or_shows_in_errors(
    service: Service,
    hosts: Hosts,
    browser: Browser,
    client: httpx.Client,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    codes: list[str] = []
    wait = Callback.wait

    def remembered(self: Callback, seconds: float, label: str) -> str:
        codes.append(wait(self, seconds, label))
        return codes[-1]

    monkeypatch.setattr(Callback, "wait", remembered)
    app: App = app_of(service, hosts)
    consents = []
    monkeypatch.setattr(
        "igny8_media.accounts.connecting.ask_consent",
        lambda *given: consents.append(ask_consent(*given)) or consents[-1],
    )
    with caplog.at_level(logging.DEBUG):
        found = connect(service, None, hosts, 0, browser, client, 10)
        with pytest.raises(ReconnectNeededError) as again:
            redeem(consents[0], codes[0])
    told = "\n".join(
        [caplog.text, str(again.value), repr(again.value), repr(app), repr(found), repr(consents)]
    )
    secrets = [codes[0], consents[0].verifier, "sandbox-secret"]
    secrets += [one.grant.tokens.access for one in found]
    secrets += [one.grant.tokens.refresh for one in found]
    assert caplog.text
    for secret in filter(None, secrets):
        assert secret not in told
