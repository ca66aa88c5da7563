"""The types of literals and casts, and of what is made of one value."""

import re

from sqlglot import exp

from emulator.athena.types.casts import castable
from emulator.athena.types.mismatch import Mismatch
from emulator.athena.types.trino_types import (
    BIGINT,
    DAYS,
    DOUBLE,
    INTEGER,
    MONTHS,
    NUMBERS,
    TIMES,
    KindOf,
    Type,
    decimal,
)
from emulator.athena.types.type_reading import type_of


def literal(node: exp.Literal, _of: KindOf) -> Type:
    if node.is_string:
        return Type("varchar", (len(node.this),))
    text = node.this.replace("_", "").lower()
    if "e" in text and not text.startswith("0x"):
        return DOUBLE
    if "." in text:
        whole, _, rest = text.partition(".")
        return decimal(max(len(whole.lstrip("0")) + len(rest), 1), len(rest))
    return INTEGER if len(text) < 19 and int(text, 0) <= 2**31 - 1 else BIGINT


def cast(node: exp.Cast, of_part: KindOf) -> Type | None:
    given = of_part(node.this)
    if node.this.is_string and node.args["to"].this == exp.DataType.Type.DECIMAL and not node.args["to"].expressions:
        digits = re.sub(r"[^\d.]", "", node.this.name)
        return literal(exp.Literal.number(digits if "." in digits else f"{digits}."), of_part)
    wanted = type_of(node.args["to"])
    if given and wanted and not castable(given, wanted):
        raise Mismatch(f"Cannot cast {given} to {wanted}")
    return wanted


def negative(node: exp.Neg, of_part: KindOf) -> Type | None:
    kind = of_part(node.this)
    if kind and kind.name not in (*NUMBERS, DAYS.name, MONTHS.name, "unknown"):
        raise Mismatch(f"Cannot negate {kind}")
    return kind


def extract(node: exp.Extract, of_part: KindOf) -> Type:
    kind = of_part(node.expression)
    if kind and kind.name not in (*TIMES, "time", "time with time zone", DAYS.name, MONTHS.name, "unknown"):
        raise Mismatch(f"Cannot extract {node.name.lower()} from {kind}")
    return BIGINT


def interval(node: exp.Interval, _of: KindOf) -> Type:
    return MONTHS if str(node.args.get("unit")).upper().startswith(("YEAR", "MONTH")) else DAYS
