"""What is read of a real database: every row, whatever it holds, and none twice as something else."""

import json
import re
from pathlib import Path

import pytest
from cdp.databases.declared import Refused

ORDERS = {"table": "orders", "cursor": "changed"}


def orders_of(told):
    return told["orders"]


def make_orders(shop):
    instant = "timestamptz" if shop.is_postgresql else "timestamp(6)"
    shop.owner.execute(
        f"create table orders (id int primary key, email varchar(100), changed {instant} null, gone boolean)",
        "insert into orders values (1, 'ann@shop.example', '2026-05-01 10:00:00', false), "
        "(2, 'bob@shop.example', null, true), (3, null, '2026-05-02 10:00:00', null)",
    )
    shop.grant()


def test_a_first_read_takes_everything_and_the_next_what_is_new(shop):
    make_orders(shop)
    source = shop.source({"orders": ORDERS | {"deleted": "gone"}})
    told = orders_of(shop.pull(source))
    assert (told["rows"], told["complete"]) == (3, True)
    told = orders_of(shop.pull(source))
    # Without a stamp nobody knows whether it is new.
    assert (told["rows"], told["complete"]) == (1, False)
    shop.owner.execute("update orders set email = 'eva@shop.example', changed = current_timestamp where id = 3")
    told = orders_of(shop.pull(source))
    assert told["rows"] == 2
    lines = shop.last_versions("id")
    assert {key: line["row"]["email"] for key, line in lines.items()} == {
        (1,): "ann@shop.example",
        (2,): "bob@shop.example",
        (3,): "eva@shop.example",
    }
    assert [line.get("deleted") for _, line in sorted(lines.items())] == [None, True, None]
    assert all("email" not in line["row"].values() for line in lines.values())


def test_without_rights_nothing_is_read_and_the_error_says_which_to_grant(shop):
    make_orders(shop)
    revoke = "revoke pg_read_all_stats from {}" if shop.is_postgresql else "revoke process on *.* from {}@'%'"
    shop.owner.execute(revoke.format(shop.reader))
    told = orders_of(shop.pull(shop.source({"orders": ORDERS})))
    assert (told["state"], shop.loads) == ("failed", [])
    assert told["reason"].startswith("open transactions cannot be seen: grant")
    told = orders_of(shop.pull(shop.source({"orders": ORDERS}, longestTransactionMinutes=60)))
    assert told["rows"] == 3


@pytest.mark.parametrize(
    ("read", "said"),
    [
        ({"cursor": "id"}, "the cursor id is of type"),
        ({"cursor": "changed_at"}, r"there is no column changed_at \(cursor\); there are id, email"),
        ({"partition": {"column": "email", "parts": 4}}, "must be an integer"),
        (
            {"table": None, "query": "select * from orders a join orders b on a.id = b.id"},
            "two columns are called|Duplicate column",
        ),
        ({"table": "nothing"}, "nothing"),
    ],
)
def test_what_cannot_be_read_is_told_and_does_not_keep_others_from_it(shop, read, said):
    make_orders(shop)
    people = {"query": "select id, email from orders"}
    told = shop.pull(shop.source({"orders": ORDERS | read, "people": people}))
    assert re.search(said, told["orders"]["reason"])
    assert (told["people"]["rows"], len(shop.loads)) == (3, 1)


def test_parts_that_are_read_side_by_side_are_the_whole(shop):
    shop.owner.execute("create table orders (id bigint primary key, note varchar(20))")
    values = ", ".join(f"({n * 3 - 700}, 'note {n}')" for n in range(1000))
    shop.owner.execute(f"insert into orders values {values}")
    shop.grant()
    read = {"table": "orders", "partition": {"column": "id", "parts": 4}}
    told = orders_of(shop.pull(shop.source({"orders": read})))
    assert told["rows"] == 1000
    ((load, lines),) = shop.loads
    assert sorted(line["row"]["id"] for line in lines) == [n * 3 - 700 for n in range(1000)]
    assert len(list(Path(load.folder).glob("*.gz"))) == 4


def test_another_declaration_is_read_from_the_start(shop):
    make_orders(shop)
    shop.pull(shop.source({"orders": ORDERS}))
    told = orders_of(shop.pull(shop.source({"orders": ORDERS | {"deleted": "gone"}})))
    assert told["complete"]


def test_columns_that_come_go_and_change_are_told_and_read(shop):
    make_orders(shop)
    shop.pull(shop.source({"orders": ORDERS}))
    retype = "alter column email type text" if shop.is_postgresql else "modify email text"
    shop.owner.execute("alter table orders add total decimal(10, 2)", "alter table orders drop gone")
    shop.owner.execute(f"alter table orders {retype}", "update orders set total = 1.50, changed = current_timestamp")
    told = orders_of(shop.pull(shop.source({"orders": ORDERS})))
    assert (told["new"], told["dropped"], told["changed"]) == (["total"], ["gone"], ["email"])
    assert {tuple(line["row"]) for line in shop.last_versions("id").values()} == {("id", "email", "changed", "total")}
    shop.owner.execute("alter table orders drop changed")
    assert "no column changed" in orders_of(shop.pull(shop.source({"orders": ORDERS})))["reason"]


def test_a_load_that_somebody_must_decide_about_moves_no_bound(shop):
    make_orders(shop)
    source, asked = shop.source({"orders": ORDERS}), []

    def asks(load):
        asked.append(load.complete)
        return {"state": "asks"}

    assert orders_of(shop.pull(source, settle=asks))["state"] == "asks"
    shop.pull(source, settle=asks)
    assert asked == [True, True]


def test_a_zone_that_the_server_does_not_know_is_told(shop):
    make_orders(shop)
    told = orders_of(shop.pull(shop.source({"orders": ORDERS}, timeZone="Europe/Nowhere")))
    assert (told["state"], "Europe/Nowhere" in told["reason"]) == ("failed", True)
