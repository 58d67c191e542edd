"""Plans are checked by what they paint: type where it may stand, pictures whole, nothing dead."""

import io
import shutil
import tempfile
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from igny8_media.errors import InputError
from igny8_media.storage.cache import FolderCache
from igny8_media.video.areas import safe_area, text_room
from igny8_media.video.compose import Composer
from igny8_media.video.model import CodeBlock, Section
from igny8_media.video.plan import ScenePlan
from igny8_media.video.planes import Frame
from igny8_media.video.scenes import plan_scenes

TALL, WIDE = (216, 384), (384, 216)


def _section(cue: str, name: str = "s0", **fields: object) -> Section:
    values: dict[str, object] = {
        "section_id": name,
        "type": "point",
        "narration": "We measured one page first and then changed one thing.",
        "visual_cue": cue,
        "duration_estimate": 4,
        **fields,
    }
    return Section.model_validate(values)


CODE = CodeBlock(text="for n in range(9):\n    print(n)", language="python")
KINDS = [
    _section("animated_text", text_overlay="Measure first"),
    _section("title_card", text_overlay="One page, one number", type="outro"),
    _section("statistic", items=("6.2 s", "until the picture showed")),
    _section("statistic", text_overlay="73% left early"),
    _section("quote", items=("Everybody can remember one number.", "Mara")),
    _section("list", text_overlay="Two rules", items=("Measured one page", "Changed one thing")),
    _section("code_snippet", text_overlay="In code", code_block=CODE),
]


@pytest.fixture
def planned(tmp_path: Path, narrate, theme):
    def make(*sections: Section, size=TALL, pictures=None, language="en", drawn=None) -> ScenePlan:
        out = tmp_path / "out"
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir()
        script, narration = narrate(*sections, language=language)
        return plan_scenes(
            script,
            narration,
            pictures or {},
            theme,
            size,
            out,
            drawn=drawn or FolderCache(Path(tempfile.mkdtemp(dir=tmp_path)), 10**9),
        )

    return make


def test_an_edited_section_alone_is_drawn_again(planned, tmp_path) -> None:
    """The sections after it start later, and are the same drawings all the same."""
    cache = FolderCache(tmp_path / "drawn", 10**9)
    sections = [s.model_copy(update={"section_id": f"s{n}"}) for n, s in enumerate(KINDS)]
    before = planned(*sections, drawn=cache)
    kept = {folder.name for folder in (tmp_path / "drawn").iterdir()}
    assert len(kept) == len(KINDS)
    sections[2] = sections[2].model_copy(update={"narration": "Now it is said in other words."})
    after = planned(*sections, drawn=cache)
    assert len({folder.name for folder in (tmp_path / "drawn").iterdir()} - kept) == 1
    for number, (a, b) in enumerate(zip(before.scenes, after.scenes, strict=True)):
        same = a.model_copy(update={"first": b.first}) == b
        assert same == (number != 2)
    assert all((tmp_path / "out" / name).is_file() for name in after.files)


@pytest.mark.parametrize("size", [TALL, WIDE])
@pytest.mark.parametrize("section", KINDS, ids=lambda s: s.visual_cue)
def test_every_kind_keeps_its_type_clear_of_captions_and_buttons(
    planned, tmp_path, section: Section, size
) -> None:
    plan = planned(section, size=size)
    (scene,) = plan.scenes
    assert scene.kind == section.visual_cue
    assert scene.notes == ()
    room = text_room(size)
    assert scene.layers
    for layer in scene.layers:
        with Image.open(tmp_path / "out" / layer.file) as picture:
            tall = picture.height // layer.cells
            last = picture.crop((0, picture.height - tall, picture.width, picture.height))
        alpha = last.getchannel("A")
        least = 0.55 * alpha.getextrema()[1]  # shadows aside
        solid = alpha.point(lambda v, least=least: 255 if v > least else 0).getbbox()
        assert solid, "a layer with nothing to see"
        assert layer.x + solid[0] >= room.left - 4
        assert layer.x + solid[2] <= room.right + 4
        assert layer.y + solid[1] >= room.top - 4
        assert min(layer.y + solid[3], (layer.window or size)[-1]) <= room.bottom + 6
        assert layer.start < scene.frames


