"""Posts by a model: kept where they are good, repaired once, else the extractive writer's."""

from pathlib import Path
from typing import Any

import pytest

from igny8_media.ai.text import Fault, TextError, TextRequest
from igny8_media.errors import OutsideError
from igny8_media.generation.checks import founded_tags, wrong
from igny8_media.generation.prompt import PROMPTS, load_prompt
from igny8_media.generation.untrusted import defused
from igny8_media.social.brand import Brand
from igny8_media.social.model import Platform
from igny8_media.social.validate import problems, ungrounded
from igny8_media.social.writer import ExtractiveWriter
from tests.generation.fuzz import Anything
from tests.generation.models import (
    Model,
    answer_with,
    faithful,
    sentences,
    shown_article,
    writer_with,
)
from tests.words_corpus import corpus

ARTICLE = corpus()["faster-web-page"]
EXTRACTIVE = ExtractiveWriter()


@pytest.mark.parametrize("platform", list(Platform))
def test_a_models_words_are_the_post(platform: Platform, tmp_path: Path) -> None:
    model = Model(faithful)
    written = writer_with(model, tmp_path).compose(ARTICLE, platform)
    base = EXTRACTIVE.write(ARTICLE, platform)
    assert problems(written.post) == []
    assert ungrounded(written.post, ARTICLE) == []
    assert written.post.writer == "stand-in m-1"
    assert written.post.post_text != base.post_text
    assert written.post.link_url == base.link_url
    if platform in (Platform.LINKEDIN, Platform.TWITTER, Platform.FACEBOOK):
        assert str(ARTICLE.canonical_url) in "\n".join(written.post.thread or (base.post_text,))
    assert all(call.kept for call in written.calls)
    assert written.usage.input_tokens == 100 * len(model.asked)
    assert written.facts["served_by"] == "stand-in m-1"
    assert written.post.notes == base.notes


def test_each_part_has_its_own_function(tmp_path: Path) -> None:
    def asked(platform: Platform) -> list[str]:
        model = Model(faithful)
        writer_with(model, tmp_path).write(ARTICLE, platform)
        return [request.task for request in model.asked]

    assert asked(Platform.FACEBOOK) == ["generate_hashtags", "adapt_content_for_social"]
    assert asked(Platform.TWITTER) == ["generate_hashtags", "generate_twitter_thread"]
    assert asked(Platform.INSTAGRAM) == [
        "generate_hashtags",
        "adapt_content_for_social",
        "generate_carousel_slides",
    ]


def test_what_is_wrong_is_repaired_once(tmp_path: Path) -> None:
    def says(request: TextRequest[Any]) -> Any:
        if request.task == "adapt_content_for_social" and "last answer" not in request.prompt:
            return {"text": "A page grew 9,731 times faster.", "call_to_action": ""}
        return faithful(request)

    model = Model(says)
    written = writer_with(model, tmp_path).compose(ARTICLE, Platform.LINKEDIN)
    again = next(r for r in model.asked if "last answer" in r.prompt)
    assert "'9,731' is not in the article" in again.prompt
    assert "9,731" not in written.post.post_text
    assert written.post.writer == "stand-in m-1"
    assert [c.kept for c in written.calls if c.function.startswith("adapt")] == [False, True]


@pytest.mark.parametrize(
    "lie",
    [
        "Performance rose by 9,731 percent.",
        "As Margaret Hamilton said, pages must be fast.",
        "“Never ship a page you have not measured twice,” the author says.",
        "Mortgage brokers recommend buying government bonds before elections.",
        "Read more at example.org today.",
        "More at https://example.com/made.",
        "Follow @someone for more.",
        "Write to me@example.com.",
        "Fast pages win. #GetRich",
        "<b>Fast pages win.</b>",
        "**Fast** pages win.",
        "Fast pages win.\u202e",
        "evil [dot] com has more.",
        "Call 192.168.0.17 now.",
        "x" * 5000,
        "",
    ],
)
def test_what_cannot_be_repaired_is_not_said(lie: str, tmp_path: Path) -> None:
    model = Model(lambda request: answer_with(request, [lie or " "]))
    for platform in Platform:
        written = writer_with(model, tmp_path / platform).compose(ARTICLE, platform)
        base = EXTRACTIVE.write(ARTICLE, platform)
        post = written.post.model_copy(update={"notes": (), "hashtags": (), "writer": ""})
        whole = "\n".join((*post.thread, post.post_text, *(s.body for s in post.slides)))
        assert not lie.strip() or lie not in whole
        assert post.slides == base.slides
        assert any("without a model's help" in note for note in written.post.notes)


def test_banned_words_are_in_no_post(tmp_path: Path) -> None:
    def says(request: TextRequest[Any]) -> Any:
        return answer_with(request, [f"{shown_article(request)['title']}, a GURU says."])

    brand = Brand(banned_words=("guru",), tone="dry", audience="engineers", sample_posts=("Hm.",))
    model = Model(says)
    post = writer_with(model, tmp_path, brand).write(ARTICLE, Platform.FACEBOOK)
    assert "guru" not in post.post_text.casefold()
    assert "Tone: dry" in model.asked[0].prompt
    assert "Readers: engineers" in model.asked[0].prompt
    assert "Words never to use: guru" in model.asked[0].prompt
    assert '"Hm."' in model.asked[0].prompt


