"""Segments that wait for a history, by what profiles have and what segments read, through accounts and segments."""

import json

import pytest
from cdp.comparison.stored_profile import stored_profiles
from cdp.comparison.waiting import accounts_asked, generations_in, is_all_there, moved_through, waiting, without
from exports import DICTIONARY, item, registry

ASKS = {"account": {"all": [{"trait": "plan", "operator": "exists"}, {"not": {"inSegment": "firm"}}]}}
SEGMENTS = [
    {"key": "lately", "where": {"event": "A"}},
    {"key": "asks", "where": {"any": [{"not": ASKS}, {"inSegment": "lately"}]}},
    {"key": "through", "where": {"all": [{"inSegment": "asks"}, {"inSegment": "lately"}]}},
    {"key": "other", "where": {"account": {"any": [{"inSegment": "old"}, {"inSegment": "older"}]}}},
    {"key": "plain", "where": {"account": {"trait": "firm", "operator": "exists"}}},
    *({"key": key, "of": "accounts", "where": {"event": key}} for key in ("firm", "old", "older")),
]
CONFIG = {
    "segments": SEGMENTS,
    "reads": {
        "users": {"lately": ["a1"], "asks": ["a1"], "through": ["a1"], "other": [], "plain": []},
        "accounts": {"firm": ["f2"], "old": ["f0"], "older": []},
    },
}
REGISTRY = {"a1": 1, "f2": 1, "@f2": 2, "@f0": 0}
"""An id may be of people and of accounts, and is another then."""
OF_PEOPLE = ["asks", "lately", "through"]
PROFILES = {
    "per_new": ({"based": 2}, []),
    "per_old": ({"based": 0, "accounts": ["nowhere", "late"]}, OF_PEOPLE),
    "per_plain": ({}, OF_PEOPLE),
    "per_at_acme": ({"based": 2, "accounts": ["late", "acme"]}, ["asks", "through"]),
    "per_at_late": ({"based": 1, "accounts": ["late"]}, []),
    "acc_acme": ({"collection": "accounts", "based": 1, "identifiers": ["group_id:acme"]}, ["firm"]),
    "acc_late": ({"collection": "accounts", "based": 2, "identifiers": ["group_id:late"]}, []),
}
"""Of each profile what is stored, and what waits."""


UNSURE = dict.fromkeys(PROFILES, []) | {"acc_acme": ["older"], "acc_late": ["firm"], "per_at_acme": ["plain"]}


def lines(spark, *items: dict):
    return spark.createDataFrame([(json.dumps({"Item": one}),) for one in items], "line string")


@pytest.fixture(scope="module")
def stored(spark):
    items = [item(profile_id, **stated) for profile_id, (stated, _) in PROFILES.items()]
    return stored_profiles(lines(spark, *items), DICTIONARY).localCheckpoint()


def test_what_waits_reaches_through_accounts_and_other_segments(spark, stored):
    generations = generations_in(lines(spark, registry(REGISTRY), item("per_x", identifiers=["registry#aggregates"])))
    assert generations == {"users": {"a1": 1, "f2": 1}, "accounts": {"f2": 2, "f0": 0}}
    assert not is_all_there(stored, generations)
    found = {row.profile_id: sorted(row["keys"]) for row in waiting(stored, generations, CONFIG).collect()}
    assert found == {profile_id: waits for profile_id, (_, waits) in PROFILES.items() if waits}


@pytest.mark.parametrize(
    ("generations", "is_there"),
    [({}, True), ({"a1": 0, "@f2": 0}, True), ({"a1": 0, "@f2": 1}, False), ({"a1": 3}, False)],
)
def test_where_all_have_their_histories_nothing_is_asked(spark, stored, generations, is_there):
    assert is_all_there(stored, generations_in(lines(spark, registry(generations)))) is is_there


def test_without_a_registry_all_count_since_the_first_event(spark, stored):
    assert is_all_there(stored, generations_in(lines(spark, item("per_x"))))


def test_an_aggregate_that_is_not_registered_lacks_its_history(stored):
    waits = waiting(stored, {"users": {"other": 1}, "accounts": {}}, CONFIG | {"reads": {"users": {"lately": ["a1"]}}})
    assert {row.profile_id for row in waits.collect()} == {name for name in PROFILES if name.startswith("per_")}


def test_what_is_not_sure_of_an_account_is_not_sure_of_its_people_who_ask(spark, stored):
    rows = [(name, "accounts" if name.startswith("acc_") else "users", unsure) for name, unsure in UNSURE.items()]
    made = spark.createDataFrame(rows, "profile_id string, collection string, unsure array<string>")
    told = {row.profile_id: set(row.unsure) for row in without(made, moved_through(stored, made, CONFIG)).collect()}
    assert told == {name: {*unsure} for name, unsure in UNSURE.items()} | {
        "per_old": {"asks", "through"},
        "per_at_acme": {"other", "plain", "asks", "through"},
        "per_at_late": {"asks", "through"},
    }


def test_segments_of_people_know_those_of_accounts_that_they_ask_for():
    asked = {"asks": frozenset({"firm"}), "through": frozenset({"firm"}), "other": frozenset({"old", "older"})}
    assert accounts_asked(SEGMENTS) == asked
