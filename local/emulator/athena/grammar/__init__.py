"""Trino's grammar and the names of its functions: what can be checked without tables and types."""
