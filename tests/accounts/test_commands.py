"""`igny8-media accounts`, as a person types it."""

import json
import os
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from cryptography.fernet import Fernet
from sqlalchemy import create_engine, text

from igny8_media.accounts.errors import ConsentError
from igny8_media.sandbox.server import Running
from tests.accounts.conftest import Browser


@dataclass(frozen=True)
class Answer:
    status: int
    out: str
    err: str


Run = Callable[..., Answer]
_SERVICES = ("linkedin", "twitter", "facebook", "instagram", "tiktok", "youtube")


@pytest.fixture
def run(
    tmp_path: Path,
    own_home: Path,
    monkeypatch: pytest.MonkeyPatch,
    sandbox: Running,
    browser: Browser,
) -> Run:
    """Runs `igny8-media accounts ARGUMENTS` with the sandbox and a browser at hand."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IGNY8_SANDBOX_URL", sandbox.url)
    monkeypatch.setattr(webbrowser, "open", browser)
    for name in list(os.environ):
        if name.startswith(("LINKEDIN_", "TWITTER_", "META_", "TIKTOK_", "GOOGLE_", "IGNY8_TOKEN")):
            monkeypatch.delenv(name)

    def call(*arguments: str | Path, given: str | None = None) -> Answer:
        from igny8_media.cli import main

        done = CliRunner().invoke(main, ["accounts", *(str(a) for a in arguments)], input=given)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Answer(done.exit_code, done.stdout, done.stderr)

    return call


def listed(run: Run) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run("list", "--json").out)["accounts"]
    return found


@pytest.mark.parametrize("service", _SERVICES)
def test_connect_check_and_remove(service: str, run: Run, browser: Browser) -> None:
    done = run("connect", service, "--sandbox", "--port", "0", given="all\n")
    assert done.status == 0, done.err
    assert browser.opened[0] in done.out
    assert "Account 1 is " in done.out
    assert "on the sandbox" in done.out
    (one, *_) = listed(run)
    assert (one["service"], one["sandbox"], one["status"]) == (service, True, "active")
    checked = run("check", "1")
    assert checked.status == 0, checked.out
    assert "takes our token" in checked.out
    assert "did not grant" not in checked.out
    assert run("list").out.count("active") == len(listed(run))
    removed = run("remove", "1")
    assert removed.status == 0
    assert "tokens are deleted" in removed.out
    assert all(account["id"] != 1 for account in listed(run))


def test_a_page_is_chosen_and_others_that_are_connected_get_new_tokens_too(
    run: Run, sandbox: Running
) -> None:
    for name in ("Garden", "Kitchen"):
        sandbox.account("linkedin", kind="organization", name=name)
    first = run(
        "connect", "linkedin", "--kind", "organization", "--sandbox", "--port", "0", given="2\n"
    )
    assert first.status == 0, first.err
    assert [a["name"] for a in listed(run)] == ["Garden"]
    before = listed(run)[0]["expires_at"]
    # Without --kind: the organization's permissions are asked for again all the same.
    second = run("connect", "linkedin", "--sandbox", "--port", "0", given="1\n")
    assert second.status == 0, second.err
    assert [a["kind"] for a in listed(run)] == ["organization", "person"]
    assert listed(run)[0]["expires_at"] > before
    assert run("check").status == 0


@pytest.mark.parametrize("typed", ["0", "7", "one", "1,,2", "-1"])
def test_a_choice_that_is_none(typed: str, run: Run, sandbox: Running) -> None:
    sandbox.account("linkedin", kind="organization")
    arguments = ("connect", "linkedin", "--kind", "organization", "--sandbox", "--port", "0")
    done = run(*arguments, given=f"{typed}\n")
    assert done.status == 2
    assert "none of the numbers 1 to 2" in done.err
    assert listed(run) == []


def test_no_browser_is_opened_when_none_is_wanted(
    run: Run, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(*given: Any) -> None:
        given[4]("https://x.com/consent", "http://127.0.0.1:8976/callback")
        raise ConsentError("Nobody answered.")

    monkeypatch.setattr("igny8_media.command.accounts_connect.connect", asked)
    done = run("connect", "twitter", "--sandbox", "--no-browser")
    assert done.status == 2
    assert "https://x.com/consent" in done.out
    assert "http://127.0.0.1:8976/callback" in done.out
    assert browser.opened == []


@pytest.mark.parametrize(
    ("service", "names", "where"),
    [
        ("linkedin", ("LINKEDIN_CLIENT_ID", "LINKEDIN_CLIENT_SECRET"), "www.linkedin.com/dev"),
        ("twitter", ("TWITTER_CLIENT_ID", "TWITTER_CLIENT_SECRET"), "developer.x.com"),
        ("facebook", ("META_APP_ID", "META_APP_SECRET"), "developers.facebook.com"),
        ("instagram", ("META_APP_ID", "META_APP_SECRET"), "developers.facebook.com"),
        ("tiktok", ("TIKTOK_CLIENT_KEY", "TIKTOK_CLIENT_SECRET"), "developers.tiktok.com"),
        ("youtube", ("GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET"), "console.cloud.google.com"),
    ],
)
def test_connecting_without_a_registration(
    service: str, names: tuple[str, str], where: str, run: Run
) -> None:
    done = run("connect", service)
    assert done.status == 2, "the person must set it: to try again changes nothing"
    assert all(name in done.err for name in names)
    assert f"https://{where}" in done.err
    assert "docs/accounts.md" in done.err


def test_a_sandbox_that_does_not_run(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IGNY8_SANDBOX_URL", "http://127.0.0.1:9")
    file = Path("tokens.json")
    file.write_text('{"access_token": "my-secret-token"}')
    done = run("add", "twitter", "--token-file", file, "--sandbox")
    assert done.status == 1
    assert "cannot be asked" in done.err
    assert "my-secret-token" not in done.err


@pytest.mark.parametrize("service", _SERVICES)
def test_add_what_the_sandbox_gave(service: str, run: Run, sandbox: Running) -> None:
    file = Path("tokens.json")
    given = sandbox.account(service)
    file.write_text(json.dumps(given))
    done = run("add", service, "--token-file", file, "--sandbox", "--name", "Mine")
    assert done.status == 0, done.err
    (one,) = listed(run)
    assert one["name"] == "Mine"
    assert one["platform_user_id"] == given["platform_user_id"]
    assert run("check", "mine").status == 0


def test_add_asks_whose_tokens_they_are(run: Run, sandbox: Running) -> None:
    given = sandbox.account("twitter")
    tokens = {"access_token": given["access_token"], "scopes": "tweet.read,tweet.write users.read"}
    done = run("add", "twitter", "--token-file", "-", "--sandbox", given=json.dumps(tokens))
    assert done.status == 0, done.err
    assert "did not grant media.write" in done.out
    (one,) = listed(run)
    assert one["platform_user_id"] == given["platform_user_id"]
    assert one["scopes"] == ["tweet.read", "tweet.write", "users.read"]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("nonsense my-secret-token", "invalid JSON"),
        ('{"access_token": ""}', "access_token"),
        ('{"refresh_token": "my-secret-token"}', "access_token"),
        ('{"access_token": "my-secret-token", "expires_at": "soon"}', "expires_at"),
        ('{"access_token": "my-secret-token", "expires_at": "2026-11-22T14:00:00"}', "expires_at"),
        ('{"access_token": "my-secret-token", "acces": "my-secret-token"}', "acces"),
        ('{"access_token": "my-secret-token", "kind": "page"}', "no page accounts"),
        ('{"access_token": "my-secret-token", "service": "tiktok"}', "TikTok"),
        ('{"access_token": "my-secret-token\\nX: y"}', "access_token"),
        ('{"access_token": "my-secret-token\u00e9"}', "access_token"),
        ('{"access_token": "my-secret-token", "platform_user_id": "../me?"}', "platform_user_id"),
        ('["my-secret-token"]', "it must be names and values in braces"),
    ],
)
def test_a_token_file_that_does_not_fit(run: Run, written: str, said: str) -> None:
    file = Path("tokens.json")
    file.write_text(written)
    done = run("add", "twitter", "--token-file", file, "--sandbox")
    assert done.status == 2
    assert said in done.err
    assert "my-secret-token" not in done.err


def test_a_token_file_that_is_not_there(run: Run) -> None:
    done = run("add", "twitter", "--token-file", "nowhere.json")
    assert done.status == 2
    assert "nowhere.json" in done.err


def test_another_platform_s_kind(run: Run) -> None:
    done = run("connect", "twitter", "--kind", "page", "--sandbox")
    assert done.status == 2
    assert "X has person accounts only" in done.err


def test_linkedin_s_end_is_told_in_the_list(run: Run) -> None:
    soon = (datetime.now(UTC) + timedelta(days=9, hours=12)).isoformat()
    tokens = {"access_token": "t", "platform_user_id": "7", "name": "Ada", "expires_at": soon}
    run("add", "linkedin", "--token-file", "-", given=json.dumps(tokens))
    done = run("list")
    assert "LinkedIn allowed for Ada ends in 9 days" in done.out
    assert listed(run)[0]["warning"]
    assert "connect PLATFORM" not in done.out


def test_a_park_is_shown_and_lifted(run: Run, own_home: Path) -> None:
    tokens = {"access_token": "t", "platform_user_id": "7", "name": "Ada"}
    run("add", "twitter", "--token-file", "-", given=json.dumps(tokens))
    assert "is not parked" in run("resume", "Ada").out
    database = create_engine(f"sqlite:///{own_home / 'igny8.db'}")
    with database.begin() as db:
        db.execute(
            text("UPDATE social_account SET parked_until = :until, parked_reason = 'No'"),
            {"until": "2999-01-02 03:04:00.000000"},
        )
    database.dispose()
    shown = run("list").out
    assert "waits until 2999-01-02 03:04 UTC: No" in shown
    assert "igny8-media accounts resume 1" in shown
    done = run("resume", "x")
    assert (done.status, "is parked no more" in done.out) == (0, True)
    assert "active" in run("list").out
    assert run("resume", "nobody").status == 2


def test_nothing_connected(run: Run) -> None:
    assert "accounts connect PLATFORM" in run("list").out
    assert listed(run) == []
    assert run("check").status == 0
    assert run("remove", "x").status == 2


def test_what_is_wrong_is_told_by_check(run: Run, sandbox: Running) -> None:
    file = Path("tokens.json")
    file.write_text(json.dumps(sandbox.account("tiktok")))
    run("add", "tiktok", "--token-file", file, "--sandbox")
    sandbox.revoke("tiktok")
    done = run("check")
    assert done.status == 1
    assert "needs you" in run("list").out
    connected = run("connect", "tiktok", "--sandbox", "--port", "0")
    assert connected.status == 0
    assert run("check").status == 0


def test_keys_are_rotated(run: Run, own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = {"access_token": "the-secret", "platform_user_id": "7"}
    run("add", "twitter", "--token-file", "-", given=json.dumps(tokens))
    sealed = create_engine(f"sqlite:///{own_home / 'igny8.db'}")

    def stored() -> str:
        with sealed.connect() as db:
            return str(db.execute(text("SELECT tokens FROM social_account")).scalar_one())

    before = stored()
    done = run("rotate-key")
    assert done.status == 0, done.err
    assert stored() != before
    keys = (own_home / "token.key").read_text().split()
    assert not any(key in done.out for key in keys)
    # To the environment, with a key of one's own before it.
    monkeypatch.setenv("IGNY8_TOKEN_KEY", keys[0])
    assert run("rotate-key").status == 2
    new = Fernet.generate_key().decode()
    monkeypatch.setenv("IGNY8_TOKEN_KEY", f"{new},{keys[0]}")
    assert run("rotate-key").status == 0
    sealed.dispose()
    assert Fernet(new).decrypt(stored().encode())
    sealed.dispose()
    monkeypatch.setenv("IGNY8_TOKEN_KEY", keys[0])
    done = run("check")
    assert done.status == 1
    assert "IGNY8_TOKEN_KEY" in done.out
    assert run("list").status == 0
