"""The job `identities` as a whole: from events and the log to tables, with the stream's own ids.

One lake plays every scene at once, in three runs; each scene has people and messages of its own.
"""

import json
from dataclasses import dataclass
from datetime import timedelta

import pytest
from cdp.identity.sightings import Reading
from cdp.profiles.profile_rows import owned_events
from cdp.tables.schema import as_stored, ensure_table, read_table
from jobs import identities
from lake import PLAIN, Lake, hour
from people import EVENT, RULES, START, row
from pyspark.sql import functions as F

TABLES = ("identity_log", "identity_map", "event_profiles", "watermarks")


def entry(kind: str, profile: str, **stated: str | int) -> dict:
    at = {"timestamp": "2026-05-01T00:00:00.000Z", "at": "2026-05-01T00:00:01.000Z"}
    return {"kind": kind, "profileId": profile, "messageId": "m", **at, **stated}


def links(profile: str, *identifiers: str, **stated: str) -> list[dict]:
    return [entry("link", profile, identifier=identifier, **stated) for identifier in identifiers]


def track(**stated: object) -> dict:
    return {"type": "track", **stated}


def identify(**stated: object) -> dict:
    return {"type": "identify", **stated}


LATER = {"at": "2026-05-01T00:01:01.000Z"}
ACME_USER = {"externalIds": [{"id": "same", "type": "group_id", "collection": "users", "encoding": "none"}]}
MATCHED = {"identifiers": ["user_id:match-u", "anonymous_id:match-a"]}
PARTED_EMAIL = {"email": "parted-bob@example.com"}
CALLS = {
    "known": [
        track(anonymousId="known-a"),
        identify(userId="known-u1", anonymousId="known-a", traits={"email": "Known@example.com"}),
        track(userId="known-u2"),
        {"type": "group", "userId": "known-u2", "groupId": "known-acme"},
    ],
    "split": [identify(userId="split-u1", anonymousId="split-a1"), track(userId="split-u2")],
    "parted": [
        track(userId="parted-ann"),
        identify(anonymousId="parted-b", traits=PARTED_EMAIL),
        identify(userId="parted-ann", traits=PARTED_EMAIL),
        track(userId="parted-eve"),
    ],
    "taken": [
        track(userId="taken-ann"),
        track(userId="taken-ann", anonymousId="taken-tablet"),
        track(anonymousId="taken-tablet"),
    ],
    "match": [
        track(userId="match-u"),
        track(anonymousId="match-a"),
        track(sourceId="@platform", anonymousId="platform", properties=MATCHED),
    ],
    "again": [
        identify(userId="again-u1", anonymousId="again-a1"),
        identify(userId="again-u2", anonymousId="again-a2"),
    ],
    "same": [{"type": "group", "userId": "same-u", "groupId": "same"}, track(anonymousId="same-a", context=ACME_USER)],
}
LATER_CALL = identify(userId="known-u2", traits={"email": "known-bob@example.com"})
LOGGED = [
    entry("link", f"per_l{n}", identifier=f"user_id:log-u{n}", at=f"2026-05-01T00:00:0{n}.000Z") for n in range(6)
]
NO_TIME = entry("link", "per_l9", at="no time")
LOG = [
    *links("per_k2", "user_id:known-u1"),
    *links("per_k1", "anonymous_id:known-a"),
    entry("merge", "per_k1", absorbed="per_k2"),
    *links("acc_k1", "group_id:known-acme"),
    entry("drop", "per_k1", identifier="email:x@example.com", rule="limit email 5 ever", times=3),
    "no json",
    json.dumps({"other": 1}),
    *links("per_s1", "user_id:split-u1", "anonymous_id:split-a1", "user_id:split-u2"),
    *links("per_p1", "user_id:parted-ann"),
    *links("per_p2", "anonymous_id:parted-b", "email:parted-bob@example.com"),
    *links("per_p5", "user_id:parted-eve"),
    entry("merge", "per_p1", absorbed="per_p2"),
    entry("unmerge", "per_p1", apart="per_p2"),
    entry("unmerge", "per_p2", apart="per_p1"),
    *links("per_t1", "user_id:taken-ann", "anonymous_id:taken-tablet"),
    entry("unmerge", "per_t1", apart="per_t9"),
    entry("unmerge", "per_t9", apart="per_t1", identifier="anonymous_id:taken-tablet", at="2026-05-02T00:00:00.000Z"),
    *LOGGED[:4],
    *LOGGED[:4],
    NO_TIME,
    *links("per_e1", "user_id:same-u"),
    *links("acc_e1", "group_id:same"),
    *links("per_e2", "group_id:same", **LATER),
    entry("unmerge", "per_e1", apart="per_e2", **LATER),
]
ENTRIES = {json.dumps(one) for one in LOG if isinstance(one, dict)}


