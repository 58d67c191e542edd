"""The line on the picture: the title, or so much of it as says enough."""

import pytest

from igny8_media.articles.model import Image, Paragraph
from igny8_media.writing.digest import digest
from igny8_media.writing.headline import alt_text, headline
from tests.words_corpus import with_pictures


@pytest.mark.parametrize(
    ("title", "line"),
    [
        ("The Courage to Write Less", "The Courage to Write Less"),
        (
            "How we halved the bill: a long story of disks, of caches and of one very old server",
            "How we halved the bill",
        ),
        (
            "Why does everybody still write reports? Notes from twenty years in large companies",
            "Why does everybody still write reports?",
        ),
        (
            "Backing up a very small office with very little money | The Example Magazine",
            "Backing up a very small office with very little money",
        ),
        ("3.2. How To Migrate", "How To Migrate"),
    ],
)
def test_titles_are_tightened_never_broken(make_article, title: str, line: str) -> None:
    assert headline(make_article(title=title)) == line


def test_a_title_that_cannot_be_shortened_stays_whole(make_article) -> None:
    title = "An account of the many things that happened on the way to the office last Tuesday"
    assert headline(make_article(title=title)) == title


def test_words_of_one_picture_are_not_told_of_another(make_article) -> None:
    chart, roofs = Image(source="a.png", alt="A chart"), Image(source="b.png", alt="Evening roofs")
    said = Paragraph(text="Rain is rare on the island.")

    def told(*pictures: Image) -> str:
        article = with_pictures(make_article(said, *pictures))
        return alt_text(article, digest(article), "Rain", 100)

    assert told(chart) == "A chart"
    assert told(chart, roofs) == "", "the image's own words go with it"
    assert told() == "Title card with the words: Rain"
