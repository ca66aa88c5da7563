"""A query of Trino's, whose parts have types, in words by which DuckDB gives the same answer."""
