"""Where a video's pictures may come from besides its article, as the settings say."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from igny8_media.stages.workshop import Workshop

if TYPE_CHECKING:
    from igny8_media.visuals.pictures import Sources

_ANSWER_SECONDS: Final = 10.0
_CLIP_SECONDS: Final = 60.0


@contextmanager
def picture_sources(workshop: Workshop, size: tuple[int, int]) -> "Iterator[Sources]":
    """The stock libraries with keys, for a frame of `size` pixels."""
    import httpx

    from igny8_media.articles.fetcher import SafeFetcher
    from igny8_media.stock.model import Finder
    from igny8_media.stock.pexels import Pexels
    from igny8_media.stock.pixabay import Pixabay
    from igny8_media.stock.remembering import RememberingFinder
    from igny8_media.visuals.pictures import Sources

    settings, cache = workshop.settings, workshop.cache("stock")
    with (
        httpx.Client(timeout=_ANSWER_SECONDS) as client,
        SafeFetcher(timeout=_CLIP_SECONDS, allow_networks=settings.allow_networks) as fetcher,
    ):
        finders: list[Finder] = []
        if settings.pexels_key:
            key = settings.pexels_key.get_secret_value()
            finders.append(Pexels(key, settings.pexels_url, client))
        if settings.pixabay_key:
            key = settings.pixabay_key.get_secret_value()
            finders.append(Pixabay(key, settings.pixabay_url, client))
        yield Sources(
            [RememberingFinder(finder, cache, time.time) for finder in finders],
            fetcher,
            cache,
            size,
            settings.theme,
        )
