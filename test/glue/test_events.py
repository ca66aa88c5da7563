"""Lines are read and judged one by one."""

from datetime import datetime
from decimal import Decimal

import pytest
from cdp.events import judge, parse
from cdp.schema import read_table
from lake import event, hour

EVENTS = read_table("events")


def judged(spark, lines, required=()):
    import json

    rows = [(line if isinstance(line, str) else json.dumps(line), "h", "raw/x", None) for line in lines]
    frame = spark.createDataFrame(rows, "line string, line_hash string, object string, arrived_at timestamp")
    return judge(parse(frame, EVENTS), list(required))


FLAWS = [
    ("no json", "", "is no JSON object"),
    ("[]", "", "is no JSON object"),
    ('"text"', "", "is no JSON object"),
    ("{", "", "is no JSON object"),
    ("{'type':'track'}", "", "is no JSON object"),
    ('{"a":1}{"b":2}', "", "is no JSON object"),
    ('{"a":1},{"b":2}', "", "is no JSON object"),
    ('{"a":1} and more', "", "is no JSON object"),
    ({"type": "track"}, "messageId", "is required"),
    (event(""), "messageId", "is required"),
    (event("m" * 101), "messageId", "is longer than 100 characters"),
    (event("m", type="order"), "type", "must be one of track, identify, page, screen, group, alias"),
    (event("m", type=None), "type", "must be one of track, identify, page, screen, group, alias"),
    (event("m", anonymousId=""), "userId", "supply userId or anonymousId"),
    (event("m", userId={"id": 1}), "userId", "must be a text"),
    (event("m", userId="u" * 501), "userId", "is longer than 500 characters"),
    (event("m", event=None), "event", "is required for a track call"),
    (event("m", event=["a"]), "event", "must be a text"),
    (event("m", type="group"), "groupId", "is required for a group call"),
    (event("m", type="alias", anonymousId=None, userId="u"), "previousId", "is required for an alias call"),
    (event("m", sourceId=None), "sourceId", "is required"),
    (event("m", timestamp="yesterday"), "timestamp", "must be an ISO 8601 date-time"),
    (event("m", timestamp="2026-02-30T00:00:00Z"), "timestamp", "must be an ISO 8601 date-time"),
    (event("m", receivedAt=None), "receivedAt", "must be an ISO 8601 date-time"),
    (event("m", properties="text"), "properties", "must be an object"),
    (event("m", type="identify", traits=["a"]), "traits", "must be an object"),
    (event("m", context=[1]), "context", "must be an object"),
]


def test_a_line_that_is_no_event_is_told_why(spark):
    found = judged(spark, [line for line, _, _ in FLAWS]).select("verdict").collect()
    assert [tuple(row.verdict or ("none", "")) for row in found] == [(field, reason) for _, field, reason in FLAWS]


def test_every_kind_of_call_is_an_event(spark):
    calls = [
        event("m1"),
        event("m2", type="identify", userId="u", anonymousId=None, traits={"a": 1}),
        event("m3", type="page", name=None),
        event("m4", type="screen", name="Home"),
        event("m5", type="group", groupId="g"),
        event("m6", type="alias", userId="u"),
        event("m7", event="[Beta] tried", userId=42),
        event("m8", context=None, unheardOf={"a": [1]}),
        # What a call has besides its own fields is never asked for by the stream.
        event("m9", type="identify", userId="u", properties=[], name={"a": 1}, event=["x"], groupId=["a", "b"], previousId="p" * 501),
        event("m10", traits="x", previousId="p" * 501, groupId="g" * 501),
        # Texts that look like something else.
        event("m11", event="[2024]", userId="[12345]", anonymousId='{"a":1}'),
    ]
    rows = judged(spark, calls).collect()
    assert [row.verdict for row in rows] == [None] * len(calls)
    assert [(row.properties, row.traits) for row in rows[-3:-1]] == [(None, None)] * 2
    assert (rows[-1].event, rows[-1].user_id, rows[-1].anonymous_id) == ("[2024]", "[12345]", '{"a":1}')


def test_columns_are_read_by_their_paths_and_in_their_types(spark):
    line = event(
        "m1",
        sentAt="2026-05-01T12:00:00+02:00",
        properties={"revenue": "12.50", "total": 13, "order_id": 7, "quantity": "two", "products": [{"product_id": "p1"}, {"product_id": 2}, {}]},
        context={"page": {"url": "https://shop.example/", "title": 'A "quoted" title'}, "campaign": "not an object", "traits": {"email": "ann@example.com"}},
    )
    row = judged(spark, [line]).first()
    assert row.timestamp == datetime(2026, 5, 1, 10) and row.sent_at == datetime(2026, 5, 1, 10)
    assert (row.revenue, row.total, row.quantity) == (Decimal("12.5"), Decimal(13), None)
    assert (row.order_id, row.product_ids, row.email) == ("7", ["p1", "2", None], "ann@example.com")
    assert (row.page_url, row.page_title, row.campaign_source) == ("https://shop.example/", 'A "quoted" title', None)
    assert row["outcome/type/quantity"] == "failed" and row["outcome/type/total"] == "changed"
    assert '"campaign":"not an object"' in row.context


@pytest.mark.parametrize("properties", [{}, {"order_id": " "}, {"order_id": None}])
def test_an_event_without_what_the_rules_demand_is_dropped_with_its_reason(spark, properties):
    assert tuple(judged(spark, [event("m", properties=properties)], ["order_id"]).first().verdict) == ("order_id", "is missing, and the lake's rules drop the event")


def test_accepted_and_rejected_are_all_that_was_read(lake):
    lines = [event("m1"), event("m2"), event("m1"), "no json", "no json", '{"type":"track"}']
    lake.put("2026/05/01/10/a.gz", lines, hour(10))
    lake.run()
    assert lake.rows("rejected_events", "field", "reason", "line", "object") == [
        ("", "is no JSON object", "no json", "raw/2026/05/01/10/a.gz"),
        ("messageId", "is required", '{"type":"track"}', "raw/2026/05/01/10/a.gz"),
    ]
    assert len(lake.rows("events", "message_id")) + len(lake.rows("rejected_events", "line")) == 4
