"""Lines are read and judged one by one, and of those that are one message the first is an event."""

import json
import random
import subprocess
from datetime import datetime
from decimal import Decimal

import pytest
from judged_lines import judged
from lake import ROOT, event
from laws import seed_of_run
from shared_rules import shared_cases

NO_JSON = [
    "no json",
    "{",
    "{'type':'track'}",
    '{"a":1}{"b":2}',
    '{"a":1},{"b":2}',
    '{"a":1} and more',
]


@pytest.fixture(scope="module")
def verdicts(spark) -> list:
    """What becomes of the lines that are no JSON, and of each case."""
    lines = [*NO_JSON, *(case.values[0] for case in shared_cases("events"))]
    return judged(spark, [as_line(line) for line in lines]).collect()


def as_line(line: object) -> str:
    return line if line in NO_JSON else json.dumps(line)


def test_what_is_no_json_is_no_event(verdicts):
    assert [tuple(row.verdict) for row in verdicts[: len(NO_JSON)]] == [("", "is no JSON object")] * len(NO_JSON)


@pytest.mark.parametrize("n", range(len(shared_cases("events"))), ids=[case.id for case in shared_cases("events")])
def test_an_event_or_none(verdicts, n):
    expected = shared_cases("events")[n].values[1]
    verdict = verdicts[len(NO_JSON) + n].verdict
    assert verdict == (None if expected is None else (expected["field"], expected["lake"]))


def test_fields_of_other_calls_are_no_columns_and_texts_stay_as_they_are(verdicts):
    rows = {row.message_id: row for row in verdicts}
    assert [(rows[name].properties, rows[name].traits) for name in ("m9", "m10")] == [(None, None)] * 2
    assert (rows["m11"].event, rows["m11"].user_id, rows["m11"].anonymous_id) == ("[2024]", "[12345]", '{"a":1}')


def test_a_number_is_an_id(spark):
    assert judged(spark, [event("m7", userId=42)]).first().verdict is None


def test_columns_are_read_by_their_paths_and_in_their_types(spark):
    line = event(
        "m1",
        sentAt="2026-05-01T12:00:00+02:00",
        properties={
            "revenue": "12.50",
            "total": 13,
            "order_id": 7,
            "quantity": "two",
            "products": [{"product_id": "p1"}, {"product_id": 2}, {}],
        },
        context={
            "page": {"url": "https://shop.example/", "title": 'A "quoted" title'},
            "campaign": "not an object",
            "traits": {"email": "ann@example.com"},
        },
    )
    row = judged(spark, [line]).first()
    assert row.timestamp == datetime(2026, 5, 1, 10) and row.sent_at == datetime(2026, 5, 1, 10)
    assert (row.revenue, row.total, row.quantity) == (Decimal("12.5"), Decimal(13), None)
    assert (row.order_id, row.product_ids, row.email) == ("7", ["p1", "2", None], "ann@example.com")
    assert (row.page_url, row.page_title, row.campaign_source) == ("https://shop.example/", 'A "quoted" title', None)
    assert row["outcome/type/quantity"] == "failed" and row["outcome/type/total"] == "changed"
    assert '"campaign":"not an object"' in row.context


def test_ids_are_taken_as_the_stream_takes_them(spark):
    cases = [case.values for case in shared_cases("identity/ids")]
    lines = [event(f"m{n}", type="alias", userId=given, previousId=given) for n, (given, _) in enumerate(cases)]
    found = judged(spark, lines).select("user_id", "previous_id", "verdict").collect()
    wanted = [(None if expected == "too long" else expected, expected == "too long") for _, expected in cases]
    assert [(None if row.verdict else row.user_id, row.verdict is not None) for row in found] == wanted
    assert [row.user_id == row.previous_id for row in found] == [True] * len(cases)


def test_space_around_an_id_makes_no_other_message(spark):
    keys = {
        row.event_id
        for row in judged(spark, [event("m", userId=given) for given in ("L", " L ", "\ufeffL\n")])
        .select("event_id")
        .collect()
    }
    assert len(keys) == 1


def test_an_item_of_a_list_that_is_no_object_costs_no_other(spark):
    items = [
        {"product_id": "p1"},
        None,
        "p2",
        3,
        [{"product_id": "p4"}],
        True,
        {"product_id": {"a": 1}},
        {"product_id": "p5"},
    ]
    lists = [items, [], "p1", {"product_id": "p1"}, None, [None], [[]]]
    rows = (
        judged(spark, [event(f"m{n}", properties={"products": products}) for n, products in enumerate(lists)])
        .orderBy("message_id")
        .collect()
    )
    assert rows[0].product_ids == ["p1", None, None, None, None, None, '{"a":1}', "p5"]
    assert [row.product_ids for row in rows[1:]] == [[], None, None, None, [None], [None]]


