"""Parts of Spark SQL as texts, for each part that PySpark puts together is a call to Java."""

from cdp.text import SPACE


def quoted(text: str) -> str:
    """A text as a literal."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def identifier(name: str) -> str:
    """A name, whatever it is made of."""
    escaped = name.replace("`", "``")
    return f"`{escaped}`"


def is_blank(value: str) -> str:
    """Whether a value is null or a text of nothing but white space."""
    return f"({value} IS NULL OR {trimmed(f'CAST({value} AS string)')} = '')"


def trimmed(value: str) -> str:
    """A text without the white space around it, as the stream trims; Spark's own `trim` takes the space alone."""
    return f"trim(BOTH {quoted(SPACE)} FROM {value})"


def is_longer(value: str, most: int) -> str:
    """Whether a text is longer than so many characters as the stream counts, for which a sign beyond U+FFFF is two."""
    return f"(length({value}) > {most // 2} AND octet_length(encode({value}, 'UTF-16BE')) > {2 * most})"


def first_case(*cases: tuple[str, str], otherwise: str = "NULL") -> str:
    """The value of the first condition that holds."""
    return f"CASE {' '.join(f'WHEN {condition} THEN {value}' for condition, value in cases)} ELSE {otherwise} END"
