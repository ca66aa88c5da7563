"""Reads what Firehose wrote to the lake: its objects, and their lines."""
