"""What a person changed in the database reaches the video, and costs no more than it changed."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from igny8_media.command.given import read_sources
from igny8_media.database.tables import SocialPost, VideoProject
from igny8_media.errors import InputError
from igny8_media.settings import Settings
from igny8_media.stages.article import ARTICLE
from igny8_media.stages.catalog import VIDEO
from igny8_media.stages.outgoing import outgoing
from igny8_media.stages.stage import Made, run_stage, up_to_date
from igny8_media.stages.workshop import Workshop
from igny8_media.video.model import Narration, VideoForm
from igny8_media.video.plan import ScenePlan

# In German, which espeak-ng speaks in no time.
_ARTICLE = """---
title: Was ein Bäcker über Zeit weiß
language: de
---
Karl Brenner steht seit dreißig Jahren jeden Morgen um zwei Uhr in seiner Backstube in Ulm.
Er hat in dieser Zeit kein einziges Mal verschlafen. Sein Teig ruht vierundzwanzig Stunden,
und in dieser Ruhe entsteht der Geschmack, für den die Leute Schlange stehen.

![Ein Laib Brot auf einem Holztisch](laib.jpg)

## Ruhe ist eine Zutat
Mehl, Wasser und Salz kosten fast nichts. Die Zeit kostet am meisten, denn in jeder Stunde muss
der Teig bei achtzehn Grad bleiben. Brenner hat dafür einen Keller gemietet, und er nennt diesen
Keller seine wichtigste Maschine. Wer die Ruhe verkürzt, der braucht mehr Hefe und verliert Aroma.

## Der Plan beginnt am Ende
Brenner plant seinen Tag vom Verkauf aus rückwärts. Um sechs Uhr öffnet der Laden, also muss der
Ofen um vier Uhr heiß sein. Davor liegt eine halbe Stunde, in der er nichts tut als prüfen.

![Der offene Ofen](ofen.jpg)

