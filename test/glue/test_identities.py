"""Who is whom in the lake: identifiers read from events, components against union-find, worked examples, and the job as a whole."""

import gzip
import json
import random
import time
from contextlib import contextmanager
from datetime import timedelta

import pytest
from cdp.graph import components, edges
from cdp.identifiers import sightings
from cdp.identity_log import homes, parted
from cdp.resolve import resolve_identities
from cdp.schema import as_stored, ensure_table, read_table
from identity_rules import EVENT, RULES, START, row
from jobs import identities
from lake import ROOT
from pyspark.sql import functions as F
from test_identities_placement import oracle

SIGHTING = "message_id string, timestamp timestamp, received_at timestamp, collection string, identifiers array<string>"
DEVICE = {"type": "iOS", "id": "D1", "advertisingId": "F1", "adTrackingEnabled": True}
EXTERNAL = [
    {"id": "L1", "type": "loyalty", "collection": "users", "encoding": "none"},
    {"id": "X@Y.org", "type": "email", "collection": "users", "encoding": "none"},
    {"id": "G1", "type": "group_id", "collection": "accounts", "encoding": "none"},
    {"id": "L2", "type": "loyalty", "collection": "users"},
    {"id": "L3", "type": "Not A Type", "collection": "users", "encoding": "none"},
    {"id": "L4", "type": ["loyalty"], "collection": "users", "encoding": "none"},
    {"id": True, "type": "loyalty", "collection": "users", "encoding": "none"},
    "nonsense",
]
SAID = [
    ({"userId": "u1", "anonymousId": "a1"}, ["anonymous_id:a1", "user_id:u1"]),
    ({"type": "identify", "userId": " u1 ", "traits": {"email": "\u00a0Ann@Example.COM "}}, ["email:ann@example.com", "user_id:u1"]),
    ({"anonymousId": "a1", "context": {"traits": {"email": "ann@example.com"}}}, ["anonymous_id:a1", "email:ann@example.com"]),
    ({"type": "identify", "userId": "u1", "traits": {"email": "b@x.org"}, "context": {"traits": {"email": "a@x.org"}}}, ["email:a@x.org", "email:b@x.org", "user_id:u1"]),
    ({"type": "identify", "userId": "u1", "traits": {"phone": "(201) 555-0123"}}, ["phone:+12015550123", "user_id:u1"]),
    ({"type": "identify", "userId": "u1", "traits": {"phone": 12015550123}, "sourceId": "elsewhere"}, ["user_id:u1"]),
    ({"type": "identify", "userId": "u1", "traits": {"phone": "call me", "email": "Ann <ann@x.org"}}, ["user_id:u1"]),
    ({"type": "identify", "userId": "u1", "traits": {"email": {"at": "x"}}}, ["user_id:u1"]),
    ({"type": "identify", "userId": "u1", "traits": {"email": "a@x.org."}, "context": {"traits": ["a@x.org"]}}, ["user_id:u1"]),
    ({"type": "alias", "userId": "u1", "previousId": "a1"}, ["anonymous_id:a1", "user_id:u1"]),
    ({"userId": "u1", "previousId": "a1", "properties": {"email": "a@x.org"}, "traits": {"email": "a@x.org"}}, ["user_id:u1"]),
    ({"anonymousId": "a1", "context": {"device": DEVICE}}, ["anonymous_id:a1", "ios.id:D1", "ios.idfa:F1"]),
    ({"userId": "u1", "context": {"device": DEVICE | {"adTrackingEnabled": "true", "type": "my-ios"}}}, ["device.id:D1", "user_id:u1"]),
    ({"userId": "u1", "context": {"externalIds": EXTERNAL}}, ["email:x@y.org", "loyalty:L1", "user_id:u1"]),
    ({"userId": "u1", "context": {"externalIds": EXTERNAL[0]}}, ["user_id:u1"]),
    ({"userId": "u1", "properties": {"loyalty": {"id": 77}}}, ["card:77", "user_id:u1"]),
    ({"userId": "u" * 501, "anonymousId": "𝒜" * 250}, [f"anonymous_id:{'𝒜' * 250}"]),
    ({"userId": "𝒜" * 251}, None),
    ({"userId": "  "}, None),
    *(({"userId": value}, None) for value in ("null", "NULL", " Undefined ", '"null"', "' None '", "0", "00000000-0000", "-1", "[object Object]", "NaN", '""')),
    *(({"userId": value}, [f"user_id:{value}"]) for value in ("\"none'", 'x"none"', '"ann"', "0-01", "nonesuch")),
    ({"userId": "u1", "type": "identify", "traits": {"email": "NoReply@x.org"}}, ["user_id:u1"]),
    ({"userId": "u1", "type": "identify", "traits": {"email": "a@test.example"}}, ["user_id:u1"]),
]


