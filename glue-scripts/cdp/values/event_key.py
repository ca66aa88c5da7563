"""Names events as definitions of segments do."""

from collections.abc import Mapping

from pyspark.sql import Row

Key = tuple[str, str | None]
"""A type of events and their name; None is any name."""


def keys_of(event: Mapping[str, str | None] | Row) -> tuple[Key, ...]:
    """The keys of a track call by its name; of a page or another call, without a name, by its type."""
    type_, name = event["type"], event["name"]
    if type_ == "track":
        return (("track", event["event"]),)
    return ((type_, None), (type_, name)) if name else ((type_, None),)
