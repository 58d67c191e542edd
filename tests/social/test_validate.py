"""Everything wrong with a post is said, all at once."""

import pytest

from igny8_media.social.model import Platform, Slide, SocialPost
from igny8_media.social.validate import problems, ungrounded
from igny8_media.social.writer import ExtractiveWriter
from tests.words_corpus import corpus


def _post(**fields: object) -> SocialPost:
    values: dict[str, object] = {
        "platform": "twitter",
        "post_type": "image",
        "post_text": "Fine.",
        "headline": "Fine",
        "language": "en",
        "writer": "test",
    }
    return SocialPost.model_validate(values | fields)


def test_a_good_post_has_no_problems() -> None:
    assert problems(_post()) == []


def test_all_problems_come_at_once() -> None:
    found = problems(
        _post(
            post_text="a" * 300,
            hashtags=("#Tag", "#tag", "#no good", "#123"),
            headline=" ",
            link_url="ftp://x",
            post_type="carousel",
        )
    )
    text = " ".join(found)
    assert "300" in text
    assert "20 over the limit" in text
    assert "twice" in text
    assert "'#no good'" in text
    assert "'#123'" in text
    assert "headline" in text
    assert "ftp://x" in text
    assert "carousel" in text
    assert all(sentence.endswith(".") for sentence in found)


def test_limits_are_counted_as_each_platform_does() -> None:
    brackets = "(" * 1600
    assert problems(_post(platform="linkedin", post_text=brackets))
    assert not problems(_post(platform="instagram", post_text=brackets))
    assert problems(_post(platform="tiktok", post_text="👍" * 1101))
    assert not problems(_post(platform="tiktok", post_text="👍" * 1100))
    assert problems(_post(platform="instagram", post_text="#a " * 31))


def test_threads_and_slides_are_looked_at() -> None:
    assert problems(_post(post_type="thread", post_text="a", thread=("b", "c")))
    assert problems(_post(post_type="thread", post_text="a", thread=("a", "x" * 281)))
    assert problems(_post(platform="facebook", post_text="a", thread=("a", "b")))
    slides = tuple(Slide(kind="point", heading="One") for _ in range(4))
    assert problems(_post(platform="instagram", post_type="carousel", slides=slides))
    assert not problems(_post(platform="instagram", post_type="carousel", slides=slides * 2))


def test_every_platform_is_known() -> None:
    for platform in Platform:
        assert problems(_post(platform=platform, post_text="Short and plain.")) == []


@pytest.mark.parametrize("name", list(corpus()))
def test_our_own_posts_are_grounded(name: str) -> None:
    for platform in Platform:
        assert ungrounded(ExtractiveWriter().write(corpus()[name], platform), corpus()[name]) == []


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("Edward Everett", "Edward Zwingli", "Zwingli"),
        ("272 words", "277 words", "277"),
        ("nineteenth of November 1863", "nineteenth of November 1864", "1864"),
    ],
)
def test_a_planted_figure_or_name_is_seen(right: str, wrong: str, said: str) -> None:
    article = corpus()["write-less"]
    post = ExtractiveWriter().write(article, Platform.LINKEDIN)
    assert right in post.post_text
    planted = post.model_copy(update={"post_text": post.post_text.replace(right, wrong)})
    found = ungrounded(planted, article)
    assert len(found) == 1
    assert f"'{said}'" in found[0]
    assert found[0].endswith(".")


def test_slides_and_threads_are_looked_at_too() -> None:
    article = corpus()["write-less"]
    post = ExtractiveWriter().write(article, Platform.TWITTER)
    assert post.thread
    last = post.thread[-1].replace("\n\n", " Ask Zwingli about it.\n\n", 1)
    assert ungrounded(post.model_copy(update={"thread": (*post.thread[:-1], last)}), article)
    slide = Slide(kind="point", heading="It costs 99 francs")
    assert ungrounded(post.model_copy(update={"slides": (slide,)}), article)
