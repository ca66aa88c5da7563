"""What MySQL and MariaDB are asked, and the form of each type. A row is JSON that the database makes."""

from cdp.databases.columns import Column
from cdp.databases.declared import Server

DRIVER = "com.mysql.cj.jdbc.Driver"
INSTANTS, LOCALS, DATES = ("timestamp",), ("datetime",), ("date",)
UTC_OFFSET = ""
WHOLE = ("tinyint", "smallint", "mediumint", "int", "integer", "bigint")
INTEGERS = (*WHOLE, *(f"{name} unsigned" for name in WHOLE))

NOW = "select date_format(utc_timestamp(6), '%Y-%m-%dT%H:%i:%s.%fZ')"
ACTIVITY = """
select date_format(utc_timestamp(6) - interval 1 + if(@@system_time_zone in ('UTC', 'GMT'), 0, 3600) + greatest(0,
    coalesce((select max(timestampdiff(second, trx_started, convert_tz(utc_timestamp(), '+00:00', 'SYSTEM')))
      from information_schema.innodb_trx
      where trx_mysql_thread_id <> connection_id()), 0),
    coalesce((select max(time) from information_schema.processlist
      where command in ('Query', 'Execute') and id <> connection_id()), 0)) second, '%Y-%m-%dT%H:%i:%s.%fZ'),
  cast(@@global.read_only as char) not in ('0', 'OFF'), true, false
"""
"""The start of the oldest open transaction or statement, and whether it can be trusted.

A statement stamps its own start, and begins its transaction only after it has got its locks. Times of transactions are
whole seconds of the system's time zone, in which an hour may come twice. Without the right PROCESS this is an error.
"""
RIGHTS = "grant process on *.* to the user"


def url(server: Server) -> str:
    """Never `jdbc:mariadb:`. Spark does not know it, and would read the names of columns in place of their values."""
    return f"jdbc:mysql://{server.host}:{server.port}/{server.database}"


def properties(server: Server) -> dict[str, str]:
    """With a cursor, for the driver would otherwise hold a whole answer in memory."""
    tls = {"off": "DISABLED", "encrypt": "REQUIRED", "verify": "VERIFY_IDENTITY"}[server.tls]
    return {"sslMode": tls, "connectTimeout": "30000", "useCursorFetch": "true", "tinyInt1isBit": "false"}


def session(server: Server) -> str:
    limit = (
        f"max_statement_time = {server.statement_seconds}"
        if server.engine == "mariadb"
        else f"max_execution_time = {server.statement_seconds * 1000}"
    )
    return f"set {limit}, time_zone = '+00:00', sql_mode = ''"


def quoted(name: str) -> str:
    escaped = name.replace("`", "``")
    return f"`{escaped}`"


def text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def row(columns: list[Column], zone: str) -> str:
    """The row `t` as JSON. A date of zeros is no date, and a time without a zone gets the declared one."""
    return f"json_object({', '.join(f'{text(column.name)}, {form(column, zone)}' for column in columns)})"


def form(column: Column, zone: str) -> str:
    value = f"t.{quoted(column.name)}"
    if column.type == "bit":
        return f"{value} + 0"
    if column.is_binary:
        return f"concat('\\\\x', lower(hex({value})))"
    if column.type in DATES:
        return f"nullif(cast({value} as char), '0000-00-00')"
    if column.type in INSTANTS:
        return instant(value)
    if column.type in LOCALS:
        # Of half a date there is no time in another zone.
        return instant(value if zone == "UTC" else f"coalesce(convert_tz({value}, {text(zone)}, '+00:00'), {value})")
    return value


def instant(value: str) -> str:
    return f"nullif(date_format({value}, '%Y-%m-%dT%H:%i:%s.%fZ'), '0000-00-00T00:00:00.000000Z')"


def says_deleted(column: Column) -> str:
    """Whether a column of the row `t` says that the row is deleted: it is neither empty, zeros, nor 0."""
    value = f"t.{quoted(column.name)}"
    if column.type == "bit":
        return f"coalesce({value} + 0, 0) <> 0"
    return f"coalesce(cast({value} as char), '') not regexp '^(0|0000-00-00.*)?$'"


def known_zone(zone: str) -> str:
    """Gives a time if the server knows the zone; otherwise an error or nothing."""
    return "select utc_timestamp()" if zone == "UTC" else f"select convert_tz('2026-01-01', {text(zone)}, '+00:00')"
