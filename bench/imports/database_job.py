"""The job that reads a database: one first read of a table of PostgreSQL, whose rows are events."""

from datetime import timedelta
from pathlib import Path

from cdp.databases.declared import Login, Read, Server
from cdp.databases.pulling import Puller
from cdp.databases.state import State
from cdp.records.pieces import write_pieces
from contacts import START, timed
from postgresql.server import PASSWORD, postgresql


def database(spark, directory: Path, count: int) -> dict:
    columns = ", ".join(f"md5(n::text || '{k}') as field_{k}" for k in range(20))
    rows = f"select n as id, n * 0.01 as total, {columns} from generate_series(1, {count}) n"
    server = postgresql({}, f"create table orders as {rows};\n")
    try:
        puller = puller_of(spark, directory, count, server.port)
        read = Read(
            *("orders", "events", ("id",), "orders", None, None, None, None, 1),
            *(timedelta(minutes=10), timedelta(days=7)),
        )
        seconds, end = timed(lambda: puller.pull(read, START, everything=False))
    finally:
        server.close()
    return {"database": seconds, "database_rows": end["rows"]}


def puller_of(spark, directory: Path, count: int, port: int) -> Puller:
    place = {"host": "127.0.0.1", "port": port, "database": "shop", "engine": "postgresql"}
    manner = {"tls": "off", "timeZone": "UTC", "statementTimeoutMinutes": 60, "fetchSize": 5000}
    login = Login("owner", PASSWORD)
    state, staged = State(spark, f"{directory}/state-{count}.json"), f"{directory}/staged-{count}"

    def settle(load) -> dict:
        lines = spark.read.text(load.folder).withColumnRenamed("value", "line")
        write_pieces(spark, staged, 0, lines.selectExpr("line AS place", "line"))
        return {"state": "done"}

    return Puller(spark, Server.of(place | manner, login), login, str(directory), f"shop{count}", state, settle)
