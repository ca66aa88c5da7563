"""Which type Trino casts to which."""

from emulator.athena.types.trino_types import NUMBERS, TIMESTAMPTZ, Type

_TIMES = {"timestamp", TIMESTAMPTZ}
_TO = {
    **{name: {*NUMBERS, "boolean", "json"} for name in NUMBERS},
    "boolean": {*NUMBERS, "boolean", "json"},
    "date": {"date", *_TIMES, "json"},
    "timestamp": {"date", "time", "time with time zone", *_TIMES, "json"},
    TIMESTAMPTZ: {"date", "time", "time with time zone", *_TIMES},
    "time": {"time", "time with time zone", *_TIMES},
    "varbinary": {"varbinary", "hyperloglog", "uuid", "ipaddress"},
    "interval day to second": {"interval day to second"},
    "interval year to month": {"interval year to month"},
    "uuid": {"uuid", "varbinary"},
}
_NO_TEXT = {"varbinary", "array", "map", "row"}


def castable(given: Type, wanted: Type) -> bool:
    """Whether CAST is there for two types; whether a value of one is one of the other is seen when it runs."""
    if "unknown" in (given.name, wanted.name) or given == wanted:
        return True
    if given.name in ("varchar", "char"):
        return wanted.name not in (
            "array",
            "map",
            "row",
            "interval day to second",
            "interval year to month",
            "varbinary",
        )
    if wanted.name in ("varchar", "char"):
        return given.name not in _NO_TEXT
    if given.name == "json":
        return wanted.name in {*NUMBERS, "boolean", "date", "timestamp", "array", "map", "row", "json"}
    if given.name in ("array", "map", "row"):
        return _nested(given, wanted)
    return wanted.name in _TO.get(given.name, {wanted.name})


def _nested(given: Type, wanted: Type) -> bool:
    if wanted.name == "json":
        return True
    if given.name != wanted.name or len(given.parts) != len(wanted.parts):
        return False
    pairs = zip(given.parts, wanted.parts, strict=True)
    return all(
        castable(one[1] if isinstance(one, tuple) else one, other[1] if isinstance(other, tuple) else other)
        for one, other in pairs
    )
