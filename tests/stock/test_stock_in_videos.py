"""Videos whose article has no pictures: libraries serve them, and never hold them up."""

import io
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import httpx
import pytest
from PIL import Image as Pillow

from igny8_media.articles.fetcher import SafeFetcher
from igny8_media.articles.model import Article, Heading, Image, Paragraph, Picture
from igny8_media.errors import OutsideError
from igny8_media.imaging.theme import Theme
from igny8_media.scripts.seo import metadata, problems
from igny8_media.stock.model import Credit
from igny8_media.stock.pexels import Pexels
from igny8_media.stock.pixabay import Pixabay
from igny8_media.storage.cache import FolderCache
from igny8_media.video.model import Section, VideoScript, VideoTarget
from igny8_media.visuals.choosing import queries, wanting
from igny8_media.visuals.painting import PaintedScene, scene_prompt
from igny8_media.visuals.pictures import Dressed, Sources, dress_with_pictures
from tests.stock.servers import Answer, Item, Library, photo, scene

SAID = (
    ("hook", "title_card", "Wild bees need very little, and most gardens do not offer it."),
    ("point", "animated_text", "Bees collect pollen from wild flowers in a sunny meadow."),
    ("point", "statistic", "Three quarters of the 560 species nest in the ground."),
    ("point", "animated_text", "A dry stone wall with sand between the stones is a home."),
    ("point", "list", "They need flowers, sand and water."),
    ("point", "title_card", "Leave hollow stems standing through the winter, with frost on them."),
    ("point", "animated_text", "Nobody should ever pay a consultant for such advice, honestly."),
    ("outro", "title_card", "Tell us what lives in your garden."),
)
MEADOW = Item(21, "bee collecting pollen on wild flowers in a meadow")
WALL = Item(22, "dry stone wall with sand between stones")
STEMS = Item(23, "frost on hollow stems in winter", duration=12, author="Max @frost")


def _script(**changes: object) -> VideoScript:
    sections = tuple(
        Section.model_validate(
            {
                "section_id": f"s{number:02}",
                "type": kind,
                "narration": said,
                "visual_cue": cue,
                "text_overlay": said.split(",")[0] if cue != "statistic" else "",
                "items": ("560", "species") if cue in ("statistic", "list") else (),
                "duration_estimate": 5.0,
            }
        )
        for number, (kind, cue, said) in enumerate(SAID, 1)
    )
    script = VideoScript(
        title="A garden for wild bees",
        description="How to help wild bees.",
        tags=("wild bees",),
        sections=sections,
        total_duration_estimate=40,
        language="en",
        writer="test",
    )
    return script.model_copy(update=changes)


@pytest.fixture
def sources(pexels: Pexels, pixabay: Pixabay, fetcher: SafeFetcher, cache: FolderCache) -> Sources:
    return Sources((pexels, pixabay), fetcher, cache, (540, 960), Theme())


def _dressed(sources: Sources, script: VideoScript | None = None) -> Dressed:
    return dress_with_pictures(script or _script(), None, {}, sources)


def test_sections_get_what_they_speak_of_and_authors_their_credit(
    sources: Sources, pexels_library: Library, pixabay_library: Library
) -> None:
    pexels_library.items = [WALL, MEADOW, STEMS, Item(24, "wild horses in a city")]
    made = _dressed(sources)
    shown = {s.section_id: (s.visual_cue, s.image) for s in made.script.sections if s.image}
    assert shown == {
        "s02": ("image", "stock/pexels-21.jpg"),
        "s04": ("image", "stock/pexels-22.jpg"),
        "s06": ("stock_video", "stock/pexels-23.mp4"),
    }
    assert made.files["stock/pexels-21.jpg"].read_bytes() == photo(21)
    assert {(c.key, c.kind, c.author) for c in made.credits} == {
        ("stock/pexels-21.jpg", "photo", "Ana Souza"),
        ("stock/pexels-22.jpg", "photo", "Ana Souza"),
        ("stock/pexels-23.mp4", "video", "Max @frost"),
    }
    assert all(c.page_url.startswith("https://www.pexels.com/") for c in made.credits)
    assert any("s07 stays a card" in note for note in made.notes)
    again = VideoScript.model_validate(made.script.model_dump())
    assert again == made.script
    untouched = [s for s in made.script.sections if s.section_id not in shown]
    assert untouched == [s for s in _script().sections if s.section_id not in shown]


def test_no_question_is_asked_twice(sources: Sources, pexels_library: Library) -> None:
    _dressed(sources)
    asked = [(path, query["query"]) for path, query, _ in pexels_library.asked]
    assert asked
    assert len(asked) == len(set(asked))


