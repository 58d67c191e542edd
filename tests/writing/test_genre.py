"""What an article is, and what its readers are asked to do."""

import pytest

from igny8_media.articles.model import Article, ListBlock, Paragraph
from igny8_media.social.model import Platform
from igny8_media.social.writer import ExtractiveWriter
from igny8_media.writing.genre import suited
from igny8_media.writing.lexicon import lexicon
from igny8_media.writing.material import Material
from tests.words_corpus import make

_NEWS = "The council of Lanvarec voted on Tuesday to run its trams all night from January."
_OPINION = "I keep the minutes of every meeting, because my grandmother taught me to do so."
_PLAIN = "A stopwatch settles more arguments about slow pages than any meeting ever did."


def _article(text: str, **fields: object) -> Article:
    return make(Paragraph(text=text), Paragraph(text=_PLAIN), version=text, **fields)


@pytest.mark.parametrize(
    ("text", "genre"), [(_NEWS, "news"), (_OPINION, "opinion"), (_PLAIN, "other")]
)
def test_a_genre_is_told_by_words(text: str, genre: str) -> None:
    assert Material(_article(text)).genre == genre


def test_steps_are_told_by_their_list_and_quoted_people_are_not_the_author() -> None:
    steps = ListBlock(ordered=True, items=("Boil the water", "Pour it slowly", "Wait a minute"))
    how_to = make(Paragraph(text="Good tea takes four things:"), steps)
    assert Material(how_to).genre == "steps"
    quoted = f'{_NEWS} "I think that my city needs it," said the mayor.'
    assert Material(_article(quoted)).genre == "news"


def test_news_are_followed_and_an_essay_is_not_saved() -> None:
    post = ExtractiveWriter().write(_article(_NEWS), Platform.LINKEDIN)
    assert post.call_to_action == "Follow for what happens next."
    essay = (
        ExtractiveWriter()
        .write(_article(_OPINION, canonical_url=None), Platform.INSTAGRAM)
        .call_to_action
    )
    assert essay in lexicon("en").phrases["ask_comments"]


@pytest.mark.parametrize("language", ["en", "de", "es", "fr", "it", "nl", "pt"])
def test_every_language_has_what_genres_call_for(language: str) -> None:
    table = lexicon(language)
    for name in ("linkedin_question", "instagram_save_plain", "thread_end_plain"):
        for genre in ("news", "opinion"):
            assert table.phrase(suited(name, genre))
    assert table.first_person
    assert len(table.calendar) >= 18
