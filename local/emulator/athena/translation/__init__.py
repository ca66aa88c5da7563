"""Translates a query whose parts have types, so that DuckDB gives the answer that Trino gives."""
