"""People of one household share surname, address, phone number and more, and are not one person. How often that is so is seen in the pairs themselves."""

from functools import reduce
from math import log2
from operator import add

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

HOUSEHOLD = ("surname", "email", "phone", "house_number", "street", "address_line", "city", "postcode", "state")
"""Fields that people who live together may share."""
PERSONAL = ("given_name", "birth_date", "strong_id")
TOLD_APART = 2
"""So many personal values, all different, tell two people apart for sure."""
SHARES_HOME = 10
"""Weight from which on so much of the household's fields agree that two people live together."""
RARE = 0.01
"""As many strangers among the pairs found are slips of the keyboard, and no households."""
AGREE_AT_HOME = 0.6


def tempered(pairs: DataFrame, all_pairs: int) -> DataFrame:
    """The pairs with `score`: their probability, in which what a household shares counts no more than once where households are seen."""
    shared = sum_of([weight(field, pairs) for field in HOUSEHOLD if f"gamma_{field}" in pairs.columns])
    apart = (known(pairs, -1) >= TOLD_APART) & (known(pairs, 0) == 0)
    seen = pairs.agg(F.count_if(apart & (shared >= SHARES_HOME)).alias("strangers"), F.count_if(F.col("match_probability") >= 0.5).alias("found")).first()
    if seen["strangers"] <= RARE * seen["found"]:
        return pairs.withColumn("score", F.col("match_probability"))
    # So many strangers share a home among all pairs; records of one person do so much more often.
    most = log2(AGREE_AT_HOME * all_pairs / seen["strangers"])
    whole = F.col("match_weight") - shared + F.least(shared, F.lit(most))
    return pairs.withColumn("score", 1 / (1 + F.pow(F.lit(2.0), -whole)))


def known(pairs: DataFrame, level: int) -> Column:
    """How many personal values agree better than at this level; those that are missing are at level -1."""
    return sum_of([(F.col(f"gamma_{field}") > level).cast("int") for field in PERSONAL if f"gamma_{field}" in pairs.columns])


def weight(field: str, pairs: DataFrame) -> Column:
    """The binary logarithm of how much likelier it is for one person than for two that they agree so in this field."""
    return sum_of([F.log2(name) for name in (f"bf_{field}", f"bf_tf_adj_{field}") if name in pairs.columns])


def sum_of(parts: list[Column]) -> Column:
    return reduce(add, parts, F.lit(0))
