"""SQL that reads numbers from texts that people and programs wrote. A text that could mean two numbers is no number."""

from cdp.spark.sql import first_case, quoted
from cdp.values.text_in_sql import trimmed

PLAIN = r"^[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]{1,3})?$"
"""The form of JSON and programs, without the words that Java accepts as numbers: NaN, Infinity, 1d, 0x1p3."""
SHORT = "(?:kr|zł|Kč|Ft|Rs|RM|Rp|lei|лв|руб)[.]?"
CURRENCY = (
    rf"^([+-]?)\s*(?:[A-Za-z]{{3}}(?![A-Za-z])|{SHORT}(?!\p{{L}})|[A-Z]{{0,3}}\p{{Sc}})?\s*([+-]?)"
    rf"|\s*(?:[A-Za-z]{{3}}|{SHORT}|\p{{Sc}})?\s*$"
)
"""A code, a sign or a short name of a currency before or after the amount.

The number's sign stands on either side of it.
"""
PRINTED, TYPED = "\u2212\u00a0\u2007\u2009\u202f", "-    "
"""A minus and spaces as printers and browsers set them, and as keyboards have them."""
GROUPED = (
    (r"^[+-]?[0-9]{1,3}((,[0-9]{3})+[.][0-9]+|(,[0-9]{3}){2,})$", "[,]"),
    (r"^[+-]?[0-9]{1,3}(([.][0-9]{3})+,[0-9]+|([.][0-9]{3}){2,})$", "[.]"),
    (r"^[+-]?[0-9]{1,3}([ '’][0-9]{3})+([.,][0-9]+)?$", "[ '’]"),
)
"""Forms with groups of thousands, and their separators.

A decimal sign of another kind, a second group, or a sign that only thousands have makes them clear.
"""
DECIMAL_COMMA = r"^[+-]?(0,[0-9]+|[0-9]+,([0-9]{1,2}|[0-9]{4,}))$"
"""`1,234` is not among them: to some it is a thousand, to others a little more than one."""
THREE_DECIMALS = r"^[+-]?[1-9][0-9]{0,2}[.][0-9]{3}$"
"""Three decimals after a point, as ambiguous where a currency shows that a person wrote the number."""


def number(value: str, type_: str) -> str:
    """A text as a number of the type; null where it is no number, could mean two, or does not fit."""
    text = f"translate({trimmed(value)}, {quoted(PRINTED)}, {quoted(TYPED)})"
    bare = f"regexp_replace({text}, {quoted(CURRENCY)}, '$1$2')"
    person = first_case(
        *(
            (f"{bare} RLIKE {quoted(form)}", f"replace(regexp_replace({bare}, {quoted(sign)}, ''), ',', '.')")
            for form, sign in GROUPED
        ),
        (f"{bare} RLIKE {quoted(DECIMAL_COMMA)}", f"replace({bare}, ',', '.')"),
        (f"{bare} RLIKE {quoted(PLAIN)} AND NOT {bare} RLIKE {quoted(THREE_DECIMALS)}", bare),
    )
    read = f"CAST({first_case((f'{text} RLIKE {quoted(PLAIN)}', text), otherwise=person)} AS {type_})"
    return finite(read) if type_ in ("double", "float") else read


def whole(value: str) -> str:
    """A text as a bigint; null where it is no number, has a fraction, or is too large."""
    exact = number(value, "decimal(38,9)")
    # Through its digits: Spark's cast of a decimal that is too large keeps only the lower bits.
    return f"(CASE WHEN {exact} = floor({exact}) THEN CAST(CAST(floor({exact}) AS string) AS bigint) END)"


def finite(number: str) -> str:
    """A finite double; null beyond the largest double."""
    return f"nullif(nullif({number}, CAST('Infinity' AS double)), CAST('-Infinity' AS double))"
