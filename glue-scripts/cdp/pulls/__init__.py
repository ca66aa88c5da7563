"""Reads APIs of sources: what changed since the last run, page by page, by guarded requests."""
