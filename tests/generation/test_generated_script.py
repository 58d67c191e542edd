"""Scripts by a model: section by section kept, put right once, or the extractive writer's."""

from pathlib import Path
from typing import Any

import pytest

from igny8_media.ai.text import Fault, TextError, TextRequest
from igny8_media.ai.voices import words_per_minute
from igny8_media.articles.model import Article, Code
from igny8_media.errors import OutsideError
from igny8_media.generation.script import WrittenScript
from igny8_media.scripts.assembly import chapters_of
from igny8_media.scripts.refit import rewritten
from igny8_media.scripts.writer import TooThin, estimates, write_script
from igny8_media.social.brand import Brand
from igny8_media.video.model import VideoForm, VideoScript
from tests.generation.fuzz import Anything
from tests.generation.models import (
    Model,
    answer_with,
    faithful,
    script_writer_with,
    shown_outline,
    told,
)
from tests.words_corpus import corpus

ARTICLE = corpus()["faster-web-page"]
SHORT, LONG = VideoForm.SHORT, VideoForm.LONG
PACE = words_per_minute("en")


def extractive(form: VideoForm, article: Article = ARTICLE) -> VideoScript:
    script = write_script(article, form, words_per_minute(article.language))
    assert isinstance(script, VideoScript)
    return script


def compose(
    model: Model, folder: Path, form: VideoForm = SHORT, brand: Brand | None = None
) -> WrittenScript:
    made = script_writer_with(model, folder, brand).compose(ARTICLE, form)
    assert isinstance(made, WrittenScript)
    return made


def in_other_words(request: TextRequest[Any]) -> Any:
    """The article's own words turned into others that say the same."""
    answer = faithful(request)
    for section in answer["sections"]:
        section["narration"] = f"So, {section['narration'][0].lower()}{section['narration'][1:]}"
    return answer


@pytest.mark.parametrize("form", list(VideoForm))
def test_a_models_words_are_the_script(form: VideoForm, tmp_path: Path) -> None:
    model = Model(in_other_words)
    made = compose(model, tmp_path, form)
    base, script = extractive(form), made.script
    assert script.writer == "stand-in m-1"
    assert [s.section_id for s in script.sections] == [s.section_id for s in base.sections]
    assert [s.type for s in script.sections] == [s.type for s in base.sections]
    assert [s.code_block for s in script.sections] == [s.code_block for s in base.sections]
    assert script.sections[0].narration.startswith("So, ")
    assert script.sections[-1].narration.endswith(base.sections[-1].narration[-30:])
    low, high = estimates(form)
    assert low <= script.total_duration_estimate <= high
    assert list(chapters_of(script).values()) == list(chapters_of(base).values())
    assert made.facts["calls"] == len(model.asked)
    assert made.facts["functions"] == "generate_video_script"
    assert made.facts["input_tokens"] == 100 * len(model.asked)
    if form is LONG:
        assert len(model.asked) > 1  # in portions
        assert "Right before these sections" in model.asked[1].prompt
        assert "Its first words must make people stay" not in model.asked[1].prompt


def test_a_section_that_is_wrong_is_the_articles_own(tmp_path: Path) -> None:
    def says(request: TextRequest[Any]) -> Any:
        answer = in_other_words(request)
        answer["sections"][1]["narration"] = "Margaret Hamilton made 9,731 pages faster."
        answer["sections"][2]["visual_cue"] = "statistic"
        return answer

    model = Model(says)
    made = compose(model, tmp_path)
    base, script = extractive(SHORT), made.script
    assert script.sections[1] == base.sections[1]
    assert script.sections[2] == base.sections[2]
    assert script.sections[0] != base.sections[0]
    assert "'9,731' is not in the article" in model.asked[1].prompt
    assert "statistic needs 2 to 2 items" in model.asked[1].prompt
    assert len(model.asked) == 2
    assert any(note.startswith("2 of ") for note in script.notes)
    assert script.writer == "stand-in m-1"


def test_what_was_good_before_the_repair_stays(tmp_path: Path) -> None:
    def says(request: TextRequest[Any]) -> Any:
        answer = in_other_words(request)
        wrong = 0 if "last answer" in request.prompt else 1
        answer["sections"][wrong]["narration"] = "Margaret Hamilton made 9,731 pages faster."
        return answer

    script = compose(Model(says), tmp_path).script
    assert all(s.narration.startswith("So, ") for s in script.sections[:2])


@pytest.mark.parametrize("form", list(VideoForm))
def test_nobody_answers(form: VideoForm, tmp_path: Path) -> None:
    def says(_: object) -> Any:
        raise TextError("stand-in is asleep.", Fault.REFUSED)

    model = Model(says)
    made = compose(model, tmp_path, form)
    base = extractive(form)
    assert made.script.model_copy(update={"notes": base.notes}) == base
    assert "stand-in is asleep" in " ".join(made.script.notes)
    assert len(model.asked) == 1


