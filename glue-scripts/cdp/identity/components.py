"""Connected components of the graph whose edges join identifiers of one event."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

PARTS = 64
"""Identifiers are numbered and sorted in this many parts, so that each part fits the processor's cache."""
ROWS = 1 << 18


def components(edges: DataFrame) -> DataFrame:
    """Each identifier of the edges and its `component`, named by its smallest identifier.

    One task holds the graph in memory: about 100 bytes for each edge and 200 for each identifier. Ten million edges
    take seconds.
    """
    ends = edges.select("a", "b", part_of("a"), part_of("b"))
    return ends.coalesce(1).mapInArrow(resolve, "identifier string, component string")


def part_of(end: str) -> Column:
    return F.pmod(F.hash(end), F.lit(PARTS)).cast("byte")


def resolve(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Components of the edges of all batches. A batch has both ends of its edges and the part of each."""
    by_part: list[list[tuple[np.ndarray, pa.Array]]] = [[] for _ in range(PARTS)]
    edges = 0
    for batch in batches:
        for end in (0, 1):
            for one, (rows, names) in zip(
                by_part, split(batch.column(end + 2).to_numpy(), batch.column(end)), strict=True
            ):
                one.append((2 * (edges + rows) + end, names))
        edges += batch.num_rows
    if edges == 0:
        return
    names, numbers = numbered(by_part, 2 * edges)
    graph = coo_matrix((np.ones(edges, np.int8), (numbers[::2], numbers[1::2])), (len(names), len(names)))
    found, labels = connected_components(graph, directed=False)
    smallest = smallest_of_each(names, labels, found)
    for start in range(0, len(names), ROWS):
        part = slice(start, start + ROWS)
        both = (names[part], names.take(pa.array(smallest[labels[part]])))
        yield pa.record_batch([column.cast(pa.string()) for column in both], ["identifier", "component"])


def split(parts: np.ndarray, values: pa.Array) -> Iterator[tuple[np.ndarray, pa.Array]]:
    """The places and values of each part."""
    places = np.argsort(parts, kind="stable")
    # Together they may exceed the 2 GiB that a text array without large offsets holds.
    sorted_values = values.cast(pa.large_string()).take(pa.array(places))
    starts = np.searchsorted(parts[places], np.arange(PARTS + 1))
    for start, end in zip(starts, starts[1:], strict=False):
        yield places[start:end], sorted_values[start:end]


def numbered(by_part: list[list[tuple[np.ndarray, pa.Array]]], count: int) -> tuple[pa.Array, np.ndarray]:
    """Every distinct name, and for each place the number of its name."""

    def encode(part: list[tuple[np.ndarray, pa.Array]]) -> tuple[np.ndarray, pa.DictionaryArray]:
        return np.concatenate([places for places, _ in part]), pa.concat_arrays(
            [names for _, names in part]
        ).dictionary_encode()

    numbers, names = np.empty(count, np.int32), []
    for places, encoded in side_by_side(encode, by_part):
        numbers[places] = encoded.indices.to_numpy() + sum(map(len, names))
        names.append(encoded.dictionary)
    return pa.concat_arrays(names), numbers


def smallest_of_each(names: pa.Array, labels: np.ndarray, count: int) -> np.ndarray:
    """For each label the place of its smallest name."""
    smallest = np.empty(count, np.int64)
    is_large = np.bincount(labels, minlength=count) > len(names) // PARTS + 1
    # Few components are so large; sorted together, each would be one part that the others wait for.
    for label in np.flatnonzero(is_large):
        places = np.flatnonzero(labels == label)
        of_label = names.take(pa.array(places))
        smallest[label] = places[pc.index(of_label, pc.min(of_label)).as_py()]
    others = np.flatnonzero(~is_large[labels])

    def find(part: tuple[np.ndarray, pa.Array]) -> None:
        places, of_part = part
        downwards = others[places[pc.array_sort_indices(of_part, order="descending").to_numpy()]]
        smallest[labels[downwards]] = downwards

    side_by_side(find, split((labels[others] % PARTS).astype(np.int8), names.take(pa.array(others))))
    return smallest


def side_by_side(work: Callable, parts: Iterator) -> list:
    """Works on each part in threads: what takes long releases the interpreter."""
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(work, parts))
