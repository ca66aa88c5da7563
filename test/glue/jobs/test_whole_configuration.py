"""The configuration that the deployment delivers, all of it at once, on one event."""

import json

from lake import CONFIG, PLAIN, Lake, event, hour


def test_a_whole_configuration(spark, tmp_path):
    lake = Lake(spark, tmp_path, PLAIN | json.loads(CONFIG.read_text()))
    properties = {"price": "2.50", "quantity": 4, "currency": "usd", "born": "24.12.1990", "loyalty": {"level": "Gold"}}
    context = {
        "page": {"url": "https://shop.example/?utm_source=x"},
        "userAgent": "curl/8.0",
        "traits": {"phone": "(201) 555-0123", "email": "A@B.example"},
    }
    lake.put(
        "2026/05/01/10/a.gz",
        [event("m1", properties=properties, context=context), event("m2", sourceId="test")],
        hour(10),
    )
    counted = lake.run()
    assert lake.rows(
        "events",
        "message_id",
        "currency",
        "birthday",
        "loyalty_level",
        "amount",
        "email",
        "phone",
        "campaign_source",
        "referrer_kind",
    ) == [("m1", "USD", "1990-12-24", "Gold", 10.0, "a@b.example", "+12015550123", "x", "direct")]
    assert lake.rows("rejected_events", "field", "message_id") == [("price", "m2")]
    assert (
        counted["currency", "currency", "changed"],
        counted["phone", "phone", "changed"],
        counted["derive", "amount", "changed"],
    ) == (1, 1, 1)
    assert ("currency", "currency", "changed", 1) in lake.rows("data_quality", "step", "column_name", "measure", "rows")
