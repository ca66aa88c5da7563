"""People of one household share surname, address and phone, and are not one person.

The pairs themselves show how often that happens.
"""

from functools import reduce
from math import log2
from operator import add

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

HOUSEHOLD = ("surname", "email", "phone", "house_number", "street", "address_line", "city", "postcode", "state")
"""Fields that people who live together may share."""
PERSONAL = ("given_name", "birth_date", "strong_id")
TOLD_APART = 2
"""People with this many personal values, all different, are certainly two."""
SHARES_HOME = 10
"""From this weight of the household's fields on, two people live together."""
RARE = 0.01
"""Below this share, disagreeing pairs are typing errors, not households."""
AGREE_AT_HOME = 0.6


def tempered(pairs: DataFrame, all_pairs: int) -> DataFrame:
    """The pairs with `score`, their probability. Where households exist, what a household shares counts only once."""
    shared = sum_of([weight(field, pairs) for field in HOUSEHOLD if f"gamma_{field}" in pairs.columns])
    apart = (known(pairs, -1) >= TOLD_APART) & (known(pairs, 0) == 0)
    seen = pairs.agg(
        F.count_if(apart & (shared >= SHARES_HOME)).alias("strangers"),
        F.count_if(F.col("match_probability") >= 0.5).alias("found"),
    ).first()
    if seen["strangers"] <= RARE * seen["found"]:
        return pairs.withColumn("score", F.col("match_probability"))
    # So often strangers share a home among all pairs; records of one person do so much more often.
    most = log2(AGREE_AT_HOME * all_pairs / seen["strangers"])
    whole = F.col("match_weight") - shared + F.least(shared, F.lit(most))
    return pairs.withColumn("score", 1 / (1 + F.pow(F.lit(2.0), -whole)))


def known(pairs: DataFrame, level: int) -> Column:
    """How many personal values agree better than this level; missing values are at level -1."""
    return sum_of(
        [(F.col(f"gamma_{field}") > level).cast("int") for field in PERSONAL if f"gamma_{field}" in pairs.columns]
    )


def weight(field: str, pairs: DataFrame) -> Column:
    """The binary logarithm of how much likelier this agreement is for one person than for two."""
    return sum_of([F.log2(name) for name in (f"bf_{field}", f"bf_tf_adj_{field}") if name in pairs.columns])


def sum_of(parts: list[Column]) -> Column:
    return reduce(add, parts, F.lit(0))
