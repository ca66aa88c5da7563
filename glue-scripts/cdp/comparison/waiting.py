"""Segments of which the stream cannot tell yet, because a profile or its accounts lack the history of what they read.

They stay as the table has them (docs/adr/0028), so the lake differs from the table as expected.
"""

import json
from collections.abc import Mapping, Sequence

from pyspark.sql import DataFrame, Row
from pyspark.sql import functions as F

from cdp.identity.collection import ACCOUNTS, USERS
from cdp.segments.definitions import asked_through, parts_of, segments_in
from cdp.spark.isolated import isolated

REGISTRY = "registry#aggregates"
"""The partition of the item that says since when each aggregate counts (`lambdas/core/contract/storage.ts`)."""
OF_ACCOUNT = "@"
NEVER = float("inf")

Generations = Mapping[str, float]
"""The generations of aggregates, by their ids."""
Keys = frozenset[str]


def generations_in(lines: DataFrame) -> dict[str, Generations]:
    """The generations of each collection's aggregates, by an export's registry; none where all count from the first."""
    found = (json.loads(row.line)["Item"] for row in lines.where(F.col("line").contains(REGISTRY)).collect())
    entries = [
        [value for part in entry["L"] for value in part.values()]
        for item in found
        if item.get("pk", {}).get("S") == REGISTRY
        for entry in item["aggregates"]["L"]
    ]
    of = {id_: int(generation) for id_, generation, *_ in entries}
    return {
        USERS: {id_: one for id_, one in of.items() if not id_.startswith(OF_ACCOUNT)},
        ACCOUNTS: {id_[1:]: one for id_, one in of.items() if id_.startswith(OF_ACCOUNT)},
    }


def is_all_there(stored: DataFrame, generations: Mapping[str, Generations]) -> bool:
    """Whether no profile can lack a history."""
    newest = max((one for of in generations.values() for one in of.values()), default=0)
    return newest == 0 or stored.where(F.col("based") < newest).isEmpty()


def waiting(stored: DataFrame, generations: Mapping[str, Generations], config: dict) -> DataFrame:
    """`profile_id` and `keys` of profiles (`stored_profiles`) with segments that wait for a history."""
    reads = config.get("reads") or {}

    def of_row(row: Row) -> list[str]:
        of = row["collection"]
        return sorted(lacking(reads.get(of) or {}, generations[of], row["based"]))

    lacks = F.udf(isolated(of_row, []), "array<string>")(F.struct("collection", "based"))
    own = stored.select("profile_id", lacks.alias("keys")).where(F.size("keys") > 0)
    theirs = through_accounts(stored, own, config)
    both = own.unionByName(theirs).groupBy("profile_id")
    return both.agg(F.array_distinct(F.flatten(F.collect_list("keys"))).alias("keys"))


def moved_through(stored: DataFrame, made: DataFrame, config: dict) -> DataFrame:
    """`profile_id` and `keys` of people with segments that ask for some of accounts that the lake is not sure of."""
    moved = made.where((F.col("collection") == ACCOUNTS) & (F.size("unsure") > 0))
    return through_accounts(stored, moved.select("profile_id", F.col("unsure").alias("keys")), config)


def through_accounts(stored: DataFrame, of_accounts: DataFrame, config: dict) -> DataFrame:
    """`profile_id` of people, and `keys` of their segments that ask for some of these `keys` of their accounts."""
    asked = accounts_asked(config.get("segments") or [])
    if not asked:
        return of_accounts.where("false")
    accounts = stored.where(F.col("collection") == ACCOUNTS).join(of_accounts, "profile_id")
    named = accounts.select(F.explode("identifiers").alias("account"), F.explode("keys").alias("key"))
    people = stored.where(F.col("collection") == USERS).select("profile_id", F.explode("accounts").alias("group_id"))
    pairs = people.withColumn("account", F.concat(F.lit("group_id:"), "group_id")).join(named, "account")
    theirs = pairs.groupBy("profile_id").agg(F.collect_set("key").alias("theirs"))
    ask = F.udf(lambda found: [key for key, keys in asked.items() if not keys.isdisjoint(found)], "array<string>")
    return theirs.select("profile_id", ask("theirs").alias("keys")).where(F.size("keys") > 0)


def without(made: DataFrame, found: DataFrame) -> DataFrame:
    """The lake's profiles, unsure of these `keys`, too."""
    nothing = F.array().cast("array<string>")
    keys = F.array_union("unsure", F.coalesce("keys", nothing))
    return made.join(found, "profile_id", "left").withColumn("unsure", keys).drop("keys")


def awaited(stored: DataFrame, made: DataFrame, waits: DataFrame) -> dict[str, int]:
    """How many profiles differ as expected, because they wait, by segment."""
    in_table = stored.select("profile_id", F.col("segments").alias("in_table"))
    both = made.join(waits, "profile_id").join(in_table, "profile_id")
    sides = (F.array_except("segments", "in_table"), F.array_except("in_table", "segments"))
    keys = both.select(F.explode(F.array_intersect("keys", F.array_union(*sides))).alias("key"))
    return {row.key: row["count"] for row in keys.groupBy("key").count().orderBy("key").collect()}


def lacking(reads: Mapping[str, Sequence[str]], generations: Generations, based: int | None) -> set[str]:
    """Segments that read an aggregate whose history a profile lacks that has those up to a generation."""
    return {key for key, ids in reads.items() if any(generations.get(id_, NEVER) > (based or 0) for id_ in ids)}


def accounts_asked(segments: Sequence[dict]) -> dict[str, Keys]:
    """Of each segment of people the segments of accounts that it asks for, by itself and through others."""
    people = [one for one in segments if one.get("of", "people") == "people"]

    def of_accounts(rules: Sequence[dict]) -> Keys:
        return segments_in(part for rule in rules if "account" in rule for part in parts_of(rule["account"]))

    return {key: found for key, found in asked_through(people, of_accounts).items() if found}
