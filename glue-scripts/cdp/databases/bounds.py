"""From where on the next read has to read again, so that what commits late is not lost.

A row gets its stamp before its transaction ends. A read that goes on from the newest stamp that it saw never sees a row
with an older stamp that was committed after it. So the bound of a read is the start of the oldest transaction that was
open before it: whatever the read could not see has a later stamp. A read begins at the bound of the one before it, less
an overlap for stamps that applications make themselves, and takes everything after it.
"""

from datetime import UTC, datetime, timedelta
from types import ModuleType
from zoneinfo import ZoneInfo

from cdp.databases.columns import Column
from cdp.databases.connection import Connection
from cdp.databases.declared import Refused, Server

QUARTER = timedelta(minutes=15)
"""Clocks are set at a full quarter of an hour."""


def bound_of(connection: Connection, dialect: ModuleType, server: Server, before: datetime | None) -> datetime | None:
    """The bound of a read that begins now; None if there is none yet. Raises Refused if nobody can tell."""
    if server.longest_transaction is not None:
        return time_of(connection.rows(dialect.NOW)[0][0]) - server.longest_transaction
    try:
        (oldest, is_replica, sees_all, prepared), *_rest = connection.rows(dialect.ACTIVITY)
    except Refused as error:
        raise Refused(f"open transactions cannot be seen: {dialect.RIGHTS} ({error})") from None
    if not is_true(sees_all):
        raise Refused(f"open transactions cannot be seen: {dialect.RIGHTS}")
    if is_true(is_replica):
        raise Refused(
            "this server is a replica, which does not know the open transactions of its primary: "
            "read the primary, or declare longestTransactionMinutes, its delay included"
        )
    # A prepared transaction began after the last bound, and nobody knows when.
    return before if is_true(prepared) else time_of(oldest)


def stamp_of(column: Column, dialect: ModuleType, begin: datetime, zone: str) -> str:
    """An instant in the form of a cursor. Raises Refused if the cursor is no time."""
    if column.type in dialect.INSTANTS:
        return f"{begin.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}{dialect.UTC_OFFSET}"
    if column.type in dialect.LOCALS:
        return f"{earliest_local(begin, zone):%Y-%m-%d %H:%M:%S.%f}"
    if column.type in dialect.DATES:
        return f"{earliest_local(begin, zone):%Y-%m-%d}"
    raise Refused(f"the cursor {column.name} is of type {column.type}, and must be a time")


def since(column: Column, dialect: ModuleType, begin: datetime, zone: str) -> str:
    """The condition of rows from an instant on, those without a stamp included. Raises Refused."""
    value = f"t.{dialect.quoted(column.name)}"
    return f"({value} >= {dialect.text(stamp_of(column, dialect, begin, zone))} or {value} is null)"


def earliest_local(begin: datetime, zone: str) -> datetime:
    """The earliest time that a clock of a zone shows from an instant on: it may be set back soon after."""
    place, full = ZoneInfo(zone), datetime.fromtimestamp(begin.timestamp() // QUARTER.seconds * QUARTER.seconds, UTC)
    moments = [begin, *(full + n * QUARTER for n in range(1, 14))]
    return min(moment.astimezone(place).replace(tzinfo=None) for moment in moments)


def time_of(text: str | None) -> datetime:
    return datetime.fromisoformat(text or "")


def is_true(text: str | None) -> bool:
    return text in ("t", "true", "1")