def test_the_same_answers_make_the_same_video(sources: Sources, pexels_library: Library) -> None:
    pexels_library.items = [WALL, MEADOW, STEMS]
    assert _dressed(sources) == _dressed(sources)


def test_one_picture_from_two_libraries_is_shown_once(
    sources: Sources, pexels_library: Library, pixabay_library: Library
) -> None:
    walls = "dry stone wall with sand between stones"
    pexels_library.items = [Item(31, walls, seed=9)]
    pixabay_library.items = [Item(32, f"{walls} bees pollen flowers meadow sunny wild", seed=9)]
    made = _dressed(sources)
    assert len([s for s in made.script.sections if s.image]) == 1


@pytest.mark.parametrize(
    "trouble",
    [
        Answer(b'{"error":"Too Many Requests"}', 429),
        Answer(b'{"status":401,"code":"Unauthorized"}', 401),
        Answer(b"<html>", 502),
        Answer(b'{"photos":[],"videos":[]}'),
    ],
)
def test_a_library_in_trouble_costs_its_pictures_only(
    sources: Sources, pexels_library: Library, pixabay_library: Library, trouble: Answer
) -> None:
    pexels_library.trouble = trouble
    pixabay_library.items = [MEADOW]
    made = _dressed(sources)
    assert [s.image for s in made.script.sections if s.image] == ["stock/pixabay-21.jpg"]
    if trouble.status != 200:
        assert len(pexels_library.asked) == 1  # not asked again for each section
        assert sum("Pexels" in note for note in made.notes) == 1


@pytest.mark.parametrize("broken", ["gone", "html", "cut"])
def test_a_broken_file_gives_way_to_the_next(
    sources: Sources, pexels_library: Library, broken: str
) -> None:
    pexels_library.items = [replace(MEADOW, broken=broken)]
    made = _dressed(sources)
    assert not made.credits
    assert made.script == _script()
    assert any("stays a card" in note and "21" in note for note in made.notes)
    pexels_library.items.append(replace(MEADOW, id=29))
    assert "stock/pexels-29.jpg" in _dressed(sources).files


def test_a_server_that_is_gone(
    fetcher: SafeFetcher, cache: FolderCache, client: httpx.Client
) -> None:
    dead = Pexels("key", "http://127.0.0.1:1", client)
    made = _dressed(Sources((dead,), fetcher, cache, (540, 960), Theme()))
    assert made.script == _script()
    assert any("cannot be reached" in note for note in made.notes)


def test_what_asked_for_a_picture_and_got_none_is_a_card(sources: Sources) -> None:
    asks = _script().sections
    asks = (
        asks[0],
        asks[1].model_copy(update={"visual_cue": "stock_video"}),
        asks[2],
        asks[3].model_copy(update={"visual_cue": "ai_scene"}),
    )
    made = _dressed(sources, _script(sections=asks))
    assert [s.visual_cue for s in made.script.sections] == [
        "title_card",
        "animated_text",
        "statistic",
        "animated_text",
    ]
    assert any("no image model" in note for note in made.notes)


def test_never_more_than_half_and_never_hook_or_figures() -> None:
    script = _script()
    chosen = [script.sections[n] for n in wanting(script)]
    assert len(chosen) <= len(script.sections) // 2
    assert {s.section_id for s in chosen} == {"s02", "s04", "s06", "s07"}
    plain = script.sections[1]
    many = tuple(plain.model_copy(update={"section_id": f"p{n}"}) for n in range(9))
    wanted = wanting(_script(sections=many))
    assert len(wanted) == 4
    assert all(b - a > 1 for a, b in pairwise(wanted))


def test_search_words_are_few_and_plain() -> None:
    script = _script()
    for section in script.sections:
        for query in queries(section, script):
            assert 1 <= len(query.split()) <= 3
            assert not any(c.isdigit() for c in query)
            assert len(query) <= 100
    assert "flowers" in " ".join(queries(script.sections[1], script))


def _article(make: Callable[..., Article], pictures: dict[str, str]) -> Article:
    blocks: list[object] = []
    for _, _, said in SAID:
        blocks.append(Paragraph(text=said))
    blocks.append(Heading(level=2, text="Pictures"))
    for key, alt in pictures.items():
        kept = Picture(key=key, sha256="0", mime="image/jpeg", width=480, height=640, size=9)
        blocks.append(Image(source=key, alt=alt, picture=kept))
    return make(*blocks)


def _saved(folder: Path, name: str, seed: int, cut: bool = False) -> Path:
    picture = Pillow.open(io.BytesIO(photo(seed)))
    if cut:
        picture = picture.crop((90, 100, 850, 1150))
    path = folder / name
    picture.save(path, quality=70)
    return path


