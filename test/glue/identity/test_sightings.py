"""What each event names is read once, and again when what identifiers are changes."""

import subprocess
import sys

import pytest
from cdp.identity.sightings import CODE, Reading
from lake import PLAIN, ROOT, RULES, event, hour
from people import events_of

COLUMNS = ("message_id", "by_platform", "users", "accounts", "blocked", "released")
EMAIL = {"traits": {"email": " Ann@Example.com"}, "anonymousId": "null"}
RELEASE = {"release": "crm:31", "source": "crm"}
BLOCKED = {"blocked": {"email": {"values": ["ann@example.com"], "patterns": []}}}


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
    """What is loaded with it, without what only moves rows: Spark's and the tables' rooms."""
    program = (
        "import sys, cdp.identity.identifiers, cdp.identity.former_names;"
        "print(*(name for name in sys.modules if name.count('.') == 2 and name.startswith('cdp.')))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT / "glue-scripts", capture_output=True, check=True, text=True
    ).stdout.split()
    assert {tuple(name.rsplit(".", 1)) for name in loaded if not name.startswith("cdp.spark.")} == set(CODE)


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
    # As after an upgrade from a release without the table.
    lake.spark.sql(f"DROP TABLE {name}")
    assert run_from_nothing(lake) == [(named[:1], blocked)]


def run_from_nothing(lake) -> list[tuple]:
    lake.run()
    return lake.rows("sightings", "users", "blocked")
