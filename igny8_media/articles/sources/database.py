"""Articles in the IGNY8 database, or in any table that has the columns."""

import hashlib
import html
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Engine,
    MetaData,
    RowMapping,
    Select,
    String,
    Table,
    and_,
    bindparam,
    create_engine,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.exc import NoSuchTableError, SQLAlchemyError

from igny8_media.articles.ids import content_id
from igny8_media.articles.metadata import Metadata, language_code, parse_time, split_keywords
from igny8_media.articles.model import Article
from igny8_media.articles.parse import parse_fragment
from igny8_media.articles.references import (
    Reference,
    Resolve,
    refused,
    resolver_for_folder,
    resolver_for_url,
)
from igny8_media.articles.sources.base import MAIN_SITE, Cursor, Listed
from igny8_media.articles.sources.mapping import DatabaseMapping
from igny8_media.articles.text import clean_value
from igny8_media.errors import InputError, OutsideError

# Marks a reference that the images table gives as a path.
_MEDIA = "media-root:"


class DatabaseSource:
    """Published rows in the order of `(updated_at, id)`, found by keyset: a call costs the same
    however many rows were read before, if there is an index over status, updated_at and id.

    Rows without `updated_at` are not listed. Pictures from the images table are put into the
    text: position 0 before it, position n after its n-th section heading; those with a path are
    looked for below `media_root`. `base_url` completes relative addresses in the body.
    """

    def __init__(
        self,
        database: Engine | str,
        mapping: DatabaseMapping | None = None,
        *,
        name: str = "database",
        base_url: str | None = None,
        media_root: Path | None = None,
    ) -> None:
        self._engine = create_engine(database) if isinstance(database, str) else database
        self._mapping = mapping or DatabaseMapping()
        self._name = name
        self._base_url = base_url
        self._media_root = media_root
        self._tables: dict[str, Table] = {}

    @property
    def name(self) -> str:
        return self._name

    def published_since(self, cursor: Cursor | None, limit: int = 100) -> list[Listed]:
        if cursor is None:
            return self._list(self._all, limit=limit)
        return self._list(self._later, limit=limit, **self._place(cursor))

    def _list(self, query: Select[Any], **values: Any) -> list[Listed]:
        return [self._listed(row) for row in self._rows(query, values)]

    # Both questions are put together once: a sensor asks one of them with every tick.

    @cached_property
    def _all(self) -> Select[Any]:
        names = self._mapping
        table = self._content()
        key, changed = table.c[names.id], self._time_column(table.c[names.updated_at])
        found = [key.label("id"), table.c[names.title].label("title"), changed.label("changed")]
        if names.site:
            found.append(table.c[names.site].label("site"))
        return (
            select(*found)
            .where(table.c[names.status].in_(names.published_statuses), changed.is_not(None))
            .order_by(changed, key)
            .limit(bindparam("limit"))
        )

    @cached_property
    def _later(self) -> Select[Any]:
        names, table = self._mapping, self._content()
        key, changed = table.c[names.id], self._time_column(table.c[names.updated_at])
        since, until = (
            bindparam("since", type_=changed.type),
            bindparam("until", type_=changed.type),
        )
        here = bindparam("here", type_=key.type)
        same = and_(changed.in_([since, until]), key > here)
        return self._all.where(changed >= since, or_(changed > until, same))

    def fetch(self, original_id: str) -> Article:
        names = self._mapping
        table = self._content()
        key = table.c[names.id]
        value = self._key_value(key, original_id)
        rows = self._rows(select(table).where(key == value))
        where = f"Row {original_id} of {names.table}"
        if not rows:
            raise InputError(f"{where} does not exist; it may have been deleted.")
        row = rows[0]
        if row[names.status] not in names.published_statuses:
            raise InputError(f"{where} is {row[names.status]!r}, not published; publish it first.")
        metadata = self._metadata(row)
        return parse_fragment(
            _with_pictures(str(row[names.content_body] or " "), self._pictures(value)),
            original_id=original_id,
            where=where,
            resolve=self._resolver(metadata.canonical_url),
            metadata=metadata,
        )

    def _content(self) -> Table:
        names = self._mapping
        wanted = [names.id, names.title, names.content_body, names.status, names.updated_at]
        optional = [names.meta_description, names.target_keywords, names.published_at]
        optional += [names.language, names.author, names.canonical_url, names.site]
        return self._table(names.table, names.db_schema, [*wanted, *filter(None, optional)])

    def _table(self, name: str, schema: str | None, columns: Sequence[str]) -> Table:
        """The table as the database describes it: the types decide how values are compared."""
        if name not in self._tables:
            try:
                table = Table(name, MetaData(), schema=schema, autoload_with=self._engine)
            except NoSuchTableError:
                raise InputError(
                    f"The database has no table {name}; set the name of the table in the settings."
                ) from None
            except SQLAlchemyError as error:
                raise self._unreachable(error) from error
            if missing := [column for column in columns if column not in table.c]:
                raise InputError(
                    f"The table {name} has no column {', '.join(missing)}; set the column names in "
                    f"the settings (it has {', '.join(table.c.keys())})."
                )
            self._tables[name] = table
        return self._tables[name]

    def _rows(
        self, query: Select[Any], values: Mapping[str, Any] | None = None
    ) -> Sequence[RowMapping]:
        try:
            with self._engine.connect() as connection:
                return connection.execute(query, values).mappings().all()
        except SQLAlchemyError as error:
            raise self._unreachable(error) from error

    def _unreachable(self, error: SQLAlchemyError) -> OutsideError:
        url = self._engine.url.render_as_string(hide_password=True)
        cause = str(getattr(error, "orig", None) or error).split("\n")[0]
        return OutsideError(f"The content database {url} cannot be read: {cause[:200]}.")

    def _time_column(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        # SQLite has no times, only texts that sort like times; they are compared as written.
        if self._engine.dialect.name == "sqlite":
            return type_coerce(column, String)
        return column

    def _place(self, cursor: Cursor) -> dict[str, Any]:
        """The cursor in the table's own terms: its moment, twice, and its key."""
        columns = self._content().c
        here = self._key_value(columns[self._mapping.id], cursor.id)
        moment = cursor.changed_at.astimezone(UTC)
        if self._engine.dialect.name == "sqlite":
            # Writers differ in whether they store a fraction that is zero.
            long = moment.strftime("%Y-%m-%d %H:%M:%S.%f")
            return {"since": long.removesuffix(".000000"), "until": long, "here": here}
        aware = getattr(columns[self._mapping.updated_at].type, "timezone", False)
        value = moment if aware else moment.replace(tzinfo=None)
        return {"since": value, "until": value, "here": here}

    def _key_value(self, key: ColumnElement[Any], text: str) -> Any:
        try:
            return key.type.python_type(text)
        except (ValueError, NotImplementedError):
            raise InputError(f"{text!r} is not an ID of {self._mapping.table}.") from None

    def _listed(self, row: RowMapping) -> Listed:
        changed = parse_time(row["changed"])
        if changed is None:
            raise InputError(
                f"Row {row['id']} of {self._mapping.table} has {str(row['changed'])[:40]!r} as "
                f"{self._mapping.updated_at}, which is no time; correct it."
            )
        original_id = str(row["id"])
        return Listed(
            id=content_id(original_id),
            original_id=original_id,
            title=clean_value(str(row["title"] or "")) or None,
            changed_at=changed,
            version=hashlib.sha256(f"{original_id}:{changed.isoformat()}".encode()).hexdigest()[
                :16
            ],
            site=self._site(row),
        )

    def _site(self, row: RowMapping) -> str:
        named = clean_value(str(row["site"] or ""))[:64] if self._mapping.site else ""
        return named or MAIN_SITE

    def _metadata(self, row: RowMapping) -> Metadata:
        names = self._mapping

        def text(column: str | None) -> str | None:
            return clean_value(str(row[column] or "")) or None if column else None

        return Metadata(
            title=text(names.title),
            description=text(names.meta_description),
            keywords=_keywords(row[names.target_keywords] if names.target_keywords else None),
            language=language_code(text(names.language)),
            canonical_url=text(names.canonical_url),
            author=text(names.author),
            published_at=parse_time(row[names.published_at]) if names.published_at else None,
            updated_at=parse_time(row[names.updated_at]),
        )

    def _pictures(self, content: Any) -> list[tuple[int, str, str]]:
        """Position, reference and alt text of each picture in the images table."""
        names = self._mapping.images
        if names is None:
            return []
        optional = [names.url, names.path, names.alt, names.position]
        columns = [names.content_id, *filter(None, optional)]
        table = self._table(names.table, names.db_schema, columns)
        query = select(table).where(table.c[names.content_id] == content)
        if names.position:
            query = query.order_by(table.c[names.position])
        found: list[tuple[int, str, str]] = []
        for place, row in enumerate(self._rows(query)):
            url = str(row[names.url] or "") if names.url else ""
            path = str(row[names.path] or "") if names.path else ""
            position = row[names.position] if names.position else place
            if url or path:
                alt = str(row[names.alt] or "") if names.alt else ""
                found.append((int(position or 0), url or f"{_MEDIA}{path}", alt))
        return found

    def _resolver(self, canonical_url: str | None) -> Resolve:
        on_the_web = resolver_for_url(canonical_url or self._base_url)

        def resolve(source: str) -> Reference:
            if not source.startswith(_MEDIA):
                return on_the_web(source)
            path = source.removeprefix(_MEDIA)
            if self._media_root is None:
                why = f"The picture {path!r} is a path; set the media folder of the database."
                return refused(path, why)
            return resolver_for_folder(self._media_root / "x", self._media_root)(path)

        return resolve


def _with_pictures(body: str, pictures: Sequence[tuple[int, str, str]]) -> str:
    """The body with pictures before it and after its section headings, by position."""
    parts = re.split(r"(?<=</h2>)", body, flags=re.I)
    for position, source, alt in pictures:
        place = min(max(position, 0), len(parts) - 1)
        figure = f'<figure><img src="{html.escape(source)}" alt="{html.escape(alt)}"></figure>'
        parts[place] = figure + parts[place]
    return "".join(parts)


def _keywords(value: object) -> tuple[str, ...]:
    """Keywords from a list, a JSON list in a text, or a comma-separated text."""
    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            value = json.loads(value)
        except ValueError:
            return split_keywords(str(value).strip("[] "))
    return split_keywords(value)
