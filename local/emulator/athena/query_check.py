"""Checks one query as Athena does, and translates it for DuckDB."""

import logging
import re
from collections.abc import Mapping

from sqlglot import exp
from sqlglot.errors import OptimizeError

from emulator.athena.grammar.statements import QueryFailed, TableName, column_not_found
from emulator.athena.translation.rewrites import rewritten
from emulator.athena.types.mismatch import Mismatch
from emulator.athena.types.query_types import Outputs, Typing

logger = logging.getLogger("emulator.athena")


def check(query: exp.Query, columns: Mapping[TableName, Mapping[str, exp.DataType]]) -> tuple[exp.Query, Outputs]:
    """Checks columns and types; gives the query for DuckDB, and its outputs. @raises QueryFailed"""
    try:
        typing = Typing(query, columns)
        return rewritten(query.copy(), typing.kind), typing.outputs
    except OptimizeError as error:
        unknown = re.search(r"Column '(.+)' could not be resolved\. Line: (\d+), Col: (\d+)", str(error))
        if unknown:
            raise QueryFailed(column_not_found(unknown[1], f"line {unknown[2]}:{unknown[3]}: ")) from error
    except Mismatch as error:
        raise QueryFailed(f"{error.code}: {error}") from error
    except QueryFailed:
        raise
    except Exception:
        logger.warning("a query could not be checked; DuckDB finds what it does not know, too", exc_info=True)
    return query, []
