"""The profile table compared with the lake: every kind of difference is found, told, and mended by events."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from cdp.comparison.left_out import parted_by_log
from cdp.comparison.table_export import Export
from cdp.tables.schema import as_stored, ensure_table, read_table
from cdp.tables.watermark import commit_watermark
from exports import DICTIONARY, export, item, registry
from jobs import profiles
from lake import PLAIN, Lake, hour
from people import EVENT, START, row

SEGMENTS = [{"key": "rich", "where": {"trait": "spent", "operator": "atLeast", "value": 200}}]
FIRST, LAST = "2026-05-01T00:00:00.000Z", "2026-05-01T00:01:00.000Z"
WORD = {"name": "spent", "value": 250, "timestamp": FIRST, "sourceId": "shop"}
PLAN = WORD | {"name": "plan", "value": {"a": 2, "b": 1}}
GONE = WORD | {"name": "gone", "value": None, "timestamp": LAST}
TRAITS = {"spent": 250, "plan": {"b": 1, "a": 2.0}}


def calls_of(name: str) -> list[dict]:
    """Two events of a person."""
    return [
        {"type": "identify", "userId": name, "traits": {"spent": 250, "plan": {"a": 2, "b": 1}, "gone": 1}},
        {"type": "identify", "userId": name, "anonymousId": f"{name}-phone", "traits": {"gone": None}},
    ]


def stored_of(name: str) -> dict:
    """What the table says of them, when all is well."""
    return {
        "eventCount": 2,
        "firstSeen": FIRST,
        "lastSeen": LAST,
        "identifiers": [f"user_id:{name}", f"anonymous_id:{name}-phone"],
        "traits": TRAITS,
        "segments": ["rich"],
    }


KINDS = {
    "well": ({"identifiers": ["anonymous_id:well-phone"]}, [], None),
    "many": ({"eventCount": 3}, [("extra_events", "", "3", "2", "correction")], {"eventCount": 2}),
    "few": ({"eventCount": 1}, [("missing_events", "", "1", "2", "events")], None),
    "lost": (None, [("missing_person", "", None, "2", "events")], None),
    "poor": (
        {"traits": TRAITS | {"spent": 100}, "segments": []},
        [("segment", "rich", None, "member", "correction"), ("trait", "spent", "100", "250", "correction")],
        {"traits": [WORD]},
    ),
    "blank": ({"traits": {"spent": 250}}, [("trait", "plan", None, '{"a":2,"b":1}', "correction")], {"traits": [PLAN]}),
    "wordy": ({"traits": TRAITS | {"ü": "x"}}, [("trait", "ü", '"x"', None, "correction")], {"forgotten": ["ü"]}),
    "stale": ({"traits": TRAITS | {"gone": 1}}, [("trait", "gone", "1", None, "correction")], {"traits": [GONE]}),
    "out": ({"segments": []}, [("segment", "rich", None, "member", "correction")], {}),
    "in": ({"segments": ["rich", "vip"]}, [("segment", "vip", "member", None, "correction")], {}),
    "late": (
        {"firstSeen": "2026-04-01T00:00:00.000Z", "lastSeen": "2026-06-01T00:01:00.000Z"},
        [
            ("first_seen", "", "2026-04-01T00:00:00.000Z", FIRST, "correction"),
            ("last_seen", "", "2026-06-01T00:01:00.000Z", LAST, "correction"),
        ],
        {"firstSeen": FIRST, "lastSeen": LAST},
    ),
    "loose": (
        {"identifiers": ["user_id:loose"]},
        [("missing_identifier", "anonymous_id:loose-phone", None, "per_loose", "correction")],
        {"identifiers": ["user_id:loose", "anonymous_id:loose-phone"]},
    ),
    "odd": (
        {"identifiers": ["user_id:odd", "anonymous_id:odd-phone", "email:x@example.com"]},
        [("unknown_identifier", "email:x@example.com", "per_odd", None, "correction")],
        {"released": ["email:x@example.com"]},
    ),
    "thief": (
        {"identifiers": ["user_id:thief", "anonymous_id:thief-phone", "anonymous_id:robbed-phone"]},
        [("misplaced_identifier", "anonymous_id:robbed-phone", "per_thief", "per_robbed", "correction")],
        {"released": ["anonymous_id:robbed-phone"]},
    ),
    "robbed": ({"identifiers": ["user_id:robbed"]}, [], None),
    "half": (
        {"identifiers": ["user_id:half"]},
        [("not_merged", "anonymous_id:half-phone", "per_other-half", "per_half", "correction")],
        {"identifiers": ["user_id:half", "anonymous_id:half-phone"]},
    ),
    "large": ({"traits": {"plan": TRAITS["plan"]}, "unkept": {"spent": 9000}, "segments": []}, [], None),
    "full": (
        {
            "traits": {"plan": TRAITS["plan"]},
            "horizons": {"traits": {"timestamp": LAST, "messageId": "m", "name": "x"}},
            "segments": [],
        },
        [],
        None,
    ),
    "full-and-wrong": (
        {
            "traits": {"spent": 100},
            "horizons": {"traits": {"timestamp": LAST, "messageId": "m", "name": "x"}},
            "segments": [],
        },
        [("segment", "rich", None, "member", "correction"), ("trait", "spent", "100", "250", "correction")],
        {"traits": [WORD]},
    ),
    "elsewhere-full": (
        {
            "traits": {"plan": TRAITS["plan"]},
            "unkept": {"other": 9000},
            "horizons": {"accounts": {"timestamp": LAST, "messageId": "", "name": "x"}},
            "segments": [],
        },
        [("segment", "rich", None, "member", "correction"), ("trait", "spent", None, "250", "correction")],
        {"traits": [WORD]},
    ),
    "parted": (
        {
            "eventCount": 9,
            "traits": {},
            "segments": [],
            "lastSeen": FIRST,
            "identifiers": ["user_id:parted", "email:z@example.com"],
        },
        [("unknown_identifier", "email:z@example.com", "per_parted", None, "none")],
        None,
    ),
    "twin": (
        {"eventCount": 1, "identifiers": ["user_id:twin", "anonymous_id:parted-phone"]},
        [("missing_identifier", "anonymous_id:twin-phone", None, "per_twin", "correction")],
        {"identifiers": ["user_id:twin", "anonymous_id:twin-phone"]},
    ),
    "robber": (
        {"eventCount": 7, "identifiers": ["user_id:robber", "anonymous_id:robber-phone", "user_id:well"]},
        [("misplaced_identifier", "user_id:well", "per_robber", "per_well", "none")],
        None,
    ),
    "ghost": (
        {"identifiers": []},
        [
            ("missing_identifier", f"{kind}:ghost{end}", None, "per_ghost", "none")
            for kind, end in (("anonymous_id", "-phone"), ("user_id", ""))
        ],
        None,
    ),
}
"""By person: what the table has otherwise (None: it lacks them), what is found, and what a correction would set."""


LOG = [
    ("h1", "unmerge", "per_parted", "per_twin", None),
    # Somebody who was parted from one who has become one with another since.
    ("h2", "unmerge", "per_robber", "per_elsewhere", None),
    ("h3", "merge", "per_earlier", None, "per_elsewhere"),
]


class Compared(Lake):
    """A lake with these people, and what the job sent to the stream."""

    def fill(self) -> None:
        self.configure(PLAIN | {"segments": SEGMENTS, "survivorship": {}, "packing": DICTIONARY})
        rows = {f"{name}-{n}": row(n, call, f"{name}-{n}") for name in KINDS for n, call in enumerate(calls_of(name))}
        self.write("events", self.spark.createDataFrame([*rows.values()], EVENT))
        owners = [(message, "users", f"per_{message[:-2]}", *one[-2:]) for message, one in rows.items()]
        self.write(
            "event_profiles",
            self.spark.createDataFrame(
                owners,
                "event_id string, collection string, profile_id string, timestamp timestamp, received_at timestamp",
            ),
        )
        known = [
            ("users", kind, value, f"per_{name}", START, START)
            for name in KINDS
            for kind, value in (("user_id", name), ("anonymous_id", f"{name}-phone"))
        ]
        self.write(
            "identity_map",
            self.spark.createDataFrame(
                known,
                "collection string, identifier_type string, identifier_value string, profile_id string, "
                "first_seen timestamp, last_seen timestamp",
            ),
        )
        self.write(
            "identity_log",
            self.spark.createDataFrame(
                LOG, "entry_hash string, kind string, profile_id string, apart string, absorbed string"
            ),
        )

    def write(self, table: str, rows) -> None:
        name = ensure_table(self.spark, self.database, read_table(table))
        as_stored(rows, self.spark, name).coalesce(1).writeTo(name).overwritePartitions()

    def compare(self, *more: str) -> dict | None:
        self.sent = []

        def put(lines) -> int:
            sent = [json.loads(one.line) for one in lines.collect()]
            self.sent += sent
            return len(sent)

        given = [*self.arguments, *more]
        return profiles.run_job(self.spark, profiles.arguments(given), put)["comparison"]

    def differences(self, taken_at: str) -> list:
        return self.table("profile_differences").where(f"compared_at = timestamp '{taken_at}'").collect()

    def found(self, taken_at: str) -> dict[str, list[tuple]]:
        last: dict[str, list[tuple]] = {}
        for one in self.differences(taken_at):
            last.setdefault(one.profile_id.removeprefix("per_"), []).append(
                (one.kind, one.name, one.in_table, one.in_lake, one.repair)
            )
        return {name: sorted(found) for name, found in last.items()}

    def corrections(self) -> dict[str, dict]:
        stated = [event["properties"] for event in self.sent if event["sourceId"] == "@platform"]
        return {one["profile"]["profileId"].removeprefix("per_"): one for one in stated}

    def again(self) -> list[str]:
        return sorted(event["messageId"] for event in self.sent if event.get("replayed"))


def table_as_told() -> list[dict]:
    people = [
        item(f"per_{name}", 3, **stored_of(name) | changes)
        for name, (changes, _, _) in KINDS.items()
        if changes is not None
    ]
    return [*people, item("per_other-half", 4, identifiers=["anonymous_id:half-phone"])]


@pytest.fixture(scope="module")
def filled(spark, tmp_path_factory):
    lake = Compared(spark, tmp_path_factory.mktemp("compared"))
    lake.fill()
    return lake


FOUND = {name: found for name, (_, found, _) in KINDS.items() if found} | {
    "other-half": [("unknown_person", "", "1", None, "none")]
}
"""All that differs in this table."""


def test_where_nothing_is_exported_nothing_is_compared_and_profiles_are_made_all_the_same(filled):
    assert (filled.compare(), filled.sent) == (None, [])
    assert filled.table("profiles").count() == len(KINDS)


NEVER = {"key": "never", "where": {"event": "Never", "count": {"operator": "atMost", "value": 0}}}
"""Everybody's, but only where the history of what it counts is there."""


