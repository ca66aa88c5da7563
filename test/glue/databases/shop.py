"""A shop's database on a real engine, and the job that reads it into a lake in a folder."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import engines
from cdp.databases.connection import DIALECTS
from cdp.databases.declared import Login, Server
from cdp.databases.pulling import Puller
from cdp.databases.state import State
from jobs import pull_database

READER = "reader"
READ_COMMITTED = 2
GRANTS = {
    "postgresql": ["grant pg_read_all_stats to {user}", "grant select on all tables in schema public to {user}"],
    "mariadb": ["grant process on *.* to {user}@'%'", "grant select on {database}.* to {user}@'%'"],
}


class Client:
    """A connection of the shop's own programs: what it executes stays open until it commits."""

    def __init__(self, spark, engine, database, user, password=engines.PASSWORD):
        java, self._dialect = spark.sparkContext._jvm, DIALECTS[engine.engine]
        given = java.java.util.Properties()
        for name, value in {"user": user, "password": password, "sslmode": "disable", "sslMode": "DISABLED"}.items():
            given.setProperty(name, value)
        drivers = java.org.apache.spark.sql.execution.datasources.jdbc.DriverRegistry
        drivers.register(self._dialect.DRIVER)
        scheme = "postgresql" if engine.engine == "postgresql" else "mysql"
        url = f"jdbc:{scheme}://127.0.0.1:{engine.port}/{database}"
        self._connection = drivers.get(self._dialect.DRIVER).connect(url, given)

    def execute(self, *statements):
        for sql in statements:
            statement = self._connection.createStatement()
            statement.execute(sql)
            statement.close()

    def rows(self, sql):
        statement = self._connection.createStatement()
        answer, rows = statement.executeQuery(sql), []
        width = answer.getMetaData().getColumnCount()
        while answer.next():
            rows.append(tuple(answer.getString(n + 1) for n in range(width)))
        statement.close()
        return rows

    def begin(self):
        self._connection.setAutoCommit(False)
        # Otherwise MariaDB locks what lies between rows, and writers wait for each other.
        self._connection.setTransactionIsolation(READ_COMMITTED)

    def commit(self):
        self._connection.commit()

    def roll_back(self):
        self._connection.rollback()

    def close(self):
        self._connection.close()


class Shop:
    """A database of its own, and the reads of it."""

    made = 0

    def __init__(self, spark, engine, directory: Path):
        Shop.made += 1
        self.spark, self.engine, self.directory, self.name = spark, engine, directory, f"shop{Shop.made}"
        self._open, self.loads = [], []
        first = "postgres" if engine.engine == "postgresql" else "mysql"
        owner = self._keep(Client(spark, engine, first, engine.owner))
        owner.execute(f"create database {self.name}")
        self.owner = self.client()
        self.reader = f"{READER}{Shop.made}"
        at = "" if self.is_postgresql else "@'%'"
        word = "password" if self.is_postgresql else "identified by"
        self.owner.execute(f"create user {self.reader}{at} {word} '{engines.PASSWORD}'")

    @property
    def is_postgresql(self):
        return self.engine.engine == "postgresql"

    def client(self):
        return self._keep(Client(self.spark, self.engine, self.name, self.engine.owner))

    def _keep(self, client):
        self._open.append(client)
        return client

    def grant(self):
        """What the pages tell to grant."""
        for grant in GRANTS[self.engine.engine]:
            self.owner.execute(grant.format(user=self.reader, database=self.name))

    def close(self):
        for client in self._open:
            client.close()

    def source(self, reads, objects=None, **more):
        """The declaration as the platform hands it to the job, with defaults filled in."""
        defaults = {"overlapMinutes": 10, "fullEveryHours": 168}
        records = {"rows": "records", "key": ["id"], "maxShrink": 1}
        return {
            "id": "shop",
            "engine": self.engine.engine,
            "host": "127.0.0.1",
            "port": self.engine.port,
            "database": self.name,
            "tls": "off",
            "timeZone": "UTC",
            "statementTimeoutMinutes": 10,
            "fetchSize": 100,
            "objects": objects or [{"object": name, **records} for name in reads],
            "reads": {name: defaults | read for name, read in reads.items()},
            **more,
        }

    def pull(self, source, now=None, *, everything=False, settle=None):
        """One run of the job; gives what it did with each object. Loads are kept here, unless `settle` takes them."""
        state = State(self.spark, f"{self.directory}/imports/state/shop/reads/bounds.json")
        login = Login(self.reader, engines.PASSWORD)
        server = Server.of(source, login)
        puller = Puller(self.spark, server, login, str(self.directory), "shop", state, settle or self._settle)
        clock = (lambda: now) if now else lambda: datetime.now(UTC)
        return pull_database.pull_all(puller, source, clock, everything=everything)

    def _settle(self, load):
        self.loads.append((load, self.lines(load)))
        return {"state": "done"}

    @staticmethod
    def texts(load):
        texts = [gzip.decompress(file.read_bytes()).decode() for file in sorted(Path(load.folder).glob("*.gz"))]
        return [line for text in texts for line in text.splitlines()]

    @staticmethod
    def lines(load):
        """The lines of a load; numbers with a fraction as their text."""
        return [json.loads(line, parse_float=str) for line in Shop.texts(load)]

    def last_versions(self, *key):
        """What remains of the loads: the last version of each row; what a complete load lacks is gone."""
        rows = {}
        for load, lines in self.loads:
            found = {tuple(line["row"][name] for name in key): line for line in lines}
            rows = found if load.complete else rows | found
        return rows
