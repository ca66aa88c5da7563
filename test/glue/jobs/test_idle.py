"""What a run writes when nothing is new: nothing. And of which path a column is."""

from lake import PLAIN, Lake, event, hour

TABLES = ("events", "rejected_events", "data_quality", "watermarks")


def snapshots(lake: Lake) -> dict[str, int]:
    return {name: lake.spark.table(f"lake.{lake.database}.{name}.snapshots").count() for name in TABLES}


def test_a_run_of_events_with_nothing_new_writes_nothing(lake):
    lake.put("2026/05/01/10/1.gz", [event("m1"), "no json"], hour(10))
    lake.run()
    # The first such run counts what it reads again, under a name of its own.
    again = lake.run()
    assert again["read", "", "repeated"] == 2
    before = snapshots(lake)
    assert [lake.run() for _ in range(2)] == [again, again]
    assert snapshots(lake) == before
    lake.put("2026/05/01/11/2.gz", [event("m2")], hour(11))
    lake.run()
    assert snapshots(lake) == {"events": 2, "rejected_events": 1, "data_quality": before["data_quality"] + 1, "watermarks": 2}


def test_a_lake_without_a_line_is_written_to_once(lake):
    lake.run()
    before = snapshots(lake)
    lake.run()
    assert snapshots(lake) == before


def test_paths_may_differ_in_case_alone(spark, tmp_path):
    paths = {"a": "properties.Revenue", "b": "properties.productid", "c": "properties.productID", "d": "traits.Address.city", "e": "traits.address.City"}
    lake = Lake(spark, tmp_path, PLAIN | {"columns": [{"name": name, "type": "string", "from": path, "meaning": "m"} for name, path in paths.items()]})
    said = {"Revenue": "x", "revenue": 5, "productid": "p", "productID": "q"}
    lake.put("2026/05/01/10/1.gz", [event("m1", properties=said), event("m2", type="identify", traits={"Address": {"city": "A"}, "address": {"City": "B"}})], hour(10))
    lake.run()
    found = {row.message_id: row for row in lake.table("events").collect()}
    assert [found["m1"][name] for name in ("a", "b", "c", "revenue")] == ["x", "p", "q", 5]
    assert [found["m2"][name] for name in ("d", "e")] == ["A", "B"]


def test_a_blank_text_hides_nothing_that_another_path_says(lake):
    others = {"context": {"traits": {"email": " "}, "page": {"url": "\u00a0"}}, "properties": {"email": "ann@example.com", "url": "https://shop.example/", "order_id": "", "orderId": 7, "product_id": None, "productId": "p"}}
    lake.put("2026/05/01/10/1.gz", [event("m1", traits={"email": ""}, **others), event("m2", traits={"email": " "}, properties={"email": None})], hour(10))
    lake.run()
    found = {row.message_id: row for row in lake.table("events").collect()}
    assert [found["m1"][name] for name in ("email", "page_url", "order_id", "product_id")] == ["ann@example.com", "https://shop.example/", "7", "p"]
    assert found["m2"].email == " "
