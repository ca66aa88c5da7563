"""Decides which people are compared: those who share a key.

A key that too many people share does not count, so the work grows with the number of people and not with its square.
"""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

KEYS: dict[str, tuple[str, ...]] = {
    "strong_id": ("strong_id",),
    "email": ("email",),
    "phone": ("phone",),
    "birth_date": ("birth_date",),
    "names": ("given_name", "surname"),
    "given_name_born": ("given_name", "birth_date"),
    "surname_born": ("surname", "birth_date"),
    "surname_postcode": ("surname", "postcode"),
    "given_name_postcode": ("given_name", "postcode"),
    "street": ("street",),
    "address_line": ("address_line",),
    "surname_house": ("surname", "house_number"),
    "given_name_house": ("given_name", "house_number"),
    "city_house": ("city", "house_number"),
    "postcode_house": ("postcode", "house_number"),
}
"""The values that make each key."""
SHARED = 100
"""A key that more people share is left out: each of them would be compared with all others."""
BLOCKING_RULE = {"blocking_rule": "l.keys = r.keys", "arrays_to_explode": ["keys"], "sql_dialect": "spark"}
"""Tells Splink to compare people who have any key in common: each key of a list, in one join."""
TRAINING = ("strong_id", "birth_date", "names", "email", "phone", "street")
"""Keys that find pairs to learn from, the best first. The values of a key are learnt by the other keys."""


def keys_of(kinds: list[str]) -> list[str]:
    return [key for key, values in KEYS.items() if {*values} <= {*kinds}]


def with_keys(values: DataFrame, kinds: list[str], id_: str) -> DataFrame:
    """Adds `keys`, a list of `name:value`, of those keys that somebody else shares, but not too many do."""
    whole = F.array(*(F.concat(F.lit(f"{key}:"), value_of(KEYS[key])) for key in keys_of(kinds)))
    each = values.select(id_, F.explode(whole).alias("key")).where(F.col("key").isNotNull())
    shared = each.withColumn("people", F.count("*").over(Window.partitionBy("key"))).where(
        F.col("people").between(2, SHARED)
    )
    return values.join(shared.groupBy(id_).agg(F.array_sort(F.collect_list("key")).alias("keys")), id_, "left")


def with_one_key(people: DataFrame, key: str) -> DataFrame:
    """People who share this key with somebody, with their value of it as `key`."""
    return people.withColumn("key", F.explode(F.filter("keys", lambda one: one.startswith(f"{key}:")))).drop("keys")


def value_of(values: tuple[str, ...]) -> Column:
    """The values in one text. Names are sorted, because people exchange them."""
    whole = F.array(*values)
    text = F.array_join(F.array_sort(whole) if values == KEYS["names"] else whole, "|")
    return F.when(F.forall(whole, lambda value: value.isNotNull()), text)


def training_keys(kinds: list[str]) -> list[str]:
    """The keys whose pairs the model learns from, three at most."""
    return [key for key in TRAINING if key in keys_of(kinds)][:3]
