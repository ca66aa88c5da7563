"""Values that a table or a Python library knows: looked up once for each distinct value, not for each row."""

import json
from collections.abc import Callable
from importlib.resources import files

from pyspark.sql import Column as Expression
from pyspark.sql import DataFrame
from pyspark.sql import functions as F


def read_data(name: str) -> dict[str, str]:
    """A table of `data/`: what people write, in lower case, to its code."""
    return json.loads(files("cdp.data").joinpath(f"{name}.json").read_text("utf-8"))


def with_known(rows: DataFrame, known: dict[str, str], key: Expression, name: str) -> DataFrame:
    """Adds a column `name` with what is known of `key`; null where nothing is."""
    table = rows.sparkSession.createDataFrame(sorted(known.items()), "`lookup/key` string, `lookup/value` string")
    joined = rows.withColumn("lookup/of", key).join(F.broadcast(table), F.col("lookup/of") == F.col("lookup/key"), "left")
    return joined.withColumn(name, F.col("lookup/value")).drop("lookup/of", "lookup/key", "lookup/value")


def with_computed(rows: DataFrame, compute: Callable[..., object], type_: str, keys: list[Expression], name: str) -> DataFrame:
    """Adds a column `name` of a type with what a Python function makes of the keys; null where the first key is null."""
    names = [f"lookup/key{n}" for n in range(len(keys))]
    keyed = rows.withColumns(dict(zip(names, keys, strict=True)))
    distinct = keyed.select(*(F.col(f"`{key}`") for key in names)).where(F.col(f"`{names[0]}`").isNotNull()).distinct()
    computed = distinct.withColumn(name, F.udf(compute, type_)(*(F.col(f"`{key}`") for key in names)))
    renamed = computed.toDF(*(f"{key}/right" for key in names), name)
    same = [F.col(f"`{key}`").eqNullSafe(F.col(f"`{key}/right`")) for key in names]
    condition = same[0]
    for further in same[1:]:
        condition = condition & further
    return keyed.join(renamed, condition, "left").drop(*names, *(f"{key}/right" for key in names))
