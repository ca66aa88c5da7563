"""Finds erased identifiers that a comparison of table and lake once named."""

from datetime import timedelta

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from cdp.barriers.asked import Barriers
from cdp.barriers.barrier_list import stop_of

NO_IDENTIFIER = "NOT (kind LIKE '%identifier' OR kind = 'not_merged')"
"""Rows whose `name` is that of a trait or a segment."""
EXPORTED = timedelta(days=2)
"""An export from before an erasure may be compared this long after it."""


def erased_names(differences: DataFrame, erasures: Barriers) -> DataFrame:
    """`name` of identifiers that are erased, from comparisons of exports from before."""
    shared = differences.sparkSession.sparkContext.broadcast(erasures)
    is_erased = F.udf(lambda identifier, at: stop_of(shared.value.of(identifier), at) is not None, "boolean")
    named = differences.where(f"NOT ({NO_IDENTIFIER})")
    return named.where(is_erased("name", F.unix_millis(F.col("compared_at") - F.lit(EXPORTED)))).select("name")
