"""What the jobs of the lake share: pure functions over DataFrames, and the tables they fill."""
