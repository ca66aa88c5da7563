"""CAST from and to texts: DuckDB reads more than Trino does, and writes otherwise."""

from sqlglot import exp

from emulator.athena.types.trino_types import TIMESTAMPTZ, WHOLE, Type, zone_of

_DATE = r"\s*[+-]?\d{4,}-\d{1,2}-\d{1,2}"
_TIME = r"(?: \d{1,2}:\d{1,2}(?::\d{1,2}(?:\.\d+)?)?)?"
_PATTERNS = {
    **dict.fromkeys(WHOLE, (r"\s*[+-]?\d+\s*", "Cannot cast '%' to {}")),
    "boolean": (r"(?i)true|false|t|f|1|0", "Cannot cast '%' to BOOLEAN"),
    "double": (r"(?i)\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?[df]?\s*|[+-]?Infinity|NaN", "Cannot cast '%' to DOUBLE"),
    "real": (r"(?i)\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?[df]?\s*|[+-]?Infinity|NaN", "Cannot cast '%' to REAL"),
    "decimal": (
        r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*",
        "Cannot cast VARCHAR '%' to DECIMAL. Value is not a number.",
    ),
    "date": (_DATE + r"\s*", "Value cannot be cast to date: %"),
    "timestamp": (_DATE + _TIME + r"\s*", "Value cannot be cast to timestamp: %"),
    TIMESTAMPTZ: (
        _DATE + _TIME + r"(?: ?(?:[+-]\d{1,2}(?::?\d{2})?|[A-Za-z][\w/+:-]*))?\s*",
        "Value cannot be cast to timestamp with time zone: %",
    ),
}
_NAMES = {"integer": "INT"}


def cast_from_text(node: exp.Cast, wanted: Type) -> exp.Expression:
    """Reads what Trino reads, and fails with its words on the rest (or gives null, with TRY_CAST)."""
    known = _PATTERNS.get(wanted.name)
    if known is None:
        return exp.Anonymous(this="to_json", expressions=[node.this.copy()]) if wanted.name == "json" else node
    pattern, words = known
    tried = "cdp_text_or_null" if isinstance(node, exp.TryCast) else "cdp_text"
    words = words.format(_NAMES.get(wanted.name, wanted.name.upper()))
    checked = [node.this.copy(), exp.Literal.string(pattern), exp.Literal.string(words)]
    node.this.replace(exp.Anonymous(this=tried, expressions=checked[: 2 if tried.endswith("null") else 3]))
    return node


def cast_to_text(node: exp.Cast, given: Type, wanted: Type) -> exp.Expression:
    """Writes as Trino does; a text that is too long is cut."""
    made: exp.Expression = node
    match given.name:
        case "double" | "real":
            made = exp.Anonymous(
                this="cdp_double_text",
                expressions=[
                    exp.cast(
                        exp.cast(node.this.copy(), "varchar") if given.name == "real" else node.this.copy(), "double"
                    )
                ],
            )
        case "timestamp" | "timestamp with time zone":
            made = exp.Anonymous(
                this="cdp_time_text",
                expressions=[
                    node.this.copy(),
                    exp.Literal.number(given.parts[0] if given.parts else 3),
                    exp.Literal.string(f" {zone_of(given) or 'UTC'}" if given.name == TIMESTAMPTZ else ""),
                ],
            )
        case "json":
            made = exp.Anonymous(this="json_extract_scalar", expressions=[node.this.copy(), exp.Literal.string("$")])
    if wanted.parts and given.name in ("varchar", "char"):
        return exp.Anonymous(
            this="substr",
            expressions=[
                made.this.copy() if made is node else made,
                exp.Literal.number(1),
                exp.Literal.number(wanted.parts[0]),
            ],
        )
    if wanted.parts:
        text = made if made is not node else exp.cast(node.this.copy(), "varchar")
        words = exp.Literal.string(f"Value % cannot be represented as {wanted}")
        return exp.Anonymous(
            this="cdp_text", expressions=[text, exp.Literal.string(f".{{0,{wanted.parts[0]}}}"), words]
        )
    return made
