"""Reads one object of a source: what is new, or from time to time everything, so that deletions show."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from pyspark.sql import SparkSession

from cdp.databases.bounds import bound_of, stamp_of
from cdp.databases.columns import Column, check, drift
from cdp.databases.connection import Connection, dialect_of
from cdp.databases.declared import Login, Read, Refused, Server
from cdp.databases.loads import Load, instant, write_lines
from cdp.databases.reading import Asked, lines_of, table_of
from cdp.databases.state import Known, State

Settle = Callable[[Load], dict]
"""Hands a load on, and gives what became of it: its `state` is `done`, or `asks` if somebody must decide."""


@dataclass(frozen=True)
class Puller:
    """Reads from one server into one lake."""

    spark: SparkSession
    server: Server
    login: Login
    lake: str
    source: str
    state: State
    settle: Settle

    def pull(self, read: Read, now: datetime, *, everything: bool) -> dict:
        """One read; gives what it did. Raises Refused."""
        known = self.state.of(read)
        before = known and known.bound
        complete = before is None or everything or is_due(read, known, now)
        load = Load(self.lake, self.source, read.object, now, complete)
        with Connection(self.spark, self.server, self.login) as connection:
            columns = connection.columns(table_of(read, self.server))
            self._check(connection, read, columns, now)
            # Before the rows, so that whatever they lack is after it.
            bound = bound_of(connection, dialect_of(self.server), self.server, before) if read.cursor else None
            asked = Asked(read, columns, None if complete else before - read.overlap)
            rows = write_lines(load, lines_of(self.spark, connection, self.server, self.login, asked))
        # Nothing new is no load. An empty table is one, and whoever takes it decides whether it can be.
        told = self.settle(load) if rows > 0 or complete else {"state": "done"}
        if told["state"] == "done":
            self.state.keep(read, bound, now if complete else known.full_at, columns)
        did = {"load": load.id, "rows": rows, "complete": complete, **drift(known and known.columns, columns)}
        return told | did | ({"bound": instant(bound)} if bound else {})

    def _check(self, connection: Connection, read: Read, columns: list[Column], now: datetime) -> None:
        """Also a read that takes everything says at once that the next could not. Raises Refused."""
        check(read, columns)
        dialect, zone = dialect_of(self.server), self.server.zone
        for column in columns:
            if column.name == read.cursor:
                stamp_of(column, dialect, now, zone)
        if connection.rows(dialect.known_zone(zone))[0][0] is None:
            raise Refused(f"the server does not know the time zone {zone}: load its tables of time zones")


def is_due(read: Read, known: Known, now: datetime) -> bool:
    """Whether a read takes everything again. Events are never deleted, so theirs do not."""
    return read.rows == "records" and now - known.full_at >= read.full_every
