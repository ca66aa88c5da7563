"""Random worlds: whatever is late, merged, erased or broken off, the marts are those that plain Python makes."""

import random
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from cdp.marts.run import Run
from jobs import marts
from laws import seed_of_run
from marts_lake import MartsLake, happened, in_order, profiles_of
from marts_oracle import marts as expected_marts
from marts_oracle import STEPS

EVENTS = [*STEPS, *STEPS, "Order Completed", "Order Refunded", None, None, None]
PAUSES = [
    timedelta(0),
    *(timedelta(minutes=minutes) for minutes in (1, 10, 29, 30, 31, 60, 700)),
    timedelta(days=2),
    timedelta(days=9),
]

LATE = [
    happened("midnight1", "ann", datetime(2026, 8, 1, 23, 30)),
    happened("midnight2", "ann", datetime(2026, 8, 1, 23, 50)) | {"run": 1},
    happened("midnight3", "ann", datetime(2026, 8, 2, 0, 10)),
    happened("first1", "ben", datetime(2026, 8, 8)) | {"run": 1},
    happened("first2", "ben", datetime(2026, 8, 10)),
    happened("order0", "cat", datetime(2026, 8, 17)),
    happened("order1", "cat", datetime(2026, 8, 18), "Order Completed") | {"run": 1},
    happened("order2", "cat", datetime(2026, 8, 20), "Order Completed"),
    happened("order3", "cat", datetime(2026, 8, 22), "Order Completed"),
    happened("step1", "dan", datetime(2026, 8, 25), STEPS[0]),
    happened("step2", "dan", datetime(2026, 9, 1), STEPS[1]) | {"run": 1},
]
"""Events of the second run that change another day's row: sessions, newcomers, new customers, entries of a funnel."""


class Killed(Exception):
    """The job died."""


def die(*_: object) -> None:
    raise Killed


def world(chance: random.Random, people: int, each: int) -> list[dict]:
    """Events of some people, in no order. `run` is the run before which they are known, whenever they happened."""
    made = []
    for person in range(people):
        moment = datetime(2026, 4, 28, 22) + timedelta(minutes=chance.randrange(3000))
        for n in range(each):
            moment += chance.choice(PAUSES)
            event = happened(
                f"m{chance.randrange(1000)}-{person}-{n}", f"p{person}", moment, chance.choice(EVENTS), **stated(chance)
            )
            made.append(
                event | {"received_at": moment + timedelta(hours=chance.randrange(50)), "run": chance.choice([0, 0, 1])}
            )
    return made


def stated(chance: random.Random) -> dict:
    """What an event says besides its name; most say little."""
    campaign = chance.random() < 0.2
    kind, referrer = chance.choice(
        [
            ("direct", None),
            ("internal", "https://shop.example/"),
            ("search", "https://www.google.com/x"),
            ("other", "no address"),
            (None, None),
            (None, None),
        ]
    )
    return {
        "page_path": chance.choice([None, None, "/", "/cart"]),
        "page_url": chance.choice([None, "https://shop.example/a"]),
        "campaign_source": "mail" if campaign and chance.random() < 0.7 else None,
        "campaign_name": chance.choice(["may", "june"]) if campaign else None,
        "click_id_kind": "gclid" if chance.random() < 0.05 else None,
        "referrer_kind": kind,
        "page_referrer": referrer,
        "device_kind": chance.choice([None, "desktop", "mobile", "bot"]),
        "currency": chance.choice([None, "EUR", "EUR", "USD"]),
        "revenue": chance.choice([None, Decimal(chance.randrange(1_000_000)) / 10_000]),
        "total": chance.choice([None, Decimal(chance.randrange(10_000)) / 100]),
        "category": chance.choice([None, "lamps", "tables"]),
    }


def known_before(run: int, events: list[dict]) -> list[dict]:
    """What is known before a run. Before the second one `p0` becomes one person instead of two, and `p1` is erased."""
    if run == 0:
        return [
            event | {"profile_id": "p0-phone"}
            if event["profile_id"] == "p0" and event["device_kind"] == "mobile"
            else event
            for event in events
            if not event.get("run")
        ]
    return [event for event in events if event["profile_id"] != "p1"]


def assert_marts(lake: MartsLake, events: list[dict], profiles: list[dict], seed: int) -> None:
    for mart, rows in expected_marts(events, profiles).items():
        assert in_order(lake.rows(mart)) == in_order(rows), f"{mart}, seed {seed}"


def test_marts_are_what_happened_whatever_is_late_merged_erased_or_broken_off(spark, monkeypatch):
    seed = seed_of_run()
    print(f"seed {seed}")
    chance = random.Random(seed)
    events, lake = [*world(chance, people=6, each=20), *LATE], MartsLake(spark, "world")
    for run in range(2):
        known = known_before(run, events)
        profiles = profiles_of(
            known, {f"p{person}": chance.sample(["big", "mail"], chance.randrange(3)) for person in range(6)}
        )
        lake.hold(known, profiles)
        break_off(lake, chance, monkeypatch)
        lake.run()
        assert_marts(lake, known, profiles, seed)
        inside = {(profile["profile_id"], segment) for profile in profiles for segment in profile["segments"]}
        assert {
            (row["profile_id"], row["segment"]) for row in lake.rows("segment_membership") if row["exited_at"] is None
        } == inside
    before = lake.snapshots()
    assert set(lake.run().values()) == {0} and lake.snapshots() == before


def stage_of(mart: str) -> dict:
    return next(stage for stage in marts.STAGES if mart in stage)


def break_off(lake: MartsLake, chance: random.Random, monkeypatch) -> None:
    """A run that does not come to its end: death before a mart or before all is remembered, or some marts only."""
    victim = chance.choice([*marts.MARTS, "remember", "none"])
    print(f"a run dies at {victim}")
    if victim == "none":
        lake.run("--only", ",".join(chance.sample([*marts.MARTS], 3)))
        return
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(Run, "remember", die) if victim == "remember" else patch.setitem(stage_of(victim), victim, die)
        lake.run()


def test_of_nothing_there_are_no_marts_and_after_other_settings_nothing_is_taken_as_made(spark, monkeypatch):
    lake = MartsLake(spark, "settings")
    assert set(lake.run().values()) == {0}
    assert Run(spark, lake.database).is_unchanged
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setitem(stage_of("sessions"), "sessions", die)
        lake.run("--session-minutes", "60")
    assert Run(spark, lake.database).touched is None
