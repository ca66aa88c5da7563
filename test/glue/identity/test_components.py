"""Components of graphs, by one task and by contraction, beside a union-find of the test's own."""

import random
from collections.abc import Iterable

import pyarrow as pa
import pytest
from cdp.identity import components as by_spark
from cdp.identity import graph
from laws import seed_of_run
from pyspark.sql import functions as F

Edge = tuple[str, str]


def united(edges: Iterable[Edge]) -> dict[str, str]:
    """The smallest name of each name's component."""
    parent = {node: node for edge in edges for node in edge}

    def root(node: str) -> str:
        while parent[node] != node:
            parent[node] = node = parent[parent[node]]
        return node

    for a, b in edges:
        low, high = sorted((root(a), root(b)))
        parent[high] = low
    return {node: root(node) for node in parent}


def chain(length: int, chance: random.Random) -> list[Edge]:
    """Each name joined to the next, in the order of the names."""
    return [(f"n{n:07}", f"n{n + 1:07}") for n in range(length)]


def star(length: int, chance: random.Random) -> list[Edge]:
    return [("n", f"n{n:07}") for n in range(length)]


def tree(length: int, chance: random.Random) -> list[Edge]:
    return [(f"n{chance.randrange(n)}", f"n{n}") for n in range(1, length)]


def crowd(length: int, chance: random.Random) -> list[Edge]:
    """People of a few names each, names that are joined to themselves alone, and edges that come twice."""
    edges = [(f"n{chance.randrange(length)}", f"n{chance.randrange(length)}") for _ in range(length // 2)]
    return [*edges, *edges[: length // 9], *((f"s{n}", f"s{n}") for n in range(length // 9))]


FORMS = (chain, star, tree, crowd)


def batches_of(edges: list[Edge], size: int) -> list[pa.RecordBatch]:
    """Edges as a task gets them."""
    part = [[hash(end) % graph.PARTS for end in ends] for ends in zip(*edges, strict=True)]
    columns = [*map(pa.array, zip(*edges, strict=True)), *(pa.array(one, pa.int8()) for one in part)]
    whole = pa.RecordBatch.from_arrays(columns, ["a", "b", "pa", "pb"])
    return [whole.slice(start, size) for start in range(0, len(edges), size)]


def rows(batches: Iterable[pa.RecordBatch], *columns: str) -> list[Edge]:
    return [tuple(row[name] for name in columns) for batch in batches for row in batch.to_pylist()]


@pytest.mark.parametrize("form", FORMS)
def test_a_forest_joins_the_same_with_no_more_edges(form):
    seed = seed_of_run()
    print(f"seed {seed}")
    edges = form(900, random.Random(seed))
    for at_once in (1, 100, 10_000):
        found = rows(graph.forest(batches_of(edges, 30), at_once), "a", "b")
        assert united(found) == united(edges) and len(found) <= len(edges), f"seed {seed}"
    names = united(edges)
    alone = sum(a == b for a, b in found)
    assert len(found) - alone == len(names) - len(set(names.values())), "the last is a forest of the whole graph"
    assert dict(rows(graph.components(batches_of(edges, 30)), "identifier", "component")) == names, f"seed {seed}"


@pytest.fixture
def tight(monkeypatch):
    """Tasks that hold next to nothing."""
    monkeypatch.setattr(by_spark, "ONE_TASK", 20)
    monkeypatch.setattr(by_spark, "AT_ONCE", 50)


@pytest.mark.parametrize("form", FORMS)
def test_contraction_finds_the_components_of_union_find(spark, tight, form):
    seed = seed_of_run()
    print(f"seed {seed}")
    edges = form(500, random.Random(seed))
    found = by_spark.components(spark.createDataFrame(edges, "a string, b string").repartition(3)).collect()
    assert len(found) == len(united(edges)) and dict(map(tuple, found)) == united(edges), f"seed {seed}"


@pytest.mark.parametrize("adaptive", ["true", "false"])
def test_components_are_the_same_whatever_the_order_the_partitions_and_the_bound(spark, monkeypatch, adaptive):
    seed = seed_of_run()
    print(f"seed {seed}")
    chance = random.Random(seed)
    before = {name: spark.conf.get(name) for name in ("spark.sql.adaptive.enabled", "spark.sql.shuffle.partitions")}
    edges = [(f"n{chance.randrange(60)}", f"n{chance.randrange(60)}") for _ in range(50)]
    spark.conf.set("spark.sql.adaptive.enabled", adaptive)
    try:
        for partitions, at_most in ((1, 1000), (3, 5), (7, 0)):
            chance.shuffle(edges)
            spark.conf.set("spark.sql.shuffle.partitions", partitions)
            monkeypatch.setattr(by_spark, "ONE_TASK", at_most)
            found = by_spark.components(spark.createDataFrame(edges, "a string, b string").repartition(partitions))
            assert sorted(map(tuple, found.collect())) == sorted(united(edges).items()), f"seed {seed}"
    finally:
        for name, value in before.items():
            spark.conf.set(name, value)


def test_a_round_leaves_less_than_three_quarters_of_a_chain(spark):
    edges = spark.createDataFrame(chain(20_000, random.Random(1)), "a string, b string")
    near = by_spark.nearest(edges, 0)
    assert near.count() == 20_001
    assert near.select("to").distinct().count() < 15_000
    assert near.where("to != identifier").where(F.col("to") > F.col("identifier")).count() > 5_000


def test_no_edges_have_no_components(spark, tight):
    assert by_spark.components(spark.createDataFrame([], "a string, b string")).collect() == []
