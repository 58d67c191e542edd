"""Scripts from real articles: the right length, spoken language, true to the article."""

import re
from itertools import pairwise

import pytest

from igny8_media.articles.model import (
    Article,
    Code,
    Heading,
    Image,
    ListBlock,
    Paragraph,
    Picture,
    Quote,
    Table,
)
from igny8_media.scripts.beats import beats, spoken_words
from igny8_media.scripts.seo import metadata
from igny8_media.scripts.writer import (
    LONG_SECONDS,
    SHORT_SECONDS,
    TooThin,
    speaking_rate,
    write_script,
)
from igny8_media.video.model import VideoForm, VideoScript, VideoTarget
from igny8_media.writing.digest import digest
from igny8_media.writing.lexicon import lexicon
from tests.words_corpus import corpus, make

WPM = 150.0
OURS = ("faster-web-page", "compost-en-casa", "write-less")


def _script(article: Article, form: VideoForm, wpm: float = WPM) -> VideoScript:
    script = write_script(article, form, wpm)
    assert isinstance(script, VideoScript), script
    return script


@pytest.mark.parametrize("wpm", [110.0, 135.0, 150.0, 170.0, 200.0])
@pytest.mark.parametrize("name", OURS)
def test_a_short_takes_its_seconds_at_any_rate(name: str, wpm: float) -> None:
    script = _script(corpus()[name], VideoForm.SHORT, wpm)
    least, most = SHORT_SECONDS
    assert least <= script.total_duration_estimate <= most
    assert 5 <= len(script.sections) <= 10
    assert script.sections[0].type == "hook"
    assert script.sections[-1].type == "outro"


@pytest.mark.parametrize("name", OURS)
def test_a_long_one_tells_the_article_in_order_with_chapters(name: str) -> None:
    article = corpus()[name]
    script = _script(article, VideoForm.LONG)
    least, most = LONG_SECONDS
    assert least <= script.total_duration_estimate <= most
    headings = [b.text for b in article.blocks if isinstance(b, Heading) and b.level == 2]
    titles = [marker.title for marker in script.chapter_markers]
    assert script.chapter_markers[0].time == 0
    assert titles[1:] == headings
    times = [marker.time for marker in script.chapter_markers]
    assert all(a < b for a, b in pairwise(times))


@pytest.mark.parametrize("form", list(VideoForm))
@pytest.mark.parametrize("name", OURS)
def test_what_is_said_is_the_articles_own_and_can_be_said(name: str, form: VideoForm) -> None:
    article = corpus()[name]
    script = _script(article, form)
    known = re.sub(r"\\+[nrt\"]", " ", article.model_dump_json()).casefold()
    words = set(re.findall(r"\w+", known))
    phrases = {p for v in lexicon(article.language).phrases.values() for p in v}
    for section in script.sections:
        said = section.narration
        assert not re.search(r"https?://|[{}<>|\\`]|\w\(\)", said)
        assert re.search(r"[.!?…][\"”»’]*$", said)
        for phrase in sorted(phrases, key=len, reverse=True):
            said = said.replace(phrase, "")
        assert set(re.findall(r"\w+", said.casefold())) <= words
        assert len(section.text_overlay.split()) <= 20
        assert section.duration_estimate > 0
        if section.visual_cue in ("list", "statistic", "quote"):
            assert section.items
        if section.visual_cue == "code_snippet":
            assert section.code_block
            assert section.code_block.text.strip()


@pytest.mark.parametrize("form", list(VideoForm))
@pytest.mark.parametrize("name", OURS)
def test_each_scene_shows_words_of_its_own(name: str, form: VideoForm) -> None:
    article = corpus()[name]
    script = _script(article, form)
    overlays = [s.text_overlay for s in script.sections if s.text_overlay]
    assert len({o.casefold() for o in overlays}) == len(overlays)
    headings = {b.text for b in article.blocks if isinstance(b, Heading)}
    call = lexicon(article.language).phrases["outro_card"]
    for number, section in enumerate(script.sections):
        overlay = section.text_overlay
        assert "…" not in overlay + "".join(section.items)
        if overlay and overlay not in headings and number and section.type != "outro":
            plain = re.sub(r"\W+", " ", section.narration).casefold()
            assert re.sub(r"\W+", " ", overlay).strip().casefold() in plain
        if section.visual_cue in ("animated_text", "title_card"):
            assert overlay
    assert script.sections[-1].text_overlay in call


@pytest.mark.parametrize("form", list(VideoForm))
@pytest.mark.parametrize("name", OURS)
def test_cues_change(name: str, form: VideoForm) -> None:
    cues = [s.visual_cue for s in _script(corpus()[name], form).sections]
    assert len(set(cues)) >= 3
    for typed in ("animated_text", "title_card", "statistic"):
        assert "|".join([typed] * 3) not in "|".join(cues)


