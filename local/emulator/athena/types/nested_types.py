"""The types of arrays, rows and maps, and of what is taken out of them."""

from sqlglot import exp

from emulator.athena.types.common_types import joint
from emulator.athena.types.mismatch import Mismatch
from emulator.athena.types.trino_types import KindOf, Type, common


def array(node: exp.Array, of_part: KindOf) -> Type | None:
    inner = joint("ARRAY", [of_part(part) for part in node.expressions])
    return Type("array", (inner,)) if inner else None


def row(node: exp.Tuple, of_part: KindOf) -> Type | None:
    kinds = [of_part(part) for part in node.expressions]
    return Type("row", tuple(("", kind) for kind in kinds)) if all(kinds) else None


def subscript(node: exp.Bracket, of_part: KindOf) -> Type | None:
    base, index = of_part(node.this), [of_part(part) for part in node.expressions]
    if base is None or base.name not in ("array", "map", "row"):
        return None
    if base.name == "map" and index[0] and common(base.parts[0], index[0]) is None:
        raise Mismatch(f"Cannot use {index[0]} for subscript of {base}")
    return base.parts[-1] if base.name != "row" else None


def field(node: exp.Dot, of_part: KindOf) -> Type | None:
    base = of_part(node.this)
    return dict(base.parts).get(node.name.lower()) if base and base.name == "row" else None
