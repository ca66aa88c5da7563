"""How lines of the raw zone become clean events: they are read, judged, filled, standardized, enriched and counted."""
