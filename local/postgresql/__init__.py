"""A real PostgreSQL on this machine, from an archive that Maven Central has."""
