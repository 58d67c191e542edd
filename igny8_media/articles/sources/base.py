"""The contract of every content source."""

from datetime import datetime
from typing import Final, Protocol

from igny8_media.articles.model import Article
from igny8_media.frozen import Frozen

MAIN_SITE: Final = "main"
"""The site of everything that names no other."""


class Cursor(Frozen):
    """How far a source has been read: the time and the `original_id` of the last one listed."""

    changed_at: datetime
    id: str


class Listed(Frozen):
    """An article that was published or changed, without its text.

    `id` is the one its `Article` will have; `site` is whose it is, for sources that serve several.
    `version` is cheap to get and changes whenever the
    article does. `title` is None where telling it would mean opening the article.
    """

    id: str
    original_id: str
    title: str | None = None
    changed_at: datetime
    version: str
    site: str = MAIN_SITE

    @property
    def cursor(self) -> Cursor:
        """Read on from here."""
        return Cursor(changed_at=self.changed_at, id=self.original_id)


class ContentSource(Protocol):
    @property
    def name(self) -> str: ...

    def published_since(self, cursor: Cursor | None, limit: int = 100) -> list[Listed]:
        """At most `limit` published articles after the cursor (all, if None), in the order of
        `(changed_at, original_id)`, strictly ascending."""
        ...

    def fetch(self, original_id: str) -> Article:
        """The parsed article, its pictures named by absolute sources but not yet fetched.

        Raises InputError for what cannot be used, OutsideError when the source is out of reach.
        """
        ...


def after(listed: Listed, cursor: Cursor | None) -> bool:
    return cursor is None or (listed.changed_at, listed.original_id) > (
        cursor.changed_at,
        cursor.id,
    )


def in_order(listed: Listed) -> tuple[datetime, str]:
    return listed.changed_at, listed.original_id
