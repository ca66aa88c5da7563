"""Decides which statement of a trait survives when sources conflict, as `survivorship` declares for each trait.

A statement is a row of `profile_id`, `collection`, `name`, `value` (JSON text), `timestamp`, `message_id` and
`source_id`. A null removes what was stated before it: with `most_trusted` what its own source stated, otherwise what
anybody stated. A trait with nothing left is removed, by its last null.
"""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from cdp.spark.isolated import isolated
from cdp.values.exact_json import read_json
from cdp.values.text import SPACE, is_blank

TRAIT = ("profile_id", "collection", "name")
STATEMENT = ("timestamp", "message_id", "value", "source_id")
"""The order of statements: by time, then by message, then by value where a message was resent with another value."""
WEIGHT = "struct<first: bigint, then: bigint>"
ANY_OTHER = "*"
"""Names the rule of every trait that has none."""
MOST_RECENT = {"keep": "most_recent"}


def surviving(stated: DataFrame, rules: dict[str, dict]) -> DataFrame:
    """One statement of each trait of each profile: by its rule in `rules`, else the last."""
    if all(rule == MOST_RECENT for rule in rules.values()):
        return last(stated)
    stated = stated.withColumn("keep", keep_of(rules)).persist()
    is_recent = F.col("keep") == MOST_RECENT["keep"]
    return last(stated.where(is_recent)).unionByName(heaviest(stated.where(~is_recent), rules))


def rule_of(rules: dict[str, dict], name: str) -> dict:
    """The rule of a trait: its own, or that of all others, or none."""
    return rules.get(name) or rules.get(ANY_OTHER, MOST_RECENT)


def keep_of(rules: dict[str, dict]) -> Column:
    """What the rule of the column `name` keeps."""
    named = [F.lit(text) for name, rule in rules.items() for text in (name, rule["keep"])]
    return F.coalesce(F.create_map(*named)[F.col("name")], F.lit(rule_of(rules, ANY_OTHER)["keep"]))


def last(stated: DataFrame) -> DataFrame:
    return greatest(stated, *STATEMENT)


def greatest(stated: DataFrame, *order: str) -> DataFrame:
    """The greatest statement of each trait, in this order."""
    found = stated.groupBy(*TRAIT).agg(F.max(F.struct(*order)).alias("survivor"))
    return found.select(*TRAIT, "survivor.value", "survivor.timestamp", "survivor.message_id", "survivor.source_id")


def heaviest(stated: DataFrame, rules: dict[str, dict]) -> DataFrame:
    """The heaviest statement of each trait that no null removed, and the last of those with the same weight."""
    place, null = F.struct("timestamp", "message_id"), F.col("value") == "null"
    by_trust = F.when(F.col("keep") == "most_trusted", F.col("source_id"))
    taken = F.max(F.when(null, place)).over(Window.partitionBy(*TRAIT, "whose"))
    left = (
        stated.withColumn("whose", by_trust)
        .withColumn("taken", taken)
        .where(null | F.col("taken").isNull() | (place > F.col("taken")))
    )
    return greatest(
        left.withColumn("stands", ~null).withColumn("weight", F.when(~null, weight(rules))),
        "stands",
        "weight",
        *STATEMENT,
    )


def weight(rules: dict[str, dict]) -> Column:
    """How much a statement weighs by its trait's rule."""
    times = F.count("*").over(Window.partitionBy(*TRAIT, "value"))
    ranks = F.udf(lambda name, source: -rank(rule_of(rules, name), source), "bigint")("name", "source_id")
    filled = F.udf(
        isolated(lambda keep, value: fullness(value) if keep == "most_complete" else None), WEIGHT
    )("keep", "value")
    weights = {"most_trusted": of(ranks), "most_frequent": of(times), "most_complete": filled}
    return F.coalesce(*(F.when(F.col("keep") == keep, one) for keep, one in weights.items()))


def of(number: Column) -> Column:
    return F.struct(number.alias("first"), F.lit(0).cast("bigint").alias("then"))


def rank(rule: dict, source: str) -> int:
    """0 for the most trusted source. Sources that the rule does not name share the last rank."""
    sources = rule.get("sources", [])
    return sources.index(source) if source in sources else len(sources)


def fullness(value: str) -> tuple[int, int]:
    """How many leaves of a value are not blank; and, for a text, its length without the space around it."""
    parsed = read_json(value)
    return leaves(parsed), len(parsed.strip(SPACE)) if isinstance(parsed, str) else 0


def leaves(value: object) -> int:
    if isinstance(value, dict | list):
        return sum(map(leaves, value.values() if isinstance(value, dict) else value))
    return 0 if value is None or is_blank(value) else 1
