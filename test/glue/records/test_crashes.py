"""A load that dies at any of its writes: every change goes on once or again the same, and none that the table lacks."""

import json
import random
from datetime import timedelta

import pytest
from cdp.records import pieces, taking
from cdp.records.load import Load
from crashes import Killed
from laws import seed_of_run
from loads import START, Source, at
from told_and_kept import check


class Writes:
    """Counts what a load writes, files and commits; it dies instead of the write `dies_at`."""

    def __init__(self, monkeypatch):
        self.made, self.dies_at = [], None
        for module, name in ((taking, "write_file"), (pieces, "write_file"), (taking, "merge_by_key")):
            monkeypatch.setattr(module, name, self.counted(getattr(module, name)))

    def counted(self, write):
        def write_or_die(spark, path, *rest, **named):
            if len(self.made) == self.dies_at:
                raise Killed
            self.made.append(path.rsplit("/", 1)[-1])
            write(spark, path, *rest, **named)

        return write_or_die


def rows(chance: random.Random) -> list[str]:
    said = [{"row": {"id": n, "updated": at(n), "a": chance.random()}} for n in range(6)]
    return [json.dumps(row) for row in said] + ["{"]


def test_a_load_that_died_at_any_write_ends_as_one_that_did_not(spark, tmp_path, monkeypatch):
    seed = seed_of_run()
    print(f"seed {seed}")
    chance, writes = random.Random(seed), Writes(monkeypatch)
    monkeypatch.setattr(pieces, "PIECE_BYTES", 700)
    given = rows(chance)
    first = Load("l1", START + timedelta(minutes=10))
    whole = Source(spark, tmp_path, "whole")
    whole.take(first, given)
    print(f"writes {writes.made}")
    told = {(line["id"], json.dumps(line["changed"]), line["at"]) for line in whole.told()}
    assert len(told) == 6 and len(whole.pieces()) > 2
    for n in range(len(writes.made)):
        source = Source(spark, tmp_path, f"died{n}")
        writes.made, writes.dies_at = [], n
        with pytest.raises(Killed):
            source.take(first, given)
        assert {line["id"] for line in source.told()} <= source.kept().keys(), f"told before it was kept, at {n}"
        writes.dies_at = None
        if is_retried := chance.random() < 0.5:
            source.take(first, given)
        # A job that reads its source again has another load, of what there is now.
        source.take(Load("l2", START + timedelta(minutes=20)), given)
        check(source)
        found = {(line["id"], json.dumps(line["changed"]), line["at"]) for line in source.told()}
        assert found == told, f"died at write {n}, {'retried' if is_retried else 'not retried'}, seed {seed}"
