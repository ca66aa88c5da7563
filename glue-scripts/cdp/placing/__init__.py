"""Runs of the job `identities`: whom one places, and the tables that show it."""
