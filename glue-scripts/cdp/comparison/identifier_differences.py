"""Finds identifiers that lake and profile table give to different profiles."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F


def identifier_differences(stored: DataFrame, made: DataFrame, aside: DataFrame, parted: DataFrame) -> DataFrame:
    """Identifiers (`name`) with different profiles on the two sides, each at the profile that an event has to mend.

    missing_identifier: nobody in the table has it.
    unknown_identifier: no event contains it.
    not_merged: the table has it at a profile (`in_table`) that the lake has merged with this one.
    misplaced_identifier: the table has it at this profile, the lake at another (`in_lake`).

    Between people whom an operator took apart nothing differs: the operator, and events since, decided who has what.
    """
    strange = moved_identifiers(stored, made, aside, parted)
    is_made = made.select(F.col("profile_id").alias("in_table"), F.lit(True).alias("holder_is_made"))
    is_stored = stored.select(F.col("profile_id").alias("in_lake"), F.lit(True).alias("owner_is_stored"))
    known = strange.join(is_made, "in_table", "left").join(is_stored, "in_lake", "left")
    kind = (
        F.when(F.col("owner_is_stored") & F.col("in_table").isNull(), "missing_identifier")
        .when(F.col("holder_is_made") & F.col("in_lake").isNull(), "unknown_identifier")
        .when(F.col("holder_is_made"), "misplaced_identifier")
        .when(F.col("owner_is_stored") & F.col("in_table").isNotNull(), "not_merged")
    )
    mended = F.when(kind.isin("missing_identifier", "not_merged"), F.col("in_lake")).otherwise(F.col("in_table"))
    columns = (mended.alias("profile_id"), "collection", kind.alias("kind"), "name", "in_table", "in_lake")
    return known.select(*columns).where("kind is not null")


def moved_identifiers(stored: DataFrame, made: DataFrame, aside: DataFrame, parted: DataFrame) -> DataFrame:
    """Identifiers with different profiles in table and lake, except profiles put aside and those taken apart."""
    table, lake = (
        side.select("collection", F.explode("identifiers").alias("name"), F.col("profile_id").alias(place))
        for side, place in ((stored, "in_table"), (made, "in_lake"))
    )
    rows = table.join(lake, ["collection", "name"], "full").where(~F.col("in_table").eqNullSafe(F.col("in_lake")))
    for place in ("in_table", "in_lake"):
        group = parted.select(F.col("profile_id").alias(place), F.col("group").alias(f"{place}_group"))
        rows = rows.join(aside.withColumnRenamed("profile_id", place), place, "left_anti").join(group, place, "left")
    return rows.where(~F.coalesce(F.col("in_table_group") == F.col("in_lake_group"), F.lit(False)))
