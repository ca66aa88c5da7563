"""The lake's Iceberg tables: how they are declared and created, and how rows come into them."""