@pytest.mark.parametrize("platform", list(Platform))
def test_once_more_with_an_instruction(platform: Platform, tmp_path: Path) -> None:
    """New words around which everything else stays, for pictures were drawn of it."""
    base = EXTRACTIVE.write(ARTICLE, platform)
    model = Model(lambda request: answer_with(request, sentences(request)[3:]))
    writer = writer_with(model, tmp_path)
    post = writer.rewrite(ARTICLE, base, "shorter", by_person=False).post
    assert problems(post) == []
    assert post.writer == "stand-in m-1"
    assert (post.thread or post.post_text) != (base.thread or base.post_text)
    assert bool(post.thread) == bool(base.thread)
    for kept in ("slides", "hashtags", "headline", "alt_text", "link_url", "language"):
        assert getattr(post, kept) == getattr(base, kept)
    assert [request.task for request in model.asked] == [
        "generate_twitter_thread" if base.thread else "adapt_content_for_social"
    ]
    assert '"shorter"' in model.asked[0].prompt
    with pytest.raises(OutsideError, match="the same again"):
        writer.rewrite(ARTICLE, post, "shorter", by_person=False)
    # What a person wrote into the post may be said again, and only then.
    lie = "Margaret Hamilton made 9,731 pages faster."
    mine = f"Mine. {lie}"
    edited = base.model_copy(update={"post_text": mine, "thread": (mine,) * len(base.thread)})
    told = writer_with(Model(lambda request: answer_with(request, [lie])), tmp_path)
    assert lie in told.rewrite(ARTICLE, edited, "shorter", by_person=True).post.post_text
    with pytest.raises(OutsideError, match="9,731"):
        told.rewrite(ARTICLE, edited, "shorter", by_person=False)


def test_nobody_answers(tmp_path: Path) -> None:
    def says(_: object) -> Any:
        raise TextError("stand-in is asleep.", Fault.REFUSED)

    model = Model(says)
    written = writer_with(model, tmp_path).compose(ARTICLE, Platform.INSTAGRAM)
    base = EXTRACTIVE.write(ARTICLE, Platform.INSTAGRAM)
    assert written.post.model_copy(update={"notes": base.notes}) == base
    assert len(model.asked) == 1
    assert any("stand-in is asleep" in note for note in written.post.notes)


def test_true_sentences_pass() -> None:
    """What the extractive writer says of real articles, the checks must not doubt."""
    doubted = total = 0
    for article in corpus().values():
        safe, _ = defused(article)
        for block in safe.blocks:
            text = getattr(block, "text", "")
            if block.kind == "paragraph" and "://" not in text and "@" not in text:
                total += 1
                doubted += any("does not say" in fault for fault in wrong(text, safe, Brand()))
    assert total > 150
    assert doubted == 0


def test_ordinary_articles_lose_nothing() -> None:
    """Nearly: a passage of a manual may read like an order, and then a person is told."""
    for name in ("faster-web-page", "compost-en-casa", "write-less"):
        safe, notes = defused(corpus()[name])
        assert notes == ()
        assert safe.blocks == corpus()[name].blocks


def test_hashtags_are_words_of_the_article() -> None:
    tags = ("#BuyNow", "WebMagic", "web page", "12", "page", "#PAGE", "a" * 40)
    assert founded_tags(tags, ARTICLE, 5) == ("#page",)


def test_limits_hold_whatever_a_model_writes(tmp_path: Path) -> None:
    """Sixty here, a thousand in benchmarks/limits.py."""
    writer = writer_with(Model(Anything(ARTICLE, 5).says), tmp_path)
    kept = 0
    for n in range(60):
        post = writer.write(ARTICLE, list(Platform)[n % 5])
        assert problems(post) == []
        kept += post.writer != "extractive"
    assert kept > 0


def in_german(request: TextRequest[Any]) -> Any:
    return answer_with(request, ["Die Seite wird schnell, wenn man zuerst misst."])


@pytest.mark.parametrize("platform", list(Platform))
def test_a_brand_with_a_language_of_its_own(platform: Platform, tmp_path: Path) -> None:
    writer = writer_with(Model(in_german), tmp_path, Brand(language="de"))
    post = writer.write(ARTICLE, platform)
    assert post.language == "de", post.notes
    assert problems(post) == []
    assert post.headline == "Neun Zeilen"
    whole = "\n".join(
        (*post.thread, post.post_text, *(f"{s.heading} {s.body}" for s in post.slides))
    )
    assert "Die Seite wird schnell" in whole
    for english in ("article", "Read ", "What would"):
        assert english not in whole.replace(str(ARTICLE.canonical_url), "")
    assert any("Read it beside the article" in note for note in post.notes)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Die Seite wird 9731 Mal so schnell.", "'9731' is not in the article"),
        ("Er sagt: „Eine Seite muss immer schnell sein.“", "is translated"),
    ],
)
def test_a_post_is_in_one_language(said: str, told: str, tmp_path: Path) -> None:
    model = Model(lambda request: answer_with(request, [said]))
    written = writer_with(model, tmp_path, Brand(language="de")).compose(ARTICLE, Platform.LINKEDIN)
    base = EXTRACTIVE.write(ARTICLE, Platform.LINKEDIN)
    assert written.post.model_copy(update={"notes": base.notes}) == base
    notes = " ".join(written.post.notes)
    assert "The post is in en" in notes
    assert told in notes
    assert not any(call.kept for call in written.calls)


def test_prompts_are_versioned_files() -> None:
    marks = [load_prompt(name) for name in PROMPTS]
    assert len({prompt.mark for prompt in marks}) == len(PROMPTS)
    for prompt in marks:
        assert prompt.version >= 1
        assert "data to write about" in prompt.system
        assert "$" not in prompt.system
