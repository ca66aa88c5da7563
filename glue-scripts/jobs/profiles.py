"""`events`, `event_profiles` and `identity_map` to `profiles`: one row for each live person and account.

    profiles.py --database <database> --config <file with the lake's configuration, JSON>

Running it again writes only what differs.
"""

import argparse
import json
import sys
from pathlib import Path

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from cdp.replace import replace_rows
from cdp.schema import ensure_table, read_table
from cdp.segments import membership
from cdp.traits import last_words

JOB = "profiles"
PROFILES = read_table(JOB)
TEXTS = {
    "email": ("email",),
    "phone": ("phone",),
    "name": ("name",),
    "first_name": ("first_name", "firstName"),
    "last_name": ("last_name", "lastName"),
    "country": ("country",),
    "city": ("city",),
}
"""Columns that are traits, by the names that SDKs give them, the best first."""


def arguments(given: list[str]) -> argparse.Namespace:
    """Glue adds arguments of its own, which are passed over: also `--conf`, which must not be read as short for `--config`."""
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--database", required=True, help="database of the catalog `lake`")
    parser.add_argument("--config", required=True, help="file with the lake's configuration, JSON: its `segments` and `survivorship`")
    return parser.parse_known_args(given)[0]


def profile_rows(events: DataFrame, owners: DataFrame, identifiers: DataFrame, segments: list[dict], survivorship: dict[str, dict]) -> DataFrame:
    """Rows of `profiles` from the other tables."""
    owned = owners.select("message_id", "collection", "profile_id").join(events.select("message_id", "type", "timestamp", "received_at", "source_id", "traits", "context"), "message_id")
    counted = owned.groupBy("profile_id", "collection").agg(
        F.min("received_at").alias("created_at"), F.min("timestamp").alias("first_seen"), F.max("timestamp").alias("last_seen"), F.count("*").alias("event_count")
    )
    listed = identifiers.groupBy("profile_id").agg(
        F.to_json(F.array_sort(F.collect_list(F.concat_ws(":", "identifier_type", "identifier_value")))).alias("identifiers"),
        F.min(F.when(F.col("identifier_type") == "user_id", F.col("identifier_value"))).alias("user_id"),
        F.array_sort(F.collect_list(F.when(F.col("identifier_type") == "anonymous_id", F.col("identifier_value")))).alias("anonymous_ids"),
    )
    whole = counted.join(listed, "profile_id", "left").join(last_words(owned, survivorship), "profile_id", "left")
    members = F.when(F.col("collection") == "users", F.udf(membership(segments), "array<string>")("traits")).otherwise(F.array())
    texts = {column: first_text(names) for column, names in TEXTS.items()}
    return whole.withColumns({**texts, "segments": members}).withColumn("traits", as_object(F.col("traits")))


def first_text(names: tuple[str, ...]) -> Column:
    """The first of these traits that is a text or a number; of country and city also where an address says it."""
    inside = [F.get_json_object(F.col("traits")["address"], f"$.{name}") for name in names if name in ("country", "city")]
    return F.coalesce(*(F.get_json_object(F.concat(F.lit('{"value":'), F.col("traits")[name], F.lit("}")), "$.value") for name in names), *inside)


def as_object(texts: Column) -> Column:
    """A map of JSON texts as one JSON object, its names in order; empty without traits."""
    members = F.transform(F.map_entries(texts), lambda one: F.concat(F.regexp_replace(F.to_json(F.array(one["key"])), r"^\[|\]$", ""), F.lit(":"), one["value"]))
    return F.concat(F.lit("{"), F.coalesce(F.array_join(members, ","), F.lit("")), F.lit("}"))


def run_job(spark: SparkSession, args: argparse.Namespace) -> int:
    """One run; gives how many rows were added, changed or removed."""
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    config = json.loads(Path(args.config).read_text("utf-8"))
    name = ensure_table(spark, args.database, PROFILES)
    events, owners, identifiers = (spark.table(f"lake.{args.database}.{table}") for table in ("events", "event_profiles", "identity_map"))
    changed = replace_rows(spark, name, PROFILES, profile_rows(events, owners, identifiers, config["segments"], config.get("survivorship", {})))
    spark.catalog.clearCache()
    return changed


def main() -> None:
    spark = SparkSession.builder.appName(JOB).getOrCreate()
    print(json.dumps({"job": JOB, "rows_changed": run_job(spark, arguments(sys.argv[1:]))}))


if __name__ == "__main__":
    main()
