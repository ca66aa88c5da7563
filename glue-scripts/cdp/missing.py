"""What stands for a value that is not there, as `lake.missing` declares it. Rules that drop are the judge's: `required`."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from cdp.events import is_blank
from cdp.quality import CHANGED, UNCHANGED, outcome_column
from cdp.schema import identifier


def required(rules: list[dict]) -> list[str]:
    """Columns without which an event is dropped, that is rejected."""
    return [rule["column"] for rule in rules if rule["action"] == "drop"]


def fill_missing(rows: DataFrame, rules: list[dict]) -> DataFrame:
    """Puts the default, or `unknown`, where a value is null or blank."""
    types = dict(rows.dtypes)
    for rule in rules:
        if rule["action"] == "drop":
            continue
        column = rule["column"]
        value, blank = F.col(f"`{column}`"), F.expr(is_blank(identifier(column)))
        stand_in = F.lit(rule["value"] if rule["action"] == "default" else "unknown").cast(types[column])
        outcome = F.when(blank, CHANGED).otherwise(UNCHANGED)
        rows = rows.withColumns({outcome_column("missing", column): outcome, column: F.when(blank, stand_in).otherwise(value)})
    return rows
