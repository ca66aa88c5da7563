"""Lines of the raw zone become clean events: read, judged, filled, standardized, enriched, derived and counted."""
