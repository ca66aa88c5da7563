"""The marts: what analysts ask of people's events, one pure module each."""
