"""The job `events` as a whole: whatever is split, repeated, late or broken off, the tables end the same.

One lake plays every scene at once, run by run; each scene has message ids of its own.
"""

import json
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from chispa import assert_df_equality
from lake import PLAIN, Lake, event, hour
from laws import seed_of_run

TABLES = ("events", "rejected_events", "sightings", "data_quality", "watermarks")
SIZE = 'the `size\' "now" \\d ${env:HOME}'
"""A property whose name has every sign that SQL could read as its own."""
PATHS = {
    "a": "properties.Revenue",
    "b": "properties.productid",
    "c": "properties.productID",
    "d": "traits.Address.city",
    "e": "traits.address.City",
    "size": f"properties.{SIZE}",
}
DECLARED = [{"name": name, "type": "string", "from": path, "meaning": "m"} for name, path in PATHS.items()]
SENT = [event(f"sent{n:02}", properties={"n": n}) for n in range(20)]
BROKEN = {"messageId": "broken"}
READ_FIRST = event("first-read", properties={"n": 1})
BLANK = {
    "context": {"traits": {"email": " "}, "page": {"url": "\u00a0"}},
    "properties": {
        "email": "ann@example.com",
        "url": "https://shop.example/",
        "order_id": "",
        "orderId": 7,
        "product_id": None,
        "productId": "p",
    },
}


SAME = {
    "sentAt": "2026-05-01T11:00:00.000Z",
    "receivedAt": "2026-05-01T11:00:00.000Z",
    "timestamp": "2026-05-01T10:00:00.007Z",
    "context": {"ip": "10.0.0.9"},
}
"""What differs of a message that is sent again."""
NAMES = [
    {"userId": "u1", "anonymousId": None},
    {"userId": "u2", "anonymousId": None},
    {"userId": "u1", "anonymousId": "u2"},
    {"userId": "u1u2", "anonymousId": None},
    {"userId": 7, "anonymousId": ""},
    {"anonymousId": "a1", "sourceId": "app"},
    {"type": "group", "groupId": "g1"},
    {"type": "group", "groupId": "g2"},
    {"type": "alias", "previousId": "g1"},
    {"groupId": "g1", "previousId": "g1"},
    *(
        {"type": "identify", "anonymousId": "guest", "traits": {"email": f"{name}@example.com", "plan": "pro"}}
        for name in ("ann", "bob")
    ),
    {"type": "identify", "anonymousId": "guest", "traits": {"phone": 12015550123}},
    *(
        {"anonymousId": "guest", "context": context}
        for context in (
            {"traits": {"email": "ann@example.com"}},
            {"device": {"id": "d1"}},
            {"device": {"id": "d1", "type": "ios"}},
        )
    ),
    *(
        {
            "anonymousId": "guest",
            "context": {"externalIds": [{"id": id_, "type": "crm", "collection": "users", "encoding": "none"}]},
        }
        for id_ in ("1", "2")
    ),
    {"anonymousId": "guest", "context": {"device": "none", "traits": ["email"], "externalIds": 3}},
]
"""Whom a message of one id may name."""
NAMED = [event("named", **names) for names in NAMES]
NAMED_AGAIN = [one | SAME | {"context": one.get("context", {}) | SAME["context"]} for one in NAMED]


def again(line: dict, zone: str = "raw") -> str:
    """A line as it is sent again."""
    return f'{{"replayed":"{zone}",{json.dumps(line)[1:]}'


@dataclass(frozen=True)
class Played:
    """What a run counted, and the tables after it."""

    counted: dict[tuple[str, str, str], int]
    events: dict[str, dict]
    named: list[dict]
    """All events of one message id."""
    rejected: list[dict]
    snapshots: dict[str, int]
    files: frozenset[str]


def play(lake: Lake) -> Played:
    counted = lake.run()
    table = {name: f"lake.{lake.database}.{name}" for name in TABLES}
    rows = [row.asDict() for row in lake.table("events").collect()]
    return Played(
        counted,
        {row["message_id"]: row for row in rows},
        [row for row in rows if row["message_id"] == "named"],
        [row.asDict() for row in lake.table("rejected_events").collect()],
        {name: lake.spark.table(f"{full}.snapshots").count() for name, full in table.items()},
        frozenset(row.file_path for row in lake.spark.table(f"{table['events']}.files").collect()),
    )


