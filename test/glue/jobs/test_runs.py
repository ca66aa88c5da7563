"""The job `events` as a whole: whatever is split, repeated, late or broken off, the tables end the same."""

import json
import random
import time
from datetime import timedelta

from chispa import assert_df_equality
from lake import Lake, event, hour


def test_a_message_is_one_row_wherever_it_comes_again(lake):
    lake.put("2026/05/01/10/a.gz", [event("m1"), event("m2"), event("m1")], hour(10))
    lake.put("2026/05/01/11/b.gz", [event("m2"), event("m3")], hour(11))
    counted = lake.run()
    assert lake.rows("events", "message_id") == [("m1",), ("m2",), ("m3",)]
    assert counted["read", "", "lines"] == 5
    assert counted["read", "", "accepted"] == 3
    assert counted["read", "", "repeated"] == 2


def test_of_two_versions_the_first_received_stays_also_when_it_comes_later(lake):
    lake.put("2026/05/01/10/a.gz", [event("m1", event="Second", receivedAt="2026-05-01T10:00:02.000Z")], hour(10))
    lake.run()
    lake.put("2026/05/01/10/b.gz", [event("m1", event="First", receivedAt="2026-04-30T23:59:59.000Z")], hour(12))
    lake.put("2026/05/01/10/c.gz", [event("m1", event="Third", receivedAt="2026-05-02T00:00:00.000Z")], hour(13))
    lake.run()
    assert lake.rows("events", "message_id", "event") == [("m1", "First")]


def again(line: dict, whence: str = "raw") -> str:
    """A line as it is sent again."""
    return f'{{"replayed":"{whence}",{json.dumps(line)[1:]}'


def test_lines_that_were_sent_again_change_no_row_of_any_table(lake):
    lines = [event(f"m{n}", properties={"n": n}) for n in range(20)]
    broken = {"messageId": "broken"}
    lake.put("2026/05/01/10/a.gz", [*lines[:10], broken], hour(10))
    lake.run()
    before = lake.table("events").collect(), lake.table("rejected_events").collect()
    lake.put("2026/05/03/10/again.gz", [*map(again, [*lines[:10], broken]), *(again(line | {"context": {}}, "quarantine") for line in lines)], hour(60))
    assert lake.run()["read", "", "accepted"] == 0
    assert (lake.table("events").collect(), lake.table("rejected_events").collect()) == before
    assert len(before[0]) == 10 and len(before[1]) == 1


def test_what_was_sent_again_is_the_row_it_would_have_been_when_it_is_read_first(lake):
    line = event("m1", properties={"n": 1})
    lake.put("2026/05/03/10/again.gz", [again(line)], hour(60))
    lake.run()
    before = lake.table("events").collect()
    lake.put("2026/05/01/10/late.gz", [line], hour(61))
    lake.run()
    assert lake.table("events").collect() == before


def test_a_run_with_nothing_new_writes_nothing(lake):
    lake.put("2026/05/01/10/a.gz", [event("m1")], hour(10))
    lake.run()
    snapshots = f"lake.{lake.database}.events.snapshots"
    before = lake.spark.table(snapshots).count()
    assert lake.run()["read", "", "accepted"] == 0
    assert lake.spark.table(snapshots).count() == before == 1


def test_an_object_of_an_hour_long_read_is_read_when_it_is_written(lake):
    lake.put("2026/05/01/10/a.gz", [event("m1")], hour(30))
    lake.run()
    lake.put("2026/05/01/08/late.gz", [event("m2", receivedAt="2026-05-01T08:00:00.000Z")], hour(32))
    lake.put("2026/05/01/10/visible-late.gz", [event("m3")], hour(30) - timedelta(minutes=5))
    assert lake.run()["read", "", "lines"] == 3
    assert lake.rows("events", "message_id") == [("m1",), ("m2",), ("m3",)]


def test_a_column_declared_later_is_added_without_rewriting(lake):
    said = "the `size' \"now\" \\d ${env:HOME}"
    lake.put("2026/05/01/10/a.gz", [event("m1", properties={said: "XL"})], hour(10))
    lake.run()
    files = lake.spark.table(f"lake.{lake.database}.events.files").select("file_path").collect()
    from lake import PLAIN

    lake.configure(PLAIN | {"columns": [{"name": "size", "type": "string", "from": f"properties.{said}", "meaning": "Size of the product"}]})
    lake.put("2026/05/01/11/b.gz", [event("m2", properties={said: "S"})], hour(11))
    lake.run()
    assert lake.rows("events", "message_id", "size") == [("m1", None), ("m2", "S")]
    assert set(files) < set(lake.spark.table(f"lake.{lake.database}.events.files").select("file_path").collect())
    lake.configure(PLAIN)
    lake.put("2026/05/01/12/c.gz", [event("m3", properties={said: "M"})], hour(12))
    lake.run()
    assert lake.rows("events", "message_id", "size") == [("m1", None), ("m2", "S"), ("m3", None)]


def test_any_split_into_runs_any_order_and_any_repetition_give_the_same_tables(spark, tmp_path):
    seed = time.time_ns() % 1_000_000
    print(f"seed {seed}")
    chance = random.Random(seed)
    lines = [version(chance, n) for n in range(40)] + ["no json", "{}", '{"type":"track"}']
    expected = None
    for play in range(2):
        (tmp_path / f"play{play}").mkdir()
        lake = Lake(spark, tmp_path / f"play{play}")
        said = [*lines, *chance.choices(lines, k=10)]
        chance.shuffle(said)
        runs = 1 + play
        for n in range(runs):
            part = said[n::runs]
            for o in range(2):
                lake.put(f"2026/05/01/10/{n}-{o}.gz", part[o::2], hour(10) + timedelta(minutes=20 * n + o))
            lake.run()
        found = lake.table("events"), lake.table("rejected_events").drop("object")
        expected = expected or found
        for one, other in zip(expected, found, strict=True):
            assert_df_equality(one, other, ignore_nullable=True)
    ids = {line["messageId"] for line in lines if isinstance(line, dict)}
    assert (expected[0].count(), expected[1].count()) == (len(ids), 3), f"seed {seed}"


def version(chance: random.Random, n: int) -> dict:
    """One of several versions of one of fifteen messages; days apart, and sometimes received at once."""
    return event(f"m{chance.randrange(15)}", receivedAt=f"2026-05-0{chance.randint(1, 3)}T0{chance.randint(0, 1)}:00:00.000Z", properties={"n": n})
