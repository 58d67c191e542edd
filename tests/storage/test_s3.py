"""The store on a bucket, against a real server: whole or not at all, and clear where it fails."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from igny8_media.errors import InputError, StorageError
from igny8_media.resources.workshop import WorkshopResource
from igny8_media.settings import Settings
from igny8_media.stages.stage import Built, BuiltFile, Job, Stage, run_stage, up_to_date
from igny8_media.stages.workshop import Workshop
from igny8_media.storage.bucket import Bucket, connect, load_bucket
from igny8_media.storage.cache import FolderCache
from igny8_media.storage.media_store import LocalMediaStore, MediaStore
from igny8_media.storage.s3 import S3MediaStore
from tests.s3_server import BUCKET, Server, environment, free_port

Make = Callable[..., S3MediaStore]


@pytest.fixture
def make_store(s3_settings: Server, tmp_path: Path) -> Iterator[Make]:
    """A store as one machine has it; each `home` is a machine of its own."""
    clients = []

    def make(home: str = "one", **changed: object) -> S3MediaStore:
        bucket = load_bucket().model_copy(update=changed)
        client = connect(bucket)
        clients.append(client)
        cache = FolderCache(tmp_path / home / "cache", 1_000_000_000)
        return S3MediaStore(client, bucket, cache, tmp_path / home / "media")

    yield make
    for client in clients:
        client.close()


@pytest.fixture
def store(make_store: Make) -> S3MediaStore:
    return make_store()


def _put(store: MediaStore, key: str, data: bytes) -> None:
    with store.scratch() as folder:
        (folder / "made").write_bytes(data)
        store.put_file(key, folder / "made")
        assert not (folder / "made").exists()


def test_a_file_put_comes_back_to_the_byte(make_store: Make, store: S3MediaStore) -> None:
    made = os.urandom(300_001)
    _put(store, "content/a/video/render.mp4", made)
    for machine in (store, make_store("two")):
        path = machine.local_path("content/a/video/render.mp4")
        assert path.read_bytes() == made
        assert (path.name, path.stat().st_mode & 0o777) == ("render.mp4", 0o644)
    assert store.read_bytes("content/a/video/render.mp4") == made
    assert store.exists("content/a/video/render.mp4")
    assert not store.exists("content/a/video/other.mp4")
    assert store.uri_of("content/a") == "s3://media/content/a"


def _damage(key: str, data: bytes) -> None:
    """Other bytes under the digest of those that were stored."""
    client = connect(load_bucket())
    carried = client.head_object(Bucket=BUCKET, Key=key)["Metadata"]
    client.put_object(Bucket=BUCKET, Key=key, Body=data, Metadata=carried)
    client.close()


def test_a_file_just_made_is_not_fetched_again(store: S3MediaStore) -> None:
    _put(store, "content/b/one.bin", b"made here")
    _damage("content/b/one.bin", b"not these")
    assert store.local_path("content/b/one.bin").read_bytes() == b"made here"


def test_what_another_machine_replaced_is_fetched_anew(make_store: Make) -> None:
    one, two = make_store("one"), make_store("two")
    for writer, data in ((one, b"first"), (two, b"second"), (one, b"third")):
        _put(writer, "content/c/thing.bin", data)
        writer.put_bytes("content/c/thing.json", data)
        for reader in (one, two):
            assert reader.local_path("content/c/thing.bin").read_bytes() == data
            assert reader.local_path("content/c/thing.json").read_bytes() == data
            assert reader.read_bytes("content/c/thing.json") == data


def test_one_question_tells_whether_a_whole_folder_is_there(store: S3MediaStore) -> None:
    keys = [f"content/d/{folder}{n}.txt" for folder in ("", "fonts/") for n in range(3)]
    for key in keys:
        store.put_bytes(key, b"x")
    assert store.holds(keys)
    assert store.holds([])
    assert not store.holds([*keys, "content/d/fonts/9.txt"])
    assert not store.holds(["content/nowhere/9.txt"])


def test_bytes_that_are_not_those_that_were_stored_are_refused(
    make_store: Make, store: S3MediaStore, tmp_path: Path
) -> None:
    _put(store, "content/e/one.bin", b"0123456789")
    _damage("content/e/one.bin", b"9876543210")
    other = make_store("two")
    with pytest.raises(StorageError, match="replaced while it was read, or is damaged"):
        other.local_path("content/e/one.bin")
    assert not list((tmp_path / "two").rglob("one.bin"))


@pytest.mark.parametrize("key", ["../out", "/etc/passwd", "a//b", "", "a/\0b"])
def test_a_key_cannot_leave_the_store(store: S3MediaStore, key: str) -> None:
    for act in (store.exists, store.local_path, store.read_bytes, store.public_url):
        with pytest.raises(InputError):
            act(key)
    with pytest.raises(InputError):
        store.put_bytes(key, b"x")


def test_a_missing_object_is_missed_in_a_sentence(store: S3MediaStore) -> None:
    for read in (store.local_path, store.read_bytes):
        with pytest.raises(StorageError, match="removed by hand"):
            read("content/a/gone.mp4")


def test_anybody_can_fetch_what_is_signed_and_nothing_else(store: S3MediaStore) -> None:
    _put(store, "content/f/Bild ü.jpg", b"a picture")
    url = store.public_url("content/f/Bild ü.jpg")
    assert url.isascii()
    assert "X-Amz-Expires=86400" in url
    answer = httpx.get(url)
    assert (answer.status_code, answer.content) == (200, b"a picture")
    assert answer.headers["content-type"] == "image/jpeg"
    assert httpx.get(url.split("?")[0]).status_code >= 400
    assert httpx.get(url.replace("Bild", "Bald")).status_code >= 400


def test_what_is_signed_and_with_what_is_in_no_log(
    make_store: Make, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    store = make_store()
    _put(store, "content/a/picture.png", b"png")
    signature = store.public_url("content/a/picture.png").partition("X-Amz-Signature=")[2]
    assert signature
    assert signature not in caplog.text
    assert "Authorization" not in caplog.text


def test_a_signed_address_ends(make_store: Make) -> None:
    lasting, store = make_store(media_url_seconds=600), make_store(media_url_seconds=1)
    store.put_bytes("content/f/x.txt", b"x")
    # Whole seconds are signed: the short one may have ended before anybody can ask.
    url = store.public_url("content/f/x.txt")
    ends = time.monotonic() + 60
    while httpx.get(url).status_code == 200:
        assert time.monotonic() < ends
        time.sleep(0.2)
    assert httpx.get(lasting.public_url("content/f/x.txt")).status_code == 200


def test_with_a_cdn_files_have_its_addresses(make_store: Make, tmp_path: Path) -> None:
    cdn = "https://cdn.example.org/m"
    expected = "https://cdn.example.org/m/a/Bild%20%C3%BC.jpg"
    assert make_store(media_cdn_url=cdn).public_url("a/Bild ü.jpg") == expected
    assert LocalMediaStore(tmp_path, cdn).public_url("a/Bild ü.jpg") == expected


def test_a_folder_alone_names_the_settings_that_are_missing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"AWS_STORAGE_BUCKET_NAME .* MEDIA_CDN_URL"):
        LocalMediaStore(tmp_path).public_url("a.jpg")


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"aws_access_key_id": "nobody"}, "refuses the key .*AWS_ACCESS_KEY_ID"),
        ({"aws_storage_bucket_name": "nowhere"}, "no bucket of that name.*AWS_STORAGE_BUCKET_NAME"),
    ],
)
def test_a_server_that_refuses_says_why(
    make_store: Make, changed: dict[str, str], told: str
) -> None:
    store = make_store(**changed)
    with pytest.raises(StorageError, match=told):
        store.put_bytes("a/b.txt", b"x")
    with pytest.raises(StorageError, match=told):
        store.read_bytes("a/b.txt")
    with pytest.raises(StorageError, match=told):
        store.holds(["a/b.txt"])
    with pytest.raises(StorageError, match=told):
        _put(store, "a/c.bin", b"x")


def test_a_wrong_secret_is_not_told(s3_server: Server, tmp_path: Path) -> None:
    settings = {**environment(s3_server.url), "AWS_SECRET_ACCESS_KEY": "sesame-sesame"}
    bucket = Bucket.model_validate({name.lower(): value for name, value in settings.items()})
    client = connect(bucket)
    store = S3MediaStore(client, bucket, FolderCache(tmp_path / "c", 1), tmp_path / "m")
    for act in (lambda: store.put_bytes("a", b"x"), lambda: store.exists("a")):
        with pytest.raises(StorageError, match="refuses the key") as caught:
            act()
        assert "sesame" not in str(caught.value) + repr(caught.value.__cause__) + repr(bucket)
    client.close()


def test_a_dead_server_is_a_sentence(make_store: Make) -> None:
    store = make_store(aws_s3_endpoint_url=f"http://127.0.0.1:{free_port()}")
    with pytest.raises(StorageError, match=r"cannot be reached .*AWS_S3_ENDPOINT_URL"):
        store.exists("a/b.txt")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AWS_S3_ENDPOINT_URL", "minio.example.org"),
        ("AWS_STORAGE_BUCKET_NAME", "my bucket"),
        ("MEDIA_CDN_URL", "cdn.example.org"),
        ("MEDIA_URL_SECONDS", "60"),
        ("AWS_S3_REGION_NAME", "Frankfurt am Main"),
    ],
)
def test_a_setting_that_does_not_fit_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(InputError, match=f"The setting {name} does not fit"):
        load_bucket()


_BIG = 230_000_000
_UPLOAD = """
import resource, sys
from pathlib import Path
from igny8_media.storage.bucket import connect, load_bucket
from igny8_media.storage.cache import FolderCache
from igny8_media.storage.s3 import S3MediaStore

