"""The types of a query's parts as Trino sees them, and what it refuses by them. Nothing here knows DuckDB or the emulator."""
