"""One row a person: their events joined, whatever order they are in."""

import json
import random
from dataclasses import dataclass
from datetime import timedelta

import pytest
from cdp.profiles.traits import stated_traits
from cdp.tables.schema import as_stored, ensure_table, read_table
from jobs import profiles
from lake import PLAIN, Lake
from laws import seed_of_run
from people import EVENT, START, row
from shared_rules import shared_cases

SEGMENTS = [
    {"key": "rich", "where": {"trait": "spent", "operator": "atLeast", "value": 200}},
    {
        "key": "reader",
        "where": {
            "all": [
                {"trait": "email", "operator": "exists"},
                {"trait": "newsletter", "operator": "equals", "value": True},
            ]
        },
    },
]


OWNER = "event_id string, collection string, profile_id string, timestamp timestamp, received_at timestamp"
KNOWN = (
    "collection string, identifier_type string, identifier_value string, profile_id string, "
    "first_seen timestamp, last_seen timestamp"
)


class Profiles(Lake):
    """A lake in which it is given whose events are."""

    def hold(
        self, rows: list[tuple], owners: list[tuple[str, str, str]], identifiers: list[tuple[str, str, str]]
    ) -> None:
        self.configure(PLAIN | {"segments": SEGMENTS})
        at = {row[0]: row[-2:] for row in rows}
        self.write("events", self.spark.createDataFrame(rows, EVENT))
        self.write("event_profiles", self.spark.createDataFrame([(*owner, *at[owner[0]]) for owner in owners], OWNER))
        known = [("users", kind, value, profile, START, START) for kind, value, profile in identifiers]
        self.write("identity_map", self.spark.createDataFrame(known, KNOWN))

    def write(self, table: str, rows) -> None:
        name = ensure_table(self.spark, self.database, read_table(table))
        as_stored(rows, self.spark, name).coalesce(1).writeTo(name).overwritePartitions()

    def make(self) -> int:
        config = str(self.directory / "config.json")
        given = ["--database", self.database, "--lake", str(self.directory), "--config", config, "--conf", "x=y"]
        return profiles.run_job(self.spark, profiles.arguments(given))["rows_changed"]

    def people(self) -> dict[str, dict]:
        return {one.profile_id: one.asDict() for one in self.table("profiles").collect()}


BLANK = {
    "email": "",
    "name": "\u00a0 ",
    "first_name": " ",
    "firstName": "Cid",
    "last_name": "\ufeff",
    "city": "",
    "address": {"city": "Bonn", "country": "  "},
    "phone": 0,
}
NAMES = {"firstName": "Ann", "first_name": {"of": "Ann"}, "name": ["Ann"]}
SPENT = {"email": "old@example.com", "spent": 250.0, "newsletter": True, "address": {"city": "Bonn"}, **NAMES}
IN_CONTEXT = {"traits": {"email": "other@example.com", "plan": "pro"}}
CALLS = {
    "ann": [
        {"type": "identify", "userId": "u1", "traits": SPENT},
        {
            "type": "identify",
            "userId": "u1",
            "traits": {"email": "new@example.com", "spent": None},
            "context": IN_CONTEXT,
        },
        {"type": "track", "userId": "u1", "traits": {"email": "not@example.com"}},
        {"type": "group", "userId": "u1", "groupId": "acme", "traits": {"name": "Acme"}},
    ],
    "cid": [{"type": "identify", "userId": "u3", "traits": BLANK}],
}


def statements(chance: random.Random) -> list[tuple]:
    """Traits that several people state, often at once."""
    values = [1, "x", None, True]
    states = ({"type": "identify", "traits": {chance.choice("ab"): chance.choice(values)}} for _ in range(60))
    return [row(chance.randrange(5), call, f"m{n:02d}") for n, call in enumerate(states)]


def joined(rows: list[tuple], owners: list[tuple[str, str, str]]) -> dict[str, dict[str, object]]:
    """What Python makes of them in their order."""
    whose = {message: profile for message, _, profile in owners}
    found: dict[str, dict[str, object]] = {}
    for one in sorted(rows, key=lambda one: (one[-2], one[0])):
        found.setdefault(whose[one[0]], {}).update(json.loads(one[-5]))
    return {
        profile: {name: value for name, value in traits.items() if value is not None}
        for profile, traits in found.items()
    }


@dataclass(frozen=True)
class Made:
    """Everybody's profiles, what plain Python made of those with a seed, and how much a second run changed."""

    people: dict[str, dict]
    expected: dict[str, dict]
    seed: int
    changed_again: int


@pytest.fixture(scope="module")
def made(spark, tmp_path_factory) -> Made:
    seed = seed_of_run()
    print(f"seed {seed}")
    chance = random.Random(seed)
    called = [row(n, call, f"{name}{n}") for name, calls in CALLS.items() for n, call in enumerate(calls)]
    owned = [(one[0], "users", f"per_{one[0][:3]}") for one in called] + [("ann3", "accounts", "acc_1")]
    stated = statements(chance)
    owners = [(one[0], "users", f"per_{chance.randrange(4)}") for one in stated]
    rows = [*called, *stated]
    chance.shuffle(rows)
    lake = Profiles(spark, tmp_path_factory.mktemp("profiles"))
    known = [
        ("user_id", "u1", "per_ann"),
        ("anonymous_id", "b", "per_ann"),
        ("anonymous_id", "a", "per_ann"),
        ("user_id", "u3", "per_cid"),
    ]
    lake.hold(rows, [*owned, *owners], known)
    lake.make()
    people = lake.people()
    return Made(people, joined(stated, owners), seed, lake.make())


def test_a_blank_text_is_no_name_and_hides_none(made):
    cid = made.people["per_cid"]
    names = ("email", "name", "first_name", "last_name", "city", "country", "phone")
    assert [cid[name] for name in names] == [None, None, "Cid", None, "Bonn", None, "0"]
    assert json.loads(cid["traits"]) == BLANK


def test_a_profile_is_what_its_events_make_it(made):
    ann, acme = made.people["per_ann"], made.people["acc_1"]
    expected = {"address": {"city": "Bonn"}, "email": "new@example.com", **NAMES, "newsletter": True, "plan": "pro"}
    assert json.loads(ann["traits"]) == expected
    names = ("email", "name", "first_name", "city", "country", "user_id", "anonymous_ids")
    assert [ann[name] for name in names] == ["new@example.com", None, "Ann", "Bonn", None, "u1", ["a", "b"]]
    assert (ann["segments"], ann["event_count"], ann["last_seen"] - ann["first_seen"]) == (
        ["reader"],
        4,
        timedelta(minutes=3),
    )
    assert json.loads(ann["identifiers"]) == ["anonymous_id:a", "anonymous_id:b", "user_id:u1"]
    names = ("collection", "name", "segments", "traits", "event_count")
    assert [acme[name] for name in names] == ["accounts", "Acme", [], '{"name":"Acme"}', 1]


def test_a_second_run_changes_no_profile(made):
    assert made.changed_again == 0


def test_in_any_order_and_partitioning_profiles_are_those_of_plain_python(made):
    others = ("per_ann", "per_cid", "acc_1")
    found = {profile: json.loads(one["traits"]) for profile, one in made.people.items() if profile not in others}
    assert found == made.expected, f"seed {made.seed}"


@pytest.mark.parametrize(("input", "expected"), shared_cases("stated-traits"))
def test_traits_are_stated_by(input, expected):
    texts = (json.dumps(input[name]) if name in input else None for name in ("traits", "context"))
    stated = stated_traits(input["collection"], input["type"], *texts)
    assert {name: json.loads(text) for name, text in (stated or {}).items()} == expected
