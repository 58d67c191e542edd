"""Which content we know of, and where each can be fetched again."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from igny8_media.database.tables import Content
from igny8_media.errors import InputError
from igny8_media.frozen import Frozen

_COUNT: Final = "#"  # stands in no version that a source tells


class ContentRef(Frozen):
    """`source` is "file", "url", or a configured source's name; `reference` is what it calls it;
    `site` is whose article it is."""

    content_id: str
    source: str
    reference: str
    version: str
    site: str = "main"


class Registered(NamedTuple):
    """`kept` are remembered, each with the version that it has here; `refused` has a sentence for
    each other one, by content_id and reference."""

    kept: tuple[ContentRef, ...]
    refused: dict[tuple[str, str], str]


class Contents:
    """The `content` table."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def register(
        self, refs: Sequence[ContentRef], still_there: Callable[[ContentRef], bool]
    ) -> Registered:
        """Remember these; the version told last wins.

        A version is counted, `8f2c` and then `91d0#1` and `8f2c#2`: what was changed and changed
        back is new again, though its source says of it what it said before. Told again without a
        change, it keeps its count. An ID that another reference already holds is refused while
        that one is `still_there`: two articles must never share posts, but a file may be moved.
        """
        kept: list[ContentRef] = []
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
                    continue
                else:
                    row.source, row.reference, row.site = ref.source, ref.reference, ref.site
                    row.version = _counted(row.version, ref.version)
                kept.append(_ref(row))
        return Registered(tuple(kept), refused)

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


def _counted(before: str, said: str) -> str:
    last, _, count = before.partition(_COUNT)
    return before if last == said else f"{said}{_COUNT}{int(count or 0) + 1}"


def _ref(row: Content) -> ContentRef:
    return ContentRef.model_validate({name: getattr(row, name) for name in ContentRef.model_fields})
