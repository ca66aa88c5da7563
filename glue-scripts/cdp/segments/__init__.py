"""Segments and computed traits from the list of a person's events, by the definitions of `lambdas/core/segments`."""
