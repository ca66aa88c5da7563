"""Deletes rows from a table by one of its columns."""

from pyspark.sql import DataFrame, SparkSession


def delete_rows(spark: SparkSession, name: str, column: str, values: DataFrame, *, but: str = "false") -> int:
    """Deletes the rows whose column has one of the values, in one commit, but those of which `but` is true.

    Gives their number. Without such a row it writes nothing.
    """
    wanted = values.toDF(column).distinct().localCheckpoint()
    found = spark.table(name).where(f"NOT ({but})").join(wanted, column, "left_semi").count()
    if found:
        view = f"erased_by_{column}_of_{name.rpartition('.')[2]}"
        wanted.createOrReplaceTempView(view)
        spark.sql(f"DELETE FROM {name} WHERE `{column}` IN (SELECT `{column}` FROM {view}) AND NOT ({but})")
        spark.catalog.dropTempView(view)
    return found
