"""A person's post file: forgiving in what it leaves out, and all that is wrong is said at once."""

import json
import os
import re
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from igny8_media.errors import InputError
from igny8_media.publishing.model import Outgoing
from igny8_media.publishing.ownpost import KINDS, read_own_post
from igny8_media.storage.media_store import LocalMediaStore, sha256_of
from tests.media_samples import SRT, write_pdf, write_picture, write_video

_DOCS = Path(__file__).parents[2] / "docs" / "posts-file.md"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One file of each kind, to be named by posts."""
    folder = tmp_path_factory.mktemp("post")
    write_picture(folder / "one.jpg", seed=1)
    write_picture(folder / "two.png", seed=2)
    write_video(folder / "clip.mp4")
    write_pdf(folder / "deck.pdf")
    (folder / "words.srt").write_text(SRT, encoding="utf-8")
    (folder / "notes.txt").write_text("no media")
    return folder


@pytest.fixture
def store(tmp_path: Path) -> LocalMediaStore:
    return LocalMediaStore(tmp_path / "media")


def _read(folder: Path, store: LocalMediaStore, **post: Any) -> Outgoing:
    file = folder / "post.json"
    file.write_text(json.dumps(post), encoding="utf-8")
    return read_own_post(file, store)


def test_a_post_with_its_files(folder: Path, store: LocalMediaStore) -> None:
    post = _read(
        folder,
        store,
        service="YouTube",
        title="How it is done",
        text="At length (with #tags)",
        media=["clip.mp4"],
        thumbnail="one.jpg",
        captions=[{"path": "words.srt", "language": "de-CH"}],
        language="de",
        options={"privacy": "unlisted", "publish_at": "2027-01-31T09:00:00+01:00"},
    )
    assert (post.service, post.kind, post.title) == ("youtube", "video", "How it is done")
    assert post.media[0].duration == pytest.approx(1.0, abs=0.1)
    assert post.thumbnail is not None
    assert (post.captions[0].language, post.captions[0].file.kind) == ("de-CH", "captions")
    for file in (post.media[0], post.thumbnail, post.captions[0].file):
        assert file.key.startswith(f"posts/{file.sha256}/")
        assert sha256_of(store.local_path(file.key)) == file.sha256
    assert (folder / "clip.mp4").is_file()
    assert Outgoing.model_validate(post.model_dump(mode="json")) == post


@pytest.mark.parametrize(
    ("service", "kind"),
    [("linkedin", "video"), ("facebook", "reel"), ("instagram", "reel"), ("youtube", "video")],
)
def test_a_cover_is_the_thumbnail_by_its_other_name(
    folder: Path, store: LocalMediaStore, service: str, kind: str
) -> None:
    said = {"service": service, "kind": kind, "media": ["clip.mp4"]}
    post = _read(folder, store, **said, cover="one.jpg")
    assert post.thumbnail is not None
    assert post == _read(folder, store, **said, thumbnail={"path": "one.jpg"})
    with pytest.raises(InputError, match="keep one"):
        _read(folder, store, **said, cover="one.jpg", thumbnail="two.png")


@pytest.mark.parametrize(
    ("post", "kind"),
    [
        ({"service": "linkedin", "text": "Hi"}, "text"),
        ({"service": "x", "parts": ["one", "two"], "media": ["one.jpg"]}, "thread"),
        ({"service": "twitter", "text": "?", "poll": {"options": ["a", "b"]}}, "poll"),
        ({"service": "facebook", "text": "Hi", "link": "https://example.org"}, "link"),
        ({"service": "linkedin", "media": ["one.jpg"]}, "image"),
        ({"service": "linkedin", "media": ["one.jpg", "two.png"]}, "images"),
        ({"service": "twitter", "media": ["one.jpg", "two.png"]}, "image"),
        ({"service": "tiktok", "media": ["one.jpg", "two.png"]}, "image"),
        ({"service": "linkedin", "title": "Deck", "media": ["deck.pdf"]}, "document"),
        ({"service": "instagram", "media": ["clip.mp4"]}, "reel"),
        ({"service": "facebook", "media": ["clip.mp4"]}, "video"),
        ({"service": "facebook", "kind": "story", "media": ["one.jpg"]}, "story"),
    ],
)
def test_the_kind_is_worked_out(
    folder: Path, store: LocalMediaStore, post: dict[str, Any], kind: str
) -> None:
    found = _read(folder, store, **post)
    assert found.kind == kind
    assert not found.parts or found.text == found.parts[0]


def test_a_file_is_known_by_what_is_in_it(tmp_path: Path, store: LocalMediaStore) -> None:
    picture = write_picture(tmp_path / "Ünser Bild (neu).png", seed=5)
    written = write_picture(tmp_path / "x.jpg", seed=6).replace(picture)
    post = _read(tmp_path, store, service="instagram", media=[str(written)])
    assert post.media[0].name == "Ünser Bild (neu).png"
    assert re.fullmatch(r"posts/[0-9a-f]{64}/nser-Bild-neu\.jpg", post.media[0].key)


def test_the_same_file_is_stored_once(folder: Path, store: LocalMediaStore) -> None:
    first = _read(folder, store, service="linkedin", media=["one.jpg"]).media[0]
    path = store.local_path(first.key)
    written = path.stat().st_mtime_ns
    again = _read(folder, store, service="facebook", media=[{"path": "one.jpg", "alt_text": "A"}])
    assert again.media[0].model_copy(update={"alt_text": ""}) == first
    assert path.stat().st_mtime_ns == written
    assert list((Path(store.uri) / "scratch").iterdir()) == []


def test_everything_wrong_is_said_at_once_and_nothing_is_copied(
    folder: Path, store: LocalMediaStore
) -> None:
    with pytest.raises(InputError) as caught:
        _read(
            folder,
            store,
            service="myspace",
            txt="Hi",
            media=["gone.jpg", "notes.txt", "../elsewhere.jpg", "https://example.org/a.jpg"],
            options={"privcy": "public"},
        )
    told = str(caught.value)
    assert told.startswith("post.json cannot be used.")
    for part in (
        'service: "myspace" is not one of',
        "no field 'txt'; did you mean \"text\"?",
        "no field 'privcy' in options; did you mean \"privacy\"?",
        "media 1, path: There is no file",
        "media 2, path: notes.txt is no picture",
        "media 3, path: ../elsewhere.jpg lies outside the post's folder",
        "media 4, path: https://example.org/a.jpg is an address",
    ):
        assert part in told
    assert not Path(store.uri).exists()


@pytest.mark.parametrize(
    ("post", "told"),
    [
        ({"text": "Hi"}, "service is missing"),
        ({"service": "youtube", "text": "Hi"}, "YouTube has no text posts; it takes only video"),
        ({"service": "twitter", "link": "https://a.example"}, "write the address into the text"),
        ({"service": "tiktok", "kind": "video"}, "media: a video post needs a video"),
        ({"service": "instagram", "kind": "reel", "media": ["one.jpg"]}, "one.jpg is a picture"),
        ({"service": "linkedin", "media": ["one.jpg", "deck.pdf"]}, "deck.pdf is a PDF"),
        ({"service": "x", "parts": ["one"]}, "has two at least"),
        ({"service": "x", "parts": ["a", "b"], "text": "c"}, "leave it out"),
        ({"service": "x", "kind": "poll"}, "poll: it is missing"),
        (
            {"service": "linkedin", "media": ["one.jpg"], "poll": {"options": ["a", "b"]}},
            "a poll post takes no files",
        ),
        (
            {"service": "youtube", "media": ["clip.mp4"], "thumbnail": "words.srt"},
            "thumbnail, path: words.srt is a caption file; give a picture",
        ),
        (
            {"service": "tiktok", "media": ["clip.mp4"], "cover": "one.jpg"},
            "thumbnail: TikTok shows a moment of the video; name its second as the option cover_at",
        ),
        ({"service": "x", "media": ["clip.mp4"], "cover": "one.jpg"}, "X picks a frame"),
        ({"service": "instagram", "media": ["one.jpg"], "cover": "two.png"}, "shows none"),
        (
            {"service": "youtube", "media": ["clip.mp4"], "options": {"publish_at": "2027-01-01"}},
            "publish_at: it has no time zone",
        ),
        ({"service": "facebook", "text": "a", "captions": [{"path": "words.srt"}]}, "language"),
        ({"service": "facebook", "text": 3}, "text: input should be a valid string"),
        ({"service": "facebook", "media": [""]}, "media 1, path: it is empty"),
    ],
)
def test_what_does_not_go_together_is_a_sentence(
    folder: Path, store: LocalMediaStore, post: dict[str, Any], told: str
) -> None:
    with pytest.raises(InputError, match=told):
        _read(folder, store, **post)


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path, store: LocalMediaStore) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    outside = write_picture(tmp_path / "secret.jpg")
    (inside / "mine.jpg").symlink_to(outside)
    with pytest.raises(InputError, match="outside the post's folder"):
        _read(inside, store, service="facebook", media=["mine.jpg"])
    assert _read(inside, store, service="facebook", media=[str(outside)]).kind == "image"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "not valid JSON: line 1"),
        (b'{"service": "x",}', "not valid JSON: line 1, column"),
        (b"[]", "must hold one post in braces"),
        (b'{"service": "x", "service": "facebook"}', "'service' twice"),
        (b'{"text": "\xff"}', "not UTF-8"),
        (b'{"text": "\\ud83d"}', "not UTF-8"),
        (b'{"options": {"cover_at": NaN}}', "not valid JSON"),
        (b"[" * 200_000, "not valid JSON"),
        (b" " * 1_000_001, "larger than 1 MB"),
        (b'{"service": 1' + b"0" * 5000 + b"}", "not valid JSON"),
    ],
)
def test_a_file_that_is_no_post_is_a_sentence(
    tmp_path: Path, store: LocalMediaStore, data: bytes, told: str
) -> None:
    file = tmp_path / "post.json"
    file.write_bytes(data)
    with pytest.raises(InputError, match=told):
        read_own_post(file, store)


def test_the_example_in_the_documentation_can_be_used(
    tmp_path: Path, store: LocalMediaStore
) -> None:
    example = re.search(r"```json\n(.*?)```", _DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert example
    (tmp_path / "post.json").write_text(example[1], encoding="utf-8")
    for seed, name in enumerate(("before.jpg", "after.jpg")):
        write_picture(tmp_path / name, seed=seed)
    assert read_own_post(tmp_path / "post.json", store).kind == "images"


_WORDS = st.sampled_from(["twitter", "facebook", "youtube", "story", "poll", "one.jpg", ".", "/"])
_VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | _WORDS | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6) | st.just("path"), inner)
    ),
    max_leaves=6,
)
_FIELDS = (
    *("service", "kind", "text", "parts", "link", "media", "thumbnail", "cover", "captions"),
    "options",
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(_FIELDS) | st.text(max_size=5), _VALUE, max_size=5))
def test_whatever_stands_in_the_file_it_is_a_post_or_a_sentence(
    folder: Path, post: dict[str, Any]
) -> None:
    (folder / "any.json").write_text(json.dumps(post))
    with suppress(InputError):
        found = read_own_post(folder / "any.json", LocalMediaStore(folder / "kept"))
        assert found.kind in KINDS[found.service]


@pytest.mark.parametrize(
    "written",
    [
        '{"service": "tiktok", "options": {"cover_at": 1e999}}',
        '{"service": "twitter", "poll": {"options": ["a", "b"], "minutes": %s}}' % ("9" * 4000),
        '{"service": "twitter", "text": "a\\u0000b"}',
        '{"service": "twitter", "options": {"tags": ["\\u001b[2J"]}}',
        '{"service": "twitter", "text": "a", "\\u009b": 1}',
        '{"service": "twitter", "text": %s}' % ("[" * 980 + "]" * 980),
        "{" + ",".join(f'"k{number}": 1' for number in range(90_000)) + ', "x": 1, "x": 2}',
        '{"service": "twitter", ' + ",".join(f'"k{n}": 1' for n in range(60_000)) + "}",
        '{"service": "twitter", "media": [' + ",".join('"a"' for _ in range(200_000)) + "]}",
    ],
)
def test_what_is_made_to_break_it_is_a_short_sentence(
    written: str, tmp_path: Path, store: LocalMediaStore
) -> None:
    file = tmp_path / "post.json"
    file.write_text(written, encoding="utf-8")
    begun = time.monotonic()
    with pytest.raises(InputError) as refused:
        read_own_post(file, store)
    assert time.monotonic() - begun < 60
    assert len(str(refused.value)) < 10_000
    assert not re.search(r"[\x00-\x1f\x7f-\x9f]", str(refused.value))


def test_what_is_no_file_is_not_waited_for(tmp_path: Path, store: LocalMediaStore) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="not a file"):
        read_own_post(tmp_path / "pipe", store)
    post = tmp_path / "post.json"
    for path in ("pipe", "/dev/zero"):
        post.write_text(json.dumps({"service": "twitter", "media": [path]}), encoding="utf-8")
        with pytest.raises(InputError, match="not a file"):
            read_own_post(post, store)
