"""One row a person: their events joined, whatever order they are in."""

import json
import random
import time
from datetime import timedelta

import pytest
from cdp.profiles.segments import holds
from cdp.profiles.traits import said
from cdp.tables.schema import as_stored, ensure_table, read_table
from jobs import profiles
from lake import PLAIN, Lake
from people import EVENT, START, row

SEGMENTS = [
    {"key": "rich", "where": {"trait": "spent", "operator": "atLeast", "value": 200}},
    {"key": "reader", "where": {"all": [{"trait": "email", "operator": "exists"}, {"trait": "newsletter", "operator": "equals", "value": True}]}},
]


class Profiles(Lake):
    """A lake in which it is given whose events are."""

    def hold(self, rows: list[tuple], owners: list[tuple[str, str, str]], identifiers: list[tuple[str, str, str]]) -> None:
        self.configure(PLAIN | {"segments": SEGMENTS})
        at = {row[0]: row[-2:] for row in rows}
        self.write("events", self.spark.createDataFrame(rows, EVENT))
        self.write("event_profiles", self.spark.createDataFrame([(*owner, *at[owner[0]]) for owner in owners], "event_id string, collection string, profile_id string, timestamp timestamp, received_at timestamp"))
        known = [("users", kind, value, profile, START, START) for kind, value, profile in identifiers]
        self.write("identity_map", self.spark.createDataFrame(known, "collection string, identifier_type string, identifier_value string, profile_id string, first_seen timestamp, last_seen timestamp"))

    def write(self, table: str, rows) -> None:
        name = ensure_table(self.spark, self.database, read_table(table))
        as_stored(rows, self.spark, name).coalesce(1).writeTo(name).overwritePartitions()

    def make(self) -> int:
        return profiles.run_job(self.spark, profiles.arguments(["--database", self.database, "--lake", str(self.directory), "--config", str(self.directory / "config.json"), "--conf", "x=y"]))["rows_changed"]

    def people(self) -> dict[str, dict]:
        return {one.profile_id: one.asDict() for one in self.table("profiles").collect()}


@pytest.fixture
def lake(spark, tmp_path):
    return Profiles(spark, tmp_path)


def test_a_blank_text_is_no_name_and_hides_none(lake):
    traits = {"email": "", "name": "\u00a0 ", "first_name": " ", "firstName": "Ann", "last_name": "\ufeff", "city": "", "address": {"city": "Bonn", "country": "  "}, "phone": 0}
    rows = [row(0, {"type": "identify", "userId": "u1", "traits": traits})]
    lake.hold(rows, [(rows[0][0], "users", "per_1")], [("user_id", "u1", "per_1")])
    lake.make()
    ann = lake.people()["per_1"]
    names = ("email", "name", "first_name", "last_name", "city", "country", "phone")
    assert [ann[name] for name in names] == [None, None, "Ann", None, "Bonn", None, "0"]
    assert json.loads(ann["traits"]) == traits


def test_a_profile_is_what_its_events_make_it(lake):
    calls = [
        {"type": "identify", "userId": "u1", "traits": {"email": "old@example.com", "spent": 250.0, "newsletter": True, "address": {"city": "Bonn"}, "firstName": "Ann", "first_name": {"of": "Ann"}, "name": ["Ann"]}},
        {"type": "identify", "userId": "u1", "traits": {"email": "new@example.com", "spent": None}, "context": {"traits": {"email": "other@example.com", "plan": "pro"}}},
        {"type": "track", "userId": "u1", "traits": {"email": "not@example.com"}},
        {"type": "group", "userId": "u1", "groupId": "acme", "traits": {"name": "Acme"}},
    ]
    rows = [row(n, call) for n, call in enumerate(calls)]
    owners = [*((one[0], "users", "per_1") for one in rows), (rows[3][0], "accounts", "acc_1")]
    lake.hold(rows, owners, [("user_id", "u1", "per_1"), ("anonymous_id", "b", "per_1"), ("anonymous_id", "a", "per_1")])
    lake.make()
    ann, acme = lake.people()["per_1"], lake.people()["acc_1"]
    assert json.loads(ann["traits"]) == {
        **{"address": {"city": "Bonn"}, "email": "new@example.com", "firstName": "Ann", "first_name": {"of": "Ann"}, "name": ["Ann"]},
        **{"newsletter": True, "plan": "pro"},
    }
    assert (ann["email"], ann["name"], ann["first_name"], ann["city"], ann["country"], ann["user_id"], ann["anonymous_ids"]) == ("new@example.com", None, "Ann", "Bonn", None, "u1", ["a", "b"])
    assert (ann["segments"], ann["event_count"], ann["last_seen"] - ann["first_seen"]) == (["reader"], 4, timedelta(minutes=3))
    assert json.loads(ann["identifiers"]) == ["anonymous_id:a", "anonymous_id:b", "user_id:u1"]
    assert (acme["collection"], acme["name"], acme["segments"], acme["traits"], acme["event_count"]) == ("accounts", "Acme", [], '{"name":"Acme"}', 1)
    assert lake.make() == 0


