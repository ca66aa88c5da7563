"""Resolves a graph of identifiers that one task holds: about 100 bytes for each edge and 200 for each identifier."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

PARTS = 64
"""Identifiers are numbered and sorted in this many parts, so that each part fits the processor's cache."""
ROWS = 1 << 18

Part = tuple[np.ndarray, pa.Array]
"""Places of some edges' ends, and their names."""


class Graph(NamedTuple):
    """Distinct names; for each the place of the smallest name of its component; and whether it is alone in it."""

    names: pa.Array
    smallest: np.ndarray
    is_alone: np.ndarray


def graph_of(batches: Iterable[pa.RecordBatch]) -> Graph | None:
    """The graph of the edges of all batches. A batch has both ends of its edges and the part of each."""
    by_part: list[list[Part]] = [[] for _ in range(PARTS)]
    edges = 0
    for batch in batches:
        for end in (0, 1):
            for one, (rows, names) in zip(
                by_part, split(batch.column(end + 2).to_numpy(), batch.column(end)), strict=True
            ):
                one.append((2 * (edges + rows) + end, names))
        edges += batch.num_rows
    if edges == 0:
        return None
    names, numbers = numbered(by_part, 2 * edges)
    joined = coo_matrix((np.ones(edges, np.int8), (numbers[::2], numbers[1::2])), (len(names), len(names)))
    found, labels = connected_components(joined, directed=False)
    is_alone = np.bincount(labels, minlength=found)[labels] == 1
    return Graph(names, smallest_of_each(names, labels, found)[labels], is_alone)


def components(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Each identifier of the edges and its component, named by its smallest identifier."""
    graph = graph_of(batches)
    if graph:
        yield from rows_of(graph, np.arange(len(graph.names)), ("identifier", "component"))


def forest(batches: Iterable[pa.RecordBatch], at_once: int) -> Iterator[pa.RecordBatch]:
    """As few edges that join the same identifiers: each to the smallest of those that it is joined with.

    Holds so many edges at once. An identifier that is alone is joined with itself.
    """
    for some in blocks(batches, at_once):
        graph = graph_of(some)
        if graph:
            places = np.arange(len(graph.names))
            yield from rows_of(graph, places[(graph.smallest != places) | graph.is_alone], ("b", "a"))


def blocks(batches: Iterable[pa.RecordBatch], at_once: int) -> Iterator[list[pa.RecordBatch]]:
    some, rows = [], 0
    for batch in batches:
        some.append(batch)
        rows += batch.num_rows
        if rows >= at_once:
            yield some
            some, rows = [], 0
    yield some


def rows_of(graph: Graph, places: np.ndarray, columns: tuple[str, str]) -> Iterator[pa.RecordBatch]:
    """The names at these places, each with the smallest name of its component."""
    for start in range(0, len(places), ROWS):
        part = places[start : start + ROWS]
        both = (graph.names.take(pa.array(at)).cast(pa.string()) for at in (part, graph.smallest[part]))
        yield pa.record_batch([*both], [*columns])


def split(parts: np.ndarray, values: pa.Array) -> Iterator[Part]:
    """The places and values of each part."""
    places = np.argsort(parts, kind="stable")
    # Together they may exceed the 2 GiB that a text array without large offsets holds.
    sorted_values = values.cast(pa.large_string()).take(pa.array(places))
    starts = np.searchsorted(parts[places], np.arange(PARTS + 1))
    for start, end in zip(starts, starts[1:], strict=False):
        yield places[start:end], sorted_values[start:end]


def numbered(by_part: list[list[Part]], count: int) -> tuple[pa.Array, np.ndarray]:
    """Every distinct name, and for each place the number of its name."""

    def encode(part: list[Part]) -> tuple[np.ndarray, pa.DictionaryArray]:
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

    def find(part: Part) -> None:
        places, of_part = part
        downwards = others[places[pc.array_sort_indices(of_part, order="descending").to_numpy()]]
        smallest[labels[downwards]] = downwards

    side_by_side(find, split((labels[others] % PARTS).astype(np.int8), names.take(pa.array(others))))
    return smallest


def side_by_side(work: Callable, parts: Iterable) -> list:
    """Works on each part in threads: what takes long releases the interpreter."""
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(work, parts))
