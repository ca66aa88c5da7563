"""What each event names is read once, and again when what identifiers are changes."""

import random
import subprocess
import sys

import pytest
from cdp.identity.sightings import CODE, Reading
from crashes import Calls, Killed
from jobs import identities
from lake import PLAIN, ROOT, RULES, Lake, event, hour
from laws import seed_of_run
from people import events_of
from pyspark.errors import ParseException

COLUMNS = ("message_id", "by_platform", "users", "accounts", "blocked", "released")
EMAIL = {"traits": {"email": " Ann@Example.com"}, "anonymousId": "null"}
RELEASE = {"release": "crm:31", "source": "crm"}
BLOCKED = {"blocked": {"email": {"values": ["ann@example.com"], "patterns": []}}}
UPGRADED = ("DELETE FROM {}.watermarks WHERE job = 'sightings'", "DELETE FROM {}.sightings")
"""An upgrade, whose deployment makes the table, without rows."""
RETURNED = (
    "UPDATE {}.watermarks SET watermark = watermark - INTERVAL 1 HOUR WHERE job = 'sightings'",
    "DELETE FROM {}.sightings WHERE message_id = 'm11'",
)
"""An upgrade after which the release before it ran again for a while."""


def test_blocked_identifiers_are_apart_and_every_event_has_a_row(spark):
    calls = [
        {"type": "identify", "userId": "u", "groupId": "x", **EMAIL},
        {"type": "group", "userId": "guest", "groupId": "acme"},
        {"type": "group", "userId": "u", "groupId": "none"},
        {"type": "track", "sourceId": "@platform", "properties": RELEASE},
    ]
    rows = Reading(RULES).read(events_of(spark, calls)).select(*COLUMNS).collect()
    assert sorted(map(tuple, rows)) == [
        ("m0000", False, ["user_id:u", "email:ann@example.com"], [], ["anonymous_id:null"], None),
        ("m0001", False, [], [], ["user_id:guest"], None),
        ("m0002", False, ["user_id:u"], [], ["group_id:none"], None),
        ("m0003", True, [], [], [], "crm:31"),
    ]


@pytest.mark.parametrize(
    "other",
    [
        Reading(RULES | BLOCKED),
        Reading(RULES | {"blockedValues": []}),
        Reading(RULES | {"priority": ["email"]}),
        Reading(RULES | {"identifiers": [{"type": "loyalty", "path": "traits.loyalty"}]}),
        Reading(RULES, {"shop": "US"}),
        Reading(RULES, of_accounts=frozenset({("page", None)})),
    ],
)
def test_a_reading_has_another_name_when_an_event_may_name_others(other):
    assert other.name != Reading(RULES).name


def test_limits_and_caps_do_not_change_what_an_event_names():
    assert Reading(RULES | {"limits": {}, "defaultLimit": 9, "caps": {}, "breaker": {}}).name == Reading(RULES).name


def test_all_code_on_which_a_reading_depends_is_part_of_its_name():
    """Its own, and what is loaded with it, without what only moves rows: Spark's room."""
    program = (
        "import sys, cdp.identity.identifiers, cdp.identity.former_names;"
        "print(*(name for name in sys.modules if name.count('.') == 2 and name.startswith('cdp.')))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT / "glue-scripts", capture_output=True, check=True, text=True
    ).stdout.split()
    needed = {tuple(name.rsplit(".", 1)) for name in loaded if not name.startswith("cdp.spark.")}
    assert needed | {("cdp.identity", "sightings")} == set(CODE)


def test_events_are_read_again_only_when_the_reading_changes(lake):
    lake.put("2026/05/01/10/a.gz", [event("m1", type="identify", event=None, userId="u", **EMAIL)], hour(10))
    lake.run()
    name = f"lake.{lake.database}.sightings"

    def run(**changed: object) -> tuple[int, list[tuple]]:
        lake.configure(PLAIN | {"identity": RULES | changed})
        before = lake.spark.table(f"{name}.snapshots").count()
        lake.run()
        return lake.spark.table(f"{name}.snapshots").count() - before, lake.rows("sightings", "users", "blocked")

    named = ["user_id:u", "email:ann@example.com"]
    blocked = ["anonymous_id:null", "email:ann@example.com"]
    assert run(defaultLimit=3) == (0, [(named, blocked[:1])])
    assert run(**BLOCKED) == (1, [(named[:1], blocked)])
    assert run(**BLOCKED) == (0, [(named[:1], blocked)])
    lake.spark.sql(f"DROP TABLE {name}")
    lake.run()
    assert lake.rows("sightings", "users", "blocked") == [(named[:1], blocked)]


def people_in(lake) -> list[tuple]:
    identities.run_job(lake.spark, identities.arguments(lake.arguments))
    return lake.rows("identity_map", "identifier_value")


@pytest.mark.parametrize("then", [UPGRADED, RETURNED])
def test_events_that_a_release_without_the_table_wrote_are_read_before_people_are_found(lake, then):
    everybody = [("a10",), ("a11",)]
    for n in (10, 11):
        lake.put(f"2026/05/01/{n}/a.gz", [event(f"m{n}", anonymousId=f"a{n}")], hour(n))
    lake.run()
    assert people_in(lake) == everybody
    for statement in then:
        lake.spark.sql(statement.format(f"lake.{lake.database}"))
    with pytest.raises(identities.NotRead, match="run the job events, then this one"):
        people_in(lake)
    assert lake.rows("identity_map", "identifier_value") == everybody
    lake.run()
    assert people_in(lake) == everybody
    written = lake.spark.table(f"lake.{lake.database}.sightings.snapshots").count()
    lake.run()
    assert lake.spark.table(f"lake.{lake.database}.sightings.snapshots").count() == written


def test_whatever_call_it_dies_at_a_run_that_reads_again_leaves_the_same_rows(spark, tmp_path, monkeypatch):
    places = [tmp_path / f"{tmp_path.name}_{name}" for name in ("whole", "killed")]
    for place in places:
        place.mkdir()
    whole, killed = lakes = [Lake(spark, place) for place in places]
    for lake in lakes:
        lake.put("2026/05/01/10/a.gz", [event("m1", type="identify", userId="u", **EMAIL)], hour(10))
        lake.run()
        lake.configure(PLAIN | {"identity": RULES | BLOCKED})
        lake.put("2026/05/01/11/a.gz", [event("m2", type="identify", userId="u", **EMAIL)], hour(11))
    calls = Calls(monkeypatch)
    whole.run()
    seed = seed_of_run()
    calls.dies_at, calls.made = random.Random(seed).randrange(1, calls.made), 0
    print(f"seed {seed}, dies at call {calls.dies_at}")
    with pytest.raises((Killed, ParseException)):
        killed.run()
    calls.dies_at = None
    spark.catalog.clearCache()
    killed.run()
    expected = whole.rows("sightings", *COLUMNS, "reading")
    assert killed.rows("sightings", *COLUMNS, "reading") == expected
    assert [row[:3] for row in expected] == [("m1", False, ["user_id:u"]), ("m2", False, ["user_id:u"])]
