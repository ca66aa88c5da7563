"""The benches of the lake measure what they say: a small graph and a few events."""

import importlib.util
import sys

import pytest
from lake import ROOT


@pytest.fixture
def program():
    def load(name: str):
        spec = importlib.util.spec_from_file_location(name.replace("-", "_"), ROOT / "bench" / f"{name}.py")
        # Registered, for its processes find its functions by the module's name.
        module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return load


def test_the_components_of_a_small_graph_are_scipys(spark, program):
    found = program("lake-graph").measure(spark, 200, 300, 1, False)
    assert (found["edges"], found["equal"]) == (300, True)


def test_every_event_of_a_small_raw_zone_comes_into_the_table_and_late_ones_do(spark, program, tmp_path, monkeypatch):
    bench = program("lake-events")
    raw = bench.write_raw(tmp_path, "first", 40, 1)
    lines = sum(len(bench.gzip.decompress(file.read_bytes())) for file in tmp_path.glob("raw/*/*/*/*/*.gz"))
    assert raw == lines
    # A month of few events is one partition a day: two days are enough.
    monkeypatch.setattr(bench, "DAYS", 2)
    found = bench.measure(spark, 100, 1)
    assert found["complete"] and found["table_bytes"] > 0 and 500 < found["raw_bytes_per_event"] < 1500
