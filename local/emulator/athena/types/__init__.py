"""The types of a query's parts in Trino, and what it refuses by them. Nothing here knows DuckDB or MiniStack."""
