"""Reads the stream's identity log: merges, links, and what operators took apart."""

from functools import reduce

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from cdp.identity.collection import ACCOUNTS, USERS
from cdp.identity.components import components
from cdp.identity.placement import Apart
from cdp.identity.undone import Pair, undone

ENTRY = (
    "kind string, profileId string, identifier string, absorbed string, apart string, rule string, "
    "times int, founds boolean, messageId string, timestamp timestamp, at timestamp"
)


def read_entries(lines: DataFrame) -> DataFrame:
    """Lines of the identity log as rows of the table. A line that is no entry has no kind and is left out."""
    entry = F.from_json("line", ENTRY)
    return (
        lines.select("line_hash", entry.alias("entry"))
        .where("entry.kind is not null")
        .select(
            F.col("line_hash").alias("entry_hash"),
            "entry.kind",
            F.col("entry.profileId").alias("profile_id"),
            "entry.identifier",
            "entry.absorbed",
            "entry.apart",
            "entry.rule",
            F.col("entry.messageId").alias("message_id"),
            "entry.timestamp",
            "entry.at",
            "entry.times",
            "entry.founds",
        )
    )


def survivors_by_log(log: DataFrame, gone: set[Pair] | None = None) -> DataFrame:
    """`profile_id` and `survivor` of every profile in a merge that nobody undid.

    The oldest id survives; it sorts first. `gone` is `undone_by_log`, where it is known.
    """
    merges, gone = merges_of(log), undone_by_log(log) if gone is None else gone
    if gone:
        rows = log.sparkSession.createDataFrame(sorted(gone), "a string, b string, at long")
        merges = merges.join(F.broadcast(rows), ["a", "b", "at"], "left_anti")
    return components(merges.select("a", "b")).select(
        F.col("identifier").alias("profile_id"), F.col("component").alias("survivor")
    )


def undone_by_log(log: DataFrame) -> set[Pair]:
    """The merges that operators undid: profiles `a` and `b`, which it absorbed, and the time `at`, in microseconds.

    There are as many as operators undo by hand, so the driver holds them and all merges of these people.
    """
    parted = parted_by_operators(log)
    if parted.isEmpty():
        return set()
    merges = merges_of(log)
    found = components(merges.select("a", "b")).withColumnRenamed("identifier", "a")
    wholes = found.join(F.broadcast(parted.select("a")), "a", "left_semi").select("component").distinct()
    theirs = merges.join(found.join(F.broadcast(wholes), "component", "left_semi"), "a", "left_semi")
    return undone({Pair(*row) for row in theirs.collect()}, {Pair(*row) for row in parted.collect()})


def merges_of(log: DataFrame) -> DataFrame:
    return log.where("kind = 'merge'").select(F.col("profile_id").alias("a"), F.col("absorbed").alias("b"), at())


def at() -> Column:
    return F.coalesce(F.unix_micros("at"), F.lit(0)).alias("at")


def parted_by_operators(log: DataFrame) -> DataFrame:
    """Both sides of each unmerge, as `a` and `b`, and `at`."""
    ends = F.col("profile_id"), F.col("apart")
    parted = log.where("kind = 'unmerge'")
    either = (parted.select(a.alias("a"), b.alias("b"), at()) for a, b in (ends, ends[::-1]))
    return reduce(DataFrame.union, either).distinct()


def apart_by_log(log: DataFrame, named: DataFrame) -> Apart:
    """Which profiles operators took apart, and whose each of their identifiers is. `named` is `named_by_log`.

    Whose merge was undone are apart, too, though it was another one that the operator named.
    """
    gone = undone_by_log(log)
    parted = {(one.a, one.b) for one in [*parted_by_operators(log).collect(), *gone]}
    if not parted:
        return Apart()
    ids = {profile_id for pair in parted for profile_id in pair}
    survivors = survivors_by_log(log, gone).where(F.col("profile_id").isin(*ids))
    lives = {one.profile_id: one.survivor for one in survivors.collect()}
    alive = (frozenset(lives.get(profile_id, profile_id) for profile_id in pair) for pair in parted)
    pairs = frozenset(pair for pair in alive if len(pair) == 2)
    # Only people, not accounts, are placed one event after another.
    homes = named.where(F.col("profile_id").isin(*frozenset().union(*pairs)) & (F.col("collection") == USERS))
    return Apart(pairs, {one.identifier: one.profile_id for one in homes.select("identifier", "profile_id").collect()})


def named_by_log(log: DataFrame) -> DataFrame:
    """`collection`, `identifier` and the profile that the stream gave it to and has not taken it from since.

    Merges are followed.
    """
    survivors = survivors_by_log(log)
    # An account and a person may have the same identifier.
    collection = F.when(F.col("profile_id").startswith("acc_"), ACCOUNTS).otherwise(USERS).alias("collection")
    order = Window.partitionBy("collection", "identifier").orderBy(F.desc("at"), "profile_id")
    live = F.coalesce("survivor", "profile_id").alias("profile_id")
    told = log.join(survivors, "profile_id", "left").select("kind", collection, "identifier", live, "at")
    # An operator who undoes a link gives the identifier a profile of its own.
    given = told.where("kind = 'link' or kind = 'unmerge' and identifier is not null").drop("kind")
    owner = ["collection", "identifier", "profile_id"]
    taken = told.where("kind = 'release'").groupBy(owner).agg(F.max("at").alias("end"))
    links = given.join(taken, owner, "left").where("end is null or at >= end")
    return (
        links.withColumn("rank", F.row_number().over(order))
        .where("rank = 1")
        .select("collection", "identifier", "profile_id")
    )