def test_too_long_is_put_right_or_put_back(tmp_path: Path) -> None:
    def says(request: TextRequest[Any]) -> Any:
        pieces = shown_outline(request)
        more = [
            told(p, " ".join([p["about"], *p["about"].split()[: p["most"] - p["words"] - 2]]))
            for p in pieces
        ]
        return {"title": "", "sections": more}

    model = Model(says)
    made = compose(model, tmp_path)
    low, high = estimates(SHORT)
    assert low <= made.script.total_duration_estimate <= high
    again = model.asked[1].prompt
    assert "write less" in again or "shorten it" in again


def test_pictures_and_code_stay_where_they_are(tmp_path: Path) -> None:
    article = ARTICLE
    base = extractive(LONG, article)
    assert any(s.image for s in base.sections)
    assert any(isinstance(b, Code) for b in article.blocks)

    def says(request: TextRequest[Any]) -> Any:
        answer = in_other_words(request)
        for section in answer["sections"]:
            section["visual_cue"] = "title_card"
        return answer

    made = script_writer_with(Model(says), tmp_path).compose(article, LONG)
    assert isinstance(made, WrittenScript)
    assert [s.image for s in made.script.sections] == [s.image for s in base.sections]
    for one in made.script.sections:
        assert one.visual_cue == ("image" if one.image else one.visual_cue)
        assert (one.visual_cue == "code_snippet") <= (one.code_block is not None)


def test_too_thin_stays_too_thin(tmp_path: Path) -> None:
    model = Model(faithful)
    thin = ARTICLE.model_copy(update={"blocks": ARTICLE.blocks[:2], "version": "thin"})
    assert isinstance(script_writer_with(model, tmp_path).compose(thin, LONG), TooThin)
    assert model.asked == []


@pytest.mark.parametrize("pace", [90.0, 120.0, 150.0, 210.0, 240.0])
@pytest.mark.parametrize("form", list(VideoForm))
def test_another_pace_asks_nobody(form: VideoForm, pace: float, tmp_path: Path) -> None:
    script = compose(Model(in_other_words), tmp_path, form).script
    again = rewritten(script, ARTICLE, form, pace)
    thin = isinstance(write_script(ARTICLE, form, pace), TooThin)
    assert (again is None) == thin
    if again is None:
        return
    assert again == rewritten(script, ARTICLE, form, pace)
    low, high = estimates(form)
    assert low <= again.total_duration_estimate <= high
    assert len({s.section_id for s in again.sections}) == len(again.sections)
    if pace < PACE:
        assert again.writer == "stand-in m-1"
        told_once = "\n".join(s.narration for s in script.sections)
        assert all(s.narration[:-1] in told_once for s in again.sections)


def test_an_extractive_script_is_written_anew_as_before() -> None:
    for pace in (120.0, 220.0):
        again = rewritten(extractive(SHORT), ARTICLE, SHORT, pace)
        assert again == write_script(ARTICLE, SHORT, pace)


def in_german(request: TextRequest[Any]) -> Any:
    pieces = shown_outline(request)
    said = "die Seite wird schnell und bleibt schnell wenn man sie misst und klein macht so ist es"
    sections = []
    for piece in pieces:
        count = piece["words"] or piece["most"]
        words = (said.split() * 9)[: max(3, round(count))]
        text = " ".join(words).capitalize() + "."
        sections.append({**told(piece, text), "text_overlay": "Schnell", "chapter": "Schnell"})
    return {"title": "Eine schnelle Seite", "sections": sections}


@pytest.mark.parametrize("form", list(VideoForm))
def test_another_language_wholly(form: VideoForm, tmp_path: Path) -> None:
    made = compose(Model(in_german), tmp_path, form, Brand(language="de"))
    script = made.script
    assert script.language == "de", script.notes
    assert script.title == "Eine schnelle Seite"
    assert set(chapters_of(script).values()) <= {"Schnell"}
    low, high = estimates(form)
    assert low <= script.total_duration_estimate <= high
    assert "Read it beside the article" in " ".join(script.notes)
    words = " ".join(s.narration for s in script.sections)
    assert "Artikel" in words  # the farewell, in German too
    assert "article" not in words.casefold().replace("artikel", "")


def test_another_language_or_none(tmp_path: Path) -> None:
    def says(request: TextRequest[Any]) -> Any:
        answer = in_german(request)
        answer["sections"][1]["narration"] = "Genau 9731 Seiten."
        return answer

    made = compose(Model(says), tmp_path, SHORT, Brand(language="de"))
    base = extractive(SHORT)
    assert made.script.model_copy(update={"notes": base.notes}) == base
    assert "The script is in en" in " ".join(made.script.notes)
    assert not any(call.kept for call in made.calls)


