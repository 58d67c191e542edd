"""What is read out of an article."""

import pytest

from igny8_media.articles.model import Article, Code, Heading, ListBlock, Paragraph
from igny8_media.writing.digest import digest
from igny8_media.writing.hashtags import hashtags
from igny8_media.writing.hooks import hooks
from igny8_media.writing.material import Draft, Material
from igny8_media.writing.passages import alike, best_passages, passage, shorten


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


@pytest.mark.parametrize(
    ("language", "before", "promise"),
    [
        ("en", "Few households have chosen it.", "There are two good reasons."),
        ("en", "Write down what you would lose.", "Two numbers decide everything that follows."),
        ("de", "Nur drei Prozent der Haushalte haben ihn gewählt.", "Dafür gibt es zwei Gründe."),
        ("fr", "Peu de foyers ont choisi ce contrat.", "Il y a deux bonnes raisons."),
        ("es", "Pocos hogares eligieron esa tarifa.", "Hay tres buenas razones."),
    ],
)
def test_a_passage_does_not_end_before_the_reasons_it_announces(
    make_article, language: str, before: str, promise: str
) -> None:
    reasons = "One of them is so long that it will never fit into what is left of this limit."
    text = f"{before} {promise} {reasons}"
    found = digest(make_article(Paragraph(text=text), language=language))
    run = passage(found, found.sentences[0], len(before) + len(promise) + 4, most=3)
    assert run is not None
    assert run.text == before
    assert passage(found, found.sentences[1], len(promise)) is None
    assert promise not in [hook.text for hook in hooks(found)]


def test_a_surname_alone_leans_on_where_it_was_introduced(make_article) -> None:
    article = make_article(
        Paragraph(
            text="Eine Kilowattstunde Strom kostet am Abend mehr. Der Strom wird im Sommer billig. "
            "Das sagt die Ökonomin Tilda Marwitz von der Universität Oldenburg."
        ),
        Paragraph(text="Marwitz rechnet für den Winter mit einem leichten Rückgang der Preise."),
        Paragraph(text="Tilda Marwitz lehrt seit neun Jahren an einer kleinen Universität."),
        Paragraph(text="Strom wird im nächsten Winter nicht viel teurer werden als im letzten."),
        language="de",
    )
    assert [s.standalone for s in digest(article).sentences][-3:] == [False, True, True]


def test_the_first_line_is_of_the_opening_and_speaks_of_the_subject(make_article) -> None:
    article = make_article(
        Paragraph(
            text="The town council decided on Tuesday evening that the trams will run all night on "
            "three days of every week. The service begins in January with a tram every half hour."
        ),
        Paragraph(text="Nurses and dockers leave their work between midnight and five."),
        Paragraph(text="The hospital counts many of them. The harbour counts the others."),
        Paragraph(text="The price is thought to be 2.7 million euros a year."),
        title="The trams will run all night from January",
    )
    assert hooks(digest(article))[0].index == 0


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


def test_a_letter_belongs_to_its_word(make_article) -> None:
    article = make_article(target_keywords=("B-tree", "X-ray images", "l'eau"), language="en")
    assert hashtags(article, digest(article), 5)[:2] == ("#BTree", "#XRayImages")


def test_half_a_name_is_no_hashtag(make_article) -> None:
    text = "The Royal Horticultural Society says that a hedge shelters beds. We planted hawthorn. "
    article = make_article(Paragraph(text=text * 3), title="How a hedge feeds a garden")
    found = hashtags(article, digest(article), 5)
    assert "#RoyalHorticulturalSociety" in found
    assert not {"#RoyalHorticultural", "#HorticulturalSociety"} & set(found)


def test_a_title_opens_rather_than_a_line_that_needs_it(make_article) -> None:
    article = make_article(
        Paragraph(
            text="The council of Lanvarec voted on Tuesday evening, by 31 votes to 12, to run its "
            "trams through the night from Thursday to Saturday, on two of its three lines."
        ),
        Paragraph(text="The cost is put at 2.7 million euros a year by those who voted for it."),
        title="In Lanvarec, trams will run through the night",
    )
    first = Draft()
    Material(article).open(first, 125)
    assert first.text(500) == "In Lanvarec, trams will run through the night"
    whole = Draft()
    Material(article).open(whole, 250)
    assert whole.text(500).startswith("The council of Lanvarec voted")
