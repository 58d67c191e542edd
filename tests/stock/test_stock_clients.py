"""What we ask stock libraries, what we make of their answers, and what we tell of their errors."""

import json
import logging
import re
import socket
from pathlib import Path

import httpx
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from igny8_media.stock.model import (
    Credit,
    KeyRefusedError,
    RateLimitedError,
    Search,
    StockClip,
    StockError,
    StockPicture,
)
from igny8_media.stock.pexels import Pexels
from igny8_media.stock.pixabay import Pixabay
from igny8_media.stock.remembering import RememberingFinder
from igny8_media.storage.cache import FolderCache
from tests.stock.servers import PEXELS_KEY, PIXABAY_KEY, Answer, Item, Library

UPRIGHT = Search(query="garden bees", language="de", width=1080, height=1920)
WIDE = UPRIGHT.model_copy(update={"width": 1920, "height": 1080})
SPECS = Path(__file__).parents[3] / "shared" / "specs" / "pexels"
needs_specs = pytest.mark.skipif(not SPECS.is_dir(), reason="the specs are not beside the project")

BEES = Item(11, "bees on a flower")
FILM = Item(12, "garden bees flying", duration=14, author="João #1")


def test_pexels_pictures(pexels: Pexels, pexels_library: Library) -> None:
    pexels_library.items = [BEES, FILM]
    (found,) = pexels.pictures(UPRIGHT)
    assert (found.provider, found.id, found.author) == ("Pexels", "11", "Ana Souza")
    assert found.page_url == "https://www.pexels.com/photo/bees-on-a-flower-11/"
    assert found.words == "Bees on a flower"
    assert found.licence == "Pexels License"
    # No more than a little above the frame: the original has 12 megapixels.
    assert 1080 <= found.width < 2000
    assert found.width / found.height == pytest.approx(3 / 4, abs=0.01)
    assert f"w={found.width}" in found.link
    _, query, headers = pexels_library.asked[0]
    assert headers["authorization"] == PEXELS_KEY
    assert query["orientation"] == "portrait"
    assert query["locale"] == "de-DE"


def test_pexels_clips_come_in_the_smallest_file_that_fills_the_frame(
    pexels: Pexels, pexels_library: Library
) -> None:
    pexels_library.items = [BEES, FILM]
    (found,) = pexels.clips(UPRIGHT)
    assert isinstance(found, StockClip)
    assert (found.width, found.height, found.duration) == (1080, 1920, 14)
    assert found.words == "garden bees flying"
    small = UPRIGHT.model_copy(update={"width": 360, "height": 640})
    assert pexels.clips(small)[0].width == 360
    huge = UPRIGHT.model_copy(update={"width": 4320, "height": 7680})
    assert pexels.clips(huge)[0].width == 2160


def test_pixabay_pictures_and_clips(pixabay: Pixabay, pixabay_library: Library) -> None:
    pixabay_library.items = [BEES, FILM]
    (picture,) = pixabay.pictures(UPRIGHT)
    assert (picture.width, picture.height) == (960, 1280)  # of `largeImageURL`
    assert picture.words == "bees, on, a, flower"
    assert picture.author_url.endswith("/users/ana-souza-48777/")
    (film,) = pixabay.clips(UPRIGHT)
    assert (film.width, film.height) == (1080, 1920)
    assert film.link.endswith("?medium")  # `large.url` is empty
    for query in pixabay_library.searches():
        assert query["safesearch"] == "true"
        assert query["lang"] == "de"
    assert pixabay_library.searches()[0]["orientation"] == "vertical"


def test_languages_they_do_not_know_are_searched_in_english(
    pexels: Pexels, pexels_library: Library, pixabay: Pixabay, pixabay_library: Library
) -> None:
    search = UPRIGHT.model_copy(update={"language": "sw"})
    pexels.pictures(search)
    pixabay.pictures(search)
    assert pexels_library.searches()[0]["locale"] == "en-US"
    assert pixabay_library.searches()[0]["lang"] == "en"


@given(st.text(min_size=101))
def test_a_query_no_library_takes_is_none(query: str) -> None:
    with pytest.raises(ValidationError):
        Search(query=query, width=1, height=1)


def test_a_wrong_key(
    client: httpx.Client, pexels_library: Library, pixabay_library: Library
) -> None:
    with pytest.raises(KeyRefusedError, match="IGNY8_PEXELS_KEY"):
        Pexels("Bearer " + PEXELS_KEY, pexels_library.url, client).pictures(UPRIGHT)
    with pytest.raises(KeyRefusedError, match="IGNY8_PIXABAY_KEY"):
        Pixabay("wrong", pixabay_library.url, client).clips(UPRIGHT)


def test_too_many_questions(
    pexels: Pexels, pexels_library: Library, pixabay: Pixabay, pixabay_library: Library
) -> None:
    pexels_library.trouble = Answer(b'{"error":"Too Many Requests"}', 429)
    with pytest.raises(RateLimitedError, match="in an hour") as told:
        pexels.pictures(UPRIGHT)
    assert told.value.after is None
    headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "37"}
    pixabay_library.trouble = Answer(b"[ERROR 429]", 429, "text/plain", headers)
    with pytest.raises(RateLimitedError, match="in 37 seconds") as counted:
        pixabay.pictures(UPRIGHT)
    assert counted.value.after == 37
    assert len(pexels_library.asked) == len(pixabay_library.asked) == 1


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(b"<html>maintenance", 503, "text/html"), "answered 503$"),
        (Answer(b"<html>captive portal", 200, "text/html"), "not JSON"),
        (Answer(b'{"photos":[{"id":1}]}'), "no list of photos"),
        (Answer(b'["photos"]'), "no list of photos"),
        (Answer(b" " * 6_000_000), "more than 5 MB"),
        (Answer(b"", 302, headers={"Location": "http://127.0.0.1:9/"}), "answered 302"),
    ],
)
def test_answers_that_are_none(
    pexels: Pexels, pexels_library: Library, answer: Answer, said: str
) -> None:
    pexels_library.trouble = answer
    with pytest.raises(StockError, match=said):
        pexels.pictures(UPRIGHT)


