"""Finds exports of the profile table that DynamoDB left in the lake, below `exports/AWSDynamoDB/<export>/`."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from pyspark.sql import DataFrame, SparkSession

ZONE = "exports/AWSDynamoDB"


@dataclass(frozen=True)
class Export:
    """A complete export: its place, and the moment whose state of the table it holds."""

    path: str
    taken_at: datetime

    def lines(self, spark: SparkSession) -> DataFrame:
        """Items in DynamoDB's JSON, one a row, as `line`."""
        return spark.read.text(f"{self.path}/data/*").withColumnRenamed("value", "line")


def newest_export(spark: SparkSession, lake: str, after: datetime | None) -> Export | None:
    """The newest complete export of a moment after this one. DynamoDB writes the summary last."""
    jvm = spark.sparkContext._jvm
    pattern = jvm.org.apache.hadoop.fs.Path(f"{lake}/{ZONE}/*/manifest-summary.json")
    statuses = pattern.getFileSystem(spark.sparkContext._jsc.hadoopConfiguration()).globStatus(pattern) or []
    summaries = [status.getPath().toString() for status in statuses]
    exports = [
        export_of(summary, row.value)
        for summary in summaries
        for row in spark.read.text(summary, wholetext=True).collect()
    ]
    return max(
        (export for export in exports if after is None or export.taken_at > after),
        key=lambda export: export.taken_at,
        default=None,
    )


def export_of(summary: str, text: str) -> Export:
    export = json.loads(text)
    if export["outputFormat"] != "DYNAMODB_JSON":
        raise ValueError(f"{summary} has the format {export['outputFormat']}; export the table as DYNAMODB_JSON")
    return Export(
        summary.rpartition("/")[0], datetime.fromisoformat(export["exportTime"].replace("Z", "+00:00")).astimezone(UTC)
    )
