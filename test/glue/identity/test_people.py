"""Who is whom, made again from all events."""

import json
import random
import re

import pytest
from cdp.identity.identifiers import reader
from cdp.identity.people import decisions, find_people, identifiers_of
from cdp.placing.profile_ids import with_profile_ids
from lake import ROOT
from laws import seed_of_run
from people import RULES, START, UNLIMITED, calls_at_random, events_of, people_by_union, sighted
from pyspark.sql import functions as F
from pyspark.sql import Row
from shared_rules import shared_cases

EXAMPLES = json.loads((ROOT / "test/shared-rules/identity/worked-examples.json").read_text())


def people_in(spark, calls: list[dict], rules: dict) -> dict[str, tuple[list[str], int]]:
    """Identifiers and number of events of each person."""
    people = find_people(sighted(events_of(spark, calls), rules), rules).where("collection = 'users'").persist()
    events = {one.person: one["count"] for one in people.groupBy("person").count().collect()}
    owned: dict[str, list[str]] = {}
    for one in identifiers_of(people).collect():
        owned.setdefault(one.person, []).append(one.identifier)
    people.unpersist()
    return {person: (sorted(owned.get(person, [])), count) for person, count in events.items()}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["name"])
def test_what_segment_works_through_comes_out_the_same(spark, example):
    found = people_in(spark, example["calls"], RULES)
    assert sorted(found.values()) == sorted(
        (sorted(person["identifiers"]), person["events"]) for person in example["people"]
    )


def test_where_nothing_binds_people_are_those_of_union_find(spark):
    seed = seed_of_run()
    print(f"seed {seed}")
    calls = calls_at_random(random.Random(seed), 120)
    found = people_in(spark, calls, UNLIMITED)
    assert {frozenset(identifiers) for identifiers, _ in found.values()} == people_by_union(calls), f"seed {seed}"


def test_in_a_world_where_limits_bind_no_one_has_more_than_they_may_and_every_identifier_has_one_owner(spark):
    seed = seed_of_run()
    print(f"seed {seed}")
    tight = RULES | {"limits": {"user_id": {"max": 1, "window": "ever"}}, "defaultLimit": 2}
    found = people_in(spark, calls_at_random(random.Random(seed), 200), tight)
    for identifiers, _ in found.values():
        kinds = [identifier.split(":")[0] for identifier in identifiers]
        assert kinds.count("user_id") <= 1 and kinds.count("email") <= 2 and kinds.count("anonymous_id") <= 2, (
            f"seed {seed}"
        )
    owned = [identifier for identifiers, _ in found.values() for identifier in identifiers]
    assert len(owned) == len(set(owned)), f"seed {seed}"
    assert len(found) > len(people_by_union(calls_at_random(random.Random(seed), 200))), "nothing was bound"


def micros(minute: int) -> int:
    return int(START.timestamp() + 60 * minute) * 1_000_000


def played(*stated: tuple[int, list[str]], **rules) -> dict[str, tuple[str, list[str]]]:
    """First event of the person and identifiers kept, for each event; events are a minute and their identifiers."""
    events = [
        Row(event_id=f"m{n}", message_id=f"m{n}", timestamp=micros(at), received_at=micros(at), identifiers=one)
        for n, (at, one) in enumerate(stated)
    ]
    return {message: (first, kept) for message, first, kept in decisions(events, RULES | rules)}


@pytest.mark.parametrize(
    "rules",
    [
        {"caps": {"identifiers": 9, "merges": 0}},
        {"breaker": {"merges": 0, "minutes": 60}},
        {"caps": {"identifiers": 1, "merges": 9}},
    ],
)
def test_a_cap_keeps_the_whole_event_out(rules):
    assert played((0, ["email:1"]), (1, ["email:2"]), (2, ["email:1", "email:2"]), **rules) == {
        "m0": ("m0", ["email:1"]),
        "m1": ("m1", ["email:2"]),
    }


def test_a_window_lets_in_again_what_it_kept_out():
    month = 30 * 1440
    kept = played(
        (0, ["user_id:a", "email:1"]),
        (1, ["user_id:a", "email:2"]),
        (month, ["user_id:a", "email:2"]),
        limits={"email": {"max": 1, "window": "weekly"}},
    )
    assert kept["m2"] == ("m0", ["user_id:a", "email:2"])


