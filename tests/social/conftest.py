"""Articles to write from."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))

from words_corpus import corpus, make

from igny8_media.articles.model import Article


@pytest.fixture
def make_article() -> Callable[..., Article]:
    return make


@pytest.fixture(scope="session")
def articles() -> dict[str, Article]:
    return corpus()


@pytest.fixture(scope="session")
def english(articles: dict[str, Article]) -> Article:
    return articles["faster-web-page"]


@pytest.fixture(scope="session")
def spanish(articles: dict[str, Article]) -> Article:
    return articles["compost-en-casa"]


@pytest.fixture(scope="session")
def essay(articles: dict[str, Article]) -> Article:
    return articles["write-less"]
