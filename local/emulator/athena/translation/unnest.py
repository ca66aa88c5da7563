"""UNNEST as Trino has it: a row becomes its fields, a map its keys and values."""

from collections.abc import Callable

from sqlglot import exp

from emulator.athena.types.trino_types import Type


def unnested(node: exp.Unnest, kind_of: Callable[[exp.Expression], Type | None]) -> exp.Expression:
    """A subquery of the same columns where a value is of rows or a map; DuckDB makes one column of each."""
    kinds = [kind_of(each) for each in node.expressions]
    alias = node.args.get("alias")
    if None in kinds or not alias or not (len(kinds) > 1 or any(_is_several(kind) for kind in kinds)):
        return node
    names = [each.name for each in alias.columns] or [field for kind in kinds for field in _fields(kind)]
    if not all(isinstance(name, str) and name for name in names):
        return node
    values, columns = [], []
    for at, (kind, each) in enumerate(zip(kinds, node.expressions, strict=True)):
        source = exp.Anonymous(this="map_entries", expressions=[each.copy()]) if kind.name == "map" else each.copy()
        values.append(exp.alias_(exp.Anonymous(this="cdp_unnest", expressions=[source]), f"v{at}"))
        fields = _fields(kind)
        columns += [_column(f"v{at}", field, names[len(columns) + place]) for place, field in enumerate(fields)]
    inner = exp.Select(expressions=values)
    if node.args.get("offset"):
        columns.append(
            exp.alias_(exp.column("n"), names[-1] if len(names) > len(columns) else node.args["offset"].name)
        )
        values.append(
            exp.alias_(
                exp.Anonymous(this="cdp_places", expressions=[each.copy() for each in values[0].this.expressions]), "n"
            )
        )
        inner = exp.Select(expressions=values)
    made = exp.Select(expressions=columns).from_(
        exp.Subquery(this=inner, alias=exp.TableAlias(this=exp.to_identifier("u")))
    )
    return exp.Lateral(this=exp.Subquery(this=made), alias=exp.TableAlias(this=alias.this.copy()))


def _is_several(kind: Type) -> bool:
    return kind.name == "map" or isinstance(kind.parts[0], Type) and kind.parts[0].name == "row"


def _fields(kind: Type) -> list[str | int]:
    if kind.name == "map":
        return ["key", "value"]
    inner = kind.parts[0]
    return [name or at for at, (name, _kind) in enumerate(inner.parts, start=1)] if inner.name == "row" else [""]


def _column(value: str, field: str | int, name: str) -> exp.Expression:
    if field == "":
        return exp.alias_(exp.column(value), name)
    place = exp.Literal.number(field) if isinstance(field, int) else exp.Literal.string(field)
    return exp.alias_(exp.Anonymous(this="struct_extract", expressions=[exp.column(value), place]), name)