def test_a_quantity_that_is_no_number_is_counted_and_spoils_no_sum(spark):
    quantities = ["NaN", "Infinity", "1d", "1e400", "two", 2, "3", "1.234,5"]
    rows = (
        judged(
            spark,
            [
                event(f"m{n}", properties={"quantity": quantity, "revenue": quantity})
                for n, quantity in enumerate(quantities)
            ],
        )
        .orderBy("message_id")
        .collect()
    )
    assert [row.quantity for row in rows] == [None] * 5 + [2, 3, 1234.5]
    assert [row.revenue for row in rows] == [None] * 5 + [Decimal(2), Decimal(3), Decimal("1234.5")]
    assert [row["outcome/type/quantity"] for row in rows[:5]] == ["failed"] * 5


@pytest.mark.parametrize("properties", [{}, {"order_id": " "}, {"order_id": None}])
def test_an_event_without_what_the_rules_demand_is_dropped_with_its_reason(spark, properties):
    assert tuple(judged(spark, [event("m", properties=properties)], ["order_id"]).first().verdict) == (
        "order_id",
        "is missing, and the lake's rules drop the event",
    )


def test_no_event_is_later_than_its_receipt(spark):
    received = "2026-05-01T10:00:01.000Z"
    given = [
        "2031-01-01T00:00:00.000Z",
        "2026-05-01T10:00:01.001Z",
        received,
        "2026-05-01T10:00:00.999Z",
        "0001-01-01T00:00:00.000Z",
    ]
    rows = (
        judged(
            spark,
            [
                event(f"m{at}", timestamp=one, originalTimestamp=one, receivedAt=received)
                for at, one in enumerate(given)
            ],
        )
        .orderBy("message_id")
        .selectExpr("cast(timestamp as string) as at", "original_timestamp", "verdict")
        .collect()
    )
    now = "2026-05-01 10:00:01"
    assert [tuple(row) for row in rows] == [
        (at, one, None)
        for at, one in zip([now, now, now, "2026-05-01 10:00:00.999", "0001-01-01 00:00:00"], given, strict=True)
    ]


def marks_of(events: list[dict]) -> list[str]:
    """The marks by which the stream knows messages, by its own code."""
    command = [str(ROOT / "node_modules/.bin/node"), "test/glue/cleaning/message-marks.ts"]
    return json.loads(
        subprocess.run(command, input=json.dumps(events), capture_output=True, check=True, cwd=ROOT, text=True).stdout
    )


def some_event(chance: random.Random) -> dict:
    """An event of few values, so that many are of one message."""

    def some(*values: object) -> object:
        return chance.choice(values)

    kind = some("track", "identify", "group", "alias", "page", "screen")
    value = some("x", "y", " x", 'x"\u0000é', 1, True, None, ["x"], {"x": 1})
    context = {
        some("traits", "device", "externalIds", "page"): some(
            value, {some("email", "phone", "id", "type", "advertisingId", "adTrackingEnabled", "model"): value}
        )
    }
    own = {"groupId": some("x", "y"), "previousId": some("x", "y"), "traits": {some("email", "phone", "plan"): value}}
    stated = {
        "userId": some("x", "y", 1, None),
        "anonymousId": some("x", "xx"),
        "sourceId": some("app", "shop"),
        "context": some({}, context),
    }
    names = {
        name: own[name]
        for name in ("groupId", "previousId", "traits")
        if chance.random() < 0.5 or (name, kind) in (("groupId", "group"), ("previousId", "alias"))
    }
    return event(some("m1", "m2"), type=kind, **stated, **names)


def test_lake_and_stream_take_the_same_for_one_message(spark):
    seed = seed_of_run()
    print(f"seed {seed}")
    chance = random.Random(seed)
    events = [some_event(chance) for _ in range(3_000)]
    rows = (
        judged(spark, [json.dumps(one, ensure_ascii=False) for one in events]).select("event_id", "verdict").collect()
    )
    assert {row.verdict for row in rows} == {None}, f"seed {seed}"
    pairs = {(mark, row.event_id) for mark, row in zip(marks_of(events), rows, strict=True)}
    marks, ids = ({pair[side] for pair in pairs} for side in (0, 1))
    print(f"{len(events)} events, {len(pairs)} messages")
    assert len(marks) == len(ids) == len(pairs) > 300, f"seed {seed}"