@pytest.mark.parametrize("section", KINDS, ids=lambda s: s.visual_cue)
def test_no_scene_ever_stands_still(planned, tmp_path, section: Section) -> None:
    """Over half a second something moves; what is painted is compared, not what is planned."""
    long = section.model_copy(update={"narration": "word " * 40})
    plan = planned(long)
    composer = Composer(plan, tmp_path / "out")
    before = None
    for at in range(0, plan.frames, 60):
        frame = Frame(*plan.size)
        composer.paint(0, at, frame)
        if before is not None:
            assert np.abs(frame.y.astype(int) - before.y.astype(int)).mean() > 0.2
        before = frame


def test_scenes_tile_the_narration_and_files_exist(planned, tmp_path, photograph) -> None:
    photograph(800, 1000).save(tmp_path / "photo.jpg")
    sections = [
        *(s.model_copy(update={"section_id": f"s{n}"}) for n, s in enumerate(KINDS)),
        _section("image", "last", image="key", text_overlay="A photograph"),
    ]
    plan = planned(*sections, pictures={"key": tmp_path / "photo.jpg"})
    assert [scene.section_id for scene in plan.scenes] == [s.section_id for s in sections]
    assert plan.scenes[0].transition.kind == "cut"
    assert all(scene.transition.frames == 12 for scene in plan.scenes[1:])
    assert plan.scenes[-1].pictures == ("key",)
    for name in (*plan.files, plan.preview):
        assert (tmp_path / "out" / name).is_file()
    with Image.open(tmp_path / "out" / plan.preview) as sheet:
        assert sheet.width <= 1600
    assert ScenePlan.model_validate_json(plan.model_dump_json()) == plan


def test_the_same_script_is_planned_the_same_way(planned, tmp_path) -> None:
    def made() -> dict[str, bytes]:
        plan = planned(*KINDS[:1])
        files = {name: (tmp_path / "out" / name).read_bytes() for name in plan.files}
        return {**files, "plan": plan.model_dump_json().encode()}

    assert made() == made()


def test_list_items_come_when_they_are_spoken(planned) -> None:
    (scene,) = planned(KINDS[5]).scenes
    heading, first, second = [one for one in scene.layers if one.wipe < 30][-3:]
    assert heading.start < 0.3 * 30
    assert first.start == pytest.approx((0.3 - 0.2) * 30, abs=12)  # "measured": second word
    assert second.start == pytest.approx((7 * 0.3 - 0.2) * 30, abs=2)  # "changed": eighth word


def test_long_items_come_one_at_a_time_on_a_phone(planned, tmp_path) -> None:
    items = tuple(f"Number {n} is to write down the date and the device" for n in range(1, 4))
    said = ". ".join(items) + "."
    section = _section("list", text_overlay="Three steps", items=items, narration=said)
    (scene,) = planned(section).scenes
    assert scene.kind == "list"
    third = round(scene.frames / 3)
    begins = {layer.start for layer in scene.layers if layer.end is not None and layer.wipe < 30}
    assert any(abs(start - third) < 6 for start in begins)
    gone = [one for one in scene.layers if one.end is not None and one.end <= third + 3]
    assert len(gone) > 11, "the words of the first item, its number"
    (wide,) = planned(section, size=WIDE).scenes
    assert all(layer.end is None for layer in wide.layers), "which has room for all of them"


