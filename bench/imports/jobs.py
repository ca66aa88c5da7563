"""How much longer the jobs of imports take with more rows, and with how many they begin; prints a line of JSON a size.

    jobs.py [--sizes 25000 100000] [--seed 1]

Rows have a kilobyte. `records` are new, then one in a hundred changed, then all unchanged; each time the load is complete. `database` reads as
many rows from a PostgreSQL on this machine, as events. `files` splits one NDJSON file. All run on one Spark of two cores, one after the other,
so their times compare. Times are seconds of the wall clock; nothing counts until a small size has loaded every class.
"""

import argparse
import io
import json
import random
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "glue-scripts"), str(ROOT / "local"), str(ROOT / "bench/lake")]

from postgresql.server import PASSWORD, postgresql  # noqa: E402
from spark_session import session  # noqa: E402

START = datetime(2026, 5, 1, tzinfo=UTC)
CHANGED_APART = 100
DRIVER = next((ROOT / ".jars-postgresql").glob("postgresql-*.jar"))


def contact(chance: random.Random, number: int) -> dict:
    """A contact of a CRM with 40 columns, about a kilobyte."""
    notes = {f"field_{n}": f"{chance.getrandbits(40):010x}" for n in range(34)}
    return {"id": str(number), "email": f"person{number}@shop.example", "city": "Oslo", "stage": "lead", **notes}


def timed(work) -> float:
    started = time.perf_counter()
    work()
    return round(time.perf_counter() - started, 2)


def records(spark, directory: Path, count: int, seed: int) -> dict:
    """Three complete loads of the same contacts."""
    from cdp.records.load import Lake, Load, RecordObject
    from cdp.records.take_load import take_load

    database, chance = f"records_{count}", random.Random(seed)
    spark.sql(f"CREATE NAMESPACE IF NOT EXISTS lake.{database}")
    contacts = [contact(chance, number) for number in range(count)]
    at, of = Lake(database, str(directory)), RecordObject("crm", "contacts", ("id",))
    told: dict = {}
    for day, name in enumerate(("new", "changed", "unchanged")):
        if name == "changed":
            for each in contacts[::CHANGED_APART]:
                each["stage"] = "won"
        file = directory / f"{name}-{count}.ndjson"
        file.write_text("".join(json.dumps({"row": row, "place": {"file": "f", "line": n}}) + "\n" for n, row in enumerate(contacts, 1)))
        load = Load(f"2026050{day + 1}T000000000Z-{name}", START + timedelta(days=day), complete=True)
        ends: list[dict] = []
        told[name] = timed(lambda file=file, load=load, ends=ends: ends.append(take_load(spark, at, of, load, spark.read.text(str(file)).withColumnRenamed("value", "line"))))
        told[f"{name}_changes"] = ends[0]["created"] + ends[0]["updated"] + ends[0]["deleted"]
    return told


def database(spark, directory: Path, count: int) -> dict:
    """One first read of a table, whose rows are events."""
    from cdp.databases.declared import Login, Read, Server
    from cdp.databases.pulling import Puller
    from cdp.databases.state import State
    from cdp.records.pieces import write_pieces

    columns = ", ".join(f"md5(n::text || '{k}') as field_{k}" for k in range(20))
    server = postgresql({}, f"create table orders as select n as id, n * 0.01 as total, {columns} from generate_series(1, {count}) n;\n")
    try:
        given = {"host": "127.0.0.1", "port": server.port, "database": "shop", "engine": "postgresql", "tls": "off", "timeZone": "UTC"}
        more = {"statementTimeoutMinutes": 60, "fetchSize": 5000}
        login = Login("owner", PASSWORD)
        read = Read("orders", "events", ("id",), "orders", None, None, None, None, 1, timedelta(minutes=10), timedelta(days=7))
        state, staged = State(spark, f"{directory}/state-{count}.json"), f"{directory}/staged-{count}"

        def settle(load) -> dict:
            lines = spark.read.text(load.folder).withColumnRenamed("value", "line")
            write_pieces(spark, staged, 0, lines.selectExpr("line AS place", "line"))
            return {"state": "done"}

        puller = Puller(spark, Server.of(given | more, login), login, str(directory), f"shop{count}", state, settle)
        ends: list[dict] = []
        seconds = timed(lambda: ends.append(puller.pull(read, START, everything=False)))
    finally:
        server.close()
    return {"database": seconds, "database_rows": ends[0]["rows"]}


class Bucket:
    """An S3 client with one object, which forgets what is put."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def head_object(self, **_: str) -> dict:
        return {"ContentLength": len(self.data), "ETag": "tag", "LastModified": START}

    def get_object(self, *, Range: str, **_: str) -> dict:
        begin, end = map(int, Range.removeprefix("bytes=").split("-"))
        return {"Body": io.BytesIO(self.data[begin : end + 1])}

    def put_object(self, **_: object) -> None:
        pass

    def list_objects_v2(self, **_: object) -> dict:
        return {"KeyCount": 0}


def files(count: int, seed: int) -> dict:
    """One file, split into pieces."""
    from cdp.files.bucket_file import Objects
    from cdp.files.large_file import split_file

    chance = random.Random(seed)
    data = "".join(f"{json.dumps(contact(chance, number))}\n" for number in range(count)).encode()
    form = {"format": "ndjson", "encoding": "utf-8", "maxBadShare": 0.1, "complete": False, "columns": {}}
    declared = {"source": "crm", "object": "contacts", "rows": "events", **form}
    ends: list[dict] = []
    lake, file = Objects(Bucket(data), "lake"), ("imports/files/crm/all.ndjson", None)
    seconds = timed(lambda: ends.append(split_file(lake, file, declared)))
    return {"files": seconds, "files_rows": ends[0]["good"]}


def measure(spark, count: int, seed: int) -> dict:
    with tempfile.TemporaryDirectory() as directory:
        lake = Path(directory)
        return {"rows": count, **records(spark, lake, count, seed), **database(spark, lake, count), **files(count, seed)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[25_000, 100_000])
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as warehouse:
        settings = {"spark.sql.shuffle.partitions": "8", "spark.local.dir": warehouse, "spark.driver.extraClassPath": str(DRIVER)}
        spark = session("imports", warehouse, settings)
        spark.conf.set("spark.sql.session.timeZone", "UTC")
        measure(spark, 1000, args.seed)
        for count in args.sizes:
            print(json.dumps(measure(spark, count, args.seed)), flush=True)
        spark.stop()


if __name__ == "__main__":
    main()
