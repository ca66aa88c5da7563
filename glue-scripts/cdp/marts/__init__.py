"""The marts: what analysts ask about people's events, one pure module for each."""
