"""A run of `identities` to which nothing is new places nobody, and whatever people depend on is seen."""

from datetime import UTC, datetime

import pytest
from barred import ALWAYS, bar
from cdp.tables.watermark import read_watermark
from idle import Works, dying, run, spark_jobs
from jobs import events, identities, maintain
from lake import PLAIN, RULES, Lake, event, hour

IDLE = 2
"""Spark jobs that read watermarks, those of the log apart. The list of barriers, if there is one, is one more."""
LINK = {
    "kind": "link",
    "profileId": "per_1",
    "messageId": "m1",
    "timestamp": "2026-05-01T10:00:00.000Z",
    "at": "2026-05-01T10:00:01.000Z",
}


def owners(lake: Lake) -> dict[str, str]:
    return dict(lake.rows("identity_map", "identifier_value", "profile_id"))


def take(lake: Lake, name: str, *lines: dict | str) -> None:
    """Lines come, in an object written later than all before, and the job `events` reads them."""
    lake.put(f"2026/05/01/10/{name}.gz", list(lines), hour(10 + len(list(lake.directory.glob("raw/*/*/*/*/*")))))
    run(lake, events)


def log(lake: Lake, name: str, *identifiers: str) -> None:
    lake.put(f"../identity_log/2026/05/01/10/{name}.gz", [LINK | {"identifier": one} for one in identifiers], hour(10))


def delete(lake: Lake, table: str, where: str = "true") -> None:
    lake.spark.sql(f"DELETE FROM lake.{lake.database}.{table} WHERE {where}")


def with_rules(lake: Lake, **rules: object) -> None:
    lake.configure(PLAIN | {"identity": RULES | rules})


@pytest.fixture(scope="module")
def people(spark, tmp_path_factory):
    """A lake with people and an entry of the log, all of whose jobs have run."""
    lake = Lake(spark, tmp_path_factory.mktemp("nobody-new"))
    log(lake, "a", "user_id:u1", "anonymous_id:a1")
    take(lake, "a", event("m1", userId="u1", anonymousId="a1"), event("m2", userId="u2", anonymousId="a2"))
    run(lake, identities)
    return lake


@pytest.fixture
def works(people, monkeypatch):
    """How often people are placed, from a moment at which nothing is new."""
    run(people, identities)
    return Works(monkeypatch, identities, "place_all")


def came_and_went(lake: Lake, patch) -> None:
    """A run by other rules dies before it remembers them, and then the rules are again what they were."""
    with_rules(lake, caps=RULES["caps"] | {"identifiers": 1})
    dying(patch, identities, lambda: run(lake, identities))
    with_rules(lake)


CHANGES = {
    "rules that came and went": came_and_went,
    "an event": lambda lake, _: take(lake, "b", event("m3", anonymousId="a3")),
    "an event of a run of events that died": lambda lake, patch: dying(
        patch, events, lambda: take(lake, "c", event("m4", anonymousId="a4"))
    ),
    "an event less": lambda lake, _: delete(lake, "sightings", "message_id = 'm4'"),
    "another reading of all events": lambda lake, _: (
        with_rules(lake, blockedValues=[*RULES["blockedValues"], "nobody"]),
        run(lake, events),
    ),
    "limits": lambda lake, _: with_rules(lake, caps=RULES["caps"] | {"identifiers": 1}),
    "what a run wrote that died": lambda lake, patch: (
        take(lake, "d", event("m5", anonymousId="a5")),
        dying(patch, identities, lambda: run(lake, identities)),
    ),
    "an entry of the log": lambda lake, _: log(lake, "b", "user_id:u2", "anonymous_id:a2"),
    "an entry less": lambda lake, _: delete(lake, "identity_log", "identifier = 'anonymous_id:a2'"),
    "a barrier": lambda lake, _: bar(lake.directory, {"user_id:u2": ALWAYS}),
    "a barrier up to another time": lambda lake, _: bar(lake.directory, {"user_id:u2": 2e12}),
    "another barrier": lambda lake, _: bar(lake.directory, {"user_id:u1": 2e12}),
    "no barrier": lambda lake, _: (lake.directory / "barriers/current").unlink(),
    "the code": lambda _, patch: patch.setattr(identities, "code", lambda script: f"next release of {script}"),
    "a changed identity_map": lambda lake, _: delete(lake, "identity_map"),
    "a changed event_profiles": lambda lake, _: delete(lake, "event_profiles"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_people_depend_on_is_seen_once(people, works, monkeypatch, change):
    assert works.times == 0
    CHANGES[change](people, monkeypatch)
    # Whether people are placed is the question here, which does not need that they are.
    before, works.instead = works.times, lambda *_: (identities.NONE_CHANGED, 0)
    run(people, identities)
    assert works.times == before + 1
    has_barriers = (people.directory / "barriers/current").exists()
    assert spark_jobs(people, lambda: run(people, identities)) == IDLE + has_barriers
    assert works.times == before + 1


def test_another_key_of_barriers_is_new(people, works):
    bar(people.directory, {"user_id:u1": ALWAYS})
    run(people, identities)
    run(people, identities, secret="of another")
    assert works.times == 2
    (people.directory / "barriers/current").unlink()


def test_a_run_that_does_nothing_says_which_erasure_it_has_seen(people, works):
    bar(people.directory, {"user_id:u9": 2e12})
    run(people, identities)
    # As if that run had died before its last step.
    delete(people, "watermarks", "job = 'erasures of identities'")
    run(people, identities)
    seen = read_watermark(people.spark, people.database, "erasures of identities")
    assert (works.times, seen) == (1, datetime.fromtimestamp(2e9, UTC))
    (people.directory / "barriers/current").unlink()


def test_compacting_and_lines_that_name_nobody_are_nothing_new(people, works):
    snapshots = people.spark.table(f"lake.{people.database}.sightings.snapshots")
    before = snapshots.count()
    maintain.run_job(people.spark, maintain.arguments(people.arguments))
    take(people, "e", "no event")
    run(people, identities)
    assert (snapshots.count() > before, works.times) == (True, 0)
    read = [read_watermark(people.spark, people.database, of) for of in ("events", "placed")]
    assert read[0] == read[1] is not None


def test_a_full_run_places_everybody_and_finds_the_same(people, works):
    assert run(people, identities, "--full", "true") == {"rows_changed": {"identity_map": 0, "event_profiles": 0}}
    assert works.times == 1


def test_a_change_that_the_table_no_longer_knows_counts_as_new(people, works):
    maintain.run_job(people.spark, maintain.arguments([*people.arguments, "--keep-days", "0"]))
    run(people, identities)
    assert works.times == 1


def test_everybody_is_whom_the_events_and_the_log_say_whatever_happened(people):
    with_rules(people)
    run(people, events)
    run(people, identities)
    found = owners(people)
    assert set(found) == {"u1", "a1", "u2", "a2", "a3", "a4", "a5"}
    assert found["u1"] == found["a1"] == "per_1" and len(set(found.values())) == 5
