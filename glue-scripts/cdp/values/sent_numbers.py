"""Carries numbers through Spark as they were sent: Spark reads JSON's fractions as doubles."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from cdp.spark.sql import first_case, identifier, quoted

LINE, MARK = "»line", "»mark"
"""Helper columns, dropped when the line is read."""
TOKEN = (
    r'("[^"\\]*+(?:\\.[^"\\]*+)*+")'
    r"|((?<![\d.eE+-])-?(?:0|[1-9]\d*)(?:\.\d+(?:[eE][+-]?\d+)?|[eE][+-]?\d+)(?![\d.eE+-]))"
)
"""A text in JSON, or a number with a fraction or an exponent, which Spark would read as a double."""
DECIMAL = r"[:,\[]\s*-?\d+[.eE]"
"""Matches lines that hold such a number."""


def keep_digits(lines: DataFrame) -> DataFrame:
    """Adds the line with such numbers as texts, which Spark leaves alone.

    The line's own hash marks them: no line can hold it.
    """
    mark = "concat('#', line_hash, ':')"
    both = f"""regexp_replace(line, {quoted(TOKEN)}, concat('$1"', {mark}, '$2"'))"""
    marked = f"""replace({both}, concat('"', {mark}, '"'))"""
    has_any = f"line RLIKE {quoted(DECIMAL)}"
    return lines.withColumns(
        {
            LINE: F.expr(f"CASE WHEN {has_any} THEN {marked} ELSE line END"),
            MARK: F.expr(f"""CASE WHEN {has_any} THEN concat('"?', {mark}, '([-+.0-9eE]*)"?') END"""),
        }
    )


def as_sent(value: str, type_: str = "string") -> str:
    """A value with its numbers as they were sent."""
    plain = f"regexp_replace({{}}, {identifier(MARK)}, '$1')".format
    sent = f"transform({value}, one -> {plain('one')})" if type_ == "array<string>" else plain(value)
    return first_case((f"{identifier(MARK)} IS NULL", value), otherwise=sent)
