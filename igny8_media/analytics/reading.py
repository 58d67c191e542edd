"""Rows of a query as a typed frame, a part at a time: as Python objects they would be ten times as
large. Moments become UTC in one step for a whole column, not row by row.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import pandas as pd
import pyarrow as pa
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    String,
    cast,
    extract,
    select,
    type_coerce,
)

_ROWS: Final = 20_000
_NULLABLE: Final = {
    pa.int64(): pd.Int64Dtype(),
    pa.float64(): pd.Float64Dtype(),
}

INTEGER: Final = pa.int64()
NUMBER: Final = pa.float64()
TRUTH: Final = pa.bool_()
TEXT: Final = pa.string()
WORD: Final = pa.dictionary(pa.int32(), pa.string())
"""Few different texts, each kept once: a categorical."""
MOMENT: Final = pa.timestamp("us", tz="UTC")

Columns = Mapping[str, tuple[Any, pa.DataType]]
"""What is read for each column, and what it becomes."""


def read_frame(
    connection: Connection, columns: Columns, narrowed: Callable[[Select[Any]], Select[Any]]
) -> pd.DataFrame:
    """A query's rows; `narrowed` joins and filters it. Null numbers and texts stay null."""
    dialect = connection.dialect.name
    query = narrowed(
        select(
            *(_plain(column, kind, dialect).label(name) for name, (column, kind) in columns.items())
        )
    )
    schema = pa.schema([(name, kind) for name, (_, kind) in columns.items()])
    result = connection.execute(query, execution_options={"yield_per": _ROWS})
    batches = [
        pa.RecordBatch.from_arrays(
            [
                _array(values, kind)
                for values, kind in zip(zip(*part, strict=True), schema.types, strict=True)
            ],
            schema=schema,
        )
        for part in result.partitions()
    ]
    table = pa.Table.from_batches(batches, schema).unify_dictionaries()
    # What was converted is let go of column by column, so that nothing is there twice.
    del batches
    frame: pd.DataFrame = table.to_pandas(
        types_mapper=_NULLABLE.get, split_blocks=True, self_destruct=True
    )
    return frame


def _plain(column: Any, kind: pa.DataType, dialect: str) -> ColumnElement[Any]:
    """What the driver gives without a call of Python for each value."""
    expression: ColumnElement[Any] = column
    if kind != MOMENT:
        return expression
    if dialect == "sqlite":
        return type_coerce(expression, String())
    return cast(extract("epoch", expression) * 1_000_000, BigInteger)


def _array(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    if kind == WORD:
        return pa.array(values, pa.string()).dictionary_encode()
    if kind == MOMENT and isinstance(values[0], str):
        return pa.array(values, pa.string()).cast(pa.timestamp("us")).cast(MOMENT)
    if kind == TRUTH:
        return pa.array([bool(value) for value in values], kind)
    return pa.array(values, kind)
