"""Rows that a run comes back to, and how many they are."""

from typing import NamedTuple, Self

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

FEW = 100_000
"""So many rows are sent to all workers, instead of sorting what they are sought in."""


class Held(NamedTuple):
    """Rows that Spark has made and keeps on its workers, and their `count`."""

    rows: DataFrame
    count: int

    @property
    def beside(self) -> DataFrame:
        """The rows as one side of a join."""
        return F.broadcast(self.rows) if self.count <= FEW else self.rows

    def with_more(self, others: Self) -> Self:
        """These and others, none of which is among these."""
        return Held(self.rows.unionByName(others.rows), self.count + others.count)


def held(rows: DataFrame) -> Held:
    # Columns of their own: Spark cannot join rows with others that were made of them and are kept.
    kept = rows.select(*(F.col(name).alias(name) for name in rows.columns)).localCheckpoint()
    return Held(kept, kept.count())


def among(rows: DataFrame, others: Held, by: str | list[str]) -> DataFrame:
    """The rows that are among others."""
    return rows.join(others.beside, by, "left_semi")