def frame(spark, rows):
    return spark.createDataFrame(rows, EVENT)


def test_identifiers_are_read_as_the_stream_reads_them(spark):
    rules = RULES | {"identifiers": [{"type": "card", "path": "properties.loyalty.id"}], "blocked": {"email": {"values": ["noreply@x.org"], "patterns": ["@test\\.example$"]}}}
    rows = frame(spark, [row(str(n), call) for n, (call, _) in enumerate(SAID)])
    found = {int(one.message_id): sorted(one.identifiers) for one in sightings(rows, rules, {"shop": "US"}).collect()}
    assert [(call, found.get(n)) for n, (call, _) in enumerate(SAID)] == SAID


def test_a_group_call_is_about_its_account_too(spark):
    calls = [{"type": "group", "userId": "u", "groupId": " acme "}, {"type": "group", "userId": "u", "groupId": "null"}, {"groupId": "acme", "userId": "u"}, {"type": "group", "userId": "none", "groupId": "acme"}]
    found = sightings(frame(spark, [row(str(n), call) for n, call in enumerate(calls)]), RULES, {}).collect()
    assert sorted((one.message_id, one.collection, *one.identifiers) for one in found) == [("0", "accounts", "group_id:acme"), ("0", "users", "user_id:u"), ("1", "users", "user_id:u"), ("2", "users", "user_id:u")]


def union_find(pairs) -> dict[str, str]:
    """The smallest of each component, by plain union-find."""
    parent: dict[str, str] = {}

    def find(name: str) -> str:
        parent.setdefault(name, name)
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for a, b in pairs:
        low, high = sorted((find(a), find(b)))
        parent[high] = low
    return {name: find(name) for name in parent}


@contextmanager
def settings(spark, adaptive, partitions):
    """Spark with adaptive execution on or off and so many partitions."""
    names = ("spark.sql.adaptive.enabled", "spark.sql.shuffle.partitions")
    before = {name: spark.conf.get(name) for name in names}
    try:
        for name, value in zip(names, (adaptive, partitions), strict=True):
            spark.conf.set(name, value)
        yield
    finally:
        for name, value in before.items():
            spark.conf.set(name, value)


@pytest.mark.parametrize(("adaptive", "partitions"), [("true", 1), ("true", 7), ("false", 3)])
def test_components_are_those_of_union_find(spark, adaptive, partitions):
    seed = time.time_ns() % 1_000_000
    print(f"seed {seed}")
    chance = random.Random(seed)
    said = [[f"id:{chance.randrange(900)}" for _ in range(chance.randint(1, 3))] for _ in range(400)]
    expected = union_find((group[0], other) for group in said for other in group)
    chance.shuffle(said)
    with settings(spark, adaptive, partitions):
        rows = spark.createDataFrame([(list(set(group)),) for group in said], "identifiers array<string>").repartition(partitions)
        found = {one.identifier: one.component for one in components(edges(rows)).collect()}
    alone = {name for name, component in expected.items() if list(expected.values()).count(component) == 1}
    assert found == {name: component for name, component in expected.items() if name not in alone}, f"seed {seed}"


