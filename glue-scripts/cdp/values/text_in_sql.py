"""Reads texts in Spark SQL as the stream does; `text` is the same for Python."""

from cdp.spark.sql import quoted
from cdp.values.text import SPACE


def is_blank(value: str) -> str:
    """Whether a value is null or a text that holds only white space."""
    return f"({value} IS NULL OR {trimmed(f'CAST({value} AS string)')} = '')"


def trimmed(value: str) -> str:
    """A text without the white space around it, as the stream trims; Spark's own `trim` removes only spaces."""
    return f"trim(BOTH {quoted(SPACE)} FROM {value})"


def is_longer(value: str, most: int) -> str:
    """Whether a text has more UTF-16 units than `most`: the stream counts a sign beyond U+FFFF twice."""
    return f"(length({value}) > {most // 2} AND octet_length(encode({value}, 'UTF-16BE')) > {2 * most})"
