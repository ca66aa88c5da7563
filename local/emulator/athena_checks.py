"""What Athena refuses and DuckDB would take: names of results where only columns are known, and comparisons of unlike things."""

import logging
import re
from collections.abc import Mapping

from sqlglot import exp
from sqlglot.errors import OptimizeError
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify
from sqlglot.schema import MappingSchema

from emulator.athena_sql import QueryFailed, TableName, column_not_found

logger = logging.getLogger("emulator.athena")

_COMPARISONS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE)
_KINDS = {
    "varchar": exp.DataType.TEXT_TYPES,
    "number": exp.DataType.NUMERIC_TYPES,
    "time": {exp.DataType.Type.DATE, exp.DataType.Type.TIMESTAMP, exp.DataType.Type.TIMESTAMPTZ, exp.DataType.Type.TIMESTAMPNTZ},
    "boolean": {exp.DataType.Type.BOOLEAN},
}


def check(query: exp.Query, columns: Mapping[TableName, Mapping[str, str]]) -> None:
    """Sees that every column is one of the tables', whose columns come with DuckDB's types, and that like is compared with like. @raises QueryFailed"""
    schema = MappingSchema(dialect="athena")
    for name, kinds in columns.items():
        types = {column.lower(): exp.DataType.build(kind, dialect="duckdb") for column, kind in kinds.items()}
        schema.add_table(exp.table_(name.table, db=name.database), types, dialect="athena")
    try:
        _check_comparisons(annotate_types(qualify(query.copy(), dialect="athena", schema=schema, expand_alias_refs=False), schema=schema, dialect="athena"))
    except OptimizeError as error:
        unknown = re.search(r"Column '(.+)' could not be resolved\. Line: (\d+), Col: (\d+)", str(error))
        if unknown:
            raise QueryFailed(column_not_found(unknown[1], f"line {unknown[2]}:{unknown[3]}: ")) from error
    except QueryFailed:
        raise
    except Exception:
        logger.warning("a query could not be checked; DuckDB finds what it does not know, too", exc_info=True)


def _check_comparisons(query: exp.Expression) -> None:
    for comparison in query.find_all(*_COMPARISONS):
        left, right = comparison.left, comparison.right
        if _kind(left) and _kind(right) and _kind(left) != _kind(right):
            operator = comparison.sql(dialect="athena").removeprefix(left.sql(dialect="athena")).removesuffix(right.sql(dialect="athena")).strip()
            raise QueryFailed(f"TYPE_MISMATCH: Cannot apply operator: {_type(left)} {operator} {_type(right)}")


def _kind(operand: exp.Expression) -> str | None:
    return next((kind for kind, types in _KINDS.items() if operand.type and operand.type.this in types), None)


def _type(operand: exp.Expression) -> str:
    return operand.type.sql(dialect="athena").lower()
