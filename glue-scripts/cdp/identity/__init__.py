"""Whom events name, and which events belong to one person."""
