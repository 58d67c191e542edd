"""Drafts belong to people once they touched them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, create_engine, select, update
from sqlalchemy.orm import Session

from igny8_media.database.contents import ContentRef, Contents
from igny8_media.database.drafts import Drafts
from igny8_media.database.engine import HEAD, VERSION_TABLE, open_database
from igny8_media.database.films import Films
from igny8_media.database.tables import Base, SocialPost, VideoProject
from igny8_media.errors import InputError, OutsideError


def _posts(engine: Engine) -> list[SocialPost]:
    with Session(engine) as session:
        return list(session.scalars(select(SocialPost).order_by(SocialPost.revision)))


def test_the_migrations_make_exactly_the_tables_of_the_models(engine: Engine) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        assert context.get_current_revision() == HEAD
        assert compare_metadata(context, Base.metadata) == []


def test_an_untouched_draft_is_refreshed_in_place(engine: Engine) -> None:
    drafts = Drafts(engine)
    drafts.propose_post("a", "twitter", "f1", {"post_text": "one"})
    drafts.propose_post("a", "twitter", "f2", {"post_text": "two"})
    assert [(p.revision, p.post["post_text"]) for p in _posts(engine)] == [(1, "two")]


@pytest.mark.parametrize(
    "touch",
    [
        {"edited_at": datetime(2026, 11, 1, tzinfo=UTC), "post": {"post_text": "mine"}},
        {"status": "approved"},
        {"status": "published"},
    ],
)
def test_a_touched_row_is_never_overwritten(engine: Engine, touch: dict[str, object]) -> None:
    drafts = Drafts(engine)
    drafts.propose_post("a", "twitter", "f1", {"post_text": "one"})
    with engine.begin() as connection:
        connection.execute(update(SocialPost).values(**touch))
    before = _posts(engine)[0]
    drafts.propose_post("a", "twitter", "f2", {"post_text": "two"})
    drafts.propose_post("a", "twitter", "f1", {"post_text": "one"})
    rows = _posts(engine)
    assert (rows[0].post, rows[0].status, rows[0].edited_at) == (
        before.post,
        before.status,
        before.edited_at,
    )
    assert [(r.revision, r.status) for r in rows[1:]] == [(2, "draft")]
    assert rows[1].post == {"post_text": "two"}


def test_an_edited_script_is_kept_and_files_go_to_the_newest_project(engine: Engine) -> None:
    films = Films(engine)
    films.propose_script("a", "short", "f1", {"title": "one"})
    with engine.begin() as connection:
        connection.execute(update(VideoProject).values(edited_at=datetime.now(UTC)))
    films.propose_script("a", "short", "f2", {"title": "two"})
    films.video_status("a", "short", "ready", 100)
    films.video_files("a", "short", "video/short/render", [("video.mp4", "video", "k1")])
    films.video_files("a", "short", "video/short/render", [("video.mp4", "video", "k2")])
    with Session(engine) as session:
        rows = list(session.scalars(select(VideoProject).order_by(VideoProject.revision)))
        assert [(r.script["title"], r.status) for r in rows] == [
            ("one", "script_ready"),
            ("two", "ready"),
        ]


def test_two_articles_cannot_share_an_id(engine: Engine) -> None:
    contents = Contents(engine)
    one = ContentRef(content_id="a", source="file", reference="a.md", version="1")
    assert contents.register([one], lambda _: True) == ((one,), {})
    other = one.model_copy(update={"reference": "b/a.md"})
    third = ContentRef(content_id="c", source="file", reference="c.md", version="1")
    kept, refused = contents.register([other, third], lambda _: True)
    assert kept == (third,)
    (sentence,) = refused.values()
    assert "a.md" in sentence
    assert "b/a.md" in sentence
    assert contents.get("a") == one
    assert contents.get("c") == third


def test_a_moved_article_keeps_its_id(engine: Engine) -> None:
    contents = Contents(engine)
    old = ContentRef(content_id="a", source="file", reference="old/a.md", version="1")
    contents.register([old], lambda _: True)
    moved = old.model_copy(update={"reference": "new/a.md", "version": "2"})
    (kept,), refused = contents.register([moved], lambda ref: ref.reference != "old/a.md")
    assert not refused
    assert contents.get("a") == kept == moved.model_copy(update={"version": "2#1"})


def test_a_version_that_comes_again_is_another_one(engine: Engine) -> None:
    contents = Contents(engine)

    def told(version: str) -> str:
        ref = ContentRef(content_id="a", source="feed", reference="tag:1", version=version)
        (kept,) = contents.register([ref], lambda _: True).kept
        return kept.version

    # Told again without a change (each look at a feed without dates; a sensor whose cursor was not
    # kept) it stays what it was.
    assert [told(each) for each in ("A", "A", "B", "B", "A", "A", "B")] == [
        *("A", "A", "B#1", "B#1", "A#2", "A#2", "B#3"),
    ]


def test_an_unknown_content_is_a_sentence(engine: Engine) -> None:
    with pytest.raises(InputError, match="No article with the ID nowhere"):
        Contents(engine).get("nowhere")


def test_a_database_address_that_is_none_names_the_variable() -> None:
    with pytest.raises(InputError, match="IGNY8_DATABASE_URL"):
        open_database("not an address")


def test_a_dead_server_is_a_sentence_without_its_password() -> None:
    with pytest.raises(OutsideError, match="cannot be opened") as caught:
        open_database("postgresql://me:sesame@127.0.0.1:1/none")
    assert "sesame" not in str(caught.value)


_EVENT = st.one_of(
    st.tuples(st.just("propose"), st.sampled_from(["f1", "f2", "f3"])),
    st.tuples(st.just("edit"), st.just("")),
    st.tuples(st.just("approve"), st.just("")),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(_EVENT, max_size=12))
def test_whatever_the_order_no_touched_text_is_ever_lost(events: list[tuple[str, str]]) -> None:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    drafts = Drafts(engine)
    touched: dict[int, dict[str, object]] = {}
    for number, (what, mark) in enumerate(events):
        if what == "propose":
            drafts.propose_post("a", "twitter", mark, {"post_text": f"{mark} {number}"})
            continue
        with Session(engine) as session, session.begin():
            row = session.scalars(select(SocialPost).order_by(SocialPost.revision.desc())).first()
            if row is None:
                continue
            if what == "edit":
                row.post, row.edited_at = {"post_text": f"mine {number}"}, datetime.now(UTC)
            else:
                row.status = "approved"
            touched[row.revision] = row.post
    now = {row.revision: row.post for row in _posts(engine)}
    assert all(now[revision] == post for revision, post in touched.items())
    engine.dispose()


def test_the_script_in_force_is_a_persons_until_newer_text_comes(engine: Engine) -> None:
    films = Films(engine)
    films.propose_script("a", "short", "f1", {"sections": ["one"]})
    assert films.edited_script("a", "short") is None
    films.script_as_spoken("a", "short", {"sections": ["one, shorter"]})
    with engine.begin() as connection:
        mine = {"script": {"sections": ["mine"]}, "edited_at": datetime(2026, 11, 1, tzinfo=UTC)}
        connection.execute(update(VideoProject).values(**mine))
    films.propose_script("a", "short", "f1", {"sections": ["one"]})
    films.script_as_spoken("a", "short", {"sections": ["one, shorter"]})
    assert films.edited_script("a", "short") == {"sections": ["mine"]}
    films.propose_script("a", "short", "f2", {"sections": ["two"]})
    assert films.edited_script("a", "short") is None
    with Session(engine) as session:
        rows = session.scalars(select(VideoProject).order_by(VideoProject.revision))
        assert [r.script["sections"] for r in rows] == [["mine"], ["two"]]


def test_what_a_killed_run_left_busy_has_failed(engine: Engine) -> None:
    films = Films(engine)
    for form, status in (("short", "rendering"), ("long", "ready")):
        films.propose_script("a", form, "f", {})
        films.video_status("a", form, status, 40)
    films.propose_script("b", "short", "f", {})
    films.video_status("b", "short", "rendering", 40)
    films.give_up("a")
    with Session(engine) as session:
        found = {(r.content_id, r.form): r.status for r in session.scalars(select(VideoProject))}
    assert found == {
        ("a", "short"): "failed",
        ("a", "long"): "ready",
        ("b", "short"): "rendering",
    }
