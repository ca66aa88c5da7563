"""What Debezium and DMS write of changes of rows, and where each change is in the database's log."""
