"""Rows take the place of those of a table: what differs is written in one commit, and appended where all is new."""

import pytest
from cdp.tables.replace_rows import replace_rows
from cdp.tables.schema import Column, Table, ensure_table

TABLE = Table("pairs", "Pairs.", ("k",), (), None, (), (Column("k", "string", "Key"), Column("v", "int", "Value")))
FIRST = {"a": 1, "b": 2, "c": None}


@pytest.fixture
def name(spark, request):
    database = f"replaced_{abs(hash(request.node.name))}"
    spark.sql(f"CREATE NAMESPACE IF NOT EXISTS lake.{database}")
    return ensure_table(spark, database, TABLE)


def put(spark, name: str, rows: dict[str, int | None], within: str | None = None) -> int:
    scope = None if within is None else spark.table(name).where(within)
    return replace_rows(spark, name, TABLE, spark.createDataFrame(list(rows.items()), "k string, v int"), scope)


def commits(spark, name: str) -> list[str]:
    return [row.operation for row in spark.table(f"{name}.snapshots").orderBy("committed_at").collect()]


@pytest.mark.parametrize(
    ("wanted", "changed", "commit"),
    [
        (FIRST, 0, []),
        (FIRST | {"d": 4, "e": None}, 2, ["append"]),
        (FIRST | {"a": 5}, 1, ["overwrite"]),
        (FIRST | {"c": 3, "d": 4}, 2, ["overwrite"]),
        ({"a": 1, "d": 4}, 3, ["overwrite"]),
    ],
)
def test_what_differs_is_written_once(spark, name, wanted, changed, commit):
    put(spark, name, FIRST)
    assert put(spark, name, wanted) == changed
    assert {row.k: row.v for row in spark.table(name).collect()} == wanted
    assert commits(spark, name) == ["append", *commit]
    assert put(spark, name, wanted) == 0


def test_a_row_that_is_stored_outside_of_the_scope_is_replaced_there(spark, name):
    put(spark, name, FIRST)
    assert put(spark, name, {"a": 1, "b": 7}, within="k = 'a'") == 1
    assert sorted((row.k, row.v) for row in spark.table(name).where("v is not null").collect()) == [("a", 1), ("b", 7)]


@pytest.mark.parametrize("wanted", [FIRST, FIRST | {"a": 5, "d": 4}, {"b": 2, "c": None}])
def test_a_key_that_is_stored_twice_is_stored_once_or_not_at_all(spark, name, wanted):
    put(spark, name, FIRST)
    spark.sql(f"INSERT INTO {name} VALUES ('a', 1), ('a', 9), ('b', 2)")
    assert put(spark, name, wanted) > 0
    assert sorted((row.k, row.v) for row in spark.table(name).collect()) == sorted(wanted.items())
    assert put(spark, name, wanted) == 0
