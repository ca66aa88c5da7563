"""In whatever order, how often and in which loads changes of a table come, its records end as its rows did."""

import json
import random
from datetime import timedelta

import pytest
from cdp.records.decide import decide
from cdp.records.load import Load, RecordObject
from cdp.records.read_row import read_line
from histories_of_a_table import EMPTYING, FORMS, History, in_any_order
from laws import seed_of_run
from loads import START, Source
from told_and_kept import check


def load_of(n: int) -> Load:
    return Load(f"l{n}", START + timedelta(hours=2, minutes=n))


@pytest.mark.parametrize("form", [form for form in FORMS if form not in EMPTYING])
def test_each_record_ends_as_its_row_did(form):
    """The rule for one record, without Spark, with many histories."""
    seed = seed_of_run()
    print(f"seed {seed}")
    chance = random.Random(f"{seed} {form}")
    of = RecordObject("shop", "people", ("id",), envelope=FORMS[form])
    for _ in range(40):
        history, kept = History(chance, form), {}
        for n, lines in enumerate(in_any_order(history.lines, chance, 6)):
            load = load_of(n)
            for line in lines:
                said = read_line(line, of, load.started)
                change = decide(kept.get(said["id"]), said, of, load)
                if change is not None:
                    kept[said["id"]] = change | {"load": load.id, "started": load.started}
        alive = {id_: json.loads(row["columns"]) for id_, row in kept.items() if row["deleted"] is None}
        assert alive == history.alive()


@pytest.mark.parametrize("form", ["wrapped", "files of DMS"])
def test_the_table_of_records_ends_as_the_table_did_and_so_do_those_who_are_told(spark, tmp_path, form):
    seed = seed_of_run()
    print(f"seed {seed}")
    chance = random.Random(f"{seed} {form}")
    history = History(chance, form)
    source = Source(spark, tmp_path, updated_at=None, envelope=FORMS[form])
    loads = list(enumerate(in_any_order(history.lines, chance, 4)))
    for n, lines in [*loads, loads[0]]:
        source.result(f"l{n}").unlink(missing_ok=True)
        source.take(load_of(n), lines)
    assert source.alive() == history.alive()
    check(source)


def test_an_older_place_after_a_newer_one_changes_nothing(spark, tmp_path):
    source = Source(spark, tmp_path, updated_at=None, envelope=FORMS["wrapped"])

    def told(lsn: int, op: str, **columns: object) -> str:
        row = None if op == "t" else {"id": 1, **columns}
        image = {"before": row} if op == "d" else {"after": row}
        return json.dumps({"row": {**image, "op": op, "source": {"lsn": lsn, "ts_ms": 1_777_593_600_000}}})

    source.take(load_of(1), [told(10, "u", a=2)])
    before = source.snapshots()
    source.take(load_of(2), [told(9, "c", a=1), told(8, "d"), told(7, "t"), told(10, "r", a=3)])
    assert source.snapshots() == before and source.alive() == {"1": {"id": 1, "a": 2}}
    source.take(load_of(3), [told(11, "u", a=2)])
    source.take(load_of(4), [told(10, "u", a=9)])
    assert source.alive() == {"1": {"id": 1, "a": 2}} and source.told("l3") == source.told("l4") == []
    source.take(load_of(5), [told(20, "t")])
    source.take(load_of(6), [told(19, "u", a=5)])
    assert source.alive() == {} and [one["kind"] for one in source.told("l5")] == ["deleted"]
    source.take(load_of(7), [told(21, "c", a=6)])
    assert source.alive() == {"1": {"id": 1, "a": 6}}
