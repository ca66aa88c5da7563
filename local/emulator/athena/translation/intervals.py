"""Intervals as Trino reads and writes them: months, or milliseconds."""

import re

from sqlglot import exp

from emulator.athena.grammar.statements import QueryFailed

_MONTHS = {"YEAR": 12, "MONTH": 1}
_MILLISECONDS = {"DAY": 86_400_000, "HOUR": 3_600_000, "MINUTE": 60_000, "SECOND": 1000}
_ORDER = tuple(_MILLISECONDS)


def as_interval(node: exp.Interval) -> exp.Expression:
    """The interval that a literal says, whose parts may be several. @raises QueryFailed"""
    text, unit = node.name.strip(), str(node.args.get("unit")).upper()
    first, _, last = unit.partition(" TO ")
    sign = -1 if text.startswith("-") else 1
    parts = re.split(r"[-: ]", text.lstrip("+-"))
    table = _MONTHS if first in _MONTHS else _MILLISECONDS
    units = list(table)[list(table).index(first) : list(table).index(last or first) + 1]
    if len(parts) != len(units) or not all(
        re.fullmatch(r"\d+" if each != "SECOND" else r"\d+(\.\d{1,3})?", part)
        for part, each in zip(parts, units, strict=True)
    ):
        raise QueryFailed(f"INVALID_LITERAL: '{node.name}' is not a valid INTERVAL literal")
    amount = sign * sum(round(float(part) * table[each]) for part, each in zip(parts, units, strict=True))
    months = exp.Literal.number(abs(amount)) if amount >= 0 else exp.Neg(this=exp.Literal.number(abs(amount)))
    return exp.Anonymous(this="cdp_months" if table is _MONTHS else "cdp_milliseconds", expressions=[months])


def months_text(months: int) -> str:
    return f"{'-' if months < 0 else ''}{abs(months) // 12}-{abs(months) % 12}"


def days_text(milliseconds: int) -> str:
    rest = abs(milliseconds)
    days, rest = divmod(rest, 86_400_000)
    hours, rest = divmod(rest, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    return f"{'-' if milliseconds < 0 else ''}{days} {hours:02d}:{minutes:02d}:{rest // 1000:02d}.{rest % 1000:03d}"
