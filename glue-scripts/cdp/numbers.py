"""Numbers that people and programs write as texts, as SQL. What may mean two numbers is none."""

from cdp.sql import first_case, quoted

PLAIN = r"^[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]{1,3})?$"
"""As JSON and programs write it, and no word that Java takes for a number besides: NaN, Infinity, 1d, 0x1p3."""
CURRENCY = r"^([+-]?)\s*(?:[A-Za-z]{3}(?![A-Za-z])|[A-Z]{0,3}\p{Sc})?\s*([+-]?)|\s*(?:[A-Za-z]{3}|\p{Sc})?\s*$"
"""A code or sign before the amount, with the sign of the number before or after it, or behind the amount."""
GROUPED = (
    (r"^[+-]?[0-9]{1,3}((,[0-9]{3})+[.][0-9]+|(,[0-9]{3}){2,})$", "[,]"),
    (r"^[+-]?[0-9]{1,3}(([.][0-9]{3})+,[0-9]+|([.][0-9]{3}){2,})$", "[.]"),
    (r"^[+-]?[0-9]{1,3}([ '’\u00a0\u2009\u202f][0-9]{3})+([.,][0-9]+)?$", r"[ '’\u00a0\u2009\u202f]"),
)
"""Thousands, and what parts them: told by a decimal sign of another kind, by a second group, or by a sign that only thousands have."""
DECIMAL_COMMA = r"^[+-]?(0,[0-9]+|[0-9]+,([0-9]{1,2}|[0-9]{4,}))$"
"""`1,234` is not among them: it is a thousand to some and one and a bit to others."""
THREE_DECIMALS = r"^[+-]?[1-9][0-9]{0,2}[.][0-9]{3}$"
"""The same with a point, where a currency shows that a person wrote it."""


def number(value: str, type_: str) -> str:
    """A text as a number of the type; null where it is none, means two, or does not fit."""
    text = f"trim({value})"
    bare = f"regexp_replace({text}, {quoted(CURRENCY)}, '$1$2')"
    person = first_case(
        *((f"{bare} RLIKE {quoted(form)}", f"replace(regexp_replace({bare}, {quoted(sign)}, ''), ',', '.')") for form, sign in GROUPED),
        (f"{bare} RLIKE {quoted(DECIMAL_COMMA)}", f"replace({bare}, ',', '.')"),
        (f"{bare} RLIKE {quoted(PLAIN)} AND NOT {bare} RLIKE {quoted(THREE_DECIMALS)}", bare),
    )
    read = f"CAST({first_case((f'{text} RLIKE {quoted(PLAIN)}', text), otherwise=person)} AS {type_})"
    return f"nullif(nullif({read}, CAST('Infinity' AS double)), CAST('-Infinity' AS double))" if type_ in ("double", "float") else read
