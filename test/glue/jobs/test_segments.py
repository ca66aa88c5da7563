"""The job `profiles` asks every kind of definition about people, from the list of their events."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from cdp.tables.schema import as_stored, ensure_table, read_table
from exports import DICTIONARY, export, item
from jobs import profiles
from lake import PLAIN, ROOT, Lake

NOW = datetime(2026, 5, 10, 12, tzinfo=UTC)
EVENT = (
    "event_id string, message_id string, type string, event string, name string, user_id string, "
    "anonymous_id string, previous_id string, group_id string, source_id string, properties string, traits string, "
    "context string, timestamp timestamp, received_at timestamp"
)
OWNER = "event_id string, collection string, profile_id string, timestamp timestamp, received_at timestamp"
KNOWN = (
    "collection string, identifier_type string, identifier_value string, profile_id string, "
    "first_seen timestamp, last_seen timestamp"
)


def order(revenue: object, category: str) -> dict:
    return {"event": "Order Completed", "properties": {"revenue": revenue, "products": [{"category": category}]}}


LIVES = {
    "per_ann": [
        (40 * 24, {"type": "identify", "traits": {"birthday": "1990-05-11", "revenue": 7, "zone": "Pacific/Auckland"}}),
        (24 * 24, order("19.99", "shoes")),
        (24, order(0.01, "hats")),
        (23, order(30, "hats")),
        (2, {"event": "Product Added"}),
        (2, {"type": "group", "group_id": "g1", "traits": {"plan": "pro", "revenue": 9}}),
        (1.5, {"event": "Seat Added", "context": {"groupId": "g1"}, "properties": {"price": 30}}),
        (1, {"event": "List Member Added", "properties": {"list": "vips"}}),
    ],
    "per_bob": [
        (3, {"event": "Product Added"}),
        (2.5, {"type": "page", "name": "Pricing", "context": {"campaign": {"source": "ads"}}}),
        (2, {"event": "Order Completed", "properties": {"revenue": None}}),
        (1, {"type": "identify", "context": {"consent": {"categoryPreferences": {"ads": True, "mail": False}}}}),
    ],
    "per_cid": [(0.5, {"type": "identify", "traits": {"plan": "pro"}})],
}
"""Hours ago, and calls."""
SEGMENTS = [
    {
        "key": "bought_lately",
        "where": {
            "event": "Order Completed",
            "where": [{"property": "revenue", "operator": "greaterThan", "value": 0}],
            "count": {"operator": "atLeast", "value": 2},
            "window": {"within": "7d"},
        },
    },
    {
        "key": "abandoned",
        "where": {"event": "Product Added", "notFollowedBy": {"event": "Order Completed"}, "apart": "1h"},
    },
    {
        "key": "quick",
        "where": {"event": "Product Added", "followedBy": {"event": "Order Completed"}, "apart": "2h"},
    },
    {"key": "spenders", "where": {"trait": "revenue", "operator": "atLeast", "value": 50}},
    {"key": "hats", "where": {"trait": "favourite", "operator": "equals", "value": "hats"}},
    {"key": "at_pro", "where": {"account": {"trait": "plan", "operator": "equals", "value": "pro"}}},
    {"key": "at_grown", "where": {"account": {"inSegment": "grown"}}},
    {"key": "at_old", "where": {"account": {"inSegment": "old"}}},
    {"key": "may_advertise", "where": {"consent": "ads", "is": "granted"}},
    {"key": "may_not_mail", "where": {"consent": "mail", "is": "denied"}},
    {
        "key": "birthday",
        "zone": {"trait": "zone", "default": "UTC"},
        "where": {"trait": "birthday", "operator": "anniversary", "from": 0, "to": 0},
    },
    {"key": "vips", "where": {"inList": "vips"}},
    {"key": "long_known", "where": {"knownFor": "30d"}},
    {"key": "nameless", "where": {"identifier": "user_id", "operator": "missing"}},
    {
        "key": "from_ads",
        "where": {
            "event": {"type": "page", "name": "Pricing"},
            "where": [{"context": "campaign.source", "operator": "equals", "value": "ads"}],
            "window": {"calendar": "day", "last": 1},
        },
    },
    {"key": "others", "where": {"not": {"any": [{"inSegment": "vips"}, {"inSegment": "nameless"}]}}},
]
OF_ACCOUNTS = [
    {"key": "grown", "where": {"event": "Seat Added", "window": {"within": "1d"}}},
    {"key": "old", "where": {"all": [{"inSegment": "grown"}, {"knownFor": "30d"}]}},
    {"key": "paying", "where": {"trait": "seats", "operator": "atLeast", "value": 20}},
    {"key": "grouped", "where": {"identifier": "group_id", "operator": "exists"}},
]
SEGMENTS += [{"of": "accounts"} | one for one in OF_ACCOUNTS]
TRAITS = [
    {"key": "seats", "of": "accounts", "compute": {"kind": "sum", "event": "Seat Added", "property": "price"}},
    {"key": "revenue", "compute": {"kind": "sum", "event": "Order Completed", "property": "revenue"}},
    {
        "key": "favourite",
        "compute": {"kind": "mostFrequent", "event": "Order Completed", "property": "products.category"},
    },
]


class Told(Lake):
    """A lake in which it is given whose events are, and the job's own answers."""

    def write(self, table: str, rows: list[tuple], schema: str) -> None:
        name = ensure_table(self.spark, self.database, read_table(table))
        frame = as_stored(self.spark.createDataFrame(rows, schema), self.spark, name)
        frame.coalesce(1).writeTo(name).overwritePartitions()

    def hold(self) -> None:
        events, owners, known = [], [], []
        for profile, calls in LIVES.items():
            for n, (hours, call) in enumerate(calls):
                at, name = NOW - timedelta(hours=hours), f"{profile}{n}"
                texts = (json.dumps(call[of]) if of in call else None for of in ("properties", "traits", "context"))
                type_, ids = call.get("type", "track"), (profile, None, None, call.get("group_id"))
                said = (type_, call.get("event"), call.get("name"), *ids, "shop")
                events.append((name, name, *said, *texts, at, at))
                owners.append((name, "users", profile, at, at))
                if type_ == "group" or call.get("event") == "Seat Added":
                    owners.append((name, "accounts", "acc_1", at, at))
            if profile != "per_cid":
                known.append(("users", "user_id", profile, profile, NOW, NOW))
        known.append(("accounts", "group_id", "g1", "acc_1", NOW, NOW))
        self.write("events", events, EVENT)
        self.write("event_profiles", owners, OWNER)
        self.write("identity_map", known, KNOWN)

    def told(self, config: dict, now: datetime = NOW) -> dict[str, tuple[list[str], dict]]:
        self.configure(PLAIN | config)
        given = ["--database", self.database, "--lake", str(self.directory), "--now", now.isoformat()]
        args = profiles.arguments([*given, "--config", str(self.directory / "config.json")])
        profiles.run_job(self.spark, args)
        rows = self.table("profiles").collect()
        return {row.profile_id: (row.segments, json.loads(row.traits)) for row in rows}


