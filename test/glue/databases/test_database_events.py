"""Rows that happened become pieces at once, and reading them again gives the same rows."""

import json

from jobs import pull_database
from loads import read_piece


def test_rows_of_events_become_pieces_and_a_full_read_is_never_due(shop):
    instant = "timestamptz" if shop.is_postgresql else "timestamp(6) null"
    shop.owner.execute(
        f"create table orders (id int primary key, total decimal(6, 2), changed {instant})",
        "insert into orders values (1, 19.90, '2026-05-01 10:00:00'), (2, 5.00, '2026-05-01 11:00:00')",
    )
    shop.grant()
    objects = [{"object": "orders", "rows": "events", "key": ["id"]}]
    reads = {"orders": {"table": "orders", "cursor": "changed", "fullEveryHours": 0}}
    source = shop.source(reads, objects)
    given = ["--database", "none", "--lake", str(shop.directory), "--config", "", "--secret", ""]
    settle = pull_database.settling(shop.spark, pull_database.arguments(given), source)
    assert shop.pull(source, settle=settle)["orders"]["rows"] == 2
    (piece,) = shop.directory.glob("imports/staged/shop/*/orders-*.ndjson.gz")
    assert [json.loads(line, parse_float=str)["row"]["total"] for line in read_piece(piece)] == ["19.90", "5.00"]
    assert not shop.pull(source, settle=settle)["orders"]["complete"]
