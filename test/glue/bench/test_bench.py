"""The benches of the lake and of imports measure what they say: a small graph, a few events and rows."""

import pytest
from bench_program import load, load_job


@pytest.fixture
def program():
    return load


@pytest.mark.parametrize("form", ["random", "chain", "star"])
def test_the_components_of_a_small_graph_are_scipys(spark, program, form):
    graph = program("graph")
    found = graph.measure(spark, graph.Size(form, 301, 300, 30), 1, False)
    assert (found["edges"], found["equal"]) == (300, True)


def test_every_event_of_a_small_raw_zone_comes_into_the_table_and_late_ones_do(spark, program, tmp_path, monkeypatch):
    bench = program("events")
    raw = bench.write_raw(tmp_path, "first", 40, 1)
    lines = sum(len(bench.gzip.decompress(file.read_bytes())) for file in tmp_path.glob("raw/*/*/*/*/*.gz"))
    assert raw == lines
    # A month of few events is one partition a day: two days are enough.
    monkeypatch.setattr(bench, "DAYS", 2)
    found = bench.measure(spark, 100, 1)
    assert found["complete"] and found["table_bytes"] > 0 and 500 < found["raw_bytes_per_event"] < 1500


def test_runs_are_counted_and_those_with_nothing_new_commit_nothing(spark, program, monkeypatch):
    bench = program("runs")
    monkeypatch.setattr(bench.raw, "DAYS", 2)
    monkeypatch.setattr(bench, "NEW", 10)
    found = list(bench.measure(spark, 20, 1))
    assert all(line["complete"] for line in found)
    assert {line["commits"] for line in found if line["new"] == 0} == {0}
    assert all(line["spark_jobs"] > line["commits"] > 0 for line in found if line["new"] > 0)
    by_run = {line["run"]: line for line in found if line["job"] == "identities"}
    everybody, idle = by_run[bench.EVERYBODY], by_run["nothing new"]
    assert everybody["rows_read"] > everybody["stored"] > idle["rows_read"] > 0
    assert everybody["rows_shuffled"] > everybody["stored"] > idle["rows_shuffled"]


def test_the_jobs_that_read_an_api_and_split_a_file_take_every_row():
    assert load_job("api_job").api(450, 1)["api_rows"] == 450
    assert load_job("files_job").files(300, 1)["files_rows"] == 300


def test_the_job_of_records_takes_what_is_new_and_what_changed(spark, tmp_path):
    found = load_job("records_job").records(spark, tmp_path, 300, 1)
    assert [found[f"{name}_changes"] for name in ("new", "changed", "unchanged")] == [300, 3, 0]