@pytest.fixture(scope="module")
def told(spark, tmp_path_factory) -> Told:
    lake = Told(spark, tmp_path_factory.mktemp("segments"))
    lake.hold()
    return lake


RULES = json.loads((ROOT / "test/fixtures/identity/default-rules.json").read_text())
CONFIG = {"segments": SEGMENTS, "identity": RULES}


def test_everybody_is_in_their_segments(told):
    found = told.told(CONFIG | {"traits": TRAITS})
    assert {profile: segments for profile, (segments, _) in found.items()} == {
        "acc_1": ["grouped", "grown", "paying"],
        "per_ann": [
            *("abandoned", "at_grown", "at_pro", "birthday", "bought_lately", "hats", "long_known", "spenders", "vips")
        ],
        "per_bob": ["from_ads", "may_advertise", "may_not_mail", "others", "quick"],
        "per_cid": ["nameless"],
    }
    ann, bob = found["per_ann"][1], found["per_bob"][1]
    assert (ann["revenue"], ann["favourite"], ann["birthday"]) == (50, "hats", "1990-05-11")
    assert (bob, found["acc_1"][1]) == ({"revenue": 0}, {"plan": "pro", "revenue": 9, "seats": 30})


def test_what_moves_with_the_time_is_asked_at_the_time_that_is_given(told):
    later = told.told(CONFIG | {"traits": TRAITS}, NOW + timedelta(days=7))
    gone = {"birthday", "bought_lately"}
    assert set(later["per_ann"][0]) & gone == set()
    assert "from_ads" not in later["per_bob"][0]


JUST = {"key": "just", "where": {"event": "List Member Added", "window": {"within": "1h"}}}
"""Ann was in it a moment before the export, and no more; her birthday in Auckland began at that moment."""
STORED = {
    "acc_1": ["grouped", "old"],
    "per_ann": ["abandoned", "at_grown", "at_pro", "bought_lately", "hats", "just", "spenders", "vips"],
    "per_bob": ["from_ads", "may_advertise", "may_not_mail", "others", "spenders"],
}


def test_the_table_is_compared_with_the_segments_of_the_time_of_its_export(told):
    ensure_table(told.spark, told.database, read_table("identity_log"))
    items = [item(profile, segments=segments) for profile, segments in STORED.items()]
    export(told.directory, "then", "2026-05-10T12:00:00.000Z", items)
    config = CONFIG | {"segments": [*SEGMENTS, JUST], "traits": TRAITS, "packing": DICTIONARY}
    told.told(config, NOW + timedelta(days=7))
    found = told.table("profile_differences").where("kind = 'segment'").collect()
    assert sorted((one.profile_id, one.name, one.in_table, one.in_lake) for one in found) == [
        ("acc_1", "grown", None, "member"),
        ("acc_1", "old", "member", None),
        ("acc_1", "paying", None, "member"),
        ("per_ann", "long_known", None, "member"),
        ("per_bob", "quick", None, "member"),
        ("per_bob", "spenders", "member", None),
    ]


def test_a_configuration_without_computed_traits_leaves_those_that_people_stated(told):
    segments = [segment for segment in SEGMENTS if segment["key"] in ("spenders", "hats", "long_known")]
    found = told.told({"segments": segments})
    assert (found["per_ann"][0], found["per_ann"][1]["revenue"]) == (["long_known"], 7)