def test_a_scene_does_not_begin_in_the_middle_of_a_thought() -> None:
    for name in OURS:
        article = corpus()[name]
        told = {
            line.text: line.leans and place > 0
            for beat in beats(digest(article))
            for place, line in enumerate(beat.lines)
        }
        order = list(told)
        for section in _script(article, VideoForm.SHORT).sections[2:-1]:
            first = next((text for text in order if section.narration.startswith(text)), "")
            assert not first or not told[first], first


@pytest.mark.parametrize("name", OURS)
def test_only_the_farewell_is_said_under_the_last_card(name: str) -> None:
    """A thought under "Read the full article" would be seen by nobody."""
    article = corpus()[name]
    last = _script(article, VideoForm.SHORT).sections[-1]
    phrases = lexicon(article.language).phrases
    assert last.narration in phrases["spoken_outro"]
    assert last.text_overlay in phrases["outro_card"]


@pytest.mark.parametrize("form", list(VideoForm))
def test_a_picture_is_not_covered_by_the_sentence_that_the_captions_say(
    english: Article, form: VideoForm
) -> None:
    shown = [s for s in _script(english, form).sections if s.visual_cue == "image"]
    assert shown
    headings = {b.text for b in english.blocks if isinstance(b, Heading)}
    for section in shown:
        overlay = section.text_overlay
        assert len(overlay.split()) <= 7 or overlay in headings


def test_a_short_tells_paragraphs_from_their_beginning(make_article) -> None:
    """Sentences picked from the middles of paragraphs are a heap that no ear follows."""
    told = {
        "harbour": ("Fishermen mend their nets on the stones.", "thirty boats and eleven captains"),
        "kitchen": ("A grandmother stirs onions until noon.", "seven rules in blue letters"),
        "chapel": ("White houses line a very steep stairway.", "a bell that rings on Sundays"),
        "school": ("Nine pupils learn to read in summer.", "two teachers and a globe of paper"),
        "mill": ("Bakers carry flour down before breakfast.", "bread for half of the families"),
        "quay": ("Travellers wait there between crates.", "a ferry that leaves at ten past six"),
    }
    article = make_article(
        *(
            block
            for place, (first, last) in told.items()
            for block in (
                Heading(level=2, text=f"The {place} of Veldra"),
                Paragraph(
                    text=f"{first} "
                    f"The {place} of Veldra has 12 lamps, {last}, and 40 million good reasons."
                ),
            )
        ),
        title="Six places on the island of Veldra",
    )
    script = _script(article, VideoForm.SHORT)
    points = [s.narration for s in script.sections if s.type == "point"]
    assert len(points) >= 2
    assert all(said.startswith(tuple(first for first, _ in told.values())) for said in points)


@pytest.mark.parametrize("form", list(VideoForm))
def test_each_picture_is_shown_once(english: Article, form: VideoForm) -> None:
    shown = [s.image for s in _script(english, form).sections if s.image]
    assert shown
    assert len(shown) == len(set(shown))
    assert set(shown) <= {i.picture.key for i in english.images if i.picture}


def test_a_picture_goes_with_the_section_it_stands_in(make_article) -> None:
    def picture(name: str) -> Image:
        kept = Picture(key=name, sha256="0", mime="image/png", width=800, height=600, size=9)
        return Image(source=name, picture=kept)

    text = "Every gardener on the island waits for rain in the month of March. " * 3
    article = make_article(
        Heading(level=2, text="Roots"),
        Paragraph(text=text.replace("rain", "roots")),
        picture("roots.png"),
        Heading(level=2, text="Leaves"),
        Paragraph(text=text.replace("rain", "leaves")),
        picture("leaves.png"),
    )
    script = write_script(article, VideoForm.LONG, 20.0)
    assert isinstance(script, VideoScript)
    for section in script.sections:
        if section.image:
            assert section.image.split(".")[0] in section.narration


def test_code_is_shown_and_explained_but_not_read(english: Article) -> None:
    script = _script(english, VideoForm.LONG)
    shown = [s for s in script.sections if s.code_block]
    assert len(shown) >= 2
    for section in shown:
        assert len(section.narration.split()) >= 5
        assert not section.narration.rstrip(".").endswith(":")


