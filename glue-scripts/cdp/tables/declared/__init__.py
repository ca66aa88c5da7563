"""The tables of the lake, a JSON file each: what a row is, its key, its partitions, and each column's type, meaning and origin."""
