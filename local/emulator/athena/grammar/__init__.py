"""Trino's SQL: its grammar, its functions and the types of a query's parts. Nothing here knows DuckDB or the emulator."""
