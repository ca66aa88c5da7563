"""What Athena refuses and DuckDB would take: names of results where only columns are known, and types that do not fit."""

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
    """Sees that every column is one of the tables' and that types fit; gives the query as DuckDB should understand it, and what comes out. @raises QueryFailed"""
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
