"""Replaces values that are missing, as `lake.missing` declares. Its rules that drop events are `required`."""

import json
from collections.abc import Mapping

from cdp.cleaning.column_steps import Step
from cdp.cleaning.quality import CHANGED, UNCHANGED, outcome_column
from cdp.spark.sql import first_case, identifier, quoted
from cdp.values.text_in_sql import is_blank


def required(rules: list[dict]) -> list[str]:
    """Columns that an event must have; events without a value are rejected."""
    return [rule["column"] for rule in rules if rule["action"] == "drop"]


def fill_missing(rules: list[dict], types: Mapping[str, str]) -> list[Step]:
    """Steps that put the default, or `unknown`, where a value is null or blank. `types` are the columns' types."""
    return [fill(rule, types[rule["column"]]) for rule in rules if rule["action"] != "drop"]


def fill(rule: dict, type_: str) -> Step:
    name, column = rule["column"], identifier(rule["column"])
    value = rule["value"] if rule["action"] == "default" else "unknown"
    stand_in = f"CAST({quoted(value if isinstance(value, str) else json.dumps(value))} AS {type_})"
    blank = is_blank(column)
    outcome = first_case((blank, quoted(CHANGED)), otherwise=quoted(UNCHANGED))
    return Step(
        (name,), {outcome_column("missing", name): outcome, name: first_case((blank, stand_in), otherwise=column)}
    )
