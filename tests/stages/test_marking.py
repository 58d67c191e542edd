"""Links are marked when a post is planned, not before."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from igny8_media.accounts.model import Service
from igny8_media.command.given import read_sources
from igny8_media.database.tables import Publication
from igny8_media.publishing.model import Options
from igny8_media.sandbox.server import Running, running
from igny8_media.settings import Settings
from igny8_media.social.model import Platform
from igny8_media.stages.article import ARTICLE
from igny8_media.stages.bulk import import_table
from igny8_media.stages.catalog import SOCIAL
from igny8_media.stages.outgoing import outgoing
from igny8_media.stages.press import Press, open_press
from igny8_media.stages.stage import run_stage
from igny8_media.stages.workshop import Workshop

_EXAMPLE = Path(__file__).parents[2] / "examples/articles/faster-web-page.md"
_PAGE = "https://example.com/guides/faster-web-page"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Running]:
    with running() as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, sandbox: Running) -> Path:
    """Where one article with an address has its post."""
    home = tmp_path_factory.mktemp("marking")
    shop = Workshop(_settings(home, sandbox))
    ((given,), _) = read_sources(shop.settings, [str(_EXAMPLE)])
    run_stage(shop, ARTICLE, given.content_id)
    for stage in SOCIAL[Platform.FACEBOOK]:
        run_stage(shop, stage, given.content_id)
    return home


def _settings(home: Path, sandbox: Running, **more: bool) -> Settings:
    return Settings(home=home, sandbox_url=sandbox.url, _env_file=None, **more)  # type: ignore[call-arg]


def _planned(press: Press) -> tuple[str, str]:
    """The words as they are in the draft, and as they would be sent."""
    (row,) = press.all_posts.list()
    account = press.account_for(Service.FACEBOOK, "sandbox")
    sent = press.checked(row, account, Options())
    shown, problem = press.examined(row.id)
    assert shown is not None, problem
    assert shown.text == outgoing(press.shop, row).text == row.post["post_text"]
    return shown.text, sent.text


def test_what_is_planned_is_marked_and_what_is_shown_is_not(home: Path, sandbox: Running) -> None:
    with open_press(Workshop(_settings(home, sandbox))) as press:
        shown, sent = _planned(press)
        (row,) = press.all_posts.list()
        marks = f"utm_source=facebook&utm_medium=social&utm_campaign={row.content_id}"
        assert _PAGE in shown
        assert sent == shown.replace(_PAGE, f"{_PAGE}?{marks}&utm_content={row.id}")


def test_what_a_table_plans_is_marked_too(home: Path, sandbox: Running, tmp_path: Path) -> None:
    table = tmp_path / "posts.csv"
    soon = datetime.now(UTC) + timedelta(days=30)
    table.write_text(f"post,account,at\n1,sandbox,{soon:%Y-%m-%dT%H:%MZ}\n")
    with open_press(Workshop(_settings(home, sandbox))) as press:
        press.approve([1])
        assert import_table(press, table, preview=False).errors == ()
        with Session(press.shop.engine) as session:
            (planned,) = session.scalars(select(Publication))
            assert f"{_PAGE}?utm_source=facebook" in planned.outgoing["text"]
        press.cancel(1)


def test_it_can_be_switched_off(home: Path, sandbox: Running) -> None:
    with open_press(Workshop(_settings(home, sandbox, utm=False))) as press:
        shown, sent = _planned(press)
        assert sent == shown


def test_marks_that_make_it_too_long_are_left_out_and_it_is_said(
    home: Path,
    sandbox: Running,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with open_press(Workshop(_settings(home, sandbox))) as press:
        from igny8_media.publishing.facebook.adapter import Facebook

        monkeypatch.setattr(
            Facebook, "validate", lambda _, post: ["Too long."] if "utm_" in post.text else []
        )
        with caplog.at_level(logging.WARNING):
            shown, sent = _planned(press)
        assert sent == shown
        assert "not marked" in caplog.text