## Was wir davon lernen
Die meisten Termine geben nach, wenn man drückt. Ein Teig gibt nicht nach. Wähle diese Woche
eine Aufgabe, die ruhen darf, und fange einen Tag früher damit an.
"""

SHORT = VideoForm.SHORT
STAGES = {stage.asset.rsplit("/", 1)[1]: stage for stage in VIDEO[SHORT]}


def _picture(path: Path, seed: int) -> None:
    coarse = np.random.default_rng(seed).integers(20, 235, (7, 9, 3), dtype=np.uint8)
    Image.fromarray(coarse).resize((960, 720), Image.Resampling.BICUBIC).save(path, quality=90)


class Film:
    """One article and its short video, made stage by stage."""

    def __init__(self, folder: Path) -> None:
        (folder / "brot.md").write_text(_ARTICLE, encoding="utf-8")
        for seed, name in enumerate(("laib.jpg", "ofen.jpg")):
            _picture(folder / name, seed)
        self.shop = Workshop(
            Settings(home=folder / "home", video_quality="draft", music="none", video_also="240")
        )
        ((self.one,), _) = read_sources(self.shop.settings, [str(folder / "brot.md")])
        self.engine = create_engine(self.shop.settings.sqlalchemy_url)

    def make(self, *names: str) -> dict[str, Made]:
        run_stage(self.shop, ARTICLE, self.one.content_id)
        wanted = names or tuple(STAGES)
        return {name: run_stage(self.shop, STAGES[name], self.one.content_id) for name in wanted}

    def row(self, session: Session) -> VideoProject:
        return session.scalars(select(VideoProject)).one()

    def script(self) -> dict[str, Any]:
        with Session(self.engine) as session:
            return deepcopy(self.row(session).script)

    def status(self) -> str:
        with Session(self.engine) as session:
            return self.row(session).status

    def edit(self, script: Any) -> None:
        with Session(self.engine) as session, session.begin():
            row = self.row(session)
            row.script, row.edited_at = script, datetime.now(UTC)

    def kept(self, cache: str) -> set[str]:
        folder = self.shop.settings.cache_dir / cache
        return {path.name for path in folder.iterdir() if not path.name.startswith(".")}

    def narration(self) -> Narration:
        return Narration.model_validate_json(self.read("voiceover", "narration.json"))

    def plan(self) -> ScenePlan:
        return ScenePlan.model_validate_json(self.read("scenes", "plan.json"))

    def read(self, stage: str, name: str) -> bytes:
        record = self.shop.records.current(self.one.content_id, f"video/short/{stage}")
        assert record is not None
        return self.shop.store.read_bytes(record.named(name).key)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Film]:
    made = Film(tmp_path_factory.mktemp("film"))
    made.make()
    yield made
    made.engine.dispose()


def test_an_edited_section_is_all_that_is_made_again(film: Film) -> None:
    script, before, scenes = film.script(), film.narration(), film.plan()
    said = " ".join(word.text for section in before.sections for word in section.words)
    assert " ".join(s["narration"] for s in script["sections"]) == said, "people see what is said"
    spoken, drawn, segments = (film.kept(name) for name in ("speech", "scenes", "segments"))
    number = len(script["sections"]) // 2
    script["sections"][number]["narration"] = "Das hier hat ein Mensch geschrieben."
    script["title"] = "Zeit ist eine Zutat"
    film.edit(script)
    stale = {
        name
        for name, stage in STAGES.items()
        if not up_to_date(film.shop, stage, film.one.content_id)
    }
    assert stale == {"voiceover", "thumbnail"}

    made = film.make()
    assert not made["script"].fresh
    assert made["voiceover"].record.facts["edited"] is True
    after = film.narration()
    words = " ".join(word.text for word in after.sections[number].words)
    assert words == "Das hier hat ein Mensch geschrieben."
    # One sentence was spoken; takes at another rate or tempo stand beside it.
    assert 1 <= len(film.kept("speech") - spoken) <= 2
    assert len(film.kept("scenes") - drawn) == 1
    # What is on in the section, and the fade into the next one.
    assert 1 <= len(film.kept("segments") - segments) <= 3
    render = made["render"].record.facts
    longest = sum(scenes.scenes[at].frames for at in (number, number + 1))
    assert render["reused_frames"] >= render["frames"] - longest
    for at, (old, new) in enumerate(zip(before.sections, after.sections, strict=True)):
        if at != number:
            assert new.end - new.start == pytest.approx(old.end - old.start, abs=1e-6)
    assert film.script() == script, "a person's words are theirs"
    assert film.status() == "ready"
    assert "Zeit ist eine Zutat" in film.read("seo", "youtube_shorts.json").decode()
    with Session(film.engine) as session:
        drafts = {row.platform: row for row in session.scalars(select(SocialPost))}
    assert set(drafts) == {"youtube_shorts", "instagram_reels", "tiktok"}
    assert drafts["youtube_shorts"].post["title"] == "Zeit ist eine Zutat"
    sent = outgoing(film.shop, drafts["youtube_shorts"])
    (video,) = sent.media
    assert video.key == made["render"].record.named("video.mp4").key
    assert video.duration == pytest.approx(after.duration, abs=0.1)
    # The smaller file is kept beside the video.
    assert {a.name for a in made["render"].record.artifacts} >= {"video.mp4", "video-240.mp4"}


def test_another_picture_of_the_article_is_shown_where_a_person_put_it(film: Film) -> None:
    shown = {name for scene in film.plan().scenes for name in scene.pictures}
    script = film.script()
    article = film.shop.records.current(film.one.content_id, "article")
    assert article is not None
    pictures = {a.name for a in article.artifacts if a.kind == "image"}
    assert shown == pictures, "both are shown, each once"
    holder = next(s for s in script["sections"] if s["image"])
    other = next(iter(pictures - {holder["image"]}))
    holder["image"] = other
    film.edit(script)
    film.make("voiceover", "captions", "scenes")
    plan = film.plan()
    scene = next(s for s in plan.scenes if s.section_id == holder["section_id"])
    assert scene.pictures == (other,)
    assert sum(other in scene.pictures for scene in plan.scenes) == 1


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"narration": " "}, "section 2, field narration: it is empty"),
        ({"naration": "Ja."}, "section 2 has an unknown field 'naration'"),
        ({"image": "meins.jpg"}, "section 2, field image: 'meins.jpg' is no picture of the"),
        ({"narration": "Sehr viele Worte. " * 90}, "youtube_short allows 60 s: cut about"),
        ({"narration": "Das heißt auf Amharisch ሰላም."}, "font"),
    ],
)
def test_an_edit_that_cannot_be_filmed_is_told_and_the_row_says_so(
    film: Film, change: dict[str, Any], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from igny8_media.imaging import fonts

    script, spoken = film.script(), film.kept("speech")
    wrong = deepcopy(script)
    wrong["sections"][1] |= change
    film.edit(wrong)
    monkeypatch.setattr(fonts, "system_fonts", tuple)
    fonts._first_covering.cache_clear()
    try:
        with pytest.raises(InputError) as told:
            film.make("voiceover")
    finally:
        fonts._first_covering.cache_clear()
        film.edit(script)
    assert says in str(told.value)
    assert film.status() == "failed"
    assert film.kept("speech") == spoken, "nothing was spoken"


def test_a_script_in_letters_without_a_font_is_refused_unspoken(
    film: Film, monkeypatch: pytest.MonkeyPatch
) -> None:
    from igny8_media.imaging import fonts

    script = film.script()
    chinese = {**script, "language": "zh", "title": "面包", "sections": ["面包需要时间。"]}
    film.edit(chinese)
    monkeypatch.setattr(fonts, "system_fonts", tuple)
    fonts._first_covering.cache_clear()
    try:
        with pytest.raises(InputError, match="fonts-noto-cjk"):
            film.make("voiceover")
    finally:
        fonts._first_covering.cache_clear()
        film.edit(script)


def test_a_cancelled_stage_is_marked_failed(film: Film, monkeypatch: pytest.MonkeyPatch) -> None:
    from igny8_media.narration import narrate

    def cancel(*_: object) -> None:
        raise KeyboardInterrupt

    script = film.script()
    edited = deepcopy(script)
    edited["sections"][1]["narration"] = "Gleich hört jemand auf."
    film.edit(edited)
    monkeypatch.setattr(narrate, "lay_out", cancel)
    monkeypatch.setattr("igny8_media.narration.tempo.lay_out", cancel)
    with pytest.raises(KeyboardInterrupt):
        film.make("voiceover")
    film.edit(script)
    assert film.status() == "failed"
