"""The lake's Iceberg tables: how they are declared and created, and how rows come into them.

declared/ has one JSON file for each table: what a row is, its key, its partitions, and each column's type, meaning
and origin.
"""
