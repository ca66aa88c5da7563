"""Numbers that people and programs write as texts, as SQL. What may mean two numbers is none."""

from cdp.spark.sql import first_case, quoted

from cdp.values.text_in_sql import trimmed

PLAIN = r"^[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]{1,3})?$"
"""As JSON and programs write it, and no word that Java takes for a number besides: NaN, Infinity, 1d, 0x1p3."""
SHORT = "(?:kr|zł|Kč|Ft|Rs|RM|Rp|lei|лв|руб)[.]?"
CURRENCY = rf"^([+-]?)\s*(?:[A-Za-z]{{3}}(?![A-Za-z])|{SHORT}(?!\p{{L}})|[A-Z]{{0,3}}\p{{Sc}})?\s*([+-]?)|\s*(?:[A-Za-z]{{3}}|{SHORT}|\p{{Sc}})?\s*$"
"""A code, a sign or a short name before the amount, with the sign of the number before or after it, or behind the amount."""
PRINTED, TYPED = "\u2212\u00a0\u2007\u2009\u202f", "-    "
"""A minus and spaces as printers set them, and browsers write amounts for people; and as keyboards have them."""
GROUPED = (
    (r"^[+-]?[0-9]{1,3}((,[0-9]{3})+[.][0-9]+|(,[0-9]{3}){2,})$", "[,]"),
    (r"^[+-]?[0-9]{1,3}(([.][0-9]{3})+,[0-9]+|([.][0-9]{3}){2,})$", "[.]"),
    (r"^[+-]?[0-9]{1,3}([ '’][0-9]{3})+([.,][0-9]+)?$", "[ '’]"),
)
"""Thousands, and what parts them: told by a decimal sign of another kind, by a second group, or by a sign that only thousands have."""
DECIMAL_COMMA = r"^[+-]?(0,[0-9]+|[0-9]+,([0-9]{1,2}|[0-9]{4,}))$"
"""`1,234` is not among them: it is a thousand to some and one and a bit to others."""
THREE_DECIMALS = r"^[+-]?[1-9][0-9]{0,2}[.][0-9]{3}$"
"""The same with a point, where a currency shows that a person wrote it."""


def number(value: str, type_: str) -> str:
    """A text as a number of the type; null where it is none, means two, or does not fit."""
    text = f"translate({trimmed(value)}, {quoted(PRINTED)}, {quoted(TYPED)})"
    bare = f"regexp_replace({text}, {quoted(CURRENCY)}, '$1$2')"
    person = first_case(
        *((f"{bare} RLIKE {quoted(form)}", f"replace(regexp_replace({bare}, {quoted(sign)}, ''), ',', '.')") for form, sign in GROUPED),
        (f"{bare} RLIKE {quoted(DECIMAL_COMMA)}", f"replace({bare}, ',', '.')"),
        (f"{bare} RLIKE {quoted(PLAIN)} AND NOT {bare} RLIKE {quoted(THREE_DECIMALS)}", bare),
    )
    read = f"CAST({first_case((f'{text} RLIKE {quoted(PLAIN)}', text), otherwise=person)} AS {type_})"
    return finite(read) if type_ in ("double", "float") else read


def whole(value: str) -> str:
    """A text as a bigint; null where it is no number, or one with a fraction, or too large."""
    exact = number(value, "decimal(38,9)")
    # By its digits, for of a decimal that is too large Spark's own cast leaves the lower bits.
    return f"(CASE WHEN {exact} = floor({exact}) THEN CAST(CAST(floor({exact}) AS string) AS bigint) END)"


def finite(number: str) -> str:
    """A double; null where it is past all of them."""
    return f"nullif(nullif({number}, CAST('Infinity' AS double)), CAST('-Infinity' AS double))"