@pytest.mark.parametrize(("hour", "generation"), [(3, 0), (4, 1)])
def test_what_waits_for_its_history_is_told_and_is_no_difference(filled, hour, generation):
    taken_at = f"2026-05-01T0{hour}:00:00.000Z"
    reads = {"users": {"rich": [], "never": ["n"]}, "accounts": {}}
    filled.configure(
        PLAIN | {"segments": [*SEGMENTS, NEVER], "reads": reads, "survivorship": {}, "packing": DICTIONARY}
    )
    export(filled.directory, f"waiting-{hour}", taken_at, [*table_as_told(), registry({"n": generation})])
    compared = filled.compare("--report", "true")
    filled.configure(PLAIN | {"segments": SEGMENTS, "survivorship": {}, "packing": DICTIONARY})
    found = {name: [one for one in all_of if one[1] != "never"] for name, all_of in filled.found(taken_at).items()}
    told = sum(one.name == "never" for one in filled.differences(taken_at))
    assert {name: rest for name, rest in found.items() if rest} == FOUND
    assert (told > 10, "awaited" in compared) == (generation == 0, generation == 1)
    assert compared.get("awaited", {"never": 11})["never"] > 10


@pytest.mark.parametrize(("hour", "times"), [(5, 1), (6, 2)])
def test_a_report_tells_all_sends_nothing_and_may_be_had_again(filled, hour, times):
    taken_at = f"2026-05-01T0{hour}:00:00.000Z"
    export(filled.directory, f"report-{hour}", taken_at, table_as_told())
    for _ in range(times):
        compared = filled.compare("--report", "true")
        assert (compared["taken_at"], filled.found(taken_at)) == (taken_at, FOUND)
        assert (compared["sent"], filled.sent) == ({"events": 0, "corrections": 0}, [])
        assert {one.sent for one in filled.differences(taken_at)} == {False}


