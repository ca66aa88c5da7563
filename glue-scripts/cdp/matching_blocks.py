"""Which people are compared at all: those who share a key. A key that too many share is none, so that the work grows with the people and not with their square."""

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
"""Facts that make each key."""
SHARED = 100
"""A key of more people is left out: each of them would be compared with all others."""
TRAINING = ("strong_id", "birth_date", "names", "email", "phone", "street")
"""Keys by which pairs are found to learn from, the best first; what a key is made of is learnt by the others."""


def keys_of(kinds: list[str]) -> list[str]:
    return [key for key, facts in KEYS.items() if {*facts} <= {*kinds}]


def column(key: str) -> str:
    return f"key_{key}"


def with_keys(facts: DataFrame, kinds: list[str]) -> DataFrame:
    """Adds each key's column; null where a fact is missing or too many share it."""
    keys = keys_of(kinds)
    made = facts.withColumns({column(key): value_of(KEYS[key]) for key in keys})
    for key in keys:
        made = made.withColumn(column(key), F.when(F.count(column(key)).over(Window.partitionBy(column(key))) <= SHARED, F.col(column(key))))
    return made


def value_of(facts: tuple[str, ...]) -> Column:
    """The facts in one text; those of a name in the order of the alphabet, for they may be exchanged."""
    whole = F.array(*facts)
    text = F.array_join(F.array_sort(whole) if facts == KEYS["names"] else whole, "|")
    return F.when(F.forall(whole, lambda fact: fact.isNotNull()), text)


def same_key(key: str) -> str:
    """The condition for two people to be compared."""
    return f"l.{column(key)} = r.{column(key)}"


def training_keys(kinds: list[str]) -> list[str]:
    """Keys whose pairs are learnt from, three at the most."""
    return [key for key in TRAINING if key in keys_of(kinds)][:3]
