"""The job `records` on loads that lie in a bucket: it takes each once, in order, and says what became of it."""

import gzip
import json
import random
from datetime import timedelta

import pytest
from crashes import Calls, Killed
from jobs import records
from laws import seed_of_run
from loads import START, Source, at
from pyspark.errors import ParseException

DECLARED = {"crm": {"contacts": {"key": ["id"], "updatedAt": "updated", "maxShrink": 0.2}}}


def contacts(minute: int, *ids: int, **columns: object) -> list[dict]:
    return [{"row": {"id": n, "updated": at(minute), **columns}} for n in ids]


class Bucket(Source):
    """A source whose loads lie in files, as readers leave them."""

    def __init__(self, spark, directory):
        directory.mkdir(exist_ok=True)
        super().__init__(spark, directory)
        (directory / "config.json").write_text(json.dumps({"records": DECLARED}))

    def leave(self, minute: int, name: str, lines: list[dict], *, parts: int = 1, **said: object) -> str:
        """Writes a load's rows and its manifest; gives its id."""
        start = START + timedelta(minutes=minute)
        load = f"{start:%Y%m%dT%H%M%S}000Z-{name}"
        folder = self.directory / f"imports/rows/crm/{load}"
        (folder / "contacts").mkdir(parents=True)
        for part in range(parts):
            texts = "".join(f"{json.dumps(line)}\n" for line in lines[part::parts])
            (folder / f"contacts/{part}.ndjson.gz").write_bytes(gzip.compress(texts.encode()))
        told = {"source": "crm", "load": load, "object": "contacts", "complete": False, "startedAt": at(minute), **said}
        (folder / "manifest.json").write_text(json.dumps(told))
        return load

    def run(self, *more: str) -> dict[str, dict]:
        given = ["--database", self.database, "--lake", str(self.directory)]
        given += ["--config", str(self.directory / "config.json"), "--conf", "x=y", *more]
        return records.run_job(self.spark, records.arguments(given))


def test_it_takes_what_waits_the_earliest_first_and_nothing_twice(spark, tmp_path):
    bucket = Bucket(spark, tmp_path)
    later = bucket.leave(20, "b", contacts(15, 1, a=2), parts=1)
    first = bucket.leave(10, "a", contacts(5, 1, 2, 3, a=1), parts=2, complete=True)
    empty = bucket.leave(30, "c", [], parts=0)
    strange = bucket.leave(1, "d", [], object="deals")
    torn = bucket.leave(2, "e", [])
    (tmp_path / f"imports/rows/crm/{torn}/manifest.json").write_text('{"source": "crm"}')
    ends = bucket.run()
    assert list(ends) == [f"crm/{load}" for load in (strange, torn, first, later, empty)]
    assert [end["state"] for end in ends.values()] == ["failed", "failed", "done", "done", "done"]
    assert [ends[f"crm/{load}"]["reason"] for load in (strange, torn)] == [
        "its source declares no such records",
        "its manifest cannot be read: KeyError",
    ]
    assert [record["changed"] for record in bucket.told(later)] == [{"a": 2}]
    before = bucket.snapshots()
    assert list(bucket.run()) == [f"crm/{load}" for load in (strange, torn)] and bucket.snapshots() == before


def test_a_load_that_asks_waits_for_its_name_and_later_loads_do_not_wait_for_it(spark, tmp_path):
    bucket = Bucket(spark, tmp_path)
    bucket.leave(10, "a", contacts(5, *range(10), a=1), complete=True)
    small = bucket.leave(20, "b", contacts(5, 1, a=1), complete=True)
    bucket.leave(30, "c", contacts(25, 2, a=2))
    assert [end["state"] for end in bucket.run().values()] == ["done", "asks", "done"]
    assert bucket.run() == {} and len(bucket.alive()) == 10
    ends = bucket.run("--accept", f" crm/{small},crm/other")
    assert ends[f"crm/{small}"] | {"load": ""} == ends[f"crm/{small}"] | {"load": "", "state": "done", "deleted": 8}
    assert sorted(bucket.alive()) == ["1", "2"]


