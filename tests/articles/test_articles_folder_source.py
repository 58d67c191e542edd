"""A folder as a source, and the IDs of what is in it."""

import os
import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from igny8_media.articles.ids import content_id
from igny8_media.articles.sources.folder import FolderSource
from igny8_media.errors import InputError, OutsideError


def later() -> float:
    """A clock two seconds ahead: what a test has just written counts as settled."""
    return time.time() + 2


def write(root: Path, name: str, text: str = "# T\n\nSome words.") -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_files_are_listed_as_they_changed_and_never_twice(tmp_path: Path) -> None:
    source = FolderSource(tmp_path, clock=later)
    assert source.published_since(None) == []
    for name in ("b.md", "sub/a.HTML", "c.markdown"):
        write(tmp_path, name)
        time.sleep(0.01)
    for name in (".hidden.md", ".git/x.md", "notes.txt", "p.png"):
        write(tmp_path, name)
    first = source.published_since(None, limit=2)
    assert [listed.original_id for listed in first] == ["b.md", "sub/a.HTML"]
    rest = source.published_since(first[-1].cursor)
    assert [listed.original_id for listed in rest] == ["c.markdown"]
    assert source.published_since(rest[-1].cursor) == []


def test_a_change_and_an_old_file_moved_in_are_seen(tmp_path: Path) -> None:
    root = tmp_path / "content"
    path = write(root, "a.md")
    old = write(tmp_path, "old.md")
    os.utime(old, (1_000_000_000, 1_000_000_000))
    time.sleep(0.02)
    source = FolderSource(root, clock=later)
    (before,) = source.published_since(None)
    time.sleep(0.02)
    path.write_text("# T\n\nOther words.")
    (after,) = source.published_since(before.cursor)
    assert (after.id, after.version != before.version) == (before.id, True)
    time.sleep(0.02)
    old.rename(root / "old.md")
    assert [x.original_id for x in source.published_since(after.cursor)] == ["old.md"]


def test_a_file_being_written_is_left_for_the_next_call(tmp_path: Path) -> None:
    written = write(tmp_path, "a.md").stat().st_ctime
    assert FolderSource(tmp_path, clock=lambda: written).published_since(None) == []
    assert len(FolderSource(tmp_path, clock=later).published_since(None)) == 1


def test_the_listing_knows_the_id_of_the_article(tmp_path: Path) -> None:
    names = (
        "plain.md",
        "with space.md",
        "sub/deep.md",
        "Ünïcode.html",
        "日本.md",
        "a" * 90 + ".md",
    )
    for name in names:
        write(tmp_path, name, "---\nid: other\n---\n\n# T\n\nSome words.")
    source = FolderSource(tmp_path, clock=later)
    listed = source.published_since(None)
    assert len({one.id for one in listed}) == len(names)
    for one in listed:
        article = source.fetch(one.original_id)
        assert (article.id, article.original_id) == (one.id, one.original_id)
    assert "plain" in {one.id for one in listed}


def test_files_that_share_an_id_are_both_listed(tmp_path: Path) -> None:
    write(tmp_path, "a.md")
    write(tmp_path, "a.html")
    listed = FolderSource(tmp_path, clock=later).published_since(None)
    assert {one.id for one in listed} == {"a"}
    assert {one.original_id for one in listed} == {"a.md", "a.html"}


def test_nothing_outside_the_folder_is_opened(tmp_path: Path) -> None:
    root = tmp_path / "content"
    root.mkdir()
    write(tmp_path, "secret.md")
    (root / "link.md").symlink_to(tmp_path / "secret.md")
    (root / "loop").symlink_to(root)
    source = FolderSource(root, clock=later)
    assert source.published_since(None) == []
    for name in ("../secret.md", str(tmp_path / "secret.md"), "link.md", "loop/../../secret.md"):
        with pytest.raises(InputError):
            source.fetch(name)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not a folder"):
        FolderSource(tmp_path / "none")
    folder = tmp_path / "content"
    folder.mkdir()
    source = FolderSource(folder)
    folder.rmdir()
    with pytest.raises(OutsideError, match="is gone"):
        source.published_since(None)


@given(st.text())
def test_any_name_maps_to_one_valid_id(name: str) -> None:
    made = content_id(name)
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", made)
    assert content_id(made) == made
    assert content_id(name) == made


def test_names_with_one_slug_keep_apart() -> None:
    names = ["a b", "a  b", "A b", "a/b", "ä b", "a-b", "a b\n"]
    assert len({content_id(name) for name in names}) == len(names)
    assert content_id("Hello, World!").startswith("hello-world-")