def first(lake: Lake) -> None:
    """What the lake holds when something comes into it for the first time."""
    lake.put("2026/05/01/10/repeated-a.gz", [event("same1"), event("same2"), event("same1")], hour(10))
    lake.put("2026/05/01/11/repeated-b.gz", [event("same2"), event("same3")], hour(11))
    second = event("version", event="Second", receivedAt="2026-05-01T10:00:02.000Z")
    lake.put("2026/05/01/10/version.gz", [second], hour(10))
    lake.put("2026/05/01/10/sent.gz", [*SENT[:10], BROKEN], hour(10))
    lake.put("2026/05/01/10/size.gz", [event("size1", properties={SIZE: "XL"})], hour(10))
    blank = event("blank2", traits={"email": " "}, properties={"email": None})
    lake.put("2026/05/01/10/blank.gz", [event("blank1", traits={"email": ""}, **BLANK), blank], hour(10))
    judged = [event("judged1"), event("judged2"), event("judged1"), "no json", "no json", '{"type":"track"}']
    lake.put("2026/05/01/10/judged.gz", judged, hour(10))
    later = event("order1", event="Second", receivedAt="2026-05-01T10:00:02.000Z")
    lake.put(
        "2026/05/01/10/order.gz", [later, event("order1", event="First"), event("order2", event="Third")], hour(10)
    )
    lake.put("2026/05/01/10/named.gz", [*NAMED_AGAIN[::2], *NAMED], hour(10))
    lake.put("2026/05/01/10/hour.gz", [event("hour1")], hour(30))


def second(lake: Lake) -> None:
    """What comes later, with columns that the deployment has declared since."""
    lake.configure(PLAIN | {"columns": DECLARED})
    earlier = event("version", event="First", receivedAt="2026-04-30T23:59:59.000Z")
    later = event("version", event="Third", receivedAt="2026-05-02T00:00:00.000Z")
    lake.put("2026/05/01/10/version-earlier.gz", [earlier], hour(31))
    lake.put("2026/05/01/10/version-later.gz", [later], hour(32))
    lake.put("2026/05/01/11/size.gz", [event("size2", properties={SIZE: "S"})], hour(31))
    stated = {"Revenue": "x", "revenue": 5, "productid": "p", "productID": "q"}
    address = {"Address": {"city": "A"}, "address": {"City": "B"}}
    lake.put(
        "2026/05/01/10/case.gz",
        [event("case1", properties=stated), event("case2", type="identify", traits=address)],
        hour(31),
    )
    lake.put("2026/05/01/08/hour-late.gz", [event("hour2", receivedAt="2026-05-01T08:00:00.000Z")], hour(32))
    lake.put("2026/05/01/10/hour-seen-late.gz", [event("hour3")], hour(30) - timedelta(minutes=5))
    lake.put("2026/05/01/11/named.gz", [*NAMED, *NAMED_AGAIN], hour(31))
    lake.put("2026/05/02/10/read-first.gz", [again(READ_FIRST)], hour(34))


def third(lake: Lake) -> None:
    """What comes last, when the columns are declared no more."""
    lake.configure(PLAIN)
    lake.put("2026/05/01/12/size.gz", [event("size3", properties={SIZE: "M"})], hour(60))
    changed = (again(line | {"context": {}}, "quarantine") for line in SENT)
    lake.put("2026/05/03/10/sent-again.gz", [*map(again, [*SENT[:10], BROKEN]), *changed], hour(60))
    lake.put("2026/05/01/10/read-late.gz", [READ_FIRST], hour(61))


RUNS = {
    "nothing": None,
    "first": first,
    "idle": None,
    "second": second,
    "third": third,
}
"""Every run by its name, and what is put into the lake before it."""


@pytest.fixture(scope="module")
def played(spark, tmp_path_factory) -> dict[str, Played]:
    def runs() -> Iterator[tuple[str, Played]]:
        lake = Lake(spark, tmp_path_factory.mktemp("played"))
        for name, put in RUNS.items():
            if put:
                put(lake)
            yield name, play(lake)

    return dict(runs())


def ids(run: Played, scene: str) -> list[str]:
    return sorted(message for message in run.events if message.startswith(scene))


def counts(run: Played, *measures: str) -> list[int]:
    return [run.counted["read", "", measure] for measure in measures]


def test_a_lake_without_a_line_is_not_written_to(played):
    assert set(played["nothing"].snapshots.values()) == {0}


def test_a_message_is_one_row_wherever_it_comes_again(played):
    assert ids(played["first"], "same") == ["same1", "same2", "same3"]
    # All other scenes have 25 lines: 19 messages, some of them twice, and three different lines that are no event.
    lines = 5 + 25 + len(NAMED_AGAIN[::2]) + len(NAMED)
    accepted = 3 + 19 + len(NAMED)
    counted = counts(played["first"], "lines", "accepted", "rejected", "repeated")
    assert counted == [lines, accepted, 3, lines - accepted - 3]


def test_accepted_and_rejected_are_all_that_was_read(played):
    rejected = [row for row in played["first"].rejected if row["object"] == "raw/2026/05/01/10/judged.gz"]
    assert sorted((row["field"], row["reason"], row["line"]) for row in rejected) == [
        ("", "is no JSON object", "no json"),
        ("messageId", "is required", '{"type":"track"}'),
    ]
    assert ids(played["first"], "judged") == ["judged1", "judged2"]


@pytest.mark.parametrize("run", ["first", "third"])
def test_one_message_id_of_several_people_and_sources_is_an_event_of_each(played, run):
    rows = played[run].named
    assert {row["received_at"] for row in rows} == {datetime(2026, 5, 1, 10, 0, 1)}
    assert len(rows) == len({row["event_id"] for row in rows}) == len(NAMES)
    assert {len(row["event_id"]) for row in rows} == {32}


