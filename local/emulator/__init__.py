"""MiniStack, started with the extensions that make it behave as AWS documents where the platform depends on it."""