def test_lists_tables_and_quotes_become_speech(make_article) -> None:
    article = make_article(
        Paragraph(text="Three habits keep a bicycle alive for years:"),
        ListBlock(ordered=False, items=("Oil the chain", "Store it dry", "Check both brakes")),
        Table(
            header=("Bicycle", "Weight (with pedals)", "Price"),
            rows=(("City", "18 kg", "400 euros"), ("Racing", "8 kg", "900 euros")),
        ),
        Table(
            header=("Yes", "No"), rows=(("Bread", "Stones"), ("Apples", "Glass"), ("Tea", "Sand"))
        ),
        Quote(text="A bicycle is never finished.", attribution="Ann Miller"),
    )
    told = beats(digest(article))
    assert [b.cue for b in told] == ["list", "list", "list", "quote"]
    assert told[0].text.startswith("Three habits keep a bicycle alive for years. Oil the chain.")
    assert told[1].text == (
        "City: Weight 18 kg, Price 400 euros. Racing: Weight 8 kg, Price 900 euros."
    )
    assert told[1].items == (
        "City: Weight 18 kg, Price 400 euros",
        "Racing: Weight 8 kg, Price 900 euros",
    )
    # Columns of words may be lists of their own: reading across would say "Bread: Stones".
    assert told[2].text == "Yes: Bread, Apples, Tea. No: Stones, Glass, Sand."
    assert told[3].text == "Ann Miller: A bicycle is never finished."
    assert told[3].items == ("A bicycle is never finished.", "Ann Miller")


@pytest.mark.parametrize("form", list(VideoForm))
@pytest.mark.parametrize("name", OURS)
def test_only_a_quotation_is_shown_as_one(name: str, form: VideoForm) -> None:
    article = corpus()[name]
    quoted = [b.text for b in article.blocks if isinstance(b, Quote)]
    texts = [b.text for b in article.blocks if isinstance(b, Paragraph)]
    quoted += re.findall(r"[“\"]([^“”\"]+)[”\"]", "\n".join(texts))
    for section in _script(article, form).sections:
        if section.visual_cue == "quote":
            assert any(section.items[0] in text for text in quoted), section.items


@pytest.mark.parametrize("dash", ["—", "–", " - "])
def test_who_is_quoted_stands_apart(make_article, dash: str) -> None:
    words = "A garden is never finished, and neither is its gardener."
    quote = Quote(text=f"{words} {dash} Ann Miller, head gardener")
    (told,) = beats(digest(make_article(quote)))
    assert told.items == (words, "Ann Miller, head gardener")
    plain = Quote(text="Rain is rare here – we wait for it.")
    (told,) = beats(digest(make_article(plain)))
    assert told.items == (plain.text, "")


def test_a_row_of_figures_names_what_it_counts(make_article) -> None:
    article = make_article(
        Table(
            header=("Jahr", "Regen (mm)", "Liter", "Volle Tage"),
            rows=(("2023", "702", "5.900", "8"), ("2024", "611", "3.100", "–")),
        ),
        language="de",
    )
    (told,) = beats(digest(article))
    assert told.text == (
        "2023: Regen 702 mm, 5.900 Liter, Volle Tage 8. 2024: Regen 611 mm, 3.100 Liter."
    )
    assert told.items == (
        "2023: Regen 702 mm, 5.900 Liter, Volle Tage 8",
        "2024: Regen 611 mm, 3.100 Liter",
    )


@pytest.mark.parametrize(
    "header",
    [
        ("Item", "2023", "2024"),
        ("Item", "", "Price"),
        ("Item", "What the works really cost us", "Price"),
    ],
)
def test_figures_without_short_names_are_not_spoken(make_article, header) -> None:
    table = Table(header=header, rows=(("Barrel", "41", "55"), ("Pump", "18", "19")))
    assert beats(digest(make_article(table))) == []


def test_a_sentence_goes_with_the_one_it_leans_on(make_article) -> None:
    article = make_article(
        Paragraph(text="See figure 4 for the engine in detail. It is small. Old engines need oil.")
    )
    assert [b.text for b in beats(digest(article))] == ["Old engines need oil."]


@pytest.mark.parametrize("form", list(VideoForm))
def test_a_thin_article_says_what_it_lacks(make_article, form: VideoForm) -> None:
    found = write_script(make_article(Paragraph(text="One line is all.")), form, WPM)
    assert isinstance(found, TooThin)
    assert re.search(r"about \d+ more words", found.reason)
    assert found.reason.endswith(".")


def test_only_code_is_too_thin(make_article) -> None:
    for form in VideoForm:
        article = make_article(Code(text="x = 1\n" * 400))
        assert isinstance(write_script(article, form, WPM), TooThin)


def test_a_book_keeps_the_limit(english: Article) -> None:
    blocks = english.blocks * 20
    book = english.model_copy(update={"blocks": blocks, "version": "book"})
    script = _script(book, VideoForm.LONG)
    assert LONG_SECONDS[1] * 0.85 <= script.total_duration_estimate <= LONG_SECONDS[1]
    short = write_script(english, VideoForm.LONG, WPM, aim_seconds=240)
    assert isinstance(short, VideoScript)
    assert 185 <= short.total_duration_estimate <= 245


