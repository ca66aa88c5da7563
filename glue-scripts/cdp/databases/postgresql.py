"""What PostgreSQL is asked, and the form of each type. A row is JSON that the database makes, so nothing is lost."""

from cdp.databases.columns import Column
from cdp.databases.declared import Server

DRIVER = "org.postgresql.Driver"
INSTANTS, LOCALS, DATES = ("timestamptz",), ("timestamp",), ("date",)
UTC_OFFSET = "+00"
INTEGERS = ("int2", "int4", "int8", "smallserial", "serial", "bigserial")

NOW = """select to_char(current_timestamp at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
ACTIVITY = """
select to_char(least(min(xact_start), current_timestamp) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
  pg_is_in_recovery(), pg_has_role(current_user, 'pg_read_all_stats', 'USAGE'),
  (select count(*) > 0 from pg_prepared_xacts where database = current_database())
from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid()
  and backend_type not in ('autovacuum worker', 'walsender')
"""
"""The start of the oldest open transaction, and whether it can be trusted.

A transaction between its PREPARE and its COMMIT PREPARED has lost its start; only whether there is one is known.
"""
RIGHTS = "grant pg_read_all_stats to the user"


def url(server: Server) -> str:
    return f"jdbc:postgresql://{server.host}:{server.port}/{server.database}"


def properties(server: Server) -> dict[str, str]:
    return {"connectTimeout": "30", "tcpKeepAlive": "true", "ApplicationName": "customer-data-platform"} | tls(server)


def tls(server: Server) -> dict[str, str]:
    if server.tls != "verify":
        return {"sslmode": "disable" if server.tls == "off" else "require"}
    if server.certificate is None:
        return {"sslmode": "verify-full", "sslfactory": "org.postgresql.ssl.DefaultJavaSSLFactory"}
    factory = "org.postgresql.ssl.SingleCertValidatingFactory"
    return {"sslmode": "verify-full", "sslfactory": factory, "sslfactoryarg": server.certificate}


def session(server: Server) -> str:
    milliseconds = server.statement_seconds * 1000
    return f"set statement_timeout = {milliseconds}; set timezone = 'UTC'; set bytea_output = 'hex'"


def quoted(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


def text(value: str) -> str:
    escaped = value.replace("'", "''")
    return f"'{escaped}'"


def row(columns: list[Column], zone: str) -> str:
    """The row `t` as JSON. A time without a zone gets the declared one."""

    def form(column: Column) -> str:
        value = f"t.{quoted(column.name)}"
        if column.type in LOCALS:
            value = f"{value} at time zone {text(zone)}"
        return f"{value} as {quoted(column.name)}"

    return f"(select row_to_json(r)::text from (select {', '.join(form(column) for column in columns)}) r)"


def says_deleted(column: Column) -> str:
    """Whether a column of the row `t` says that the row is deleted: it is neither empty, false nor 0."""
    return f"coalesce(t.{quoted(column.name)}::text, '') not in ('', 'false', '0')"


def known_zone(zone: str) -> str:
    """Gives a time if the server knows the zone; otherwise an error or nothing."""
    return f"select timestamp '2026-01-01' at time zone {text(zone)}"