class People(Lake):
    """A lake whose events are given, not read."""

    def hold(self, calls: dict[str, list[dict]]) -> None:
        self.configure(PLAIN | {"countries": {"shop": "US"}})
        rows = [row(n, call, f"{scene}{n}") for scene, stated in calls.items() for n, call in enumerate(stated)]
        name = ensure_table(self.spark, self.database, read_table("events"))
        held = as_stored(self.spark.createDataFrame(rows, EVENT), self.spark, name)
        # A message that comes again when the job `events` no longer knows it is there twice.
        again = held.where("message_id = 'again0'").withColumn("received_at", F.expr("received_at + INTERVAL 8 DAYS"))
        held.union(again).coalesce(1).writeTo(name).overwritePartitions()
        sightings = ensure_table(self.spark, self.database, read_table("sightings"))
        rows = Reading(RULES, {"shop": "US"}).read(self.spark.table(name))
        as_stored(rows, self.spark, sightings).coalesce(1).writeTo(sightings).overwritePartitions()

    def log(self, name: str, *entries: dict | str) -> None:
        self.put(f"../identity_log/2026/05/01/10/{name}.gz", list(entries), hour(10))

    def resolve(self) -> "Resolved":
        given = [*self.arguments, "--conf", "x=y"]
        changed = identities.run_job(self.spark, identities.arguments(given))["rows_changed"]
        tables = {name: [one.asDict() for one in self.table(name).collect()] for name in TABLES[:3]}
        return Resolved(changed, tables, {name: self.written(name) for name in TABLES})

    def written(self, table: str) -> list[tuple[int, int]]:
        """Rows that each commit of a table has added and deleted."""
        commits = self.spark.table(f"lake.{self.database}.{table}.snapshots").orderBy("committed_at").collect()
        return [tuple(int(one.summary.get(f"{kind}-records") or 0) for kind in ("added", "deleted")) for one in commits]


@dataclass(frozen=True)
class Resolved:
    """What a run changed, the tables after it, and what each commit has written."""

    changed: dict[str, int]
    tables: dict[str, list[dict]]
    written: dict[str, list[tuple[int, int]]]

    def owners(self, scene: str) -> dict[str, str]:
        rows = self.tables["identity_map"]
        whose = {f"{one['identifier_type']}:{one['identifier_value']}": one["profile_id"] for one in rows}
        return {name: profile for name, profile in whose.items() if name.split(":")[1].startswith(scene)}

    def events(self, scene: str) -> dict[tuple[str, str], str]:
        """Whose each message is, by message and collection."""
        rows = [one for one in self.tables["event_profiles"] if one["message_id"].startswith(scene)]
        found = {(one["message_id"].removeprefix(scene), one["collection"]): one["profile_id"] for one in rows}
        assert len(found) == len(rows), "each message is somebody's once"
        return found


@pytest.fixture(scope="module")
def people(spark, tmp_path_factory) -> People:
    return People(spark, tmp_path_factory.mktemp("people"))


@pytest.fixture(scope="module")
def runs(people) -> list[Resolved]:
    """One run of everything, one with nothing new, and one with a call and two entries more."""
    people.hold(CALLS)
    people.log("a", *LOG)
    first, second = people.resolve(), people.resolve()
    people.hold(CALLS | {"known": [*CALLS["known"], LATER_CALL]})
    people.log("b", *LOGGED, NO_TIME)
    return [first, second, people.resolve()]


@pytest.fixture
def first(runs) -> Resolved:
    return runs[0]


def test_people_have_the_ids_that_the_stream_gave_them_and_those_it_does_not_know_ids_of_their_own(first):
    owners = first.owners("known")
    bob = owners.pop("user_id:known-u2")
    assert bob.startswith("per_") and len(bob) == 36
    assert owners == {
        **dict.fromkeys(("user_id:known-u1", "anonymous_id:known-a", "email:known@example.com"), "per_k1"),
        "group_id:known-acme": "acc_k1",
    }
    assert first.events("known") == {
        ("0", "users"): "per_k1",
        ("1", "users"): "per_k1",
        ("2", "users"): bob,
        ("3", "users"): bob,
        ("3", "accounts"): "acc_k1",
    }


