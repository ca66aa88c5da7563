"""Jobs die at any call from the driver to Spark. Run again, they leave the tables of a run without a crash."""

import json
import random
from datetime import datetime, timedelta

import pytest
from crashes import Calls, Killed
from exports import DICTIONARY, export, item
from identity_rules import RULES
from jobs import events, identities, maintain, marts, profiles
from lake import PLAIN, Lake, event, hour
from laws import seed_of_run
from pyspark.errors import ParseException

JOBS = (events, identities, profiles, marts, maintain)
CONFIG = PLAIN | {
    "identity": RULES,
    "segments": [{"key": "buyers", "name": "Buyers", "where": {"trait": "orders", "operator": "atLeast", "value": 1}}],
    "packing": DICTIONARY,
}


def shop(spark, directory, chance: random.Random) -> Lake:
    """A raw zone of people who visit, sign up and buy, some of it said twice and some of it no event."""
    directory.mkdir()
    lake = Lake(spark, directory, CONFIG)
    lines = [call(chance, n) for n in range(30)]
    for part in range(2):
        lake.put(
            f"2026/05/01/1{part}/a.gz", [*lines[part::2], *chance.choices(lines, k=3), "no event"], hour(10 + part)
        )
    stated = {"messageId": "m0", "timestamp": "2026-05-01T00:00:00.000Z", "at": "2026-05-01T00:00:01.000Z"}
    known = [
        {"kind": "link", "profileId": "per_1", "identifier": "anonymous_id:a0"},
        {"kind": "merge", "profileId": "per_1", "absorbed": "per_2"},
    ]
    lake.put("../identity_log/2026/05/01/10/a.gz", [entry | stated for entry in known], hour(10))
    # A table without these people, so that the job `profiles` has something to tell of all of them.
    export(directory, "export", "2026-06-01T00:00:00.000Z", [item("per_unknown")])
    return lake


def call(chance: random.Random, n: int) -> dict:
    at = f"{datetime(2026, 5, 1) + timedelta(minutes=17 * n):%Y-%m-%dT%H:%M:%S.000Z}"
    who = chance.randrange(6)
    stated = {"anonymousId": f"a{who}", "timestamp": at, "receivedAt": at}
    if chance.random() < 0.3:
        return event(
            f"m{n}",
            type="identify",
            event=None,
            userId=f"u{who // 2}",
            traits={"email": f"p{who // 2}@example.com", "orders": who % 2},
            **stated,
        )
    bought = (
        {"event": "Order Completed", "properties": {"revenue": 10 + n, "currency": "USD"}}
        if chance.random() < 0.3
        else {}
    )
    return event(f"m{n}", **stated, **bought)


def run(lake: Lake, job) -> None:
    given = lake.arguments
    job.run_job(lake.spark, job.arguments(given))


def tables(lake: Lake) -> dict[str, list[str]]:
    """Every table's rows as texts, in order; `watermarks` by their jobs, for they are times of this machine's files."""
    names = [row.tableName for row in lake.spark.sql(f"SHOW TABLES IN lake.{lake.database}").collect()]
    rows = {name: lake.table(name).collect() for name in names if name != "watermarks"}
    return {
        name: sorted(json.dumps(row.asDict(recursive=True), default=str, sort_keys=True) for row in found)
        for name, found in rows.items()
    }


def test_whatever_call_a_job_dies_at_run_again_it_leaves_the_same_tables(spark, tmp_path, monkeypatch):
    seed = seed_of_run()
    print(f"seed {seed}")
    chance = random.Random(seed)
    whole, killed = (shop(spark, tmp_path / name, random.Random(seed)) for name in ("whole", "killed"))
    calls = Calls(monkeypatch)
    for job in JOBS:
        calls.made = 0
        run(whole, job)
        calls.dies_at, calls.made = chance.randrange(1, calls.made), 0
        # PySpark tells a death in the midst of its second try to read a type as the failure of the first.
        with pytest.raises((Killed, ParseException)):
            run(killed, job)
        assert calls.made >= calls.dies_at
        print(f"{job.JOB} died at call {calls.dies_at}")
        calls.dies_at = None
        spark.catalog.clearCache()
        run(killed, job)
    found, expected = tables(killed), tables(whole)
    assert (
        sorted(found) == sorted(expected)
        and expected["customer_360"]
        and all(expected[name] for name in ("rejected_events", "identity_log", "profile_differences"))
    )
    for name in expected:
        assert found[name] == expected[name], f"{name} with seed {seed}"
