"""Resolves graphs of identifiers with the job's functions, beside scipy and Splink on DuckDB; prints JSON.

    graph.py [--identifiers 5000000] [--edges 12000000] [--seed 1] [--growth] [--without-splink] [--contracted]

A random graph, and with --contracted also a random graph, a chain and a star of which one task may hold a tenth only.

Times are seconds of the wall clock: from the edges, which are Parquet, to the components, whose rows are all made and
counted.
"""

import sys
import tempfile
import time
from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "glue-scripts"), str(ROOT / "bench/lake")]

from program import SEED, Program, run  # noqa: E402
from spark_session import session  # noqa: E402


def random_ends(identifiers: int, edges: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(seed)
    return tuple(chance.integers(0, identifiers, edges, dtype=np.int32) for _ in range(2))


def chain_ends(identifiers: int, edges: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    return np.arange(edges, dtype=np.int32), np.arange(1, edges + 1, dtype=np.int32)


def star_ends(identifiers: int, edges: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    return np.zeros(edges, np.int32), np.arange(1, edges + 1, dtype=np.int32)


FORMS = {"random": random_ends, "chain": chain_ends, "star": star_ends}


class Size(NamedTuple):
    """A graph to measure; `held` is how many edges one task may hold, if not as many as in the job."""

    form: str
    identifiers: int
    edges: int
    held: int | None = None


def write_graph(path: Path, size: Size, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Edges between identifiers that look like the real ones; gives the ends as numbers."""
    a, b = FORMS[size.form](size.identifiers, size.edges, seed)
    identifiers = size.identifiers
    names = pa.array([f"anonymous_id:{n * 2654435761 % 2**32:08x}" for n in range(identifiers)])
    pq.write_table(pa.table({"a": names.take(pa.array(a)), "b": names.take(pa.array(b))}), path)
    return a, b


def timed(work: Callable[[], object]) -> tuple[float, object]:
    started = time.perf_counter()
    result = work()
    return round(time.perf_counter() - started, 2), result


def by_job(spark, path: Path, out: Path, held: int | None) -> None:
    from cdp.identity import components as job

    before = job.ONE_TASK
    job.ONE_TASK = before if held is None else held
    job.components(spark.read.parquet(str(path))).write.mode("overwrite").parquet(str(out))
    job.ONE_TASK = before


def by_scipy(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Components of numbers that are there already: no text is read or written."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    size = int(max(a.max(), b.max())) + 1
    return connected_components(coo_matrix((np.ones(len(a), np.int8), (a, b)), (size, size)), directed=False)[1]


def by_splink(path: Path) -> int:
    from splink.clustering import cluster_pairwise_predictions_at_threshold
    from splink.backends.duckdb import DuckDBAPI

    connection = duckdb.connect()
    connection.execute("set threads = 2")
    connection.execute(f"create table edges as select a as node_l, b as node_r from '{path}'")
    connection.execute("create table nodes as select node_l as node from edges union select node_r from edges")
    found = cluster_pairwise_predictions_at_threshold(
        "nodes",
        "edges",
        node_id_column_name="node",
        edge_id_column_name_left="node_l",
        edge_id_column_name_right="node_r",
        db_api=DuckDBAPI(connection),
    )
    return connection.execute(f"select count(distinct cluster_id) from {found.physical_name}").fetchone()[0]


def is_equal(path: Path, out: Path, a: np.ndarray, b: np.ndarray, labels: np.ndarray) -> bool:
    """Whether the job's components are scipy's, each named by its smallest identifier."""
    connection = duckdb.connect()
    edges = f"read_parquet('{path}', file_row_number = true)"
    first = f"select a as name, file_row_number as place from {edges}"
    texts = f"{first} union all select b, file_row_number + {len(a)} from {edges}"
    connection.register("labels", pa.table({"place": np.arange(2 * len(a)), "label": labels[np.concatenate([a, b])]}))
    connection.execute(
        f"""create table expected as
        with named as (select distinct name, label from ({texts}) join labels using (place))
        select name, min(name) over (partition by label) as component from named"""
    )
    wrong = """
        select count(*) from expected full join read_parquet(?) found on found.identifier = expected.name
        where expected.component is distinct from found.component"""
    return connection.execute(wrong, [f"{out}/*.parquet"]).fetchone()[0] == 0


def measure(spark, size: Size, seed: int, splink: bool) -> dict:
    with tempfile.TemporaryDirectory() as directory:
        path, out = Path(directory) / "edges.parquet", Path(directory) / "components"
        a, b = write_graph(path, size, seed)
        job, _ = timed(lambda: by_job(spark, path, out, size.held))
        scipy, labels = timed(lambda: by_scipy(a, b))
        beside = {"splink": timed(lambda: by_splink(path))[0]} if splink else {}
        return {
            **{name: value for name, value in size._asdict().items() if value is not None},
            "job": job,
            "scipy": scipy,
            **beside,
            "equal": is_equal(path, out, a, b, labels),
        }


CONTRACTED = (
    Size("random", 5_000_000, 12_000_000, 1_200_000),
    Size("chain", 1_000_001, 1_000_000, 100_000),
    Size("star", 10_000_001, 10_000_000, 1_000_000),
)
OPTIONS = {
    "--identifiers": {"type": int, "default": 5_000_000},
    "--edges": {"type": int, "default": 12_000_000},
    **SEED,
    "--growth": {"action": "store_true", "help": "also 10^5, 10^6 and 10^7 edges"},
    "--without-splink": {"action": "store_true"},
    "--contracted": {"action": "store_true", "help": "also graphs of which one task may hold a tenth"},
}


def lines(spark, args: Namespace) -> Iterator[dict]:
    measure(spark, Size("random", 100, 100), args.seed, False)
    for edges in (100_000, 1_000_000, 10_000_000) if args.growth else ():
        yield measure(spark, Size("random", edges * 5 // 12, edges), args.seed, False)
    yield measure(spark, Size("random", args.identifiers, args.edges), args.seed, not args.without_splink)
    for size in CONTRACTED if args.contracted else ():
        yield measure(spark, size, args.seed, False)


if __name__ == "__main__":
    run(Program(__doc__, OPTIONS, lambda _: session("lake-graph"), lines))
