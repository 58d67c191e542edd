"""The pictures of a post, as another decoder sees them."""

from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from imaging_samples import THEME, diagram, noise, portrait
from PIL import Image
from pypdf import PdfReader

from igny8_media.errors import InputError
from igny8_media.imaging.sizes import MAIN
from igny8_media.imaging.social import MadePicture, SourcePicture, post_images
from igny8_media.social.model import Platform, Slide, SocialPost

EXACT = {
    "linkedin": ((1200, 627), {"image/jpeg", "image/png"}, 10),
    "twitter": ((1600, 900), {"image/jpeg", "image/png", "image/webp"}, 5),
    "facebook": ((1200, 630), {"image/jpeg", "image/png"}, 10),
    "instagram": ((1080, 1080), {"image/jpeg"}, 8),
    "tiktok": ((1080, 1920), {"image/jpeg", "image/webp"}, 20),
}
SLIDES = (
    Slide(kind="title", heading="How we cut our bill", body="Seven small changes"),
    Slide(kind="point", heading="Turn machines off", body="They ran 168 hours a week."),
    Slide(kind="point", heading="Delete snapshots 🚀"),
    Slide(kind="closing", heading="Start tonight?", body="The list is in the article."),
)


def _post(platform: str, **changes: object) -> SocialPost:
    fields: dict[str, object] = {
        "platform": platform,
        "post_type": "image",
        "post_text": "text",
        "headline": "How we cut our cloud bill by 43%",
        "language": "en",
        "writer": "extractive",
    }
    return SocialPost.model_validate(fields | changes)


def _source(image: Image.Image, path: Path) -> SourcePicture:
    image.save(path)
    return SourcePicture(path=path, alt=f"Alt of {path.stem}", key=f"content/1/{path.name}")


def _read(path: Path) -> np.ndarray:
    decoded = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_COLOR)
    assert decoded is not None
    return np.asarray(decoded)


def _matches(folder: Path, made: MadePicture) -> None:
    path = folder / made.file
    assert path.stat().st_size == made.size
    assert _read(path).shape[:2] == (made.height, made.width)
    with av.open(str(path)) as container:
        frame = next(container.decode(video=0))
        assert (frame.width, frame.height) == (made.width, made.height)
    assert {".jpg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}[path.suffix] == (
        made.mime
    )