@pytest.mark.parametrize("size", [(540, 960), (960, 540)])
def test_nine_long_items_fit_as_seven(planned, tmp_path, size) -> None:
    items = tuple(f"Number {n}: write down the date, the device and the link" for n in range(9))
    heading = "A heading that is rather long and takes two lines of its own"
    (scene,) = planned(_section("list", text_overlay=heading, items=items), size=size).scenes
    still = [one for one in scene.layers if one.wipe < 30]
    layers = still[-8:]
    assert still[-9].y + 12 < layers[0].y  # the bar, and no eighth item
    rows = []
    for layer in layers:
        with Image.open(tmp_path / "out" / layer.file) as picture:
            rows.append((layer.y, layer.y + picture.height))
    assert all(above[1] <= below[0] + 4 for above, below in pairwise(rows))
    assert rows[-1][1] <= text_room(size).bottom + 8


def test_long_pictures_are_framed_anew(planned, tmp_path, photograph) -> None:
    photograph(1200, 1600).save(tmp_path / "photo.jpg")
    section = _section("image", image=str(tmp_path / "photo.jpg"), narration="word " * 60)
    (scene,) = planned(section).scenes
    assert len(scene.shots) >= 3
    assert scene.shots[0].start == 0
    assert all(a.start < b.start for a, b in pairwise(scene.shots))


def test_a_wide_diagram_is_shown_whole(planned, tmp_path) -> None:
    """Both ends of a drawing that a crop would cut away are on the screen."""
    picture = Image.new("RGB", (1600, 500), "white")
    draw = ImageDraw.Draw(picture)
    for x, colour in ((40, "#ff0000"), (700, "#00aa00"), (1360, "#0000ff")):
        draw.rectangle((x, 120, x + 200, 380), fill=colour)
    picture.save(tmp_path / "diagram.png")
    plan = planned(_section("image", image=str(tmp_path / "diagram.png")))
    frame = Frame(*TALL)
    Composer(plan, tmp_path / "out").paint(0, 40, frame)
    pixels = np.asarray(frame.rgb()).astype(int)
    for channel in (0, 2):
        others = pixels.sum(axis=2) - pixels[..., channel]
        assert ((pixels[..., channel] > 150) & (others < 120)).sum() > 100


