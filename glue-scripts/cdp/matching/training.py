"""Learns a model from people's records: Spark counts how they agree, pair by pair."""

import copy
from dataclasses import dataclass
from math import comb

import numpy as np
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from cdp.matching.blocks import KEYS, training_keys, with_one_key
from cdp.matching.fields import needs
from cdp.matching.shares import Lesson, Pairs, Shares, learn, of_strangers, rounded, seen, together

SAMPLE = 450
"""All pairs of this many people show how often strangers agree: 101,025 pairs."""
SEED = 7


class Untrainable(Exception):
    """These people teach nothing; the message has the reason."""


def learnt(people: DataFrame, kinds: list[str], assumed: dict, id_: str) -> dict:
    """The model with the share of each level, and of one person's pairs among all. Raises Untrainable."""
    before = [np.array([level["m_probability"] for level in levels]) for levels in fields_of(assumed)]
    # Made once: Spark takes time to read them.
    places = [place_of(field).alias(field["output_column_name"]) for field in assumed["comparisons"]]
    some = people.orderBy(F.xxhash64(F.lit(SEED), id_), id_).limit(SAMPLE).coalesce(1).localCheckpoint()
    random = seen(pairs_of(some, places, F.lit(True), id_), [len(levels) for levels in before])
    school = School(people, id_, assumed, places, random, before)
    lessons = [lesson for key in training_keys(kinds) if (lesson := school.lesson(key))]
    if not lessons:
        raise Untrainable("no two people share any of the values that pairs are found by")
    shares, matching = together(lessons, before, comb(people.count(), 2))
    return with_shares(assumed, shares, of_strangers(random, shares, matching), matching)


@dataclass(frozen=True)
class School:
    """What all lessons share: the people, the assumed model, and how often strangers and one person's records agree."""

    people: DataFrame
    id_: str
    model: dict
    places: list[Column]
    strangers: Shares
    assumed: Shares

    def lesson(self, key: str) -> Lesson | None:
        """What pairs that share a key teach; None without such pairs."""
        same = F.col("key_l") == F.col("key_r")
        pairs = pairs_of(with_one_key(self.people, key), self.places, same, self.id_)
        if not len(pairs.counts):
            return None
        values, comparisons = {*KEYS[key]}, self.model["comparisons"]
        fields = [each["output_column_name"] for each in comparisons]
        bound = frozenset(at for at, each in enumerate(comparisons) if values & looked_at(each))
        return learn(pairs, self.strangers, self.assumed, frozenset(map(fields.index, KEYS[key])), bound)


def looked_at(comparison: dict) -> set[str]:
    return set().union(*(needs(level["sql_condition"]) for level in comparison["comparison_levels"]))


def pairs_of(people: DataFrame, places: list[Column], together: Column, id_: str) -> Pairs:
    """How pairs of people agree in each field, and how many pairs do so."""
    left, right = (people.select(*(F.col(name).alias(f"{name}_{side}") for name in people.columns)) for side in "lr")
    pairs = left.join(right, together & (F.col(f"{id_}_l") < F.col(f"{id_}_r"))).select(*places)
    rows = pairs.groupBy(*pairs.columns).count().orderBy(*pairs.columns).collect()
    patterns = np.array([row[:-1] for row in rows], dtype=int).reshape(-1, len(places))
    return Pairs(patterns, np.array([row["count"] for row in rows], dtype=float))


def place_of(field: dict) -> Column:
    """The position of the first level that holds."""
    conditions = [level["sql_condition"] for level in field["comparison_levels"][:-1]]
    return F.coalesce(*(F.when(F.expr(sql), at) for at, sql in enumerate(conditions)), F.lit(len(conditions)))


def fields_of(model: dict) -> list[list[dict]]:
    """Levels of each field, without the one for missing values."""
    return [
        [level for level in field["comparison_levels"] if not level.get("is_null_level")]
        for field in model["comparisons"]
    ]


def with_shares(model: dict, shares: Shares, strangers: Shares, matching: float) -> dict:
    made = copy.deepcopy(model)
    for levels, ours, theirs in zip(fields_of(made), shares, strangers, strict=True):
        for level, share, stranger in zip(levels, ours, theirs, strict=True):
            level["m_probability"], level["u_probability"] = rounded(share), rounded(stranger)
    return made | {"probability_two_random_records_match": rounded(matching)}