def test_every_kind_of_difference_is_found_told_and_mended_though_a_report_told_it_before(filled):
    taken_at = "2026-05-01T06:00:00.000Z"
    export(filled.directory, "export-9", "2026-05-02T00:00:00.000Z", [], complete=False)
    compared = filled.compare()
    assert filled.found(taken_at) == FOUND
    sent = filled.corrections()
    assert sent.keys() == {name for name, (_, _, target) in KINDS.items() if target is not None}
    for name, correction in sent.items():
        target = dict(KINDS[name][2])
        words = [
            word | {"messageId": f"{name}-{0 if word['timestamp'] == FIRST else 1}"}
            for word in target.pop("traits", [])
        ]
        leading = target.pop("identifiers", [f"anonymous_id:{name}-phone"])
        profile = {"profileId": f"per_{name}", "version": 3, "traits": words, "forgotten": [], **target}
        assert correction == {"collection": "users", "identifiers": leading, "profile": profile}
    assert filled.again() == ["few-0", "few-1", "lost-0", "lost-1"]
    kinds = [one[0] for found in FOUND.values() for one in found]
    assert compared == {
        "taken_at": taken_at,
        "in_table": len(KINDS) - 1 + 1,
        "in_lake": len(KINDS),
        "put_aside": 0,
        "differing": len(FOUND),
        "differences": {kind: kinds.count(kind) for kind in sorted({*kinds})},
        "sent": {"events": 4, "corrections": len(sent)},
        "held": False,
    }
    assert next(event for event in filled.sent if event["messageId"] == "few-1") == {
        **{
            "type": "identify",
            "messageId": "few-1",
            "userId": "few",
            "anonymousId": "few-phone",
            "sourceId": "shop",
            "traits": {"gone": None},
        },
        "timestamp": LAST,
        "receivedAt": "2026-05-01T00:01:01.000Z",
        "replayed": "lake",
    }
    told = {(one.repair, one.sent) for one in filled.differences(taken_at)}
    assert told == {("events", True), ("correction", True), ("none", False)}
    assert filled.compare() is None, "an export is compared once, and one that is not complete not at all"


