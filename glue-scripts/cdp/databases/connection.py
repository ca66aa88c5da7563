"""The driver's own connection to a database, for small questions."""

from types import ModuleType

from py4j.protocol import Py4JJavaError
from pyspark.sql import SparkSession

from cdp.databases import mysql, postgresql
from cdp.databases.columns import BINARY, Column
from cdp.databases.declared import Login, Refused, Server

DIALECTS = {"postgresql": postgresql, "mysql": mysql, "mariadb": mysql}


def dialect_of(server: Server) -> ModuleType:
    return DIALECTS[server.engine]


class Connection:
    """Answers are texts, or None."""

    def __init__(self, spark: SparkSession, server: Server, login: Login) -> None:
        dialect, java = dialect_of(server), spark.sparkContext._jvm
        given = java.java.util.Properties()
        for name, value in (properties_of(server, login)).items():
            given.setProperty(name, value)
        # As Spark itself finds a driver, wherever its archive came from.
        drivers = java.org.apache.spark.sql.execution.datasources.jdbc.DriverRegistry
        drivers.register(dialect.DRIVER)
        try:
            self._connection = drivers.get(dialect.DRIVER).connect(dialect.url(server), given)
        except Py4JJavaError as error:
            where = f"{server.host}:{server.port}"
            raise Refused(f"{where} cannot be reached: {cause_of(error)}") from None
        self.rows(dialect.session(server))

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def rows(self, sql: str) -> list[list[str | None]]:
        """All rows of an answer; none for a statement without one. Raises Refused."""
        statement = self._connection.createStatement()
        try:
            if not statement.execute(sql):
                return []
            answer, rows = statement.getResultSet(), []
            width = answer.getMetaData().getColumnCount()
            while answer.next():
                rows.append([answer.getString(n + 1) for n in range(width)])
            return rows
        except Py4JJavaError as error:
            raise Refused(cause_of(error)) from None
        finally:
            statement.close()

    def columns(self, table: str) -> list[Column]:
        """The columns of a table or of a query in brackets. Raises Refused."""
        try:
            statement = self._connection.prepareStatement(f"select * from {table} t where 1 = 0")
            told = statement.getMetaData()
            return [
                Column(told.getColumnLabel(n), told.getColumnTypeName(n).lower(), told.getColumnType(n) in BINARY)
                for n in range(1, told.getColumnCount() + 1)
            ]
        except Py4JJavaError as error:
            raise Refused(cause_of(error)) from None


def properties_of(server: Server, login: Login) -> dict[str, str]:
    return dialect_of(server).properties(server) | {"user": login.user, "password": login.password}


def cause_of(error: Py4JJavaError) -> str:
    return (error.java_exception.getMessage() or "").partition("\n")[0]
