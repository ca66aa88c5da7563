"""How much longer the jobs of imports take with more rows, and with how many they begin; prints a line of JSON a size.

    jobs.py [--sizes 25000 100000] [--seed 1]

Rows have a kilobyte. `records` are new, then one in a hundred changed, then all unchanged; each time the load is
complete. `database` reads as many rows from a PostgreSQL on this machine, as events, `api` as many from a server on
this machine, which answers at once. `files` splits one NDJSON file. All run on one Spark of two cores, one after the
other, so their times compare. Times are seconds of the wall clock.
"""

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "glue-scripts"), str(ROOT / "local"), str(ROOT / "bench/lake")]

from api_job import api  # noqa: E402
from database_job import database  # noqa: E402
from files_job import files  # noqa: E402
from program import Program, by_size, run, sizes  # noqa: E402
from records_job import records  # noqa: E402
from spark_session import session  # noqa: E402

DRIVER = next((ROOT / ".jars-postgresql").glob("postgresql-*.jar"))


def measure(spark, count: int, seed: int) -> dict:
    with tempfile.TemporaryDirectory() as directory:
        lake = Path(directory)
        return {
            "rows": count,
            **records(spark, lake, count, seed),
            **database(spark, lake, count),
            **files(count, seed),
            **api(count, seed),
        }


def spark_in(warehouse: str):
    settings = {
        "spark.sql.shuffle.partitions": "8",
        "spark.local.dir": warehouse,
        "spark.driver.extraClassPath": str(DRIVER),
        "spark.sql.session.timeZone": "UTC",
    }
    return session("imports", warehouse, settings)


if __name__ == "__main__":
    run(Program(__doc__, sizes([25_000, 100_000]), spark_in, by_size(measure)))
