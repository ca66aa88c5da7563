"""What a deployment says about a database and about each table or query that is read."""

from dataclasses import dataclass
from datetime import timedelta


class Refused(Exception):
    """The database, or what is declared about it, does not allow a read; the message says what to do."""


@dataclass(frozen=True)
class Login:
    """What the secret of the database says: user and password, and perhaps where the server is."""

    user: str
    password: str
    host: str | None = None
    port: int | None = None


@dataclass(frozen=True)
class Server:
    """Where the database is, and how it is spoken to."""

    engine: str
    host: str
    port: int
    database: str
    tls: str
    certificate: str | None
    zone: str
    statement_seconds: int
    fetch_size: int
    longest_transaction: timedelta | None
    """Set if nobody can ask the database for open transactions: none lasts longer."""

    @staticmethod
    def of(source: dict, login: Login) -> "Server":
        """The declared server, or the one that the secret names. Raises Refused if neither does."""
        minutes, declared = source.get("longestTransactionMinutes"), source.get("host")
        host = declared or login.host
        if not host:
            raise Refused("neither the source nor its secret says where the server is: give the source a host")
        return Server(
            engine=source["engine"],
            host=host,
            port=source["port"] if declared else login.port or source["port"],
            database=source["database"],
            tls=source["tls"],
            certificate=source.get("certificate"),
            zone=source["timeZone"],
            statement_seconds=source["statementTimeoutMinutes"] * 60,
            fetch_size=source["fetchSize"],
            longest_transaction=None if minutes is None else timedelta(minutes=minutes),
        )


@dataclass(frozen=True)
class Read:
    """How one object of a source is read."""

    object: str
    rows: str
    key: tuple[str, ...]
    table: str | None
    query: str | None
    cursor: str | None
    deleted: str | None
    partition: str | None
    partitions: int
    overlap: timedelta
    full_every: timedelta

    @staticmethod
    def all_of(source: dict) -> list["Read"]:
        objects = {declared["object"]: declared for declared in source["objects"]}
        return [Read.of(read, objects[name]) for name, read in source["reads"].items()]

    @staticmethod
    def of(read: dict, declared: dict) -> "Read":
        partition = read.get("partition") or {}
        return Read(
            object=declared["object"],
            rows=declared["rows"],
            key=tuple(declared["key"]),
            table=read.get("table"),
            query=read.get("query"),
            cursor=read.get("cursor"),
            deleted=read.get("deleted"),
            partition=partition.get("column"),
            partitions=partition.get("parts", 1),
            overlap=timedelta(minutes=read["overlapMinutes"]),
            full_every=timedelta(hours=read["fullEveryHours"]),
        )

    @property
    def needed(self) -> dict[str, str]:
        """Columns that must be there, and what they are."""
        named = {"cursor": self.cursor, "deleted": self.deleted, "partition.column": self.partition}
        return {column: "key" for column in self.key} | {column: what for what, column in named.items() if column}