def test_in_any_order_and_partitioning_profiles_are_those_of_plain_python(lake):
    seed = time.time_ns() % 1_000_000
    print(f"seed {seed}")
    chance = random.Random(seed)
    rows = [row(chance.randrange(5), {"type": "identify", "traits": {chance.choice("ab"): chance.choice([1, "x", None, True])}}, f"m{n:02d}") for n in range(60)]
    owners = [(one[0], "users", f"per_{chance.randrange(4)}") for one in rows]
    expected: dict[str, dict[str, object]] = {}
    for one in sorted(rows, key=lambda one: (one[-2], one[0])):
        expected.setdefault(dict((message, profile) for message, _, profile in owners)[one[0]], {}).update(json.loads(one[8]))
    chance.shuffle(rows)
    lake.hold(rows, owners, [])
    lake.make()
    kept = {profile: {name: value for name, value in traits.items() if value is not None} for profile, traits in expected.items()}
    assert {profile: json.loads(one["traits"]) for profile, one in lake.people().items()} == kept, f"seed {seed}"


STATED = [
    (("users", "identify", '{"a": 1.0, "b": 0.5, "c": "é"}', None), {"a": "1", "b": "0.5", "c": '"é"'}),
    (("users", "identify", None, '{"traits": {"a": null}}'), {"a": "null"}),
    (("users", "track", '{"a": 1}', None), None),
    (("users", "group", '{"a": 1}', None), None),
    (("accounts", "group", '{"a": [1, {"b": 2}]}', None), {"a": '[1,{"b":2}]'}),
    (("accounts", "identify", '{"a": 1}', None), None),
]


@pytest.mark.parametrize(("given", "expected"), STATED)
def test_traits_are_said_by_identifies_of_people_and_by_groups_of_accounts(given, expected):
    assert said(*given) == expected


CONDITIONS = [
    ("exists", None, {"t": 0}, True),
    ("exists", None, {}, False),
    ("missing", None, {}, True),
    ("missing", None, {"t": False}, False),
    ("equals", 1, {"t": True}, False),
    ("equals", 1, {"t": 1.0}, True),
    ("notEquals", "a", {}, False),
    ("notEquals", "a", {"t": 1}, True),
    ("anyOf", ["a", True], {"t": True}, True),
    ("anyOf", ["a", 1], {"t": True}, False),
    ("greaterThan", 1, {"t": 1}, False),
    ("atLeast", 1, {"t": 1}, True),
    ("atLeast", 1, {"t": "2"}, False),
    ("lessThan", 1, {"t": True}, False),
    ("atMost", 1, {"t": 1}, True),
    ("contains", "b", {"t": "abc"}, True),
    ("contains", "b", {"t": ["b"]}, False),
    ("startsWith", "a", {"t": "abc"}, True),
    ("endsWith", "a", {"t": "abc"}, False),
]


@pytest.mark.parametrize(("operator", "value", "traits", "expected"), CONDITIONS)
def test_conditions_hold_as_they_do_in_the_stream(operator, value, traits, expected):
    condition = {"trait": "t", "operator": operator} | ({} if value is None else {"value": value})
    assert holds(condition, traits) is expected
    assert holds({"not": condition}, traits) is not expected
    assert holds({"any": [condition, condition]}, traits) is holds({"all": [condition]}, traits) is expected
