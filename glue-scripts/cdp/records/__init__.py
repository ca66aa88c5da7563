"""Keeps the last version of each record of a source, and finds what changed: only that goes on."""
