"""What stock libraries offer, whatever their names for it, and what their licences ask of us."""

from typing import Literal, Protocol

from pydantic import Field

from igny8_media.errors import OutsideError
from igny8_media.frozen import Frozen

Provider = Literal["Pexels", "Pixabay"]
Orientation = Literal["landscape", "portrait"]

# Pixabay takes 100 characters of query (Pixabay API docs, 2026-11); nobody searches for more.
MOST_QUERY_CHARACTERS = 100


class Search(Frozen):
    """One question to a stock library.

    `language` is an ISO 639-1 code. `width` and `height` are the pixels of the frame to be filled;
    they decide the orientation and which of a clip's files is worth its bytes.
    """

    query: str = Field(min_length=1, max_length=MOST_QUERY_CHARACTERS)
    language: str = "en"
    width: int = Field(gt=0)
    height: int = Field(gt=0)

    @property
    def orientation(self) -> Orientation:
        return "landscape" if self.width > self.height else "portrait"


class StockPicture(Frozen):
    """A picture that a library offers.

    `words` say what it shows (alternative text or tags); `width` and `height` are pixels of the
    file behind `link`, which expires and is only for downloading at once.
    """

    provider: Provider
    id: str
    page_url: str
    author: str
    author_url: str
    licence: str
    words: str
    width: int = Field(gt=0)
    height: int = Field(gt=0)
    link: str


class StockClip(StockPicture):
    """A moving picture of `duration` seconds; `link` is an MP4 file of `width` by `height`."""

    duration: float = Field(gt=0)


class Credit(Frozen):
    """Who made something that a video shows, where it was found and under which licence.

    `key` is what the sections' `image` calls it.
    """

    key: str
    kind: Literal["photo", "video"]
    provider: Provider
    id: str
    author: str
    author_url: str
    page_url: str
    licence: str


class Finder(Protocol):
    """A stock library. Both questions raise StockError when it cannot be asked now."""

    @property
    def name(self) -> Provider: ...

    def pictures(self, search: Search) -> tuple[StockPicture, ...]:
        """Pictures, the library's best match first; empty when it has none."""
        ...

    def clips(self, search: Search) -> tuple[StockClip, ...]:
        """Clips, the library's best match first; empty when it has none."""
        ...


class StockError(OutsideError):
    """A library that cannot be used now: the video goes on without it."""


class KeyRefusedError(StockError):
    """The library does not take the key; asking again with the same one is pointless."""


class RateLimitedError(StockError):
    """Too many questions; `after` is in how many seconds the library takes more, if it said so."""

    def __init__(self, message: str, after: float | None = None) -> None:
        super().__init__(message)
        self.after = after


def credit_of(found: StockPicture, key: str) -> Credit:
    return Credit(
        key=key,
        kind="video" if isinstance(found, StockClip) else "photo",
        provider=found.provider,
        id=found.id,
        author=found.author,
        author_url=found.author_url,
        page_url=found.page_url,
        licence=found.licence,
    )