def test_a_server_that_is_not_there(client: httpx.Client) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
    with pytest.raises(StockError, match="cannot be reached"):
        Pixabay(PIXABAY_KEY, url, client).pictures(UPRIGHT)


def test_a_key_is_never_told(
    client: httpx.Client,
    pexels: Pexels,
    pixabay: Pixabay,
    pexels_library: Library,
    pixabay_library: Library,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    pixabay_library.items = pexels_library.items = [BEES]
    said = [repr(pexels), repr(pixabay), repr(pixabay.pictures(UPRIGHT))]
    pexels.pictures(UPRIGHT)
    echo = f'{{"error":"bad key {PEXELS_KEY} {PIXABAY_KEY}"}}'.encode()
    for status in (400, 401, 403, 404, 429, 500):
        pexels_library.trouble = pixabay_library.trouble = Answer(echo, status)
        for finder in (pexels, pixabay):
            with pytest.raises(StockError) as told:
                finder.clips(WIDE)
            said += [str(told.value), repr(told.value), repr(told.value.__cause__)]
    dead = Pixabay(PIXABAY_KEY, "http://127.0.0.1:1", client)
    with pytest.raises(StockError) as told:
        dead.pictures(UPRIGHT)
    said.append(str(told.value))
    assert "HTTP Request: GET" in caplog.text  # httpx does write its log
    for key in (PEXELS_KEY, PIXABAY_KEY):
        assert key not in caplog.text + " ".join(said)


@needs_specs
def test_what_we_send_pexels_is_in_its_contract(pexels: Pexels, pexels_library: Library) -> None:
    spec = yaml.safe_load((SPECS / "pexels-openapi.thirdparty.yml").read_text())
    pexels.pictures(UPRIGHT)
    pexels.clips(WIDE)
    for asked, (path, query, _) in zip(
        ("/search", "/videos/search"), pexels_library.asked, strict=True
    ):
        assert path.endswith(asked)
        known = {p["name"]: p["schema"] for p in spec["paths"][asked]["get"]["parameters"]}
        for name, value in query.items():
            schema = known[name]
            assert value in schema.get("enum", [value])
            assert "maximum" not in schema or int(value) <= schema["maximum"]


@needs_specs
@pytest.mark.parametrize(
    ("interface", "path", "key"),
    [
        ("Photo", "/v1/search", "photos"),
        ("Video", "/videos/search", "videos"),
    ],
)
def test_the_fake_answers_in_the_official_types(
    pexels_library: Library, client: httpx.Client, interface: str, path: str, key: str
) -> None:
    text = (SPECS / "pexels-js-1.4.0-types.d.ts").read_text()
    body = text.split(f"export interface {interface} {{")[1].split("\n}")[0]
    declared = dict(re.findall(r"^ {4}(\w+): (.+?);?$", body, re.MULTILINE))
    pexels_library.items = [BEES, FILM]
    answer = client.get(
        pexels_library.url + path,
        params={"query": "bees", "per_page": "3"},
        headers={"Authorization": PEXELS_KEY},
    )
    (item,) = json.loads(answer.content)[key]
    plain = {name: kind for name, kind in declared.items() if not kind.startswith("{")}
    assert set(item) == set(declared)
    types = {"number": (int, float), "string": str, "string | null": str, "boolean": bool}
    for name, kind in plain.items():
        if kind in types:
            assert isinstance(item[name], types[kind]), name


def test_answers_are_kept_for_a_day(
    pixabay: Pixabay, pixabay_library: Library, cache: FolderCache
) -> None:
    pixabay_library.items = [BEES, FILM]
    now = 20_000 * 86_400.0 + 80_000  # shortly before midnight
    finder = RememberingFinder(pixabay, cache, lambda: now)
    first = finder.pictures(UPRIGHT)
    clips = finder.clips(UPRIGHT)
    assert first == pixabay.pictures(UPRIGHT)
    assert isinstance(clips[0], StockClip)
    asked = len(pixabay_library.asked)
    now += 86_399
    assert finder.pictures(UPRIGHT) == first
    assert finder.clips(UPRIGHT) == clips
    assert len(pixabay_library.asked) == asked
    now += 2
    finder.pictures(UPRIGHT)
    assert len(pixabay_library.asked) == asked + 1
    finder.pictures(UPRIGHT.model_copy(update={"query": "other"}))
    assert len(pixabay_library.asked) == asked + 2


def test_a_failure_is_not_kept(
    pixabay: Pixabay, pixabay_library: Library, cache: FolderCache
) -> None:
    pixabay_library.items = [BEES]
    pixabay_library.trouble = Answer(b"[ERROR 500]", 500, "text/plain")
    finder = RememberingFinder(pixabay, cache, lambda: 0.0)
    with pytest.raises(StockError):
        finder.pictures(UPRIGHT)
    pixabay_library.trouble = None
    assert len(finder.pictures(UPRIGHT)) == 1


def test_models_refuse_what_they_do_not_know() -> None:
    with pytest.raises(ValidationError):
        StockPicture.model_validate({"provider": "Getty", "id": "1"})
    assert set(Credit.model_fields) >= {"author", "author_url", "page_url", "licence", "provider"}
