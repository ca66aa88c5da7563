"""Looks values up in tables and Python libraries."""

import json
from collections.abc import Callable
from importlib.resources import files

from pyspark.sql import Column as Expression
from pyspark.sql import functions as F

from cdp.spark.isolated import isolated

REMEMBERED = 10_000


def read_data(name: str) -> dict[str, str]:
    """A table of `data/`, from what people write, in lower case, to its code."""
    return json.loads(files("cdp.cleaning.data").joinpath(f"{name}.json").read_text("utf-8"))


def known(codes: dict[str, str], key: Expression) -> Expression:
    """The code of a key; null for an unknown one."""
    return F.udf(lambda text: codes.get(text), "string")(key)


def computed(compute: Callable[..., object], type_: str, *keys: Expression) -> Expression:
    """What a Python function returns for the keys; null where the first key is null or the function throws.

    Values repeat often, so each worker remembers the latest results.
    """
    found: dict[tuple, object] = {}

    def remembered(*values: object) -> object:
        if values[0] is None:
            return None
        if values not in found:
            if len(found) == REMEMBERED:
                found.clear()
            found[values] = isolated(compute)(*values)
        return found[values]

    return F.udf(remembered, type_)(*keys)
