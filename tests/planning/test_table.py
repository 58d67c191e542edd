"""Tables as spreadsheets write them, and as people break them."""

from pathlib import Path

import pytest

from igny8_media.accounts.model import Service
from igny8_media.errors import InputError
from igny8_media.planning.table import MOST_ROWS, read_table

HEADER = "post,account,at,priority\n"


def _file(folder: Path, data: str | bytes) -> Path:
    file = folder / "posts.csv"
    file.write_bytes(data.encode() if isinstance(data, str) else data)
    return file


def _problems(folder: Path, data: str | bytes) -> list[tuple[int, str]]:
    _, problems = read_table(_file(folder, data))
    return [(one.line, one.message) for one in problems]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_spreadsheets_write(tmp_path: Path, encoding: str, delimiter: str, end: str) -> None:
    rows = ["post,account,at", '7,"Müller, Köln",2026-12-01 09:30', "8,,", ",,"]
    text = end.join(row.replace(",", delimiter) for row in rows) + end
    lines, problems = read_table(_file(tmp_path, text.encode(encoding)))
    assert problems == []
    assert [(line.number, line.post, line.at) for line in lines] == [
        (2, 7, "2026-12-01 09:30"),
        (3, 8, None),
    ]
    assert lines[0].account == f"Müller{delimiter} Köln"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"post\n1\n\xff\xfe", "is not UTF-8 text: line 3"),
        ("post\n1\nM\u00fcller".encode("cp1252"), "line 3 has bytes that mean nothing"),
        ("post\n1\n".encode("utf-16-le"), "looks like UTF-16 without its mark"),
        (b"\xff\xfep\x00o\x00s\x00t\x00\n\x00\x31", "is not UTF-16 text"),
        ("post\n1\n".encode("utf-32") + b"\x00", "is not UTF-32 text"),
        (b"", "is empty"),
        (b"\xef\xbb\xbf\n\n", "is empty"),
        (b",,\n", "no column `post`"),
        (b"post\n", "no rows below its header"),
        (b"id,text\n1,x\n", "no column `post`"),
        (b"post,acount\n1,x\n", "column 2 called 'acount'; did you mean `account`?"),
        (b"post,post\n1,2\n", "the column `post` twice"),
        (b"content\nx\n", "none called `platform`"),
        (b'post,account\n1,"open\n2,x\n', "no table from line 2 on"),
        (b"post\n" + b"1\n" * (MOST_ROWS + 1), "more than 100000 rows"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not UTF-8 text"),
    ],
)
def test_what_is_no_table(tmp_path: Path, data: bytes, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read_table(_file(tmp_path, data))


def test_no_file_and_a_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(InputError, match="There is no file"):
            read_table(path)


def test_every_mistake_is_told_with_its_line(tmp_path: Path) -> None:
    told = _problems(
        tmp_path,
        "post,content,platform,at,from,priority\n"
        "x,,,,,\n"
        ",,,,,\n"
        "1,a,,,,\n"
        ',a,myspace,,,"1\n2"\n'
        ",a,,,,\n"
        "2,,,2026-12-01T09:00,2026-12-01,\n"
        "3,,,,2026-02-30,99999\n"
        "4,,,\n"
        "5,,,,,1e3\n"
        "=1+1,,,,,\n"
        ",,x,2027-01-01T00:00,,\n"
        "9,a\x07,x,,,\n",
    )
    lines = [line for line, _ in told]
    assert lines == [2, 4, 5, 5, 7, 8, 9, 9, 10, 11, 12, 13, 14, 14]
    said = dict(told)
    assert "is no post's number" in said[2]
    assert "keep one of the two" in said[4]
    assert "no platform 'myspace'" in dict(reversed(told))[5]
    assert "`from` and `priority` must be empty" in said[8]
    assert "4 fields and the header has 6" in said[10]
    assert "'1e3' is no priority" in said[11]
    assert "'=1+1' is no post's number" in said[12]
    assert "names no post" in said[13]
    assert any("cannot be seen" in message for line, message in told if line == 14)


def test_options_of_a_row(tmp_path: Path) -> None:
    data = (
        "post,options\n"
        "1,tiktok:privacy=SELF_ONLY; x:reply_settings=following;tags=\n"
        '2,"tags=garden, soil"\n'
        "3,\n"
    )
    (first, second, third), problems = read_table(_file(tmp_path, data))
    assert problems == []
    assert first.chosen
    assert second.chosen
    assert third.chosen
    assert first.chosen(Service.TIKTOK).privacy == "SELF_ONLY"
    assert first.chosen(Service.YOUTUBE).privacy is None
    assert first.chosen(Service.TWITTER).reply_settings == "following"
    assert second.chosen(Service.YOUTUBE).tags == ("garden", "soil")
    assert third.chosen(Service.YOUTUBE).model_fields_set == set()


def test_every_option_that_is_off_is_told(tmp_path: Path) -> None:
    told = _problems(
        tmp_path,
        "post,options\n1,tikok:privacy=X; privacy; draft=perhaps; reply_settings=me\nx,a=b",
    )
    assert [line for line, _ in told] == [2, 2, 2, 2, 3, 3]
    assert "'tikok:privacy=X' is none" in told[0][1]
    assert "options takes NAME=VALUE or PLATFORM:NAME=VALUE" in told[1][1]
    assert told[2][1] == "options draft takes true or false, not 'perhaps'."
    assert "options reply_settings takes following, mentionedUsers," in told[3][1]