def test_the_articles_own_pictures_come_first_and_once(
    sources: Sources,
    pexels_library: Library,
    make_article: Callable[..., Article],
    tmp_path: Path,
) -> None:
    pexels_library.items = [MEADOW, WALL]
    article = _article(
        make_article,
        {
            "wall.jpg": "A dry stone wall with sand in its joints",
            "again.jpg": "Bees collecting pollen from wild flowers beside a dry stone wall",
            "stems.jpg": "Hollow stems covered in frost",
        },
    )
    pictures = {
        "wall.jpg": _saved(tmp_path, "wall.jpg", 41),
        "again.jpg": _saved(tmp_path, "again.jpg", 41, cut=True),
        "stems.jpg": _saved(tmp_path, "stems.jpg", 43),
    }
    made = dress_with_pictures(_script(), article, pictures, sources)
    shown = {s.section_id: s.image for s in made.script.sections if s.image}
    assert shown["s06"] == "stems.jpg"
    # One picture, cut twice, is one picture.
    assert len({"wall.jpg", "again.jpg"} & set(shown.values())) == 1
    assert len(set(shown.values())) == len(shown)
    given = _script().sections
    twice = tuple(
        s.model_copy(update={"image": key, "visual_cue": "image"})
        for s, key in zip(given[1:4:2], ("wall.jpg", "again.jpg"), strict=True)
    )
    named = _script(sections=(given[0], *twice))
    kept = dress_with_pictures(named, article, pictures, sources).script.sections
    assert [s.image for s in kept][1] == "wall.jpg"
    assert "again.jpg" not in [s.image for s in kept]


def test_a_script_by_hand_keeps_its_pictures(sources: Sources, tmp_path: Path) -> None:
    path = str(_saved(tmp_path, "mine.jpg", 3))
    own = tuple(
        s.model_copy(update={"image": path, "visual_cue": "image"}) for s in _script().sections
    )
    made = _dressed(sources, _script(sections=own))
    assert made == Dressed(script=_script(sections=own))


class _Painter:
    """Stands for an image model."""

    def __init__(self, folder: Path, works: bool) -> None:
        self.folder, self.works = folder, works
        self.prompts: list[str] = []

    def make(self, prompt: str, size: tuple[int, int]) -> PaintedScene:
        self.prompts.append(prompt)
        if not self.works:
            raise OutsideError("The image model is busy; try again later.")
        path = self.folder / "painted.png"
        scene(7).resize(size).save(path)
        return PaintedScene(path=path, provider="fake", model="brush", prompt=prompt)


@pytest.mark.parametrize("works", [True, False])
def test_painted_scenes(sources: Sources, tmp_path: Path, works: bool) -> None:
    painter = _Painter(tmp_path, works)
    asks = [*_script().sections]
    asks[3] = asks[3].model_copy(update={"visual_cue": "ai_scene"})
    painted = replace(sources, finders=(), maker=painter, most_painted=1)
    made = _dressed(painted, _script(sections=tuple(asks)))
    section = made.script.sections[3]
    (prompt,) = painter.prompts
    assert asks[3].narration in prompt
    assert "No text" in prompt
    assert "#" not in prompt  # colours are words
    assert "upright" in prompt
    assert "wide" in scene_prompt(asks[3], made.script, Theme(), (1920, 1080))
    if works:
        assert section.visual_cue == "ai_scene"
        assert made.painted[section.image or ""].model == "brush"
        assert made.files[section.image or ""].is_file()
    else:
        assert (section.visual_cue, section.image) == ("animated_text", None)
        assert any("busy" in note for note in made.notes)


@pytest.mark.parametrize("target", list(VideoTarget))
@pytest.mark.parametrize("count", [0, 1, 3, 40, 400])
def test_credits_are_in_every_description(
    english: Article, target: VideoTarget, count: int
) -> None:
    credits = [
        Credit(
            key=f"stock/pexels-{n}.jpg",
            kind="photo" if n % 2 else "video",
            provider="Pexels" if n % 3 else "Pixabay",
            id=str(n),
            author=f"Ana #{n} @souza <b>\nÇelik",
            author_url="https://www.pexels.com/@ana",
            page_url=f"https://www.pexels.com/photo/a-garden-{n:05}/",
            licence="Pexels License",
        )
        for n in range(1, count + 1)
    ]
    made = metadata(_script(), english, target, (), 50.0, credits)
    assert problems(made) == []
    assert "@souza" not in made.description
    assert ("Pexels" in made.description) == (count > 0)
    assert ("Pixabay" in made.description) == (count >= 3)
    if count in (1, 3):
        assert all(credit.page_url in made.description for credit in credits)
        assert "by Ana 1 souza" in made.description
    assert any("credits are shortened" in note for note in made.notes) == (count >= 40)
    assert made.description.startswith(
        metadata(_script(), english, target, (), 50.0).description[:20]
    )
