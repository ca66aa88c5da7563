"""Connected components of the graph of identifiers that are said together."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import DataFrame
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

ROWS = 1 << 18


def components(edges: DataFrame) -> DataFrame:
    """Each identifier of the edges and its `component`, which is named by its smallest identifier.

    One task holds the graph in memory, about 100 bytes an edge and 200 an identifier: that takes seconds for ten million edges.
    """
    return edges.select("a", "b").coalesce(1).mapInArrow(resolve, "identifier string, component string")


def resolve(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Components of all the edges of all batches."""
    taken = list(batches)
    if not taken:
        return
    # All chunks of the result have one dictionary.
    ends = pa.chunked_array([batch.column(end) for end in (0, 1) for batch in taken]).dictionary_encode()
    names = ends.chunk(0).dictionary
    codes = np.concatenate([chunk.indices.to_numpy(zero_copy_only=False) for chunk in ends.chunks])
    a, b = codes[: len(codes) // 2], codes[len(codes) // 2 :]
    count = len(names)
    found, labels = connected_components(coo_matrix((np.ones(len(a), np.int8), (a, b)), (count, count)), directed=False)
    smallest = smallest_of_each(names, labels, found)
    for start in range(0, count, ROWS):
        part = slice(start, start + ROWS)
        yield pa.record_batch([names[part], names.take(pa.array(smallest[labels[part]]))], ["identifier", "component"])


def smallest_of_each(names: pa.Array, labels: np.ndarray, count: int) -> np.ndarray:
    """For each label the place of the smallest name that has it."""
    order = pc.sort_indices(names).to_numpy()
    smallest = np.empty(count, np.int64)
    smallest[labels[order[::-1]]] = order[::-1]
    return smallest
