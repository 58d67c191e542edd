"""The same article again: always its own sentences, never the same post."""

from itertools import combinations

import pytest

from igny8_media.articles.model import Article
from igny8_media.social.model import Platform, SocialPost
from igny8_media.social.validate import problems, ungrounded
from igny8_media.social.variation import fresh_post, is_fresh
from igny8_media.social.writer import ExtractiveWriter


def _texts(post: SocialPost) -> str:
    return "\n".join(post.thread or (post.post_text,))


@pytest.mark.parametrize("platform", Platform)
@pytest.mark.parametrize("name", ["faster-web-page", "compost-en-casa", "write-less"])
def test_each_turn_is_unlike_all_before_it(
    articles: dict[str, Article], name: str, platform: Platform
) -> None:
    posts = [ExtractiveWriter().write(articles[name], platform)]
    for _ in range(3):
        found = fresh_post(articles[name], posts)
        if found is None:
            break
        posts.append(found)
    assert len(posts) >= 3, "a long article has more to say"
    for post in posts:
        assert problems(post) == []
        assert ungrounded(post, articles[name]) == []
        assert post.slides == posts[0].slides, "the pictures are those of the first"
    for one, other in combinations(map(_texts, posts), 2):
        assert is_fresh(one, [other])


def test_it_is_the_same_each_time_it_is_asked(english: Article) -> None:
    first = ExtractiveWriter().write(english, Platform.LINKEDIN)
    assert fresh_post(english, [first]) == fresh_post(english, [first])


def test_an_article_that_said_everything_says_so(english: Article) -> None:
    posts = [ExtractiveWriter().write(english, Platform.TIKTOK)]
    for _ in range(60):
        found = fresh_post(english, posts)
        if found is None:
            return
        posts.append(found)
    raise AssertionError("no article has sixty posts in it")


@pytest.mark.parametrize(
    ("text", "earlier"),
    [
        ("Water early. It is cooler then.", "water early.  It is cooler then!"),
        ("Water early. It is cooler then. https://a.example/x", "Water early. It is cooler then."),
        ("Water early.\nSomething else.", "Water early.\nAnother thing altogether."),
        (
            "One new line\nand then the very same words as before here",
            "X\nand then the very same words as before here",
        ),
        ("", "anything"),
    ],
)
def test_what_is_not_fresh(text: str, earlier: str) -> None:
    assert not is_fresh(text, [earlier])
    assert is_fresh("A wholly different sentence about gardens.", [earlier])
