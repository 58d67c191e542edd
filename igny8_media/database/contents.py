"""Which content we know of, and where each can be fetched again."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from igny8_media.database.tables import Content
from igny8_media.errors import InputError
from igny8_media.frozen import Frozen


class ContentRef(Frozen):
    """`source` is "file", "url", or a configured source's name; `reference` is what it calls it;
    `site` is whose article it is."""

    content_id: str
    source: str
    reference: str
    version: str
    site: str = "main"


class Contents:
    """The `content` table."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def register(
        self, refs: Sequence[ContentRef], still_there: Callable[[ContentRef], bool]
    ) -> dict[tuple[str, str], str]:
        """Remember these; the version told last wins.

        An ID that another reference already holds is refused while that one is `still_there`:
        two articles must never share posts, but a file may be moved. Returns the refused ones as
        (content_id, reference) with a sentence; the others are kept.
        """
        refused: dict[tuple[str, str], str] = {}
        with Session(self._engine) as session, session.begin():
            known = {
                row.content_id: row
                for row in session.scalars(
                    select(Content).where(Content.content_id.in_([r.content_id for r in refs]))
                )
            }
            for ref in refs:
                row = known.get(ref.content_id)
                if row is None:
                    row = Content(registered_at=datetime.now(UTC), **ref.model_dump())
                    session.add(row)
                    known[ref.content_id] = row
                elif (row.source, row.reference) != (ref.source, ref.reference) and still_there(
                    _ref(row)
                ):
                    refused[ref.content_id, ref.reference] = (
                        f"Two articles have the ID {ref.content_id}: {row.reference} and "
                        f"{ref.reference}; rename the file of one of them, or use another "
                        "IGNY8_HOME for it."
                    )
                else:
                    row.source, row.reference, row.version = ref.source, ref.reference, ref.version
                    row.site = ref.site
        return refused

    def get(self, content_id: str) -> ContentRef:
        """Where this content comes from. Raises InputError if nobody registered it."""
        with Session(self._engine) as session:
            row = session.get(Content, content_id)
            if row is None:
                raise InputError(
                    f"No article with the ID {content_id} is known: run "
                    "`igny8-media run SOURCE` on it, or put its file into the content folder."
                )
            return _ref(row)


def _ref(row: Content) -> ContentRef:
    return ContentRef.model_validate({name: getattr(row, name) for name in ContentRef.model_fields})
