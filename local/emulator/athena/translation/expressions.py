"""What a rewritten query is put together from."""

from sqlglot import exp

from emulator.athena.translation.duckdb_types import in_duckdb
from emulator.athena.types.trino_types import DAYS, MONTHS, TIMES, KindOf, Type, common, zone_of

# Intervals come out as numbers, which are then written as Trino writes them.
COUNTED = {MONTHS: "cdp_month_count", DAYS: "cdp_millisecond_count"}


def as_type(node: exp.Expression, kind: Type) -> exp.Expression:
    """A value cast to what DuckDB has for a type."""
    made = exp.Cast(this=node, to=exp.DataType.build(in_duckdb(kind), dialect="duckdb"))
    made.meta["part"] = node.meta.get("part", -1)
    return made


def call(name: str, *given: exp.Expression) -> exp.Anonymous:
    """A call of a function, the values copied."""
    return exp.Anonymous(this=name, expressions=[each.copy() for each in given])


def numbered(made: exp.Expression, node: exp.Expression) -> exp.Expression:
    """A part in the place of another, whose type it has."""
    made.meta["part"] = node.meta.get("part", -1)
    return made


def meet(parts: list[exp.Expression], kind_of: KindOf) -> None:
    """Gives times of several kinds the one that Trino takes them for."""
    kinds = [kind_of(part) for part in parts]
    if (
        None in kinds
        or not {kind.name for kind in kinds} <= {*TIMES, "unknown"}
        or len({(kind.name, zone_of(kind)) for kind in kinds}) < 2
    ):
        return
    met = kinds[0]
    for kind in kinds[1:]:
        met = common(met, kind)
    for part, kind in zip(parts, kinds, strict=True):
        if zone_of(kind):
            part.replace(instant(part, kind))
        elif kind.name not in (met.name, "unknown"):
            part.replace(as_type(part.copy(), met))


def instant(part: exp.Expression, kind: Type) -> exp.Expression:
    """The instant of a time on the wall of a zone."""
    return exp.AtTimeZone(this=exp.Paren(this=part.copy()), zone=exp.Literal.string(zone_of(kind)))