home, key = Path(sys.argv[1]), sys.argv[2]
bucket = load_bucket()
store = S3MediaStore(connect(bucket), bucket, FolderCache(home / "cache", 10**10), home / "media")
store.put_bytes("content/warm/up.txt", b"x")
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print("started", flush=True)
with store.scratch() as folder:
    with (folder / "big").open("wb") as big:
        big.truncate(int(sys.argv[3]))
    store.put_file(key, folder / "big")
path = S3MediaStore(
    connect(bucket), bucket, FolderCache(home / "other", 10**10), home / "media"
).local_path(key)
assert path.stat().st_size == int(sys.argv[3])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_a_large_file_takes_no_more_memory_than_a_few_parts(
    s3_settings: Server, tmp_path: Path
) -> None:
    command = [sys.executable, "-c", _UPLOAD, str(tmp_path), "content/g/big.mp4", str(_BIG)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    grown = int(done.stdout.split()[-1]) * 1024
    assert grown < 90_000_000, f"{grown:,} bytes for a file of {_BIG:,}"
    assert (s3_settings.folder / "content/g/big.mp4").stat().st_size == _BIG
    (s3_settings.folder / "content/g/big.mp4").unlink()


def test_an_upload_that_is_killed_leaves_what_was_there(
    store: S3MediaStore, s3_settings: Server, tmp_path: Path
) -> None:
    _put(store, "content/h/film.mp4", b"the film before")
    for key in ("content/h/film.mp4", "content/h/new.mp4"):
        command = [sys.executable, "-c", _UPLOAD, str(tmp_path / "k"), key, str(_BIG)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "started\n"
            _wait_for_traffic(process)
            process.kill()
    assert store.local_path("content/h/film.mp4").read_bytes() == b"the film before"
    assert not store.exists("content/h/new.mp4")


def _wait_for_traffic(process: "subprocess.Popen[str]") -> None:
    """Until the file has been read once, for its digest, and a part of it again, to be sent."""
    io = Path(f"/proc/{process.pid}/io")
    ends = time.monotonic() + 30
    while time.monotonic() < ends and process.poll() is None:
        if int(io.read_text().split()[1]) > _BIG + 60_000_000:
            return
    raise AssertionError("it was not killed in the middle")


def _stage(built: list[str]) -> Stage:
    def build(_: Job, folder: Path) -> Built:
        built.append("x")
        (folder / "fonts").mkdir()
        (folder / "fonts" / "b.txt").write_text("b")
        (folder / "a.txt").write_text("a")
        return Built(files=(BuiltFile("a.txt", "text"), BuiltFile("fonts/b.txt", "metadata")))

    return Stage("first", (), "1", build)


@pytest.mark.parametrize("opened", ["by Dagster's resource", "by the command line"])
def test_the_pipeline_works_on_the_bucket(
    s3_settings: Server, own_home: Path, tmp_path: Path, opened: str
) -> None:
    shop = WorkshopResource().open() if "Dagster" in opened else Workshop(Settings(home=own_home))
    assert shop.store.uri == "s3://media"
    assert (shop.s3 is not None) == ("Dagster" in opened)
    built: list[str] = []
    content = f"c-{len(opened)}"
    record = run_stage(shop, _stage(built), content).record
    assert not run_stage(shop, _stage(built), content).fresh
    assert up_to_date(shop, _stage(built), content)
    client = connect(load_bucket())
    client.delete_object(Bucket=BUCKET, Key=record.artifacts[1].key)
    client.close()
    assert up_to_date(shop, _stage(built), content) is None
    assert run_stage(shop, _stage(built), content).fresh
    assert built == ["x", "x"]
    if shop.s3 is not None:
        shop.s3.close()
