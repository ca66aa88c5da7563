"""A view keeps the columns that it had when it was made; Athena refuses it when its query gives others."""

from collections.abc import Mapping, Sequence

from emulator.athena.grammar.statements import QueryFailed
from emulator.athena.types.trino_types import Type, common
from emulator.athena.types.type_reading import read_type


def check_view(
    name: str, declared: Sequence[Mapping[str, str]] | None, outputs: Sequence[tuple[str, Type | None]]
) -> None:
    """@raises QueryFailed when a view's query gives other columns, or other types, than the view declares"""
    if declared is None or not outputs:
        return
    stale = f"INVALID_VIEW: View '{name}' is stale or in invalid state:"
    if len(declared) != len(outputs):
        raise QueryFailed(
            f"{stale} stored view column count ({len(declared)}) does not match "
            f"column count derived from the view query analysis ({len(outputs)})"
        )
    for place, (column, (given, kind)) in enumerate(zip(declared, outputs, strict=True)):
        wanted = read_type(column["type"])
        if kind is not None and not is_taken_for(kind, wanted):
            raise QueryFailed(
                f"{stale} column [{given}] of type {kind} projected from query view at position {place} "
                f"cannot be coerced to column [{column['name']}] of type {wanted} stored in view definition"
            )


def is_taken_for(kind: Type, wanted: Type) -> bool:
    """Whether a value of a type is one of the wanted type without a cast; lengths and precisions may grow."""
    return common(kind, wanted) == wanted or (kind.name == wanted.name == "varchar" and not wanted.parts)
