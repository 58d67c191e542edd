"""What the tests of articles share."""

from collections.abc import Iterator

import pytest
from article_site import Site, serving

from igny8_media.articles.fetcher import SafeFetcher


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as found:
        yield found


@pytest.fixture
def fetcher() -> Iterator[SafeFetcher]:
    with SafeFetcher(allow_networks=("127.0.0.0/8",), timeout=60) as client:
        yield client
