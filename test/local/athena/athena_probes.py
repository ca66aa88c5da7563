"""Asks the local Athena's engine every query of a table of probes, over two small tables, and prints what it answers or why it refuses.

athena_probes.py <table of probes>
"""

import json
import sys
from pathlib import Path

import duckdb

sys.path.insert(0, str(Path(__file__).parents[3] / "local"))

from sqlglot import exp  # noqa: E402

from emulator.athena import engine  # noqa: E402
from emulator.athena.grammar.statements import QueryFailed, TableName, parse, qualify_tables  # noqa: E402
from emulator.athena.query_check import check  # noqa: E402
from emulator.athena.results import text  # noqa: E402
from emulator.athena.translation import macros  # noqa: E402

TABLES = (
    """orders AS SELECT concat('o', id) AS order_id, concat('p', id % 3) AS person,
        TIMESTAMPTZ '2026-05-01 10:00:00.5 UTC' + to_days(CAST(id AS INTEGER)) AS ordered_at,
        CAST(DATE '2026-05-01' + to_days(CAST(id AS INTEGER)) AS DATE) AS day, TIMESTAMP '2026-05-01 10:00:00' AS local,
        CAST(id * 10.25 AS DECIMAL(18,4)) AS total, CAST(id AS BIGINT) AS pieces, CAST(id AS DOUBLE) / 4e0 AS weight, id % 2 = 0 AS gift,
        ['a', NULL, concat('b', id)] AS skus, MAP {'k': 'v'} AS attributes, {'count': 1::INTEGER, 'note': 'x'} AS parcel,
        [{'sku': 's', 'n': 2::INTEGER}, {'sku': 't', 'n': id::INTEGER}] AS items, id::INTEGER AS small FROM range(10) t(id)""",
    "people AS SELECT * FROM (VALUES ('p0', 'DE'), ('p1', 'FR'), ('p2', NULL)) v(person, country)",
)


def prepared() -> tuple[duckdb.DuckDBPyConnection, dict]:
    connection = duckdb.connect()
    for name, value in engine.SETTINGS.items():
        connection.execute(f"SET {name} = {value}")
    macros.provide(connection)
    connection.execute("CREATE SCHEMA shop")
    columns = {}
    for table in TABLES:
        connection.execute(f"CREATE TABLE shop.{table}")
        name = table.split(" ", 1)[0]
        described = connection.execute(f"DESCRIBE shop.{name}").fetchall()
        columns[TableName("shop", name)] = {
            column: exp.DataType.build(kind, dialect="duckdb") for column, kind, *_ in described
        }
    return connection, columns


def ask(connection: duckdb.DuckDBPyConnection, columns: dict, sql: str) -> dict:
    try:
        query = parse(sql)
        names = qualify_tables(query, "shop")
        answer = engine.answered(connection, *check(query, {name: columns[name] for name in names}))
        rows = [
            [
                None if value is None else text(value, kind)
                for value, (_name, kind) in zip(row, answer.columns, strict=True)
            ]
            for row in answer.rows
        ]
        return {"types": [str(kind) for _name, kind in answer.columns], "rows": rows}
    except QueryFailed as error:
        return {"error": str(error)}
    except duckdb.Error as error:
        return {"error": engine.reason(error)}


def main() -> None:
    connection, columns = prepared()
    probes = map(json.loads, Path(sys.argv[1]).read_text("utf-8").splitlines())
    print(json.dumps([ask(connection, columns, probe["sql"]) for probe in probes]))


if __name__ == "__main__":
    main()