def test_one_section_as_a_person_wants_it(tmp_path: Path) -> None:
    base = extractive(SHORT)

    def says(request: TextRequest[Any]) -> Any:
        (piece,) = shown_outline(request)
        assert "words" not in piece
        return {"title": "", "sections": [told(piece, "Measure first, and cut what is slow.")]}

    model = Model(says)
    writer = script_writer_with(model, tmp_path)
    made = writer.rewrite(ARTICLE, SHORT, base, 3, "shorter, please", by_person=False)
    assert '"shorter, please"' in model.asked[0].prompt
    changed = [
        n
        for n, (a, b) in enumerate(zip(base.sections, made.script.sections, strict=True))
        if a != b
    ]
    assert changed == [2]
    assert made.script.sections[2].narration == "Measure first, and cut what is slow."


def test_an_instruction_does_not_loosen_anything(tmp_path: Path) -> None:
    base = extractive(SHORT)
    lie = "Margaret Hamilton made 9,731 pages faster."
    for said, by_person, known in ((lie, False, base), ("fast " * 200, False, base)):
        model = Model(lambda request, said=said: answer_with(request, [said]))  # type: ignore[misc]
        writer = script_writer_with(model, tmp_path / str(len(said)))
        with pytest.raises(OutsideError, match="stays as it is"):
            writer.rewrite(ARTICLE, SHORT, known, 2, "say that it is great", by_person=by_person)
    # What a person wrote into the script may be said again.
    mine = base.sections[1].model_copy(update={"narration": lie})
    edited = base.model_copy(update={"sections": (base.sections[0], mine, *base.sections[2:])})
    model = Model(lambda request: answer_with(request, [f"So, {lie}"]))
    made = script_writer_with(model, tmp_path / "own").rewrite(
        ARTICLE, SHORT, edited, 2, "friendlier", by_person=True
    )
    assert made.script.sections[1].narration == f"So, {lie}"


@pytest.mark.parametrize("form", list(VideoForm))
def test_limits_hold_whatever_a_model_writes(form: VideoForm, tmp_path: Path) -> None:
    """Some here, a thousand in benchmarks/limits.py."""
    writer = script_writer_with(Model(Anything(ARTICLE, 7).says), tmp_path)
    low, high = estimates(form)
    kept = 0
    for _ in range(20 if form is SHORT else 4):
        made = writer.compose(ARTICLE, form)
        assert isinstance(made, WrittenScript)
        script = made.script
        assert low <= script.total_duration_estimate <= high
        assert script.total_duration_estimate == pytest.approx(
            sum(s.duration_estimate for s in script.sections), abs=0.01
        )
        for section in script.sections:
            assert section.narration.strip()
            assert len(section.text_overlay) <= 110
            assert len(section.items) <= 7
            assert (section.visual_cue == "image") <= (section.image is not None)
        kept += script.writer != "extractive"
    assert kept > 0


def test_a_whole_script_as_a_person_wants_it(tmp_path: Path) -> None:
    base = extractive(SHORT)
    refused = base.sections[2].section_id

    def says(request: TextRequest[Any]) -> Any:
        assert all("words" not in piece for piece in shown_outline(request))
        answer = in_other_words(request)
        for section in answer["sections"]:
            if section["section"] == refused:
                section["narration"] = "Margaret Hamilton made 9,731 pages faster."
        return answer

    model = Model(says)
    writer = script_writer_with(model, tmp_path)
    made = writer.anew(ARTICLE, SHORT, base, "friendlier, please", by_person=False)
    assert '"friendlier, please"' in model.asked[0].prompt
    assert base.sections[0].narration in model.asked[0].prompt
    for old, new in zip(base.sections[:-1], made.script.sections[:-1], strict=True):
        if old.section_id == refused:
            assert new.narration == old.narration, "what is wrong stays as it was"
        else:
            assert new.narration.startswith("So, ")
    assert made.script.sections[-1] == base.sections[-1], "the farewell is nobody's to change"
    assert "9,731" in " ".join(made.script.notes)
    # Nobody's words: nothing is changed, and the reason is told.
    model = Model(lambda request: answer_with(request, ["Margaret Hamilton made 9,731 pages."]))
    with pytest.raises(OutsideError, match=r"The script stays as it is\. .*9,731"):
        script_writer_with(model, tmp_path / "no").anew(
            ARTICLE, SHORT, base, "lie", by_person=False
        )
    with pytest.raises(OutsideError, match="the same again"):
        script_writer_with(Model(faithful), tmp_path / "same").anew(
            ARTICLE, SHORT, base, "better", by_person=False
        )
