"""Erases people from the lake's tables, and proves it."""
