"""`igny8-media run` where scripts are read first, and the commands that read and decide."""

import json
import logging
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from igny8_media.command import filming as command
from igny8_media.database.scripts import Script
from igny8_media.settings import load_settings
from igny8_media.stages.workshop import Workshop
from tests.command.conftest import Run
from tests.pipeline.test_edited_script import _ARTICLE as TEXT


@pytest.fixture
def made(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Workshop:
    """An article, run where scripts are read first."""
    monkeypatch.setenv("IGNY8_HOME", str(tmp_path / "home"))
    (tmp_path / "brot.md").write_text(TEXT.replace("![", "["), encoding="utf-8")
    assert run("automation", "set", "stage_9_review_script=yes").status == 0
    done = run("run", "brot.md", "--platforms", "twitter", "--videos", "short", "--json")
    assert done.status == 0, done.err
    (content,) = done.contents
    assert {a["asset"] for a in content["artifacts"] if "video" in a["asset"]} == {
        "video/short/script"
    }
    assert any("igny8-media video approve 1" in note["message"] for note in content["notes"])
    assert "Script 1 of the short video waits for you" in done.err
    return Workshop(load_settings())


def test_from_the_script_to_its_film(
    run: Run, made: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = run("run", "brot.md", "--platforms", "twitter", "--videos", "short", "--json")
    assert again.contents[0]["status"] == "unchanged"
    assert "waits for you" in again.err
    shown = run("video", "show", "1", "--out", "mine.json")
    script = json.loads((tmp_path / "mine.json").read_text())
    for section in script["sections"]:
        assert section["narration"] in shown.out
    same = run("video", "edit", "1", "--file", "mine.json")
    assert (same.status, "Nothing is different" in same.err) == (2, True)
    script["sections"][1]["naration"] = "Ein Mensch."
    (tmp_path / "mine.json").write_text(json.dumps(script))
    wrong = run("video", "edit", "1", "--file", "mine.json")
    assert (wrong.status, "unknown field 'naration'" in wrong.err) == (2, True)
    del script["sections"][1]["naration"]
    script["sections"][1]["narration"] = "Ein Mensch hat das geschrieben."
    (tmp_path / "mine.json").write_text(json.dumps(script))
    edited = run("video", "edit", "1", "--file", "mine.json", "--json")
    assert json.loads(edited.out)["id"] == 2
    assert run("video", "approve", "1").status == 2
    (listed,) = json.loads(run("video", "scripts", "--json").out)["scripts"]
    assert (listed["id"], listed["status"], listed["by_person"]) == (2, "draft", True)

    approved = run("video", "approve", "2")
    assert approved.status == 0
    assert "igny8-media video approve 2 --now" in approved.err
    filmed: list[int] = []
    wrong_with_it = [("video/short/voiceover", "Nobody speaks.")]

    def film(_: Any, script: Script) -> list[tuple[str, str]]:
        filmed.append(script.id)
        assert made.scripts.approved() == [], "nobody else begins"
        logging.getLogger("igny8_media.video").info("half of it is rendered")
        return wrong_with_it

    monkeypatch.setattr(command, "film", film)
    failed = run("video", "approve", "2", "--now")
    assert failed.status == 1
    assert "Nobody speaks." in failed.err
    assert "half of it is rendered" in failed.err
    assert made.scripts.get(2).status == "failed"
    wrong_with_it.clear()
    assert run("video", "approve", "2", "--now").status == 0
    assert filmed == [2, 2]
    _who_stops_it_leaves_nothing_that_looks_busy(run, made, monkeypatch)
    _a_rejection_says_what_comes_of_it(run, made)


def _who_stops_it_leaves_nothing_that_looks_busy(
    run: Run, made: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.films.propose_script("other", "short", "a" * 64, {}, review=True)

    def film(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(command, "film", film)
        with suppress(KeyboardInterrupt):
            run("video", "approve", "2", "3", "--now")
    assert made.scripts.get(2).status == "failed"
    assert run("video", "approve", "3").status == 0
    assert [one.id for one in made.scripts.approved()] == [3], "the daemon finds it"


def _a_rejection_says_what_comes_of_it(run: Run, made: Workshop) -> None:
    assert run("video", "reject", "2", "--note", " ").status == 2
    alone = run("video", "reject", "2", "--note", "kürzer")
    assert alone.status == 0
    assert "No model is set up that could follow the note" in alone.err
    assert "igny8-media video edit 2" in alone.err
    asked = run("video", "regenerate", "brot", "short")
    assert (asked.status, "set GPU_SERVER_URL" in asked.err) == (2, True)
    helped = run("video", "reject", "2", "--note", "kürzer", GPU_SERVER_URL="http://127.0.0.1:9")
    assert "has it written anew" in helped.err
    assert "Rejected: kürzer" in run("video", "show", "2").out
    assert made.scripts.get(2).status == "rejected"
    nobody = run("video", "show", "9")
    assert (nobody.status, "There is no script 9" in nobody.err) == (2, True)