def test_who_is_whom_is_what_an_oracle_of_sets_has_whatever_the_order_and_the_partitions(spark):
    seed = time.time_ns() % 1_000_000
    print(f"seed {seed}")
    chance = random.Random(seed)
    most, rank = {"user_id": 1, "email": 2, "anonymous_id": 3}, ["user_id", "email", "anonymous_id"]
    rules = RULES | {"limits": {type_: {"max": top} for type_, top in most.items()}}
    rows, expected = [], set()
    for world in range(60):
        names = [f"{type_}:{world}-{n}" for type_ in rank for n in range(chance.randint(1, 3))]
        events = [(chance.randrange(9), f"{world}-{n}", tuple(chance.sample(names, chance.randint(1, min(3, len(names)))))) for n in range(8)]
        rows += [(message, START + timedelta(minutes=moment), START + timedelta(minutes=moment), "users", list(said)) for moment, message, said in events]
        owners, people = oracle(events, most, rank)
        expected |= {(frozenset(name for name in owners if owners[name] == messages), messages) for messages in people}
    answers = []
    for adaptive, partitions in (("true", 1), ("false", 3)):
        with settings(spark, adaptive, partitions):
            answers.append(resolved(spark, spark.createDataFrame(chance.sample(rows, len(rows)), SIGHTING).repartition(partitions).persist(), rules))
    assert {(frozenset(names), frozenset(messages)) for names, messages in answers[0].values()} == expected, f"seed {seed}"
    assert answers[0] == answers[1], f"seed {seed}"


def resolved(spark, said, rules=RULES, given=(), pairs=()):
    """Who is whom, as sets of messages, and each profile's identifiers."""
    known = spark.createDataFrame([("users", name, live, (START, "m", name)) for name, live in given], "collection string, identifier string, live_id string, founded struct<at: timestamp, message_id: string, identifier: string>")
    apart = spark.createDataFrame(list(pairs), "one string, other string")
    owned, events = resolve_identities(said, known, apart, rules)
    profiles: dict = {}
    for one in owned.collect():
        profiles.setdefault(one.profile_id, ([], []))[0].append(one.identifier)
    for one in events.collect():
        profiles[one.profile_id][1].append(one.message_id)
    return {profile: (sorted(names), sorted(messages)) for profile, (names, messages) in profiles.items()}


def test_worked_examples_come_out_as_documented(spark):
    rows, expected = [], []
    for number, example in enumerate(json.loads((ROOT / "test/fixtures/identity/worked-examples.json").read_text())):
        # Each example is a world of its own: its identifiers are marked.
        calls = json.loads(json.dumps(example["calls"]).replace("@", f"{number}@").replace("anon_", f"anon{number}_"))
        rows += [row(f"{number}/{n + 1}", call, n) for n, call in enumerate(calls)]
        people = json.loads(json.dumps(example["people"]).replace("@", f"{number}@").replace("anon_", f"anon{number}_"))
        expected += [(person["identifiers"], person["events"]) for person in people]
    found = resolved(spark, sightings(frame(spark, rows), RULES, {"shop": "US"}).persist())
    assert sorted((names, len(messages)) for names, messages in found.values()) == sorted(expected)


def said_of(spark, *events):
    rows = [(message, START + timedelta(minutes=n), START + timedelta(minutes=n), "users", list(names)) for n, (message, *names) in enumerate(events)]
    return spark.createDataFrame(rows, SIGHTING).persist()


def test_the_log_names_profiles_and_keeps_parted_ones_apart(spark):
    said = said_of(spark, ("m1", "user_id:u", "anonymous_id:a"), ("m2", "email:e"), ("m3", "user_id:v", "anonymous_id:b"), ("m4", "user_id:w", "anonymous_id:c"))
    given = [("user_id:u", "per_2"), ("anonymous_id:a", "per_1"), ("user_id:v", "per_3"), ("anonymous_id:b", "per_4"), ("user_id:w", "per_4")]
    found = resolved(spark, said, given=given, pairs=[("per_3", "per_4")])
    new = [profile for profile in found if not profile.startswith("per_1") and len(profile) > 6]
    assert [found["per_1"], found["per_3"]] == [(["anonymous_id:a", "user_id:u"], ["m1"]), (["user_id:v"], ["m3"])]
    assert found["per_4"] == (["anonymous_id:c", "user_id:w"], ["m4"]) and [found[profile] for profile in new] == [(["email:e"], ["m2"])]


