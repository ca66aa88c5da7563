"""Upkeep leaves the rows and few files, also when it is run again."""

import os
import time
from pathlib import Path

import pytest
from jobs import maintain

DATABASE = "maintained"


def run(spark, *given: str) -> dict[str, dict]:
    lake = ["--lake", "/no/lake", "--config", "/no/config"]
    given = ["--database", DATABASE, *lake, "--JOB_NAME", "maintain", *given]
    told = maintain.run_job(spark, maintain.arguments(given), pytest.fail)
    assert told.keys() == {"tables"}, "nobody is erased, so nothing more is read or said"
    return {report["table"].split(".")[-1]: report for report in told["tables"]}


@pytest.fixture(scope="module")
def tables(spark) -> Path:
    """A table in many pieces, one with nothing in it and one that has lost a file; gives the directory of the first."""
    spark.sql(f"CREATE NAMESPACE IF NOT EXISTS lake.{DATABASE}")
    properties = "TBLPROPERTIES ('format-version'='2', 'write.delete.mode'='merge-on-read')"
    for name in ("pieces", "empty", "broken"):
        spark.sql(
            f"CREATE TABLE lake.{DATABASE}.{name} (n int, part int, names array<string>) "
            f"USING iceberg PARTITIONED BY (part) {properties}"
        )
    for n in range(3):
        spark.sql(
            f"INSERT INTO lake.{DATABASE}.pieces VALUES ({n}, 0, array('a')), ({n + 10}, 0, null), ({n}, 1, null)"
        )
    spark.sql(f"DELETE FROM lake.{DATABASE}.pieces WHERE n = 10")
    for n in range(2):
        spark.sql(f"INSERT INTO lake.{DATABASE}.broken VALUES ({n}, 0, null)")
    directory = Path(spark.conf.get("spark.sql.catalog.lake.warehouse")) / DATABASE
    next((directory / "broken/data").rglob("*.parquet")).unlink()
    return directory / "pieces/data"


def rows(spark) -> list[tuple]:
    return sorted((row.n, row.part) for row in spark.table(f"lake.{DATABASE}.pieces").collect())


def orphan(directory: Path, name: str, days: int) -> Path:
    path = directory / name
    path.write_text("left by a job that died")
    written = time.time() - days * 86_400
    os.utime(path, (written, written))
    return path


def test_rows_stay_and_files_become_few(spark, tables):
    before, old, young = rows(spark), orphan(tables, "old.parquet", 4), orphan(tables, "young.parquet", 2)
    reports = run(spark)
    assert rows(spark) == before == sorted([(0, 0), (1, 0), (2, 0), (11, 0), (12, 0), (0, 1), (1, 1), (2, 1)])
    pieces = reports["pieces"]
    assert pieces["before"] == {"data_files": 6, "delete_files": 1, "manifests": 4, "snapshots": 4}
    assert {name: pieces["after"][name] for name in ("data_files", "delete_files")} == {
        "data_files": 2,
        "delete_files": 0,
    }
    assert pieces["after"]["manifests"] < 4 and pieces["after"]["snapshots"] >= 4
    assert (pieces["orphan_files_removed"], old.exists(), young.exists()) == (1, False, True)
    assert reports["empty"]["after"]["data_files"] == 0
    assert "failed" in reports["broken"]

    again = run(spark, "--keep-days", "0")["pieces"]
    assert rows(spark) == before
    assert (again["after"]["data_files"], again["after"]["snapshots"], again["orphan_files_removed"]) == (2, 1, 0)
    assert len(list(tables.rglob("*.parquet"))) == 3, "two data files and the young orphan"


def test_a_run_that_keeps_no_days_leaves_nothing_that_it_replaced_itself(spark, tables):
    name = f"lake.{DATABASE}.crumbs"
    spark.sql(f"CREATE TABLE {name} (n int) USING iceberg")
    for n in range(3):
        spark.sql(f"INSERT INTO {name} VALUES ({n})")
    after = run(spark, "--keep-days", "0")["crumbs"]["after"]
    assert (after["data_files"], after["snapshots"]) == (1, 1)
    assert len([*(tables.parents[1] / "crumbs/data").rglob("*.parquet")]) == 1


@pytest.mark.parametrize("given", [["--orphan-days", "1"], ["--keep-days", "-1"]])
def test_what_would_delete_files_in_use_is_refused(given, capsys):
    with pytest.raises(SystemExit):
        maintain.arguments(["--database", DATABASE, "--lake", "l", "--config", "c", *given])
    assert given[0] in capsys.readouterr().err
