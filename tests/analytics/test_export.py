"""Files for spreadsheets and for other programs."""

import csv
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from igny8_media.analytics.export import disarmed, export
from igny8_media.errors import InputError


def _table() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "text": ["=HYPERLINK(\"http://x\")", "@SUM(A1)", "+1", "-2+3", "\t=1", "plain", None],
            "kind": pd.Categorical(["=a", "b", "b", "b", "b", "b", "b"]),
            "likes": pd.Series([-1, 2, None, 4, 5, 6, 7], dtype="Int64"),
            "at": pd.to_datetime(["2026-10-01T09:00:00Z"] * 7),
        }
    )  # fmt: skip


def test_no_cell_of_a_csv_is_a_formula(tmp_path: Path) -> None:
    [path] = export({"posts": _table()}, tmp_path / "new" / "folder", "csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["text"] for row in rows] == [
        "'=HYPERLINK(\"http://x\")", "'@SUM(A1)", "'+1", "'-2+3", "'\t=1", "plain", "",
    ]  # fmt: skip
    assert rows[0]["kind"] == "'=a"
    assert [row["likes"] for row in rows[:3]] == ["-1", "2", ""]
    assert rows[0]["at"] == "2026-10-01T09:00:00+0000"
    assert [p.name for p in path.parent.iterdir()] == ["posts.csv"]


@given(st.lists(st.text(max_size=8), min_size=1, max_size=5))
def test_texts_begin_with_nothing_that_is_run_and_lose_nothing(texts: list[str]) -> None:
    safe = disarmed(pd.DataFrame({"text": pd.Series(texts, dtype="str")}))["text"]
    for text, written in zip(texts, safe, strict=True):
        assert not written.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
        assert written in (text, f"'{text}")


def test_parquet_holds_everything_as_it_is(tmp_path: Path) -> None:
    [path] = export({"posts": _table()}, tmp_path, "parquet")
    pd.testing.assert_frame_equal(pd.read_parquet(path), _table(), check_dtype=False)


def test_a_folder_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(InputError, match="choose another folder"):
        export({"posts": _table()}, tmp_path / "taken", "csv")