def test_every_strangers_text_gives_scripts_or_reasons() -> None:
    for article in corpus().values():
        for form in VideoForm:
            found = write_script(article, form, WPM)
            if isinstance(found, VideoScript):
                total = sum(s.duration_estimate for s in found.sections)
                assert found.total_duration_estimate == pytest.approx(total, abs=0.1)
                ids = [s.section_id for s in found.sections]
                assert len(ids) == len(set(ids))


@pytest.mark.parametrize("slower", [0.8, 1.25])
def test_a_script_rewritten_at_the_measured_rate_takes_its_time(slower: float) -> None:
    for name in OURS:
        first = _script(corpus()[name], VideoForm.SHORT)
        heard = first.total_duration_estimate * slower
        again = _script(corpus()[name], VideoForm.SHORT, speaking_rate(first, heard))
        # What this voice would take for the new script.
        words = sum(spoken_words(s.narration) for s in again.sections)
        rate = sum(spoken_words(s.narration) for s in first.sections) / heard
        assert SHORT_SECONDS[0] <= words / rate <= SHORT_SECONDS[1]


def test_the_outro_is_in_the_articles_language(spanish: Article) -> None:
    assert "artículo" in _script(spanish, VideoForm.SHORT).sections[-1].narration
    unknown = make(Paragraph(text="Talo on vanha ja punainen. " * 60), language="fi")
    script = write_script(unknown, VideoForm.LONG, 90.0)
    assert isinstance(script, VideoScript)
    assert "article" not in script.sections[-1].narration


@pytest.mark.parametrize("form", list(VideoForm))
@pytest.mark.parametrize("name", OURS)
def test_an_article_without_an_address_is_not_promised(name: str, form: VideoForm) -> None:
    changes = {"canonical_url": None, "version": "unlinked"}
    article = corpus()[name].model_copy(update=changes)
    script = _script(article, form)
    last = script.sections[-1]
    assert last.type == "outro"
    said = f"{last.narration} {last.text_overlay}"
    for target in VideoTarget:
        said += metadata(script, article, target, (), 400.0).description
    promise = r"full article|whole story|artículo completo|in bio|la bio|in the description"
    assert not re.search(promise, said), said


def test_figures_take_longer_to_say_than_words() -> None:
    assert spoken_words("It took 6.2 seconds.") > spoken_words("It took two seconds.")
    assert spoken_words("今天天气很好") == 3


def test_a_picture_waits_for_the_section_that_speaks_of_it(english: Article) -> None:
    """The first section under a heading does not take what a later one speaks of."""
    keys = {image.alt: image.picture.key for image in english.images if image.picture}
    shown = {s.image: s.narration for s in _script(english, VideoForm.LONG).sections if s.image}
    said = {alt: shown[key] for alt, key in keys.items()}
    expected = {
        "stopwatch": "we measured first",
        "Waterfall": "photograph started to load",
        "small square": "800 pixels",
        "Bar chart": "71% faster",
    }
    for subject, words in expected.items():
        assert words in next(spoken for alt, spoken in said.items() if subject in alt)


@pytest.mark.parametrize("name", OURS)
def test_a_hook_over_a_picture_says_what_it_is_about(name: str) -> None:
    long = "Nine people who told us at great length how they came to like what they do"
    article = corpus()[name].model_copy(update={"title": long, "version": "long title"})
    for form in (VideoForm.SHORT, VideoForm.LONG):
        hook = _script(article, form).sections[0]
        assert hook.visual_cue != "image" or hook.text_overlay


def test_a_short_that_opens_on_a_picture_shows_the_title_in_few_words() -> None:
    from igny8_media.scripts.beats import Beat, Line
    from igny8_media.scripts.dressing import Dresser

    title = "Three slow days on an island that nobody photographs"
    words = "The ferry leaves at ten past six and nobody on the quay has ever been in a hurry."
    picture = Picture(
        key="ferry", sha256="0" * 64, mime="image/jpeg", width=1600, height=900, size=9
    )
    article = make(
        Image(source="ferry.jpg", alt="The ferry at the quay", picture=picture),
        Paragraph(text=words),
        title=title,
    )
    dresser = Dresser(article, digest(article), chapters=False)
    hook = dresser.dress(1, Beat(0, 1, (Line(words, 0.5, leans=True),)), "hook", WPM)
    (shown,) = dresser.spread_images([hook])
    assert (shown.visual_cue, shown.text_overlay) == ("image", "Three slow days on an island")
