"""DuckDB's types."""

from emulator.athena.types.trino_types import Type, zone_of


def in_duckdb(kind: Type) -> str | None:
    """What DuckDB has for it; None where there is nothing or no need."""
    nested = kind.parts if kind.name in ("array", "map") else ()
    inner = [in_duckdb(part) for part in nested]
    if None in inner:
        return None
    match kind.name:
        case (
            "boolean" | "tinyint" | "smallint" | "integer" | "bigint" | "real" | "double" | "date" | "varchar" | "uuid"
        ):
            return kind.name.upper()
        case "decimal":
            return f"DECIMAL({kind.parts[0]}, {kind.parts[1]})"
        case "timestamp" | "timestamp with time zone":
            return kind.name.upper() if zone_of(kind) is None else "TIMESTAMP"
        case "array":
            return f"{inner[0]}[]"
        case "map":
            return f"MAP({inner[0]}, {inner[1]})"
    return None
