"""Reads the declarations of tables, `declared/*.json`, and creates the tables in the catalog."""

import json
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from importlib.resources import files

from pyspark.sql import DataFrame, SparkSession

from cdp.spark.sql import identifier, quoted

AT_ONCE = 4


@dataclass(frozen=True)
class Column:
    """A column: its Spark SQL type, its meaning, and the paths that it is read from, the preferred first."""

    name: str
    type: str
    comment: str
    paths: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True)
class Table:
    """A table.

    Of rows with the same `key` the one with the smallest `first` stays; `time` bounds the search for such rows.
    """

    name: str
    comment: str
    key: tuple[str, ...]
    first: tuple[str, ...]
    time: str | None
    partition: tuple[str, ...]
    columns: tuple[Column, ...]

    def extended(self, columns: list[Column]) -> "Table":
        """The table with further columns, which a deployment declares."""
        return replace(self, columns=(*self.columns, *columns))


def read_table(name: str) -> Table:
    """Reads a table's declaration."""
    declared = json.loads(files("cdp.tables").joinpath("declared", f"{name}.json").read_text("utf-8"))
    columns = tuple(
        Column(
            column["name"],
            column["type"],
            column["comment"],
            tuple(column.get("from", ())),
            column.get("required", False),
        )
        for column in declared["columns"]
    )
    first, partition = tuple(declared.get("first", ())), tuple(declared["partition"])
    return Table(name, declared["comment"], tuple(declared["key"]), first, declared.get("time"), partition, columns)


def ensure_table(spark: SparkSession, database: str, table: Table) -> str:
    """Creates a table that is missing and adds columns that it lacks, without rewriting it; gives its full name."""
    name = f"lake.{database}.{table.name}"
    # A required column is not NOT NULL: a broken promise should fail a test, not stop the lake.
    columns = ", ".join(f"`{column.name}` {column.type} COMMENT {quoted(column.comment)}" for column in table.columns)
    partitioned = f"PARTITIONED BY ({', '.join(table.partition)})" if table.partition else ""
    properties = (
        "TBLPROPERTIES ('format-version'='2', 'write.merge.mode'='merge-on-read', 'write.update.mode'='merge-on-read')"
    )
    spark.sql(
        f"CREATE TABLE IF NOT EXISTS {name} ({columns}) USING iceberg {partitioned} "
        f"COMMENT {quoted(table.comment)} {properties}"
    )
    there = set(spark.table(name).columns)
    lacking = [
        f"`{column.name}` {column.type} COMMENT {quoted(column.comment)}"
        for column in table.columns
        if column.name not in there
    ]
    if lacking:
        spark.sql(f"ALTER TABLE {name} ADD COLUMNS ({', '.join(lacking)})")
    return name


def ensure_tables(spark: SparkSession, database: str, tables: Iterable[Table]) -> dict[str, str]:
    """As `ensure_table`, for several tables at once, because the catalog answers slowly; gives full names by names."""
    by_name = {table.name: table for table in tables}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return dict(
            zip(by_name, pool.map(lambda table: ensure_table(spark, database, table), by_name.values()), strict=True)
        )


def as_stored(rows: DataFrame, spark: SparkSession, name: str) -> DataFrame:
    """The rows with exactly the columns of a stored table; columns that nobody declares any more are null."""
    there = set(rows.columns)
    return rows.selectExpr(
        *(
            f"CAST({identifier(field.name) if field.name in there else 'NULL'} AS {field.dataType.simpleString()}) "
            f"AS {identifier(field.name)}"
            for field in spark.table(name).schema.fields
        )
    )
