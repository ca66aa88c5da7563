"""Reads the rows of one table or query as lines of text, in parts side by side if that is declared."""

import json
from dataclasses import dataclass
from datetime import datetime

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from cdp.databases.bounds import since
from cdp.databases.columns import Column
from cdp.databases.connection import Connection, dialect_of, properties_of
from cdp.databases.declared import Login, Read, Refused, Server

ROW, DELETED, PART = "cdp_row", "cdp_deleted", "cdp_part"
LARGEST = 2**63 - 1


def table_of(read: Read, server: Server) -> str:
    """What to select from: a table with its schema, or a query in brackets."""
    if read.query is not None:
        return f"({read.query})"
    return ".".join(dialect_of(server).quoted(name) for name in (read.table or "").split("."))


@dataclass(frozen=True)
class Asked:
    """One read of one object: of which columns, and from when on, or everything."""

    read: Read
    columns: list[Column]
    begin: datetime | None


def lines_of(spark: SparkSession, connection: Connection, server: Server, login: Login, asked: Asked) -> DataFrame:
    """Lines of all rows, or of those from an instant on. Raises Refused."""
    read, columns = asked.read, asked.columns
    dialect, named = dialect_of(server), {column.name: column for column in columns}
    base = table_of(read, server)
    chosen = [f"{dialect.row(columns, server.zone)} as {ROW}"]
    if read.deleted is not None:
        chosen.append(f"case when {dialect.says_deleted(named[read.deleted])} then 1 else 0 end as {DELETED}")
    parts = {}
    if read.partition is not None:
        chosen.append(f"t.{dialect.quoted(read.partition)} as {PART}")
        parts = parts_of(connection, server, read, base, named[read.partition])
    begin = asked.begin
    condition = "" if begin is None else f" where {since(named[read.cursor], dialect, begin, server.zone)}"
    options = {
        "url": dialect.url(server),
        "driver": dialect.DRIVER,
        "dbtable": f"(select {', '.join(chosen)} from {base} t{condition}) q",
        "sessionInitStatement": dialect.session(server),
        "fetchsize": str(server.fetch_size),
        **parts,
    }
    rows = spark.read.format("jdbc").options(**properties_of(server, login), **options).load()
    return rows.select(line_of(server, read, rows).alias("line"))


def parts_of(connection: Connection, server: Server, read: Read, base: str, column: Column) -> dict[str, str]:
    """How Spark reads in parts; nothing if there is nothing to part. Raises Refused."""
    dialect = dialect_of(server)
    if column.type not in dialect.INTEGERS:
        raise Refused(f"partition.column {column.name} is of type {column.type}, and must be an integer")
    value = dialect.quoted(column.name)
    (least, greatest), *_ = connection.rows(f"select min({value}), max({value}) from {base} t")
    if least is None or least == greatest:
        return {}
    # They only say where parts begin and end; the first and the last have no bound.
    bounds = {"lowerBound": str(min(int(least), LARGEST)), "upperBound": str(min(int(greatest), LARGEST))}
    return {"partitionColumn": PART, "numPartitions": str(read.partitions), **bounds}


def line_of(server: Server, read: Read, rows: DataFrame) -> F.Column:
    place = json.dumps({"file": f"{server.engine} {server.database}, {read.table or f'query of {read.object}'}"})
    gone = F.when(F.col(DELETED) == 1, ',"deleted":true').otherwise("")
    deleted = gone if DELETED in rows.columns else F.lit("")
    # JSON of a document may be laid out in lines.
    row = F.translate(F.col(ROW), "\r\n", "  ")
    return F.concat(F.lit('{"row":'), row, F.lit(f',"place":{place}'), deleted, F.lit("}"))