def test_of_one_group_are_all_who_were_ever_one_with_who_was_parted(spark):
    entries = [
        ("unmerge", "p1", "p2", None),
        ("unmerge", "p2", "p3", None),
        ("merge", "p0", None, "p3"),
        ("merge", "p8", None, "p9"),
        ("unmerge", "p5", "p6", None),
    ]
    form = "kind string, profile_id string, apart string, absorbed string, at timestamp"
    log = spark.createDataFrame([(*entry, hour(n)) for n, entry in enumerate(entries)], form)
    assert {(row.profile_id, row.group) for row in parted_by_log(log).collect()} == {
        *((f"p{n}", "p0") for n in range(4)),
        ("p5", "p5"),
        ("p6", "p5"),
    }
    assert parted_by_log(log.where("kind = 'merge'")).collect() == []


def test_events_that_did_not_help_are_not_sent_again_and_the_count_is_corrected(filled):
    taken_at = "2026-05-01T07:00:00.000Z"
    export(filled.directory, "export-2", taken_at, table_as_told())
    filled.compare()
    found = filled.found(taken_at)
    assert (found["few"], found["lost"]) == (
        [("missing_events", "", "1", "2", "correction")],
        [("missing_person", "", None, "2", "none")],
    )
    assert (found["out"], found["poor"][0]) == (
        [("segment", "rich", None, "member", "none")],
        ("segment", "rich", None, "member", "none"),
    ), "a segment is corrected once"
    assert "out" not in filled.corrections()
    assert (filled.again(), filled.corrections()["few"]["profile"]["eventCount"]) == ([], 2)


def test_who_has_events_that_the_export_may_not_hold_is_not_compared(filled):
    export(filled.directory, "export-3", "2026-05-01T08:00:00.000Z", table_as_told())
    assert filled.compare("--settle-minutes", str(8 * 60))["differences"] == {"unknown_person": 1}


def test_where_more_differ_than_can_be_true_nothing_is_sent(filled):
    taken_at = "2026-05-01T09:00:00.000Z"
    export(filled.directory, "export-4", taken_at, [])
    compared = filled.compare("--most-corrections", "5")
    assert (compared["held"], compared["differing"], filled.sent) == (True, len(KINDS), [])
    assert {one[0] for found in filled.found(taken_at).values() for one in found} == {"missing_person"}


def test_where_rules_drop_events_that_the_stream_applies_differences_are_only_told(filled):
    config = json.loads((filled.directory / "config.json").read_text())
    filled.configure(config | {"missing": [{"action": "drop", "column": "price"}]})
    export(filled.directory, "export-5", "2026-05-01T09:30:00.000Z", table_as_told())
    compared = filled.compare()
    filled.configure(config)
    assert compared["differing"] > 0 and (compared["sent"], filled.sent) == ({"events": 0, "corrections": 0}, [])


def test_an_export_waits_until_the_lake_has_all_that_was_received_before_it(filled):
    taken_at, args = (
        datetime(2026, 5, 1, 10, tzinfo=UTC),
        profiles.arguments(["--database", filled.database, "--config", "", "--lake", str(filled.directory)]),
    )
    filled.put("2026/05/01/10/unread.gz", ["{}"], taken_at + timedelta(minutes=14))
    assert not profiles.is_reached(filled.spark, args, Export("", taken_at))
    commit_watermark(filled.spark, filled.database, "events", taken_at + timedelta(minutes=14))
    filled.put("2026/05/01/10/after.gz", ["{}"], taken_at + timedelta(minutes=16))
    assert profiles.is_reached(filled.spark, args, Export("", taken_at))
    # All is read, and more may be on its way.
    commit_watermark(filled.spark, filled.database, "events", taken_at + timedelta(minutes=16))
    assert not profiles.is_reached(filled.spark, args, Export("", datetime.now(UTC)))
    export(filled.directory, "export-6", f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}.000Z", table_as_told())
    assert filled.compare() is None
