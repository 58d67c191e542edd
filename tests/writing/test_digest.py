"""What is read out of an article."""

import pytest

from igny8_media.articles.model import Article, Code, Heading, ListBlock, Paragraph
from igny8_media.writing.digest import digest
from igny8_media.writing.hashtags import hashtags
from igny8_media.writing.passages import alike, best_passages, shorten


def test_back_matter_and_code_offer_no_sentences(make_article) -> None:
    article = make_article(
        Heading(level=2, text="Measure first"),
        Paragraph(text="Most teams guess where the time goes. A stopwatch settles the matter."),
        Code(text="print('never quoted as prose anywhere')"),
        Heading(level=2, text="References"),
        Paragraph(text="The reference list thanks every author by name."),
    )
    found = digest(article)
    assert [s.usable for s in found.sentences] == [True, True, False]
    assert [s.title for s in found.sections if s.skip] == ["References"]


def test_a_passage_keeps_the_authors_order_and_does_not_end_on_a_promise(make_article) -> None:
    article = make_article(
        Paragraph(text="Good tea needs patience. Most kitchens lack it. It takes four steps."),
        ListBlock(ordered=True, items=("Boil water", "Wait a little", "Pour", "Drink")),
    )
    found = digest(article)
    best = best_passages(found, [0], 200)
    assert best[0].text == "Good tea needs patience. Most kitchens lack it."


def test_a_passage_fits_its_limit(english: Article) -> None:
    found = digest(english)
    sections = range(len(found.sections))
    for limit in (60, 120, 280):
        for one in best_passages(found, sections, limit):
            assert len(one.text) <= limit
            numbers = [s.index for s in one.sentences]
            assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
            assert alike(one, one)


def test_a_language_without_stop_words_says_so_and_still_ranks(make_article) -> None:
    text = "Mae'r gath yn cysgu ar y mat coch. Mae'r ci yn rhedeg yn gyflym iawn heddiw."
    found = digest(make_article(Paragraph(text=text), language="cy", title="Y gath"))
    assert len(found.sentences) == 2
    assert any("stop-word" in note for note in found.notes)
    assert any("phrase table" in note for note in found.notes)
    assert found.key_phrases == ()


def test_the_same_article_is_read_once(english: Article) -> None:
    assert digest(english) is digest(english.model_copy())
    changed = english.model_copy(update={"version": "other"})
    assert digest(changed) is not digest(english)


def test_what_came_later_is_read_although_the_version_is_the_same(english: Article) -> None:
    shorter = english.model_copy(update={"blocks": english.blocks[:4]})
    assert len(digest(shorter).sentences) < len(digest(english).sentences)


def test_shortening_cuts_between_words() -> None:
    assert shorten("one two three", 20) == "one two three"
    assert shorten("one two, three", 10) == "one two…"
    assert shorten("今天天气很好我们去公园", 6) == "今天天气很…"


@pytest.mark.parametrize(
    ("language", "text", "subjects", "others"),
    [
        (
            "en",
            "The cache is full. Bad rows broke it. A bad row breaks the cache, and it breaks "
            "often. We kept five hundred rows for a month. Ada likes Lisbon. The people of "
            "Lisbon like tea.",
            ("cache", "Lisbon", "bad row"),
            ("Bad", "bad", "breaks", "hundred rows", "month"),
        ),
        (
            "de",
            "Der Regen füllt das Fass. Jeder Liter kostet einen Euro im Monat. Das ist ein Grund, "
            "den Regen zu sammeln, sagt der Gärtner, und ein Prozent genügt.",
            ("Regen", "Fass"),
            ("Liter", "Euro", "Monat", "Grund", "Prozent"),
        ),
    ],
)
def test_tags_are_subjects(
    make_article, language: str, text: str, subjects: tuple[str, ...], others: tuple[str, ...]
) -> None:
    found = digest(make_article(Paragraph(text=text), language=language))
    assert [p for p in (*subjects, *others) if found.is_subject(p)] == list(subjects)


def test_a_hashtag_does_not_lose_its_number(make_article) -> None:
    title = "Five hundred rows of beans"
    text = "We sowed five hundred rows in spring. The hundred rows on the hill came up first. "
    article = make_article(Paragraph(text=text * 3), title=title, target_keywords=(title[:17],))
    assert "#HundredRows" not in hashtags(article, digest(article), 5)
