"""A script that a person reads first: nothing beyond it is made or paid before they decide, and
what they approved is what is spoken."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from igny8_media.command.given import read_sources
from igny8_media.database.scripts import Script
from igny8_media.database.tables import VideoProject
from igny8_media.errors import InputError
from igny8_media.planning.automation import Automation
from igny8_media.settings import Settings
from igny8_media.stages import edited_script
from igny8_media.stages.article import ARTICLE
from igny8_media.stages.catalog import VIDEO
from igny8_media.stages.reviewing import production, stage_9
from igny8_media.stages.script_by_hand import change
from igny8_media.stages.stage import run_stage
from igny8_media.stages.workshop import Workshop
from igny8_media.video.model import Narration, VideoForm, VideoScript
from tests.pipeline.test_edited_script import _ARTICLE as TEXT

SHORT = VideoForm.SHORT
STAGES = {stage.asset.rsplit("/", 1)[1]: stage for stage in VIDEO[SHORT]}
MINE = "Das hier hat ein Mensch geschrieben."


class Desk:
    """One article whose script is read before it is spoken."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.folder = folder
        self.shop = Workshop(Settings(home=folder / "home", _env_file=None, **settings))
        self.write(TEXT.replace("![", "[").replace(".jpg", ".html"))

    def write(self, text: str) -> None:
        (self.folder / "brot.md").write_text(text, encoding="utf-8")
        # A workshop keeps the article that it read.
        self.shop = Workshop(self.shop.settings)
        ((one,), _) = read_sources(self.shop.settings, [str(self.folder / "brot.md")])
        self.id = one.content_id

    def propose(self) -> Script:
        """As stage 9 does where scripts are read first."""
        for stage in (ARTICLE, STAGES["script"]):
            run_stage(self.shop, stage, self.id, review=True)
        return self.newest()

    def newest(self) -> Script:
        found = self.shop.scripts.newest(self.id, SHORT)
        assert found is not None
        return found

    def change(self, script: Script, narration: str) -> Script:
        written = VideoScript.model_validate(script.script)
        first = written.sections[1].model_copy(update={"narration": narration})
        sections = (written.sections[0], first)
        return change(self.shop, script.id, written.model_copy(update={"sections": sections}))

    def speak(self) -> Narration:
        made = run_stage(self.shop, STAGES["voiceover"], self.id).record
        key = made.named("narration.json").key
        return Narration.model_validate_json(self.shop.store.read_bytes(key))

    def told(self) -> list[str]:
        return [n.text for n in self.shop.notices.latest(9) if n.kind == "script"]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def said(narration: Narration) -> str:
    return " ".join(word.text for section in narration.sections for word in section.words)


def words(script: Script) -> str:
    return " ".join(section["narration"] for section in script.script["sections"])


def test_the_rule_leaves_only_the_scripts() -> None:
    forms = tuple(VideoForm)
    usual = [stage.asset for stage in stage_9(Automation(), forms)]
    first = [stage.asset for stage in stage_9(Automation(stage_9_review_script=True), forms)]
    assert first == ["article", "video/short/script", "video/long/script"]
    later = [stage.asset for form in forms for stage in production(form)]
    assert sorted([*first, *later]) == sorted(usual)
    off = Automation(stage_9_review_script=True, stage_9_enabled=False)
    assert [stage.asset for stage in stage_9(off, forms)] == ["article"]


def test_a_person_is_told_once_and_nothing_but_the_script_is_paid(tmp_path: Path) -> None:
    desk = Desk(tmp_path, credits=True)
    desk.shop.credits.grant(Decimal(50), "for the test")
    for _ in range(2):
        script = desk.propose()
    assert (script.status, script.revision, script.approved_at) == ("draft", 1, None)
    (told,) = desk.told()
    assert f"igny8-media video show {script.id}" in told
    desk.shop.scripts.reject(script.id, "kürzer")
    desk.change(script, MINE)
    assert len(desk.told()) == 1, "who writes it needs no news of it"
    entries = desk.shop.credits.entries(100)
    assert {e.asset for e in entries if e.kind != "grant"} == {"video/short/script"}
    assert desk.shop.records.current(desk.id, "video/short/voiceover") is None