def test_the_first_of_several_events_of_one_sender_and_id_stays(played):
    found = played["first"].events
    assert [found[name]["event"] for name in ids(played["first"], "order")] == ["First", "Third"]


def test_a_run_with_nothing_new_reads_and_writes_nothing(played):
    before, idle = played["first"], played["idle"]
    assert counts(idle, "lines", "accepted", "rejected", "repeated") == [0, 0, 0, 0]
    assert idle.snapshots == before.snapshots
    assert (before.snapshots["events"], before.snapshots["rejected_events"]) == (1, 1)


def test_a_run_with_something_new_writes_each_table_once(played):
    before, after = played["idle"].snapshots, played["second"].snapshots
    changed = {name: after[name] - before[name] for name in TABLES}
    assert changed == {"events": 1, "rejected_events": 0, "sightings": 1, "data_quality": 1, "watermarks": 1}


def test_of_two_versions_the_first_received_stays_also_when_it_comes_later(played):
    assert played["first"].events["version"]["event"] == "Second"
    assert played["second"].events["version"]["event"] == "First"
    assert ids(played["second"], "version") == ["version"]


def test_an_object_of_an_hour_long_read_is_read_when_it_is_written(played):
    assert ids(played["idle"], "hour") == ["hour1"]
    assert ids(played["second"], "hour") == ["hour1", "hour2", "hour3"]
    # The newest object is read again, and of those before it only the one that was seen late.
    assert counts(played["second"], "lines", "accepted", "repeated") == [9 + 2 * len(NAMED), 7, 2 + 2 * len(NAMED)]


def test_a_column_declared_later_is_added_without_rewriting(played):
    assert "size" not in played["first"].events["size1"]
    assert [played["second"].events[name]["size"] for name in ids(played["second"], "size")] == [None, "S"]
    assert played["first"].files < played["second"].files
    assert [played["third"].events[name]["size"] for name in ids(played["third"], "size")] == [None, "S", None]


def test_paths_may_differ_in_case_alone(played):
    found = played["second"].events
    assert [found["case1"][name] for name in ("a", "b", "c", "revenue")] == ["x", "p", "q", 5]
    assert [found["case2"][name] for name in ("d", "e")] == ["A", "B"]


def test_a_blank_text_hides_nothing_that_another_path_says(played):
    found = played["first"].events
    told = [found["blank1"][name] for name in ("email", "page_url", "order_id", "product_id")]
    assert told == ["ann@example.com", "https://shop.example/", "7", "p"]
    assert found["blank2"]["email"] == " "


def test_lines_that_were_sent_again_change_no_row_of_any_table(played):
    before, after = played["second"], played["third"]
    assert {name: after.events[name] for name in before.events} == before.events
    assert (after.rejected, len(after.rejected)) == (before.rejected, 3)
    assert ids(after, "sent") == [line["messageId"] for line in SENT[:10]]
    assert sorted(after.events.keys() - before.events.keys()) == ["size3"]


def test_what_was_sent_again_is_the_row_it_would_have_been_when_it_is_read_first(played):
    row = played["second"].events["first-read"]
    assert (row["message_id"], json.loads(row["properties"])) == ("first-read", {"n": 1})
    assert played["third"].events["first-read"] == row


def test_any_split_into_runs_any_order_and_any_repetition_give_the_same_tables(spark, tmp_path):
    seed = seed_of_run()
    print(f"seed {seed}")
    chance = random.Random(seed)
    lines = [version(chance, n) for n in range(40)] + ["no json", "{}", '{"type":"track"}']
    expected = None
    for play_ in range(2):
        (tmp_path / f"play{play_}").mkdir()
        lake = Lake(spark, tmp_path / f"play{play_}")
        stated = [*lines, *chance.choices(lines, k=10)]
        chance.shuffle(stated)
        runs = 1 + play_
        for n in range(runs):
            part = stated[n::runs]
            for o in range(2):
                lake.put(f"2026/05/01/10/{n}-{o}.gz", part[o::2], hour(10) + timedelta(minutes=20 * n + o))
            lake.run()
        found = lake.table("events"), lake.table("rejected_events").drop("object"), lake.table("sightings")
        expected = expected or found
        for one, other in zip(expected, found, strict=True):
            assert_df_equality(one, other, ignore_nullable=True)
    ids = {line["messageId"] for line in lines if isinstance(line, dict)}
    assert (expected[0].count(), expected[1].count()) == (len(ids), 3), f"seed {seed}"


def version(chance: random.Random, n: int) -> dict:
    """One of several versions of one of fifteen messages; days apart, and sometimes received at once."""
    received = f"2026-05-0{chance.randint(1, 3)}T0{chance.randint(0, 1)}:00:00.000Z"
    return event(f"m{chance.randrange(15)}", receivedAt=received, properties={"n": n})