@pytest.mark.parametrize("platform", list(EXACT))
@pytest.mark.parametrize("pictured", [True, False])
def test_every_platform_gets_its_size_and_format(
    platform: str, pictured: bool, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    source = _source(portrait((1800, 1200), (1000, 200)), tmp_path / "photo.png")
    made = post_images(_post(platform), [source] if pictured else [], THEME, out)
    size, mimes, megabytes = EXACT[platform]
    assert MAIN[Platform(platform)].size == size
    assert (made[0].width, made[0].height) == size
    assert made[0].mime in mimes
    assert made[0].size <= megabytes * 1_000_000
    assert made[0].contrast >= 4.5
    assert made[0].source == (source.key if pictured else "card")
    assert made[0].alt_text == ("Alt of photo" if pictured else "How we cut our cloud bill by 43%")
    for one in made:
        _matches(out, one)
    assert [one.role for one in made] == ["image"] + ["cover"] * (platform == "instagram")
    assert sorted(p.name for p in out.iterdir()) == sorted(one.file for one in made)


def test_the_face_is_in_every_crop(tmp_path: Path) -> None:
    image = portrait((2400, 1500), (1700, 200), face=600)
    face = cv2.CascadeClassifier(
        str(Path(cv2.__file__).parent / "data" / "haarcascade_frontalface_default.xml")
    )
    source = _source(image, tmp_path / "photo.png")
    for platform in EXACT:
        out = tmp_path / platform
        out.mkdir()
        made = post_images(_post(platform, headline="Short words"), [source], THEME, out)[0]
        shown = cv2.cvtColor(_read(out / made.file), cv2.COLOR_BGR2GRAY)
        small = cv2.resize(shown, None, fx=0.4, fy=0.4, interpolation=cv2.INTER_AREA)
        assert len(face.detectMultiScale(small, 1.08, 3)), platform


def test_carousels_and_documents(tmp_path: Path) -> None:
    source = _source(portrait((1400, 1400), (500, 200)), tmp_path / "photo.png")
    for platform in ("instagram", "linkedin"):
        out = tmp_path / platform
        out.mkdir()
        made = post_images(_post(platform, slides=SLIDES), [source], THEME, out)
        slides = [one for one in made if one.role == "slide"]
        assert [one.index for one in slides] == [1, 2, 3, 4]
        assert all((one.width, one.height) == (1080, 1080) for one in slides)
        assert all(one.contrast >= 4.5 for one in slides)
        assert slides[1].alt_text == "Turn machines off. They ran 168 hours a week."
        assert slides[3].alt_text == "Start tonight? The list is in the article."
        assert [one.source for one in slides] == [source.key, "card", "card", "card"]
        for one in slides:
            _matches(out, one)
        documents = [one for one in made if one.role == "document"]
        assert len(documents) == (platform == "linkedin")
    path = tmp_path / "linkedin" / documents[0].file
    pdf = path.read_bytes()
    assert pdf.startswith(b"%PDF-")
    assert b"CreationDate" not in pdf
    assert documents[0].size == len(pdf)
    pages = PdfReader(path, strict=True).pages
    assert [tuple(page.mediabox) for page in pages] == [(0, 0, 540, 540)] * 4
    for page, slide in zip(pages, slides, strict=True):
        file = path.parent / slide.file
        assert file.read_bytes() in pdf  # not a second compression of the slide
        (shown,) = page.images
        assert shown.image is not None
        off = np.asarray(shown.image, np.int16) - np.asarray(Image.open(file), np.int16)
        assert np.abs(off).mean() < 2  # the reader compresses what it hands out


def test_a_slide_shows_the_picture_it_tells_of(tmp_path: Path) -> None:
    first = _source(noise((1400, 1400), 90), tmp_path / "first.png")
    second = _source(noise((1500, 1000), 200), tmp_path / "second.png")
    drawn = _source(diagram(), tmp_path / "drawn.png")
    tall = _source(noise((900, 1800), 220), tmp_path / "tall.png")
    more = [Slide(kind="point", heading=text) for text in ("Measure again", "Tell the others")]
    slides = (*SLIDES[:3], *more, SLIDES[3])
    told = {2: second.key, 3: drawn.key, 4: first.key, 5: tall.key}
    out = tmp_path / "out"
    out.mkdir()
    post = _post("instagram", slides=slides)
    made = post_images(post, [first, second, drawn, tall], THEME, out, told)
    shown = [one for one in made if one.role == "slide"]
    # The title has the first already, and the diagram would be cut.
    cards = ["card", "card"]
    assert [one.source for one in shown] == [first.key, second.key, *cards, tall.key, "card"]
    assert shown[1].alt_text.startswith("Alt of second. Turn machines off")
    assert all(one.contrast >= 4.5 for one in shown)
    pixels = _read(out / shown[1].file)
    assert abs(float(pixels[40:400].mean()) - 200) < 12
    assert float(pixels[560:1000].mean()) < 90
    pixels = _read(out / shown[4].file)
    assert abs(float(pixels[40:1000, 700:].mean()) - 220) < 12
    assert float(pixels[40:1000, :600].mean()) < 90


def test_no_slides_for_platforms_without_carousels(tmp_path: Path) -> None:
    made = post_images(_post("twitter", slides=SLIDES), [], THEME, tmp_path)
    assert [one.role for one in made] == ["image"]


def test_diagrams_and_small_pictures_are_framed_whole(tmp_path: Path) -> None:
    for name, image in {"diagram": diagram(), "small": portrait((300, 200), (60, 10), 150)}.items():
        out = tmp_path / name
        out.mkdir()
        source = _source(image, tmp_path / f"{name}.png")
        made = post_images(_post("tiktok"), [source], THEME, out)[0]
        assert made.source == source.key
        assert any(note.startswith("framed") for note in made.notes), name


def test_pictures_that_cannot_be_used_cost_only_themselves(tmp_path: Path) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"\xff\xd8\xff nothing")
    out = tmp_path / "out"
    out.mkdir()
    sources = [
        SourcePicture(path=broken, alt="", key="a"),
        _source(Image.new("RGB", (1, 1)), tmp_path / "dot.png"),
        SourcePicture(path=tmp_path / "gone.png", alt="", key="c"),
    ]
    made = post_images(_post("facebook"), sources, THEME, out)[0]
    assert made.source == "card"
    said = " ".join(made.notes)
    assert all(name in said for name in ("broken.jpg", "dot.png", "gone.png"))


@pytest.mark.parametrize(
    "headline",
    ["كيف خفضنا فاتورة السحابة", "Word " * 120, "Å" * 200, "a", "خفض (AWS) 43% ב-Python"],
)
def test_any_headline_fits(headline: str, tmp_path: Path) -> None:
    made = post_images(_post("instagram", headline=headline, language="ar"), [], THEME, tmp_path)
    assert made[0].contrast >= 4.5


@pytest.mark.usefixtures("no_system_fonts")
def test_scripts_without_a_font_and_emoji(tmp_path: Path) -> None:
    made = post_images(_post("linkedin", headline="Ship it 🚀 today"), [], THEME, tmp_path)[0]
    assert any("🚀" in note for note in made.notes)
    with pytest.raises(InputError, match="fonts-noto-cjk"):
        post_images(_post("linkedin", headline="雲の費用を減らす"), [], THEME, tmp_path)


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    made = []
    for name in ("one", "two"):
        out = tmp_path / name
        out.mkdir()
        post_images(_post("linkedin", slides=SLIDES), [], THEME, out)
        made.append({p.name: p.read_bytes() for p in out.iterdir()})
    assert made[0] == made[1]
