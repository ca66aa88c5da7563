"""What the jobs of the lake share, in rooms: pure functions over DataFrames, which know neither AWS nor the time."""
