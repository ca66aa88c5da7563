"""Connected components of the graph whose edges join identifiers of one event."""

from functools import partial

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from cdp.identity import graph

ONE_TASK = 12_000_000
"""Edges that one task resolves: up to 3.6 GB, which a worker of 16 GB has beside Spark's memory."""
AT_ONCE = 1_000_000
"""Edges that a task holds at once while more than that are contracted: up to 300 MB."""


def components(edges: DataFrame) -> DataFrame:
    """Each identifier of the edges and its `component`, named by its smallest identifier.

    What one task cannot hold is contracted until it can: each round joins every identifier with one of those next to
    it, chosen by chance, and goes on with the chosen ones, less than three quarters of them whatever the graph's form.
    What a round needs is shuffled and sorted by Spark, which spills.
    """
    left, rounds = edges.select("a", "b").localCheckpoint(), []
    if is_large := left.count() > ONE_TASK:
        left = forest(left).localCheckpoint()
    while is_large and left.count() > ONE_TASK:
        near = nearest(left, len(rounds)).localCheckpoint()
        rounds.append(near)
        left = forest(contracted(left, near)).localCheckpoint()
    found = with_parts(left).coalesce(1).mapInArrow(graph.components, "identifier string, component string")
    return by_smallest(through(rounds, found.localCheckpoint())) if rounds else found


def forest(edges: DataFrame) -> DataFrame:
    """Fewer edges that join the same identifiers. Each task contracts its own."""
    return with_parts(edges).mapInArrow(partial(graph.forest, at_once=AT_ONCE), "b string, a string").select("a", "b")


def with_parts(edges: DataFrame) -> DataFrame:
    return edges.select("a", "b", part_of("a"), part_of("b"))


def part_of(end: str) -> Column:
    return F.pmod(F.hash(end), F.lit(graph.PARTS)).cast("byte")


def nearest(edges: DataFrame, number: int) -> DataFrame:
    """`identifier` and `to`: the smallest of it and those next to it, in an order of this round's own.

    By their names, a chain of ordered names would take as many rounds as it has links.
    """

    def placed(end: str) -> Column:
        return F.struct(F.xxhash64(F.lit(number), end), F.col(end).alias("name"))

    both = edges.select("a", placed("b").alias("next")).union(edges.select("b", placed("a")))
    return (
        both.groupBy(F.col("a").alias("identifier"))
        .agg(F.min("next").alias("next"))
        .select("identifier", F.least("next", placed("identifier"))["name"].alias("to"))
    )


def contracted(edges: DataFrame, near: DataFrame) -> DataFrame:
    """The edges between what identifiers were joined to."""
    for end in ("a", "b"):
        edges = edges.join(near.withColumnRenamed("identifier", end), end).drop(end).withColumnRenamed("to", end)
    return edges.select(F.least("a", "b").alias("a"), F.greatest("a", "b").alias("b")).where("a != b").distinct()


def through(rounds: list[DataFrame], found: DataFrame) -> DataFrame:
    """Components of all identifiers, from those of the last that were left. Who was joined to none is its own."""
    for near in reversed(rounds):
        last = found.withColumnRenamed("identifier", "to")
        component = F.coalesce("component", "to").alias("component")
        found = near.join(last, "to", "left").select("identifier", component)
    return found


def by_smallest(found: DataFrame) -> DataFrame:
    """The same components, each named by its smallest identifier."""
    names = found.groupBy("component").agg(F.min("identifier").alias("smallest"))
    return found.join(names, "component").select("identifier", F.col("smallest").alias("component"))
