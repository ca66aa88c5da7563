"""Profiles as events make them: their traits, which statement of a trait survives, and their segments."""