def test_a_load_that_fails_stops_the_later_ones_of_its_object(spark, tmp_path):
    bucket = Bucket(spark, tmp_path)
    broken = bucket.leave(10, "a", contacts(5, 1))
    (tmp_path / f"imports/rows/crm/{broken}/contacts/0.ndjson.gz").write_bytes(b"no gzip")
    bucket.leave(20, "b", contacts(15, 2))
    assert [end["state"] for end in bucket.run().values()] == ["failed", "failed"]
    assert bucket.told() == []


def test_a_name_that_is_no_load_is_refused():
    given = ["--database", "d", "--lake", "l", "--config", "c", "--accept", "load"]
    with pytest.raises(SystemExit):
        records.arguments(given)


def test_whatever_call_it_dies_at_run_again_it_leaves_the_same_table_and_changes(spark, tmp_path, monkeypatch):
    seed = seed_of_run()
    print(f"seed {seed}")
    chance = random.Random(seed)
    buckets = {name: Bucket(spark, tmp_path / name) for name in ("whole", "killed")}
    for bucket in buckets.values():
        bucket.leave(10, "a", contacts(5, *range(9), a=1), complete=True)
        bucket.leave(20, "b", contacts(15, 1, 2, a=2) + contacts(5, *range(3, 8), a=1) + [{"row": {}}], complete=True)
        bucket.leave(30, "c", contacts(5, *range(8), a=1), complete=True)
    calls = Calls(monkeypatch)
    buckets["whole"].run()
    most = calls.made
    killed = buckets["killed"]
    deaths = 0
    for _ in range(3):
        calls.made, calls.dies_at = 0, chance.randrange(1, most)
        try:
            killed.run()
            # What is done is not done again, so that a later run may end before the call.
            print(f"ended before call {calls.dies_at}")
        except (Killed, ParseException):
            deaths += 1
            print(f"died at call {calls.dies_at} of {most}")
        calls.dies_at = None
        spark.catalog.clearCache()
    assert deaths > 0
    killed.run()
    kept = {name: bucket.kept() for name, bucket in buckets.items()}
    assert kept["killed"] == kept["whole"]
    told = {name: {json.dumps(line, sort_keys=True) for line in bucket.lines()} for name, bucket in buckets.items()}
    assert told["killed"] == told["whole"]


def test_loads_of_changes_are_taken_together_and_again_after_any_death(spark, tmp_path, monkeypatch):
    declared = {"key": ["id"], "maxShrink": 0.2, "envelope": {"kind": "debezium", "log": 1}}
    buckets = {name: Bucket(spark, tmp_path / name) for name in ("changes", "killed_changes")}
    for bucket in buckets.values():
        (bucket.directory / "config.json").write_text(json.dumps({"records": {"crm": {"contacts": declared}}}))
        for n, lsns in enumerate(([3, 1], [2], [5, 4])):
            rows = [
                {"row": {"op": "u", "after": {"id": lsn % 2, "n": lsn}, "source": {"lsn": lsn}}, "key": None}
                for lsn in lsns
            ]
            bucket.leave(n, f"l{n}", rows)
    calls = Calls(monkeypatch)
    ends = buckets["changes"].run()
    most = calls.made
    whole = buckets["changes"]
    assert len(ends) == 3 and {(end["created"], end["rows"]) for end in ends.values()} == {(2, 5)}
    assert {id_: row["n"] for id_, row in whole.alive().items()} == {"0": 4, "1": 5}
    folders = [path.name for path in (whole.directory / "imports/rows/crm").iterdir()]
    assert [name[-2:] for name in folders] == ["l2"] and whole.snapshots() == 1 and whole.run() == {}
    calls.made, calls.dies_at = 0, random.Random(seed_of_run()).randrange(most // 2, most)
    with pytest.raises((Killed, ParseException)):
        buckets["killed_changes"].run()
    calls.dies_at = None
    spark.catalog.clearCache()
    buckets["killed_changes"].run()
    assert buckets["killed_changes"].alive() == whole.alive()
    told = {name: {json.dumps(line, sort_keys=True) for line in each.lines()} for name, each in buckets.items()}
    assert told["killed_changes"] == told["changes"]
