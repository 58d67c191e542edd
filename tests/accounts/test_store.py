"""Accounts are found, connected again, parked and removed without losing what depends on them."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from igny8_media.accounts.connection import due_at
from igny8_media.accounts.errors import ReconnectNeededError
from igny8_media.accounts.model import Account, Service
from igny8_media.accounts.store import Accounts
from igny8_media.database.tables import Publication, SocialPost
from igny8_media.errors import InputError
from tests.accounts.conftest import NOON, Clock, connection


def _no_refresh(*_: Any) -> Any:
    raise AssertionError("nothing is due")


def publication(engine: Engine, account: Account, status: str, number: int = 1) -> int:
    with Session(engine) as session, session.begin():
        post = SocialPost(
            content_id=f"c{number}",
            platform="twitter",
            revision=1,
            fingerprint="f",
            status="approved",
            post={},
            created_at=NOON,
        )
        session.add(post)
        session.flush()
        row = Publication(
            post_id=post.id,
            account_id=account.id,
            content_id=post.content_id,
            service="twitter",
            outgoing={},
            status=status,
            due_at=NOON,
            next_at=NOON,
            created_at=NOON,
        )
        session.add(row)
        session.flush()
        return row.id


def test_connecting_again_gives_new_tokens_to_the_same_account(
    accounts: Accounts, clock: Clock
) -> None:
    first = accounts.add(connection(name="Acme"))
    accounts.park(first.id, NOON + timedelta(days=1), "Quota.")
    clock.pass_by(hours=1)
    again = accounts.add(connection(name="Acme Ltd", access="new", refresh=None))
    assert again.id == first.id
    assert again.name == "Acme Ltd"
    assert again.parked_reason == "Quota.", "a quota is not lifted by connecting again"
    assert accounts.tokens(first.id, _no_refresh).current() == "new"
    with pytest.raises(ReconnectNeededError):
        # The old refresh token belongs to the old consent.
        accounts.tokens(first.id, _no_refresh).renewed("new")


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("\x1b]0;owned\x07Ada\x1b[2J\n", "]0;owned Ada [2J"),
        ("Ada \u202egnp.exe", "Ada gnp.exe"),
        ("می\u200cخواهم 👩\u200d🚀", "می\u200cخواهم 👩\u200d🚀"),
        ("\x00", "(no name)"),
        ("A" * 5000, "A" * 200),
    ],
)
def test_a_name_does_nothing_to_a_terminal(accounts: Accounts, given: str, shown: str) -> None:
    assert accounts.add(connection(name=given)).name == shown


def test_the_sandbox_and_the_platform_are_two_accounts(accounts: Accounts) -> None:
    real, played = accounts.add(connection()), accounts.add(connection(sandbox=True))
    assert real.id != played.id
    assert [a.sandbox for a in accounts.list()] == [False, True]


def test_an_account_is_found_by_number_name_or_platform(accounts: Accounts) -> None:
    acme = accounts.add(connection(name="Acme"))
    page = accounts.add(connection(Service.FACEBOOK, name="Acme"))
    tiktok = accounts.add(connection(Service.TIKTOK, name="Other"))
    assert accounts.find(f" {acme.id} ") == acme
    assert accounts.find("oTHER") == tiktok
    assert accounts.find("facebook") == page
    assert accounts.find("X") == acme
    with pytest.raises(InputError, match=rf"{acme.id} \(X: Acme\), {page.id} \(Facebook: Acme\)"):
        accounts.find("acme")
    with pytest.raises(InputError, match="accounts list"):
        accounts.find("nobody")
    assert accounts.list(Service.TIKTOK) == [tiktok]


def test_an_account_without_posts_is_deleted(accounts: Accounts, engine: Engine) -> None:
    account = accounts.add(connection())
    assert accounts.remove(account.id) == 0
    with engine.connect() as db:
        assert db.execute(text("SELECT count(*) FROM social_account")).scalar_one() == 0
    with pytest.raises(InputError, match="no account"):
        accounts.remove(account.id)


def test_waiting_posts_keep_their_account_unless_forced(accounts: Accounts, engine: Engine) -> None:
    account = accounts.add(connection())
    waiting, done = (
        publication(engine, account, "scheduled", 1),
        publication(engine, account, "published", 2),
    )
    with pytest.raises(InputError, match="1 post waits to be published as Acme"):
        accounts.remove(account.id)
    assert accounts.remove(account.id, force=True) == 1
    with engine.connect() as db:
        states = dict(db.execute(text("SELECT id, status FROM publication")).tuples().all())
        sealed = db.execute(text("SELECT tokens FROM social_account")).scalar_one()
    assert states == {waiting: "cancelled", done: "published"}
    assert sealed == ""
    assert accounts.list() == []
    assert accounts.get(account.id).name == "Acme", "what was published goes on naming it"
    assert accounts.get(account.id).status == "needs_reconnect"
    back = accounts.add(connection(name="Acme"))
    assert back.id == account.id
    assert accounts.tokens(back.id, _no_refresh).current() == "old-access-secret"


def test_an_account_is_not_removed_in_the_middle_of_publishing(
    accounts: Accounts, engine: Engine
) -> None:
    account = accounts.add(connection())
    publication(engine, account, "publishing")
    for force in (False, True):
        with pytest.raises(InputError, match="at this moment"):
            accounts.remove(account.id, force=force)


def test_a_short_pause_does_not_end_a_long_one(accounts: Accounts) -> None:
    account = accounts.add(connection())
    accounts.park(account.id, NOON + timedelta(days=1), "Blocked for a while.")
    accounts.park(account.id, NOON + timedelta(minutes=1), "Most of the limit is used up.")
    assert accounts.get(account.id).parked_until == NOON + timedelta(days=1)
    assert accounts.get(account.id).parked_reason == "Blocked for a while."


def test_who_settles_what_it_was_parked_for_lets_it_go_on(
    accounts: Accounts, engine: Engine
) -> None:
    account = accounts.add(connection())
    assert accounts.resume(account.id) is None
    until = NOON + timedelta(days=1)
    accounts.park(account.id, until, "X wants to be paid first.")
    hit = publication(engine, account, "scheduled", 1)
    other = publication(engine, account, "scheduled", 2)
    later = publication(engine, account, "scheduled", 3)
    with Session(engine) as session, session.begin():
        session.get_one(Publication, hit).next_at = until
        row = session.get_one(Publication, later)
        row.due_at = row.next_at = NOON + timedelta(hours=3)
    assert accounts.resume(account.id) == 1
    assert accounts.get(account.id).parked_until is None
    with Session(engine) as session:
        moments = [session.get_one(Publication, each).next_at for each in (hit, other, later)]
    assert moments == [NOON, NOON, NOON + timedelta(hours=3)]
    accounts.park(account.id, until, "Still not paid.")
    accounts.needs_reconnect(account.id, "Revoked.")
    with pytest.raises(InputError, match=r"needs you: connect it again with .*connect twitter"):
        accounts.resume(account.id)
    assert accounts.get(account.id).parked_until == until


def test_parking_is_lifted(accounts: Accounts) -> None:
    account = accounts.add(connection())
    accounts.park(account.id, NOON + timedelta(hours=1), "Too many posts today.")
    assert accounts.get(account.id).parked_until == NOON + timedelta(hours=1)
    accounts.park(account.id, None, "")
    assert accounts.get(account.id).parked_until is None
    assert accounts.get(account.id).parked_reason == ""


def test_a_notification_is_left_once(accounts: Accounts, engine: Engine) -> None:
    assert accounts.notify("halted:twitter", "halted", "X is halted.") is True
    assert accounts.notify("halted:twitter", "halted", "X is halted.") is False
    with engine.connect() as db:
        assert db.execute(text("SELECT count(*) FROM notification")).scalar_one() == 1


def test_when_its_person_must_act(accounts: Accounts) -> None:
    days = {"life": timedelta(days=60)}
    short = accounts.add(connection(Service.LINKEDIN, refresh=None, **days))  # type: ignore[arg-type]
    assert accounts.ends_at(short.id) == NOON + timedelta(days=60)
    assert accounts.ends_at(accounts.add(connection()).id) is None
    page = connection(Service.FACEBOOK, refresh=None, life=None)
    reads = {"data_access_expires_at": (NOON + timedelta(days=90)).isoformat()}
    page = page.model_copy(update={"details": reads})
    assert accounts.ends_at(accounts.add(page).id) == NOON + timedelta(days=90)


def test_what_is_stored_holds_no_token(accounts: Accounts, engine: Engine) -> None:
    accounts.add(connection())
    with engine.connect() as db:
        row = db.execute(text("SELECT * FROM social_account")).one()
    assert "secret" not in repr(row)
    assert "secret" not in repr(accounts.list())


@given(st.timedeltas(timedelta(seconds=1), timedelta(days=4000)))
def test_four_fifths_of_a_life(life: timedelta) -> None:
    due = due_at(NOON, NOON + life)
    assert due is not None
    assert abs((NOON + life - due) * 5 - life) < timedelta(milliseconds=1)
    assert due_at(NOON, None) is None
