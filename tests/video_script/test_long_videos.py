"""What a long video shows and is found by: its title, its figures, its tags, its tables."""

from igny8_media.articles.model import Heading, Paragraph, Table
from igny8_media.scripts.beats import Beat, Line, beats
from igny8_media.scripts.cues import figure_of
from igny8_media.scripts.writer import write_script
from igny8_media.video.model import VideoForm, VideoScript
from igny8_media.writing.digest import digest
from tests.words_corpus import make

_SLOW = 20.0
"""Words a minute at which a few paragraphs make a long video."""


def test_a_long_video_opens_with_its_title_also_where_that_is_long() -> None:
    text = "Every table grows, and the query behind a page slows down without anybody's doing. "
    article = make(
        Paragraph(text=text * 3),
        Heading(level=2, text="Costs"),
        Paragraph(text="An index has to be kept in order by every insert into its table. " * 3),
        title="Why Database Indexes Make Reads Fast and Writes Slow",
    )
    script = write_script(article, VideoForm.LONG, _SLOW)
    assert isinstance(script, VideoScript)
    assert script.sections[0].text_overlay == "Why Database Indexes Make Reads Fast"


def test_a_figure_is_not_shown_with_what_is_said_of_something_else() -> None:
    read = digest(make(Paragraph(text="Rain is rare.")))
    inside = "Even a table with 100 million rows is only four levels deep in the end, as all agree."
    assert figure_of(Beat(0, 0, (Line(inside, 0.5),)), read) is None
    own = "Last year 100 million rows of old orders moved to another table, and nobody saw it."
    shown = figure_of(Beat(0, 0, (Line(own, 0.5),)), read)
    assert shown == ("100 million", "rows of old orders moved to another table")


def test_german_tags_are_of_the_subject() -> None:
    water = "Eine Tomate braucht jeden Tag drei Liter Wasser. Das Wasser kommt aus der Tonne. "
    article = make(
        Paragraph(text=water * 4),
        Heading(level=2, text="Die Tonne im Garten"),
        Paragraph(text="Die Tomate wächst neben der Tonne, und Liter um Liter Wasser fließt. " * 2),
        title="Eine Tomate auf dem Balkon",
        language="de",
    )
    script = write_script(article, VideoForm.LONG, _SLOW)
    assert isinstance(script, VideoScript)
    assert "Tomate" in script.tags
    assert not {"Wasser", "Liter Wasser", "Liter"} & set(script.tags)


def test_of_many_figures_the_first_columns_are_read_out() -> None:
    table = Table(
        header=("Plant", "Pot (litres)", "Sun (hours)", "Yield (kg)"),
        rows=tuple((name, "15", "6", "2") for name in ("Tomato", "Pepper", "Chard", "Bean", "Pea")),
    )
    (told,) = beats(digest(make(table)))
    assert told.items[0] == "Tomato: Pot 15 litres, Sun 6 hours"
    assert len(told.items) == 5