@pytest.mark.parametrize("turn", range(4))
@pytest.mark.parametrize(
    ("size", "shape"),
    [((540, 960), (1600, 500)), ((540, 960), (1600, 900)), ((960, 540), (500, 900))],
)
def test_a_picture_seen_whole_keeps_its_margins_and_the_headline_free(
    planned, tmp_path, turn: int, size, shape
) -> None:
    """Measured on what is painted, from the first frame of the camera's way to the last."""
    Image.new("RGB", shape, "#ff0000").save(tmp_path / "red.png")
    before = [_section("title_card", f"c{n}") for n in range(turn)]
    shown = _section(
        "image", image=str(tmp_path / "red.png"), text_overlay="All of it", narration="word " * 30
    )
    plan = planned(*before, shown, size=size)
    for layer in plan.scenes[-1].layers:
        with Image.open(tmp_path / "out" / layer.file) as picture:
            alpha = picture.getchannel("A").point(lambda alpha: 255 if alpha > 160 else 0)
            box = alpha.getbbox() or (0, 0, 0, 0)
            below, beside = layer.y + box[3], layer.x + box[2]
    for at in (20, plan.scenes[-1].frames // 2, plan.scenes[-1].frames - 1):
        frame = Frame(*size)
        Composer(plan, tmp_path / "out").paint(turn, at, frame)
        pixels = np.asarray(frame.rgb()).astype(int)
        red = (pixels[..., 0] > 200) & (pixels[..., 1:].max(axis=2) < 60)
        rows, columns = np.flatnonzero(red.any(axis=1)), np.flatnonzero(red.any(axis=0))
        assert columns[0] >= 0.045 * size[0]
        assert columns[-1] <= 0.955 * size[0]
        assert rows[0] > below or columns[0] > beside
        assert rows[-1] <= safe_area(size).bottom + 0.015 * size[1]


@pytest.mark.parametrize("cue", ["animated_text", "quote", "list"])
def test_a_card_says_something_before_its_words_are_spoken(planned, tmp_path, cue: str) -> None:
    """Type covers a part of the frame 0.8 s after the section's start, whatever the voice says."""
    said = "At first nothing of this is heard at all but then we say measure one page now."
    section = _section(cue, "s1", narration=said, items=("Measure one page", "Mara"))
    if cue == "animated_text":
        section = section.model_copy(update={"text_overlay": "Measure one page"})
    plan = planned(_section("title_card"), section)
    frame = Frame(*TALL)
    Composer(plan, tmp_path / "out").paint(1, 24, frame)
    # The light of the backdrop is well below that of faint type.
    assert (frame.y > 100).mean() > 0.004


def _odd_pictures() -> dict[str, bytes]:
    def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
        data = io.BytesIO()
        picture.save(data, kind, **options)
        return data.getvalue()

    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter
    colour = Image.linear_gradient("L").resize((300, 400))
    return {
        "cmyk.jpg": saved(colour.convert("CMYK"), "JPEG"),
        "turned.jpg": saved(colour.convert("RGB"), "JPEG", exif=exif),
        "alpha.png": saved(Image.new("RGBA", (300, 200), (255, 0, 0, 90)), "PNG"),
        "sixteen.png": saved(Image.new("I;16", (300, 200), 40000), "PNG"),
        "palette.gif": saved(colour.convert("P"), "GIF"),
        "wide.png": saved(Image.new("RGB", (900, 260), "#884422"), "PNG"),
    }


@pytest.mark.parametrize("name", _odd_pictures())
def test_odd_pictures_are_shown(planned, tmp_path, name: str) -> None:
    (tmp_path / name).write_bytes(_odd_pictures()[name])
    plan = planned(_section("image", image=name), pictures={name: tmp_path / name})
    assert plan.scenes[0].kind == "image"
    assert plan.notes == ()
    frame = Frame(*TALL)
    Composer(plan, tmp_path / "out").paint(0, 10, frame)
    assert frame.y.max() > 30


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("gone.jpg", None),
        ("text.jpg", b"hello"),
        ("cut.png", _odd_pictures()["wide.png"][:90]),
        ("dot.png", b""),
        ("strip.png", b""),
    ],
)
def test_a_picture_that_cannot_be_used_costs_only_that_picture(
    planned, tmp_path, name: str, content: bytes | None
) -> None:
    if name == "dot.png":
        Image.new("RGB", (1, 1)).save(tmp_path / name)
    elif name == "strip.png":
        Image.new("RGB", (20_000, 500), "#884422").save(tmp_path / name)
    elif content is not None:
        (tmp_path / name).write_bytes(content)
    section = _section("image", image=name, text_overlay="What we saw")
    plan = planned(section, pictures={name: tmp_path / name})
    assert plan.scenes[0].kind == "animated_text"
    (note,) = plan.notes
    assert "Section s0 got a card instead of its picture" in note
    assert name in note


def test_a_cue_without_its_material_becomes_a_card_and_says_so(planned) -> None:
    plan = planned(_section("code_snippet", text_overlay="In code"))
    assert plan.scenes[0].kind == "animated_text"
    assert "nothing to show as code_snippet" in plan.notes[0]


@pytest.mark.parametrize(
    ("language", "overlay", "narration"),
    [
        ("ar", "قِس صفحتك أولاً", "قسنا الصفحة أولاً ثم غيرنا شيئاً واحداً."),
        ("he", "מודדים קודם", "מדדנו את הדף ואז שינינו דבר אחד."),
        ("de", "Erst messen, dann ändern", "Wir haben erst gemessen."),
    ],
)
def test_other_scripts_are_drawn(planned, language, overlay, narration) -> None:
    section = _section("animated_text", text_overlay=overlay, narration=narration)
    plan = planned(section, language=language)
    assert plan.scenes[0].layers


def test_a_narration_of_another_script_is_refused(narrate, theme, tmp_path) -> None:
    script, _ = narrate(_section("quote"))
    _, other = narrate(_section("quote", "another"))
    with pytest.raises(InputError, match="does not follow the script"):
        plan_scenes(script, other, {}, theme, TALL, tmp_path, drawn=FolderCache(tmp_path / "c", 1))
