"""Posts from real articles: true to the article, native to the platform, within its limits."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from igny8_media.articles.model import Article, Code, Heading, ListBlock, Paragraph
from igny8_media.errors import InputError
from igny8_media.social.length import length, weighted_length
from igny8_media.social.model import Platform, SocialPost
from igny8_media.social.rules import RULES
from igny8_media.social.validate import problems
from igny8_media.social.writer import ExtractiveWriter
from igny8_media.writing.lexicon import lexicon
from tests.words_corpus import corpus, make

WRITER = ExtractiveWriter()
EVERY = [(name, platform) for name in corpus() for platform in Platform]


def _body(post: SocialPost) -> str:
    """The post without link, hashtags, numbering and the phrases of our own."""
    text = "\n".join(post.thread or (post.post_text,))
    text = re.sub(r"\n\n\d+/\d+$", "", text, flags=re.MULTILINE)
    text = re.sub(r"(?<=\s)#\w+|https?://\S+", "", text)
    ours = [p for variants in lexicon(post.language).phrases.values() for p in variants]
    for phrase in sorted(ours, key=len, reverse=True):
        text = text.replace(phrase.replace("{link}", "").strip(), "")
    return text


def _said(article: Article) -> str:
    """Everything in the article, gathered from its data rather than by the code under test."""

    def strings(value: object) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            for inner in value.values():
                yield from strings(inner)
        elif isinstance(value, tuple | list):
            for inner in value:
                yield from strings(inner)

    return " ".join(strings(article.model_dump()))


@pytest.mark.parametrize(("name", "platform"), EVERY)
def test_a_post_is_publishable(name: str, platform: Platform) -> None:
    post = WRITER.write(corpus()[name], platform)
    assert problems(post) == []
    for text in post.thread or (post.post_text,):
        assert length(text, platform) <= RULES[platform].limit
        assert text == text.strip()
        assert "\n\n\n" not in text
        assert not re.search(r"\w-$|[,;:]$", text.replace("…", ""))
    assert post.headline
    assert post.alt_text or len(corpus()[name].images) > 1


@pytest.mark.parametrize(("name", "platform"), EVERY)
def test_every_figure_and_name_stands_in_the_article(name: str, platform: Platform) -> None:
    article = corpus()[name]
    post = WRITER.write(article, platform)
    known = _said(article)
    words = set(re.findall(r"\w+", known.casefold()))
    body = _body(post)
    for figure in re.findall(r"\d+(?:[.,]\d+)*", body):
        assert figure in known, figure
    for word in re.findall(r"\b[^\W\d_a-z]\w+", body):
        assert word.casefold() in words, word


@pytest.mark.parametrize("name", list(corpus()))
def test_sentences_are_the_articles_own(name: str) -> None:
    """Each line of a post ends as the article has it, to the letter, asides left out."""
    article = corpus()[name]
    known = re.sub(r"\s+", " ", _said(article))
    known += re.sub(r"\s\([^()]*\)", "", known)
    for platform in Platform:
        post = WRITER.write(article, platform)
        for line in _body(post).splitlines():
            tail = line.strip(" →✅📌👆👉")[-40:]
            if len(tail) == 40 and "…" not in tail:
                assert tail in known, tail


@pytest.mark.parametrize("name", list(corpus()))
def test_hashtags_are_real_words_without_repeats(name: str) -> None:
    for platform in Platform:
        post = WRITER.write(corpus()[name], platform)
        assert len(post.hashtags) <= RULES[platform].hashtags[1]
        assert len({tag.casefold() for tag in post.hashtags}) == len(post.hashtags)
        known = re.sub(r"[\W_]", "", _said(corpus()[name])).casefold()
        for tag in post.hashtags:
            assert re.fullmatch(r"#[^\W\d_]\w*", tag)
            assert tag[1:].casefold() in known
            assert tag in "\n".join(post.thread or (post.post_text,))


def test_each_platform_has_its_own_shape(english: Article) -> None:
    posts = {platform: WRITER.write(english, platform) for platform in Platform}
    linkedin, x = posts[Platform.LINKEDIN], posts[Platform.TWITTER]
    assert 800 <= len(linkedin.post_text) <= 1500
    assert linkedin.post_type == "document"
    assert linkedin.post_text.endswith(" ".join(linkedin.hashtags))
    assert english.canonical_url in linkedin.post_text

    assert x.post_type == "thread"
    assert 4 <= len(x.thread) <= 8
    total = len(x.thread)
    for number, part in enumerate(x.thread, 1):
        assert part.endswith(f"\n\n{number}/{total}")
        assert weighted_length(part) <= 280
    assert english.canonical_url in x.thread[-1]
    assert not any("http" in part for part in x.thread[:-1])

    assert 300 <= len(posts[Platform.FACEBOOK].post_text) <= 700
    assert english.canonical_url in posts[Platform.FACEBOOK].post_text

    instagram = posts[Platform.INSTAGRAM]
    assert len(instagram.post_text.split("\n")[0]) <= 125
    assert "http" not in instagram.post_text
    assert "link in our bio" in instagram.post_text
    assert len(instagram.hashtags) == 5
    assert 5 <= len(instagram.slides) <= 10
    assert instagram.slides[0].kind == "title"
    assert instagram.slides[-1].kind == "closing"

    tiktok = posts[Platform.TIKTOK]
    assert len(tiktok.post_text) <= 320
    assert "http" not in tiktok.post_text


def test_the_words_of_a_post_are_in_the_articles_language(spanish: Article) -> None:
    ours = {p for v in lexicon("en").phrases.values() for p in v if len(p) > 15}
    for platform in Platform:
        text = WRITER.write(spanish, platform).post_text
        assert not any(phrase.split("{")[0].strip() in text for phrase in ours)
    assert "nlace" in WRITER.write(spanish, Platform.TIKTOK).post_text


def test_a_language_we_have_no_phrases_for_gets_none(make_article) -> None:
    article = make_article(
        Paragraph(text="Pieni talo seisoo mäen päällä. Talossa asuu vanha mies koirineen."),
        language="fi",
        title="Talo mäellä",
    )
    post = WRITER.write(article, Platform.FACEBOOK)
    assert post.call_to_action == ""
    body = post.post_text.split("https://example.com/made")
    assert body[0].strip() == "Pieni talo seisoo mäen päällä. Talossa asuu vanha mies koirineen."
    assert any("phrase table" in note for note in post.notes)


def test_the_same_article_gives_the_same_post(essay: Article) -> None:
    again = essay.model_copy(update={"version": essay.version + "x"})
    for platform in Platform:
        assert WRITER.write(essay, platform) == WRITER.write(again, platform)


ODD = {
    "one sentence": make(Paragraph(text="A single sentence is all there is to read here.")),
    "only code": make(Code(text="import os\nprint(os.getcwd())", language="python")),
    "only a list": make(ListBlock(ordered=False, items=("Milk", "Bread", "Two dozen eggs"))),
    "only headings": make(Heading(level=2, text="One"), Heading(level=2, text="Two")),
    "nothing": make(),
    "emoji title": make(Paragraph(text="We went to the sea and came back."), title="🌊🏖️"),
    "no link": make(Paragraph(text="Nobody links to this page at all."), canonical_url=None),
    "long title": make(Paragraph(text="Short text under a long title."), title="Very long " * 60),
    "long word": make(Paragraph(text="x" * 5000 + " is one word."), title="y" * 900),
    "long link": make(
        Paragraph(text="A link can be longer than the post that carries it."),
        canonical_url="https://example.com/" + "a" * 1500,
    ),
    "hebrew": make(
        Paragraph(text="זהו משפט ראשון על הגינה שלנו. הגינה גדלה מאוד בקיץ האחרון."),
        language="he",
        title="הגינה שלנו",
    ),
    "chinese": make(
        Paragraph(text="今天天气很好，我们去公园散步。公园里有很多人，价格是3.5元。" * 40),
        language="zh",
        title="公园的一天" * 12,
    ),
    "controls": make(
        Paragraph(text="A bell\x07 rang and\x00 everybody came along with it."),
        title="Bell\x07 and\x1b whistle",
    ),
    "brackets": make(
        Paragraph(text="(((((( This [text] has {all} <kinds> of |pipes| and * stars ~ in it.")
    ),
    "mixed directions": make(
        Paragraph(text="The word שלום means peace and مرحبا means hello in other tongues.")
    ),
}


@pytest.mark.parametrize("platform", list(Platform))
@pytest.mark.parametrize("what", list(ODD))
def test_odd_articles_still_give_a_post(what: str, platform: Platform) -> None:
    post = WRITER.write(ODD[what], platform)
    assert problems(post) == []
    assert post.post_text.strip()


def test_an_article_without_title_and_text_is_refused_in_one_sentence(make_article) -> None:
    with pytest.raises(InputError, match=r"made\.md.*title"):
        WRITER.write(make_article(title=" "), Platform.LINKEDIN)


def test_a_book_gives_a_post_in_moments(english: Article) -> None:
    long = english.blocks * 24
    book = english.model_copy(update={"blocks": long, "version": "book"})
    words = sum(len(b.text.split()) for b in long if isinstance(b, Paragraph))
    assert words > 20_000
    for platform in Platform:
        assert problems(WRITER.write(book, platform)) == []


_LINE = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=200
)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(_LINE, max_size=6),
    _LINE.filter(lambda t: any(c.isalnum() for c in t)),
    st.sampled_from(["en", "de", "ja", "ar", "xx"]),
    st.sampled_from(list(Platform)),
)
def test_whatever_is_written_the_limits_hold(
    lines: list[str], title: str, language: str, platform: Platform
) -> None:
    article = make(*(Paragraph(text=line) for line in lines), title=title, language=language)
    assert problems(WRITER.write(article, platform)) == []


_FACTS = (
    "Every barrel on the island holds two hundred litres of rain from the roofs of the village.",
    "A gutter without a sieve fills the deepest tank with leaves in the first storm of autumn.",
    "Clay pots lose a tenth of their moisture through the wall on each hot day of the summer.",
    "Old roofs with lead flashing give a brown liquid that no vegetable should ever be given.",
    "A pump with a float switch stops by itself before the motor has run dry and burned out.",
    "Winter frost cracks every full container of hard plastic that stands against a north wall.",
)


def _thread_without_an_end(**fields: object) -> tuple[str, ...]:
    blocks = [
        block
        for number, text in enumerate(_FACTS)
        for block in (Heading(level=2, text=f"Part {number}"), Paragraph(text=text))
    ]
    return WRITER.write(
        make(
            *blocks,
            Heading(level=2, text="Conclusion"),
            Paragraph(text="This is how they did it. It was enough for them."),
            title="Rain barrels on the island",
            target_keywords=("rain barrel", "gardening"),
            **fields,
        ),
        Platform.TWITTER,
    ).thread


def test_no_part_of_a_thread_is_hashtags_alone() -> None:
    thread = _thread_without_an_end(canonical_url=None)
    assert thread
    for part in thread:
        said = re.sub(r"#\w+|\n\n\d+/\d+$", "", part).split()
        assert len(said) >= 5, part
    assert "#RainBarrel" in thread[-1]


def test_each_part_of_a_thread_can_be_met_by_itself(make_article) -> None:
    first = Paragraph(
        text="The 3 old islands get 40% less rain than the coast. They lie behind the mountains, "
        "where clouds seldom come before the winter has begun, and where each of the few "
        "storms that do come over the ridge runs off the bare rock into the sea within the hour "
        "unless a wall holds it back."
    )
    facts = [
        block
        for number, text in enumerate(_FACTS)
        for block in (Heading(level=2, text=f"Part {number}"), Paragraph(text=text))
    ]
    thread = WRITER.write(make_article(first, *facts), Platform.TWITTER).thread
    assert thread
    assert not any(part.startswith("They") for part in thread)
