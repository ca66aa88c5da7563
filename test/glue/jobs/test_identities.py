"""The job `identities` as a whole: from events and the log to tables, with the stream's own ids."""

import json
from datetime import timedelta

import pytest
from cdp.profiles.profile_rows import owned_events
from cdp.tables.schema import as_stored, ensure_table, read_table
from jobs import identities
from lake import PLAIN, Lake, hour
from people import RULES, START, events_of
from pyspark.sql import functions as F


def entry(kind: str, profile: str, **said: str | int) -> dict:
    return {"kind": kind, "profileId": profile, "messageId": "m", "timestamp": "2026-05-01T00:00:00.000Z", "at": "2026-05-01T00:00:01.000Z", **said}


class People(Lake):
    """A lake whose events are given, not read."""

    def hold(self, calls: list[dict]) -> None:
        self.configure(PLAIN | {"identity": RULES, "countries": {"shop": "US"}})
        name = ensure_table(self.spark, self.database, read_table("events"))
        as_stored(events_of(self.spark, calls), self.spark, name).coalesce(1).writeTo(name).overwritePartitions()

    def log(self, *entries: dict | str) -> None:
        self.put("../identity_log/2026/05/01/10/a.gz", list(entries), hour(10))

    def resolve(self) -> dict[str, int]:
        given = ["--database", self.database, "--lake", str(self.directory), "--config", str(self.directory / "config.json"), "--conf", "x=y"]
        return identities.run_job(self.spark, identities.arguments(given))

    def owners(self) -> dict[str, str]:
        return {f"{kind}:{value}": profile for kind, value, profile in self.rows("identity_map", "identifier_type", "identifier_value", "profile_id")}


@pytest.fixture
def people(spark, tmp_path):
    return People(spark, tmp_path)


CALLS = [
    {"type": "track", "anonymousId": "a1"},
    {"type": "identify", "userId": "u1", "anonymousId": "a1", "traits": {"email": "Ann@example.com"}},
    {"type": "track", "userId": "u2"},
    {"type": "group", "userId": "u2", "groupId": "acme"},
]


def test_people_have_the_ids_that_the_stream_gave_them_and_those_it_does_not_know_ids_of_their_own(people):
    people.hold(CALLS)
    people.log(
        entry("link", "per_2", identifier="user_id:u1"),
        entry("link", "per_1", identifier="anonymous_id:a1"),
        entry("merge", "per_1", absorbed="per_2"),
        entry("link", "acc_1", identifier="group_id:acme"),
        entry("drop", "per_1", identifier="email:x@example.com", rule="limit email 5 ever", times=3),
        "no json",
        json.dumps({"other": 1}),
    )
    people.resolve()
    owners = people.owners()
    assert (owners["user_id:u1"], owners["anonymous_id:a1"], owners["email:ann@example.com"], owners["group_id:acme"]) == ("per_1", "per_1", "per_1", "acc_1")
    bob = owners["user_id:u2"]
    assert bob.startswith("per_") and len(bob) == 36
    whose = {(message, collection): profile for message, collection, profile in people.rows("event_profiles", "message_id", "collection", "profile_id")}
    assert whose == {("m0000", "users"): "per_1", ("m0001", "users"): "per_1", ("m0002", "users"): bob, ("m0003", "users"): bob, ("m0003", "accounts"): "acc_1"}
    assert [(row.rule, row.times) for row in people.table("identity_log").where("kind = 'drop'").collect()] == [("limit email 5 ever", 3)]
    assert people.table("identity_log").count() == 5
    assert people.resolve() == {"identity_map": 0, "event_profiles": 0}


def test_where_the_stream_has_merged_two_that_are_not_one_the_id_goes_to_who_has_more_of_it(people):
    people.hold([{"type": "identify", "userId": "u1", "anonymousId": "a1"}, {"type": "track", "userId": "u2"}])
    people.log(*(entry("link", "per_1", identifier=one) for one in ("user_id:u1", "anonymous_id:a1", "user_id:u2")))
    people.resolve()
    owners = people.owners()
    assert owners["user_id:u1"] == owners["anonymous_id:a1"] == "per_1" != owners["user_id:u2"]


def test_whom_an_operator_parted_stay_two_people(people):
    both = {"type": "identify", "userId": "ann", "traits": {"email": "bob@example.com"}}
    people.hold([{"type": "track", "userId": "ann"}, {"type": "identify", "anonymousId": "b", "traits": {"email": "bob@example.com"}}, both, {"type": "track", "userId": "eve"}])
    links = {"user_id:ann": "per_1", "anonymous_id:b": "per_2", "email:bob@example.com": "per_2", "user_id:eve": "per_5"}
    parted = [entry("unmerge", one, apart=other) for one, other in (("per_1", "per_2"), ("per_2", "per_1"))]
    people.log(*(entry("link", profile, identifier=one) for one, profile in links.items()), entry("merge", "per_1", absorbed="per_2"), *parted)
    people.resolve()
    assert people.owners() == links
    assert people.rows("event_profiles", "message_id", "profile_id") == [("m0000", "per_1"), ("m0001", "per_2"), ("m0002", "per_1"), ("m0003", "per_5")]