def test_without_the_rule_a_script_waits_for_nobody(desk: Desk) -> None:
    for stage in (ARTICLE, STAGES["script"]):
        run_stage(desk.shop, stage, desk.id)
    assert desk.newest().status == "script_ready"
    assert desk.told() == []
    # Where the rule is switched on before a film was made of it, it waits after all.
    assert desk.propose().status == "draft"
    assert len(desk.told()) == 1


def test_what_was_read_under_a_number_is_what_is_approved(desk: Desk) -> None:
    first = desk.propose()
    desk.write(TEXT.replace("dreißig Jahren", "vierzig Jahren").replace("![", "["))
    second = desk.propose()
    assert (second.id != first.id, second.status) == (True, "draft")
    assert desk.shop.scripts.get(first.id).script == first.script
    with pytest.raises(InputError, match=f"Script {second.id} has taken the place"):
        desk.shop.scripts.approve(first.id)
    approved_at = desk.shop.scripts.approve(second.id).approved_at
    assert approved_at is not None
    # An article that changes after the approval does not change what was approved.
    desk.write(TEXT.replace("dreißig Jahren", "fünfzig Jahren").replace("![", "["))
    third = desk.propose()
    assert (third.revision, third.status) == (3, "draft")
    assert desk.shop.scripts.approved() == []
    with pytest.raises(InputError, match="has taken the place"):
        desk.shop.scripts.claim(second.id, approved_at)


def test_approving_twice_is_approving_once_until_a_film_failed(desk: Desk) -> None:
    script = desk.propose()
    once = desk.shop.scripts.approve(script.id)
    assert desk.shop.scripts.approve(script.id) == once
    assert [one.id for one in desk.shop.scripts.approved()] == [script.id]
    desk.shop.films.video_status(desk.id, SHORT, "rendering", 40)
    assert desk.shop.scripts.approved() == []
    assert desk.shop.scripts.approve(script.id).approved_at == once.approved_at
    desk.shop.films.video_status(desk.id, SHORT, "failed")
    assert once.approved_at is not None
    again = desk.shop.scripts.approve(script.id).approved_at
    assert again is not None
    assert again > once.approved_at
    desk.shop.films.video_status(desk.id, SHORT, "ready", 100)
    with pytest.raises(InputError, match="filmed already"):
        desk.shop.scripts.approve(script.id)
    with pytest.raises(InputError, match="filmed already"):
        desk.shop.scripts.reject(script.id, "too late")


def test_a_film_under_way_keeps_its_row_while_another_script_waits(desk: Desk) -> None:
    first = desk.propose()
    desk.shop.scripts.approve(first.id)
    second = desk.change(first, MINE)
    assert second.status == "draft", "an approval is for the words that were read"
    desk.shop.films.video_status(desk.id, SHORT, "ready", 100)
    assert desk.shop.scripts.get(first.id).status == "ready"
    assert desk.shop.scripts.get(second.id).status == "draft"


def test_the_approved_words_are_spoken_and_no_others(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> float:
        raise AssertionError("what nobody approved would be spoken, and paid")

    monkeypatch.setattr(edited_script, "usual_tempo", never)
    script = desk.change(desk.propose(), MINE)
    desk.shop.scripts.approve(script.id)
    narration = desk.speak()
    assert MINE in said(narration)
    assert said(narration) == words(script)
    assert desk.newest().script == script.script


def test_an_approved_script_that_nobody_changed_is_spoken_to_the_letter(desk: Desk) -> None:
    script = desk.propose()
    desk.shop.scripts.approve(script.id)
    # Shorter than a short should be: fitting would put more of the article in.
    with Session(desk.shop.engine) as session, session.begin():
        row = session.get_one(VideoProject, script.id)
        short = {**row.script, "sections": row.script["sections"][:2]}
        row.script = short
    narration = desk.speak()
    assert said(narration) == words(desk.newest())
    assert narration.duration < 40, "what is short stays short, and nothing is put in"


def test_who_materialises_the_voice_has_decided(desk: Desk) -> None:
    script = desk.propose()
    desk.shop.films.video_status(desk.id, SHORT, "generating_audio")
    assert (desk.newest().id, desk.newest().status) == (script.id, "generating_audio")
    with pytest.raises(InputError, match="being filmed right now"):
        desk.shop.scripts.approve(script.id)
