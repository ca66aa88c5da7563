"""Where a row stood: the stamp of the events that it becomes names it."""

from collections.abc import Mapping

from cdp.values.exact_json import write_json

PLACES = ("file", "line", "byte", "row")


def origin_of(told: Mapping[str, object]) -> str | None:
    """Where the row stood, JSON; None where its load does not say."""
    place = told.get("place")
    known = {name: place[name] for name in PLACES if name in place} if isinstance(place, dict) else {}
    return write_json(known) if isinstance(known.get("file"), str) else None
