"""How posts begin and go on: where the author begins, forwards, on the subject."""

from igny8_media.articles.model import Article, Code, Heading, ListBlock, Paragraph
from igny8_media.social.model import Platform
from igny8_media.social.writer import ExtractiveWriter
from igny8_media.writing.digest import digest
from igny8_media.writing.hooks import hooks
from igny8_media.writing.material import Draft, Material
from tests.words_corpus import make

_STORY = (
    "On a Tuesday in March our order page began to time out. Nothing had been deployed for six "
    "days. The query behind the page had not changed in two years, and the table had simply grown "
    "from 400,000 rows to 9 million."
)
_TURN = "One index fixed it. The query went from 4.8 seconds to 11 milliseconds."
_SECTIONS = (
    ("What it is", "An index is a second, sorted copy of part of your table, kept in order."),
    ("What it costs", "With eight indexes, one insert into the table becomes nine writes."),
    ("When to stop", "A database ignores an index when a query needs most of the rows anyway."),
    ("What it saves", "Five pages are read instead of a million, even in the largest table."),
)


def _essay() -> Article:
    return make(
        Paragraph(text=_STORY),
        Paragraph(text=_TURN),
        *(
            block
            for title, text in _SECTIONS
            for block in (Heading(level=2, text=title), Paragraph(text=f"{text} {_more(title)}"))
        ),
        Heading(level=2, text="A habit"),
        Paragraph(
            text="We no longer add an index because a query feels slow. "
            "We do three things in order:"
        ),
        ListBlock(
            ordered=True,
            items=(
                "Run the planner and keep its output",
                "Write down which query the index is for",
                "Come back after a month and read the count",
            ),
        ),
        Code(text="EXPLAIN ANALYZE SELECT 1;"),
        title="Why database indexes make reads fast",
    )


def _more(title: str) -> str:
    subject = title.lower().split()[-1]
    return (
        f"People who run large tables learn about {subject} in their first year, usually at night. "
        f"Teams that write their findings about {subject} down spend far less time on them."
    )


def test_a_short_first_line_is_worth_what_it_leads_to() -> None:
    article = make(
        Paragraph(
            text="Four square metres will do. On our balcony we harvested 23 kilos of vegetables "
            "last summer, although it lies in the shade from two in the afternoon."
        ),
        Heading(level=2, text="Water"),
        Paragraph(text="A large tomato needs 3 litres of water on a balcony of 32 degrees."),
        Paragraph(text="Tomato plants without water drop their leaves on the second day."),
        title="Tomato plants and water on a balcony",
    )
    assert hooks(digest(article))[0].short == "Four square metres will do."


def test_nothing_comes_before_an_articles_first_sentence() -> None:
    first = "My grandmother baked the same cookies for forty years and owned no thermometer."
    rest = "A dough that leaves the fridge below 8 degrees spreads slowly and stays tall."
    opened = digest(make(Paragraph(text=first), Paragraph(text=rest), title="Crisp cookies"))
    assert opened.sentences[0].standalone
    assert hooks(opened)[0].short == first
    later = digest(make(Paragraph(text=rest), Paragraph(text=first), title="Crisp cookies"))
    assert not later.sentences[1].standalone
    leaning = digest(make(Paragraph(text="As a result, the dough spreads slowly in the oven.")))
    assert not leaning.sentences[0].standalone


def test_a_post_never_goes_back_behind_its_hook() -> None:
    material = Material(_essay())
    third = material.digest.sentences[2]
    draft = Draft()
    draft.used.add(third.index)
    found = material.intro(draft, 400)
    assert found
    assert found.text.startswith("One index fixed it.")


def test_a_paragraph_that_ends_early_leads_to_the_next() -> None:
    text = ExtractiveWriter().write(_essay(), Platform.LINKEDIN).post_text
    assert text.startswith("On a Tuesday in March")
    assert f"from 400,000 rows to 9 million.\n\n{_TURN}\n\n" in text


def test_a_list_brings_the_line_that_says_what_it_is_for() -> None:
    for platform in (Platform.LINKEDIN, Platform.INSTAGRAM):
        text = ExtractiveWriter().write(_essay(), platform).post_text
        assert "because a query feels slow. We do three things in order:\n\n1. Run" in text
        assert text.count("We no longer add an index") == 1


def test_a_carousel_is_about_the_article_not_about_its_last_list() -> None:
    shown = ExtractiveWriter().write(_essay(), Platform.INSTAGRAM).slides
    headings = [slide.heading for slide in shown if slide.kind == "point"]
    assert len(headings) >= 3
    assert not any(heading.startswith("1.") for heading in headings)


def test_half_a_thought_is_no_point() -> None:
    article = make(
        Paragraph(text=_STORY),
        Heading(level=2, text="Ask first"),
        Paragraph(
            text="Every serious database can tell you what it is going to do with your query. "
            "The command for that is as short as it is old:"
        ),
        Code(text="EXPLAIN SELECT 1;"),
        Paragraph(text="Statistics of a large table grow stale within a month of ordinary work."),
        Heading(level=2, text="In the end"),
        Paragraph(text="Nobody has been woken up by our order page since we look twice a month."),
        title="How to ask a database about a query",
    )
    (point,) = Material(article).points(Draft(used={0, 1, 2}), 1, 200)
    assert point.text.startswith("Statistics of a large table")