def test_an_identifier_that_an_operator_took_from_a_person_is_not_theirs(people):
    people.hold([{"type": "track", "userId": "ann"}, {"type": "track", "userId": "ann", "anonymousId": "tablet"}, {"type": "track", "anonymousId": "tablet"}])
    taken = entry("unmerge", "per_9", apart="per_1", identifier="anonymous_id:tablet") | {"at": "2026-05-02T00:00:00.000Z"}
    people.log(entry("link", "per_1", identifier="user_id:ann"), entry("link", "per_1", identifier="anonymous_id:tablet"), entry("unmerge", "per_1", apart="per_9"), taken)
    people.resolve()
    assert people.owners() == {"user_id:ann": "per_1", "anonymous_id:tablet": "per_9"}
    assert people.rows("event_profiles", "message_id", "profile_id") == [("m0000", "per_1"), ("m0001", "per_1"), ("m0002", "per_9")]


def test_a_match_makes_two_people_one_and_is_no_event_of_theirs(people):
    matched = {"type": "track", "sourceId": "@platform", "anonymousId": "platform", "properties": {"identifiers": ["user_id:u1", "user_id:u2"]}}
    people.hold([*CALLS, matched])
    people.configure(PLAIN | {"identity": RULES | {"limits": {}}, "countries": {}})
    people.resolve()
    owners = people.owners()
    assert owners["user_id:u1"] == owners["user_id:u2"] == owners["anonymous_id:a1"] != owners["group_id:acme"]
    assert "anonymous_id:platform" not in owners
    assert [message for message, _ in people.rows("event_profiles", "message_id", "collection")] == ["m0000", "m0001", "m0002", "m0003", "m0003"]
    seen = {value: (first, last) for value, first, last in people.rows("identity_map", "identifier_value", "first_seen", "last_seen")}
    assert seen["u2"][1] < START.replace(tzinfo=None) + timedelta(minutes=4)


def test_what_is_new_changes_only_who_it_is_about(people):
    people.hold(CALLS)
    people.resolve()
    before = people.owners()
    people.hold([*CALLS, {"type": "identify", "userId": "u2", "traits": {"email": "bob@example.com"}}])
    assert people.resolve() == {"identity_map": 2, "event_profiles": 1}
    assert people.owners() == before | {"email:bob@example.com": before["user_id:u2"]}


def test_a_message_that_came_again_when_it_was_no_longer_known_counts_once_and_is_settled(people):
    people.hold([{"type": "identify", "userId": "u1", "anonymousId": "a1"}, {"type": "identify", "userId": "u2", "anonymousId": "a2"}])
    name = f"lake.{people.database}.events"
    again = people.spark.table(name).where("message_id = 'm0000'").withColumn("received_at", F.expr("received_at + INTERVAL 8 DAYS"))
    again.writeTo(name).append()
    first = {row.message_id: row.received_at for row in people.table("events").orderBy(F.desc("received_at")).collect()}
    people.resolve()
    assert people.rows("event_profiles", "message_id", "received_at") == sorted(first.items())
    assert people.resolve() == {"identity_map": 0, "event_profiles": 0}
    owned = owned_events(*(people.spark.table(f"lake.{people.database}.{table}") for table in ("events", "event_profiles")))
    assert sorted(row.message_id for row in owned.collect()) == ["m0000", "m0001"]


def written(people, table: str) -> list[tuple[int, int]]:
    """Rows that each commit of a table has added and deleted."""
    commits = people.spark.table(f"lake.{people.database}.{table}.snapshots").orderBy("committed_at").collect()
    return [tuple(int(one.summary.get(f"{kind}-records") or 0) for kind in ("added", "deleted")) for one in commits]


def test_a_run_writes_of_the_log_what_is_new_and_nothing_else(people):
    people.hold(CALLS)
    first, second = ([entry("link", f"per_{n}", identifier=f"user_id:u{n}", at=f"2026-05-01T00:00:0{n}.000Z") for n in some] for some in (range(4), range(4, 6)))
    people.log(*first, *first, entry("link", "per_9", at="no time"))
    people.resolve()
    assert written(people, "identity_log") == [(5, 0)]
    tables = ("identity_log", "identity_map", "event_profiles", "watermarks")
    before = {name: written(people, name) for name in tables}
    assert people.resolve() == {"identity_map": 0, "event_profiles": 0}
    assert {name: written(people, name) for name in tables} == before, "a run to which nothing is new writes nothing"
    people.put("../identity_log/2026/05/01/10/b.gz", [*first, *second, entry("link", "per_9", at="no time")], hour(10))
    people.resolve()
    assert written(people, "identity_log") == [(5, 0), (2, 0)]
    assert people.table("identity_log").count() == people.table("identity_log").distinct().count() == 7


def test_people_and_accounts_that_have_the_same_identifier_keep_their_own_ids(people):
    said = {"externalIds": [{"id": "acme", "type": "group_id", "collection": "users", "encoding": "none"}]}
    people.hold([{"type": "group", "userId": "u1", "groupId": "acme"}, {"type": "track", "anonymousId": "a2", "context": said}])
    later = {"at": "2026-05-01T00:01:01.000Z"}
    people.log(
        entry("link", "per_1", identifier="user_id:u1"),
        entry("link", "acc_1", identifier="group_id:acme"),
        entry("link", "per_2", identifier="group_id:acme", **later),
        entry("unmerge", "per_1", apart="per_2", **later),
    )
    people.resolve()
    assert people.rows("identity_map", "collection", "identifier_type", "identifier_value", "profile_id") == [
        ("accounts", "group_id", "acme", "acc_1"),
        ("users", "anonymous_id", "a2", "per_2"),
        ("users", "group_id", "acme", "per_2"),
        ("users", "user_id", "u1", "per_1"),
    ]
    log, named = people.table("identity_log"), identities.named_by_log(people.table("identity_log"))
    assert identities.apart_by_log(log, named).homes == {"user_id:u1": "per_1", "group_id:acme": "per_2"}
