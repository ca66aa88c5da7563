"""How a job starts and ends its Spark session, and how it writes SQL and Python functions for Spark."""
