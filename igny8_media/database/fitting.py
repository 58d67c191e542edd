"""Whether a database has the tables and columns that this version works with."""

from collections.abc import Iterator

from sqlalchemy import URL, Engine, inspect

from igny8_media.database.refusals import misfit
from igny8_media.database.tables import Base


def check_fits(engine: Engine, address: URL) -> None:
    """Raises InputError for a database that says it has the current schema and has another.

    Only what would make statements fail counts: what is lacking, and columns that we do not know
    and that want a value. Types and indexes are left to the tests: to ask for them takes longer
    than most commands.
    """
    wrong = next(_misfits(engine), None)
    if wrong:
        raise misfit(address.render_as_string(hide_password=True), wrong)


def _misfits(engine: Engine) -> Iterator[str]:
    ours = Base.metadata.tables
    found = inspect(engine).get_multi_columns(filter_names=list(ours))
    there = {name: columns for (_, name), columns in found.items()}
    for name, table in ours.items():
        if name not in there:
            yield f"it has no table {name}"
            continue
        names = {column["name"] for column in there[name]}
        for column in table.columns:
            if column.name not in names:
                yield f"its table {name} has no column {column.name}"
        for told in there[name]:
            needed = not told["nullable"] and told["default"] is None
            if needed and told["name"] not in table.columns:
                yield f"its table {name} wants a {told['name']}"