def test_entries_of_the_log_are_rows_and_what_is_none_is_left_out(first):
    log = first.tables["identity_log"]
    assert [(one["rule"], one["times"]) for one in log if one["kind"] == "drop"] == [("limit email 5 ever", 3)]
    assert len(log) == len(ENTRIES)


def test_where_the_stream_has_merged_two_that_are_not_one_the_id_goes_to_who_has_more_of_it(first):
    owners = first.owners("split")
    assert owners["user_id:split-u1"] == owners["anonymous_id:split-a1"] == "per_s1" != owners["user_id:split-u2"]


def test_whom_an_operator_parted_stay_two_people(first):
    assert first.owners("parted") == {
        "user_id:parted-ann": "per_p1",
        "user_id:parted-eve": "per_p5",
        "anonymous_id:parted-b": "per_p2",
        "email:parted-bob@example.com": "per_p2",
    }
    users = [(str(n), "users") for n in range(4)]
    assert first.events("parted") == dict(zip(users, ("per_p1", "per_p2", "per_p1", "per_p5"), strict=True))


def test_an_identifier_that_an_operator_took_from_a_person_is_not_theirs(first):
    assert first.owners("taken") == {"user_id:taken-ann": "per_t1", "anonymous_id:taken-tablet": "per_t9"}
    assert list(first.events("taken").values()) == ["per_t1", "per_t1", "per_t9"]


def test_a_match_makes_two_people_one_and_is_no_event_of_theirs(first):
    owners = first.owners("match")
    assert owners["user_id:match-u"] == owners["anonymous_id:match-a"] and len(owners) == 2
    assert first.owners("platform") == {}
    assert list(first.events("match")) == [("0", "users"), ("1", "users")]
    seen = {one["identifier_value"]: one["last_seen"] for one in first.tables["identity_map"]}
    assert seen["match-a"] < START.replace(tzinfo=None) + timedelta(minutes=2)


def test_a_message_that_came_again_when_it_was_no_longer_known_counts_once_and_is_settled(people, runs):
    settled = {one["message_id"]: one["received_at"] for one in runs[0].tables["event_profiles"]}
    assert {name: settled[f"again{name}"] - START.replace(tzinfo=None) for name in "01"} == {
        "0": timedelta(seconds=1),
        "1": timedelta(minutes=1, seconds=1),
    }
    tables = (people.spark.table(f"lake.{people.database}.{table}") for table in ("events", "event_profiles"))
    owned = owned_events(*tables).where("message_id like 'again%'")
    assert sorted(one.message_id for one in owned.collect()) == ["again0", "again1"]


def test_people_and_accounts_that_have_the_same_identifier_keep_their_own_ids(people, first):
    rows = first.tables["identity_map"]
    found = [(one["collection"], one["identifier_type"], one["identifier_value"], one["profile_id"]) for one in rows]
    assert sorted(one for one in found if one[2].startswith("same")) == [
        ("accounts", "group_id", "same", "acc_e1"),
        ("users", "anonymous_id", "same-a", "per_e2"),
        ("users", "group_id", "same", "per_e2"),
        ("users", "user_id", "same-u", "per_e1"),
    ]
    log = people.table("identity_log")
    homes = identities.apart_by_log(log, identities.named_by_log(log)).homes
    assert {name: home for name, home in homes.items() if "same" in name} == {
        "user_id:same-u": "per_e1",
        "group_id:same": "per_e2",
    }


def test_a_run_to_which_nothing_is_new_writes_nothing(runs):
    first, second, _ = runs
    assert second.changed == {"identity_map": 0, "event_profiles": 0}
    assert second.written == first.written


def test_a_run_writes_of_the_log_what_is_new_and_nothing_else(runs):
    first, _, third = runs
    assert first.written["identity_log"] == [(len(ENTRIES), 0)]
    assert third.written["identity_log"] == [(len(ENTRIES), 0), (2, 0)]
    log = [tuple(one.values()) for one in third.tables["identity_log"]]
    assert len(log) == len(set(log)) == len(ENTRIES) + 2


def test_what_is_new_changes_only_who_it_is_about(runs):
    _, second, third = runs
    assert third.changed == {"identity_map": 2, "event_profiles": 1}
    before = second.owners("")
    assert third.owners("") == before | {"email:known-bob@example.com": before["user_id:known-u2"]}