def named(call: dict) -> dict[str, list[str]]:
    """Whom a call names, by rules with an identifier of the deployment's own."""
    rules = RULES | {"identifiers": [{"type": "loyalty", "path": "properties.loyalty.id"}]}
    texts = {name: json.dumps(call[name]) if name in call else None for name in ("traits", "context", "properties")}
    names = {"user_id": "userId", "anonymous_id": "anonymousId", "previous_id": "previousId", "source_id": "sourceId"}
    plain = {column: call.get(name) for column, name in names.items()}
    event = {"type": "track", "group_id": None} | plain | texts | {"type": call.get("type", "track")}
    found = reader(rules, {"shop": "US"})(event | {"source_id": call.get("sourceId", "shop")})
    return {"users": found.users, "accounts": found.accounts}


@pytest.mark.parametrize(("input", "expected"), shared_cases("identity/claims"))
def test_an_event_names(input, expected):
    assert named(input) == {"users": expected, "accounts": []}


def test_a_correction_of_a_profile_teaches_the_lake_nothing():
    """The stream takes its identifiers; the lake has made it."""
    properties = {"identifiers": ["user_id:u"], "profile": {"profileId": "per_1"}}
    assert named({"sourceId": "@platform", "properties": properties}) == {"users": [], "accounts": []}


@pytest.fixture(scope="module")
def own_ids(spark) -> dict[str, str]:
    """Ids that the lake gives to people whom the log does not know, by when and in which collection they were made."""
    cases = [case.values[0] for case in shared_cases("identity/profile-ids")]
    people = spark.createDataFrame(
        [(one["collection"], f"{n}", one["createdAt"]) for n, one in enumerate(cases)],
        "collection string, person string, received_at string",
    ).withColumn("received_at", F.to_timestamp("received_at"))
    identifiers = spark.createDataFrame([], "collection string, identifier string, person string")
    logged = spark.createDataFrame([], "collection string, identifier string, profile_id string")
    found = {row.person: row.profile_id for row in with_profile_ids(identifiers, people, logged).collect()}
    return {json.dumps(one): found[f"{n}"] for n, one in enumerate(cases)}


@pytest.mark.parametrize(("input", "expected"), shared_cases("identity/profile-ids"))
def test_an_id_of_the_lakes_own(own_ids, input, expected):
    assert re.fullmatch(f"{expected}[0-9a-f]{{20}}", own_ids[json.dumps(input)])


def test_whoever_loses_an_id_that_was_of_their_own_gets_another(spark):
    people = spark.createDataFrame(
        [("users", "users/anonymous_id:a", "2026-05-01"), ("users", "users/email:e", "2026-05-02")],
        "collection string, person string, received_at string",
    ).withColumn("received_at", F.to_timestamp("received_at"))
    nobody = spark.createDataFrame([], "collection string, identifier string, person string")
    unknown = nobody.withColumnRenamed("person", "profile_id")
    own = {row.person: row.profile_id for row in with_profile_ids(nobody, people, unknown).collect()}
    first, second = sorted(own)
    named = [("anonymous_id:a", first), ("email:e", second), ("user_id:u", second)]
    identifiers = spark.createDataFrame(
        [("users", identifier, person) for identifier, person in named], nobody.schema
    )
    once_one = identifiers.select("collection", "identifier", F.lit(own[first]).alias("profile_id"))
    parted = {row.person: row.profile_id for row in with_profile_ids(identifiers, people, once_one).collect()}
    assert parted[second] == own[first]
    assert parted[first] not in own.values()


def test_a_group_call_names_its_account(spark):
    calls = [
        {"type": "group", "userId": "u", "groupId": " acme ", "traits": {"email": "a@b.example"}},
        {"type": "track", "userId": "u", "groupId": "acme"},
    ]
    columns = ("message_id", "collection", "identifiers")
    found = sighted(events_of(spark, calls)).select(*columns).collect()
    assert sorted(map(tuple, found)) == [
        ("m0000", "accounts", ["group_id:acme"]),
        ("m0000", "users", ["user_id:u"]),
        ("m0001", "users", ["user_id:u"]),
    ]


def test_another_call_names_the_account_of_its_context_where_definitions_of_accounts_read_it(spark):
    context = {"groupId": "acme"}
    calls = [
        {"type": "track", "event": "Paid", "userId": "u", "context": context},
        {"type": "track", "event": "Seen", "userId": "u", "context": context},
        {"type": "track", "event": "Paid", "anonymousId": "null", "context": context},
        {"type": "page", "name": "Home", "userId": "u", "context": context},
        {"type": "group", "userId": "u", "groupId": "globex", "context": context},
    ]
    read = frozenset({("track", "Paid"), ("page", None)})
    found = sighted(events_of(spark, calls), of_accounts=read).where("collection = 'accounts'").collect()
    assert sorted((row.message_id, row.identifiers) for row in found) == [
        ("m0000", ["group_id:acme"]),
        ("m0003", ["group_id:acme"]),
        ("m0004", ["group_id:globex"]),
    ]
