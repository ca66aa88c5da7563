"""What programs of benches on Spark share: their options, their session, and a line of JSON for each measurement."""

import argparse
import json
import tempfile
from argparse import Namespace
from collections.abc import Callable, Iterator
from typing import NamedTuple

from pyspark.sql import SparkSession

SEED = {"--seed": {"type": int, "default": 1}}
SMALL = 1000

Lines = Callable[[SparkSession, Namespace], Iterator[dict]]


class Program(NamedTuple):
    """A program: how it is called, its session with a directory for tables, and what it measures with these options."""

    doc: str
    options: dict[str, dict]
    session: Callable[[str], SparkSession]
    lines: Lines


def run(program: Program) -> None:
    """Prints each measurement as soon as it is there."""
    parser = argparse.ArgumentParser(description=program.doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, given in program.options.items():
        parser.add_argument(name, **given)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as warehouse:
        spark = program.session(warehouse)
        for line in program.lines(spark, args):
            print(json.dumps(line), flush=True)
        spark.stop()


def sizes(default: list[int]) -> dict[str, dict]:
    return {"--sizes": {"type": int, "nargs": "+", "default": default}} | SEED


def by_size(measure: Callable[[SparkSession, int, int], dict]) -> Lines:
    """Measures each size with a seed. Nothing counts until a small one has loaded every class."""

    def lines(spark: SparkSession, args: Namespace) -> Iterator[dict]:
        measure(spark, SMALL, args.seed)
        for count in args.sizes:
            yield measure(spark, count, args.seed)

    return lines
