"""Where a video's pictures may come from besides its article, as the settings say."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from igny8_media.stages.painting import open_painter
from igny8_media.stages.workshop import Workshop

if TYPE_CHECKING:
    from igny8_media.ai.image import Tell
    from igny8_media.visuals.pictures import Sources

log = logging.getLogger(__name__)

_ANSWER_SECONDS: Final = 10.0
_CLIP_SECONDS: Final = 60.0


@contextmanager
def picture_sources(
    workshop: Workshop, size: tuple[int, int], tell: "Tell" = log.info
) -> "Iterator[Sources]":
    """The stock libraries with keys and the image models that are set up, for a frame of `size`
    pixels. `tell` hears how far a model is with a picture."""
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
        open_painter(workshop, tell) as painter,
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
            painter,
            settings.pictures_per_video,
        )
