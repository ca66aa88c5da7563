"""Trino's grammar and the names of its functions: what is a statement, before anything is known of tables and types."""