class IdentitiesLake:
    """One database with events, and a bucket with a log."""

    def __init__(self, spark, directory):
        self.spark, self.directory, self.database = spark, directory, f"identities_{directory.name.replace('-', '_')}"
        spark.sql(f"CREATE NAMESPACE IF NOT EXISTS lake.{self.database}")
        (directory / "config.json").write_text(json.dumps({"identity": RULES, "countries": {}}))

    def hold(self, rows):
        name = ensure_table(self.spark, self.database, read_table("events"))
        as_stored(frame(self.spark, rows).coalesce(1), self.spark, name).writeTo(name).overwrite(F.lit(True))

    def log(self, name, *entries):
        path = self.directory / "identity_log/2026/05/01/00" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        said = {"messageId": "m1", "timestamp": "2026-05-01T00:00:00.000Z", "at": "2026-05-01T00:00:00.000Z"}
        path.write_bytes(gzip.compress("".join(f"{json.dumps(said | entry)}\n" for entry in entries).encode()))

    def run(self):
        return identities.run_job(self.spark, identities.arguments(["--database", self.database, "--lake", str(self.directory), "--config", str(self.directory / "config.json"), "--JOB_NAME", "identities"]))

    def rows(self, name, *columns):
        table = self.spark.table(f"lake.{self.database}.{name}")
        return sorted(tuple(one) for one in table.select(*(columns or table.columns)).collect())


CALLS = [{"userId": "u", "anonymousId": "a"}, {"anonymousId": "b"}, {"userId": "v", "anonymousId": "a"}, {"type": "group", "userId": "u", "groupId": "acme"}]
LINKS = [{"kind": "link", "profileId": "per_01", "identifier": "user_id:u"}, {"kind": "link", "profileId": "per_02", "identifier": "anonymous_id:b"}, {"kind": "merge", "profileId": "per_00", "absorbed": "per_02", "at": "2026-05-02T00:00:00.000Z"}]


class Killed(Exception):
    """The job died."""


def die(*_):
    raise Killed


def test_runs_killed_before_each_write_are_run_again_to_the_same_tables(spark, tmp_path, monkeypatch):
    lake = IdentitiesLake(spark, tmp_path)
    lake.hold([row(f"m{n}", call, n) for n, call in enumerate(CALLS)])
    lake.log("a.gz", *LINKS, LINKS[0])
    for survived in range(len(identities.WRITES)):
        with monkeypatch.context() as patch:
            patch.setattr(identities, "WRITES", (*identities.WRITES[:survived], die))
            with pytest.raises(Killed):
                lake.run()
    lake.run()
    owned = {f"{type_}:{value}": profile for type_, value, profile in lake.rows("identity_map", "identifier_type", "identifier_value", "profile_id")}
    assert (owned["user_id:u"], owned["anonymous_id:a"], owned["anonymous_id:b"]) == ("per_01", "per_01", "per_00")
    assert owned["user_id:v"].startswith("per_019") and owned["group_id:acme"].startswith("acc_019")
    assert lake.rows("event_profiles", "message_id", "collection", "profile_id") == [
        ("m0", "users", "per_01"), ("m1", "users", "per_00"), ("m2", "users", owned["user_id:v"]), ("m3", "accounts", owned["group_id:acme"]), ("m3", "users", "per_01"),
    ]
    assert len(lake.rows("identity_log")) == 3
    assert set(lake.run().values()) == {0}, "a second time nothing changes"


def test_the_log_tells_whose_identifiers_are_and_who_is_apart(spark):
    unmerge = ("unmerge", "per_1", None, None, "per_2", 3), ("unmerge", "per_2", None, None, "per_1", 3)
    told = [("link", "per_1", "user_id:u", None, None, 0), ("link", "per_2", "anonymous_id:b", None, None, 1), ("merge", "per_1", None, "per_2", None, 2), *unmerge, ("merge", "per_0", None, "per_2", None, 4)]
    columns = "kind string, profile_id string, identifier string, absorbed string, apart string, at timestamp, message_id string, timestamp timestamp"
    for known, homes_then, parted_then in ((3, {"user_id:u": "per_1", "anonymous_id:b": "per_1"}, []), (5, {"user_id:u": "per_1", "anonymous_id:b": "per_2"}, [("per_1", "per_2")]), (6, {"user_id:u": "per_1", "anonymous_id:b": "per_0"}, [("per_0", "per_1")])):
        log = spark.createDataFrame([(*entry[:5], START + timedelta(days=entry[5]), "m", START) for entry in told[:known]], columns)
        assert {one.identifier: one.live_id for one in homes(log).collect()} == homes_then
        assert [tuple(one) for one in parted(log).collect()] == parted_then
