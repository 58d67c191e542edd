"""What an article is once it has been parsed: plain text in typed blocks, and its pictures."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from igny8_media.frozen import Frozen


class Picture(Frozen):
    """A picture that was really fetched, checked by its content and stored.

    `key` names its file among the article's; `width` and `height` are pixels as shown, that is
    after EXIF orientation.
    """

    key: str
    sha256: str
    mime: str
    width: int
    height: int
    size: int


class Heading(Frozen):
    kind: Literal["heading"] = "heading"
    level: int = Field(ge=1, le=6)
    text: str


class Paragraph(Frozen):
    kind: Literal["paragraph"] = "paragraph"
    text: str


class ListBlock(Frozen):
    """A list; nested items are flattened in reading order."""

    kind: Literal["list"] = "list"
    ordered: bool
    items: tuple[str, ...]


class Quote(Frozen):
    kind: Literal["quote"] = "quote"
    text: str
    attribution: str | None = None


class Table(Frozen):
    kind: Literal["table"] = "table"
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Code(Frozen):
    kind: Literal["code"] = "code"
    text: str
    language: str | None = None


class Image(Frozen):
    """A picture in the text; `picture` is None while unfetched, for ever if `missing` is set."""

    kind: Literal["image"] = "image"
    source: str
    alt: str = ""
    caption: str | None = None
    picture: Picture | None = None
    missing: str | None = None


Block = Annotated[
    Heading | Paragraph | ListBlock | Quote | Table | Code | Image, Field(discriminator="kind")
]


class Article(Frozen):
    """One published article.

    `id` matches `^[A-Za-z0-9_-]{1,64}$`; `original_id` is what the source calls it.
    `language` is an ISO 639-1 code. Times are timezone-aware. `version` is a hash of everything
    a reader sees. `derived` names the fields that the source did not give and we worked out.
    `notes` says, in sentences, what was lost on the way in (a picture, a broken front matter).
    """

    id: str = Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")
    original_id: str
    title: str
    blocks: tuple[Block, ...]
    meta_description: str = ""
    target_keywords: tuple[str, ...] = ()
    language: str = "en"
    canonical_url: str | None = None
    author: str | None = None
    published_at: datetime | None = None
    updated_at: datetime | None = None
    version: str
    derived: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def images(self) -> tuple[Image, ...]:
        """The pictures that can be used, in reading order."""
        return tuple(b for b in self.blocks if isinstance(b, Image) and b.picture)
