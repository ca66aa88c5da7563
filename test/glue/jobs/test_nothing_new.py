"""A run of `events` to which nothing is new does nothing, and whatever is new is seen."""

from datetime import timedelta

import pytest
from barred import ALWAYS, bar
from idle import Works, dying, run, spark_jobs
from jobs import events
from lake import PLAIN, Lake, event, hour

IDLE = 1
"""The Spark job that reads the watermarks. The list of barriers, if there is one, is another."""


@pytest.fixture(scope="module")
def shop(spark, tmp_path_factory):
    """A lake with one event, which the job has read."""
    lake = Lake(spark, tmp_path_factory.mktemp("nothing-new"))
    lake.put("2026/05/01/10/a.gz", [event("m1")], hour(10))
    run(lake, events)
    return lake


@pytest.fixture
def works(shop, monkeypatch):
    """How often the job decides about lines, from a moment at which nothing is new."""
    run(shop, events)
    return Works(monkeypatch, events, "decide")


CHANGES = {
    "an object": lambda lake, _: lake.put("2026/05/01/11/b.gz", [event("m2")], hour(11)),
    "one that is seen late": lambda lake, _: lake.put(
        "2026/05/01/11/late.gz", [event("m3")], hour(11) - timedelta(minutes=5)
    ),
    "one that is written again": lambda lake, _: lake.put(
        "2026/05/01/11/late.gz", [event("m3"), event("m4")], hour(11) - timedelta(minutes=4)
    ),
    "one that is written again at the same time": lambda lake, _: lake.put(
        "2026/05/01/11/late.gz", [event("m3"), event("m4"), event("m6")], hour(11) - timedelta(minutes=4)
    ),
    "what a run that died wrote": lambda lake, patch: (
        lake.put("2026/05/01/11/died.gz", [event("m5")], hour(11) - timedelta(minutes=1)),
        dying(patch, events, lambda: run(lake, events)),
    ),
    "a barrier": lambda lake, _: bar(lake.directory, {"user_id:u9": ALWAYS}),
    "a barrier that ends": lambda lake, _: bar(lake.directory, {"user_id:u9": 1.0}),
    "no barrier": lambda lake, _: (lake.directory / "barriers/current").unlink(),
    "the configuration": lambda lake, _: lake.configure(PLAIN | {"countries": {"storefront": "DE"}}),
    "the code": lambda _, patch: patch.setattr(events, "code", lambda script: f"next release of {script}"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_new_is_seen_once(shop, works, monkeypatch, change):
    assert works.times == 0
    CHANGES[change](shop, monkeypatch)
    before = works.times
    run(shop, events)
    assert works.times == before + 1
    assert spark_jobs(shop, lambda: run(shop, events)) == IDLE + (shop.directory / "barriers/current").exists()
    assert works.times == before + 1


def test_nothing_new_takes_a_spark_job(shop, works):
    assert spark_jobs(shop, lambda: run(shop, events)) == IDLE
    assert works.times == 0


def test_another_time_within_which_messages_repeat_is_new(shop, works):
    run(shop, events, "--repeat-days", "8")
    assert works.times == 1


def test_every_event_is_there_once_whatever_happened(shop):
    assert shop.rows("events", "message_id") == [(f"m{n}",) for n in range(1, 7)]
    assert shop.rows("sightings", "message_id") == shop.rows("events", "message_id")
