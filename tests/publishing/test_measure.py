"""What a file is, is told by its content, and what is cut short is told before it is sent."""

from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfWriter

from igny8_media.errors import InputError
from igny8_media.publishing.measure import measure
from igny8_media.storage.media_store import sha256_of
from tests.media_samples import SRT, write_pdf, write_picture, write_sound, write_video


def test_a_picture_is_known_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "looks-like.png"
    Image.new("RGB", (64, 48), "navy").save(path, "JPEG")
    found = measure(path, "posts/x/a.png", "A dark field")
    assert (found.kind, found.mime, found.width, found.height) == ("image", "image/jpeg", 64, 48)
    assert (found.frames, found.alt_text, found.name) == (0, "A dark field", "looks-like.png")
    assert (found.size, found.sha256) == (path.stat().st_size, sha256_of(path))


def test_a_picture_taken_sideways_has_the_size_people_see(tmp_path: Path) -> None:
    path = tmp_path / "turned.jpg"
    image = Image.new("RGB", (64, 48))
    exif = image.getexif()
    exif[0x0112] = 6
    image.save(path, exif=exif)
    found = measure(path, "k")
    assert (found.width, found.height) == (48, 64)


@pytest.mark.parametrize(("suffix", "mime"), [("gif", "image/gif"), ("webp", "image/webp")])
def test_the_frames_of_an_animation_are_counted(tmp_path: Path, suffix: str, mime: str) -> None:
    path = tmp_path / f"moving.{suffix}"
    first, *rest = (Image.new("RGB", (20, 20), (value, 0, 0)) for value in (0, 90, 180))
    first.save(path, save_all=True, append_images=rest, duration=80)
    found = measure(path, "k")
    assert (found.kind, found.mime, found.frames) == ("image", mime, 3)


def test_a_video_is_measured_as_it_is_seen(tmp_path: Path) -> None:
    path = write_video(tmp_path / "video", seconds=2.0, size=(64, 36), kind="mp4")
    found = measure(path, "k")
    assert (found.kind, found.mime) == ("video", "video/mp4")
    assert (found.width, found.height, found.codec) == (64, 36, "h264")
    assert found.duration == pytest.approx(2.0, abs=0.05)
    assert (found.fps, found.audio_codec) == (pytest.approx(25, abs=0.1), "aac")


@pytest.mark.parametrize(
    ("name", "mime"), [("a.mov", "video/quicktime"), ("a.mkv", "video/x-matroska")]
)
def test_the_container_names_the_type(tmp_path: Path, name: str, mime: str) -> None:
    assert measure(write_video(tmp_path / name), "k").mime == mime


def test_where_the_index_of_a_video_lies_is_seen(tmp_path: Path) -> None:
    first = write_video(tmp_path / "a.mp4", options={"movflags": "faststart"})
    last = write_video(tmp_path / "b.mp4")
    assert (measure(first, "k").faststart, measure(last, "k").faststart) == (True, False)


def test_a_video_that_breaks_off_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "video.mp4"
    write_video(path, seconds=6.0, size=(128, 72), options={"movflags": "faststart"})
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(InputError, match=r"video\.mp4 breaks off after .* of 6\.0 s"):
        measure(path, "k")


def test_the_pages_of_a_document_are_counted(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "deck")
    found = measure(path, "k")
    assert (found.kind, found.mime, found.pages) == ("document", "application/pdf", 3)


def test_a_locked_document_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "locked.pdf"
    writer = PdfWriter()
    writer.add_blank_page(10, 10)
    writer.encrypt("sesame", algorithm="RC4-128")
    writer.write(path)
    with pytest.raises(InputError, match=r"locked\.pdf is locked with a password"):
        measure(path, "k")


@pytest.mark.parametrize(
    ("text", "mime"),
    [
        (SRT, "application/x-subrip"),
        ("WEBVTT\n\n00:00.000 --> 00:02.000\nHello\n", "text/vtt"),
        ("WEBVTT\n\nNOTE " + "long " * 400 + "\n\n00:00.000 --> 00:02.000\nHello\n", "text/vtt"),
    ],
)
def test_captions_are_parsed(tmp_path: Path, text: str, mime: str) -> None:
    path = tmp_path / "words.txt"
    path.write_text(text, encoding="utf-8")
    found = measure(path, "k")
    assert (found.kind, found.mime) == ("captions", mime)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "is empty"),
        (b"just some words", "is no picture, video, PDF or captions"),
        (b"\x00" * 5000, "is no picture, video, PDF or captions"),
        (b"%PDF-1.7\nnothing more", "The PDF x is damaged"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
        (b"WEBVTT\n\n", "hold no words"),
        ("WEBVTT\n\n00:00.000 --> 00:02.000\nGrüße\n".encode("latin-1"), "in UTF-8"),
        (b"PK\x03\x04" + b"\x00" * 200, "is no picture, video, PDF or captions"),
        (b"#EXTM3U\nfile:///etc/passwd\n", "is no picture, video, PDF or captions"),
    ],
)
def test_what_is_none_of_these_is_a_sentence(tmp_path: Path, data: bytes, told: str) -> None:
    path = tmp_path / "x"
    path.write_bytes(data)
    with pytest.raises(InputError, match=told):
        measure(path, "k")


def test_a_picture_cut_short_is_refused(tmp_path: Path) -> None:
    path = write_picture(tmp_path / "half.jpg", (200, 200))
    path.write_bytes(path.read_bytes()[:8000])
    with pytest.raises(InputError, match=r"half\.jpg is damaged or cut short"):
        measure(path, "k")


def test_a_picture_of_too_many_pixels_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.png"
    Image.new("1", (20_000, 10_000)).save(path)
    with pytest.raises(InputError, match=r"huge\.png has more than 100 megapixels"):
        measure(path, "k")


def test_a_missing_file_and_a_folder_are_sentences(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There is no file"):
        measure(tmp_path / "gone.jpg", "k")
    with pytest.raises(InputError, match="is a folder"):
        measure(tmp_path, "k")


def test_sound_alone_is_no_video(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no moving picture"):
        measure(write_sound(tmp_path / "voice.m4a"), "k")
