"""Reads one object of a source: what is new, or from time to time everything, so that deletions show."""

from dataclasses import dataclass
from datetime import datetime

from pyspark.sql import SparkSession

from cdp.databases.bounds import bound_of, stamp_of
from cdp.databases.columns import Column, check, drift
from cdp.databases.connection import Connection, dialect_of
from cdp.databases.declared import Login, Read, Server
from cdp.databases.loads import Load, instant, write_records
from cdp.databases.reading import Asked, lines_of, table_of
from cdp.databases.state import State


@dataclass(frozen=True)
class Puller:
    """Reads from one server into one lake."""

    spark: SparkSession
    server: Server
    login: Login
    lake: str
    source: str
    state: State

    def pull(self, read: Read, now: datetime, *, full: bool) -> dict:
        """One read; gives what it did. Raises Refused."""
        known = self.state.of(read)
        with Connection(self.spark, self.server, self.login) as connection:
            columns = connection.columns(table_of(read, self.server))
            check(read, columns)
            self._check_cursor(read, columns, now)
            before = known and known.bound
            # Before the rows, so that whatever they lack is after it.
            bound = bound_of(connection, dialect_of(self.server), self.server, before) if read.cursor else None
            complete = full or before is None or now - known.full_at >= read.full_every
            begin = None if complete else before - read.overlap
            lines = lines_of(self.spark, connection, self.server, self.login, Asked(read, columns, begin))
            load = Load(self.lake, self.source, read.object, now)
            rows = write_records(self.spark, load, lines, complete=complete)
        self.state.keep(read, bound, now if complete else known.full_at, columns)
        told = {"object": read.object, "load": load.id, "rows": rows, "complete": complete}
        return told | ({"bound": instant(bound)} if bound else {}) | drift(known and known.columns, columns)

    def _check_cursor(self, read: Read, columns: list[Column], now: datetime) -> None:
        """Also a read that takes everything says at once that the next could not. Raises Refused."""
        for column in columns:
            if column.name == read.cursor:
                stamp_of(column, dialect_of(self.server), now, self.server.zone)
