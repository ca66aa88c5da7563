"""What is read of a real database: every row, whatever it holds, and none twice as something else."""

import json

import pytest
from cdp.databases.declared import Refused
from jobs.pull_database import Failed

ORDERS = {"object": "orders", "table": "orders", "cursor": "changed"}


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
    source = shop.source([ORDERS | {"deleted": "gone"}])
    (told,) = shop.pull(source)
    assert (told["rows"], told["complete"]) == (3, True)
    (told,) = shop.pull(source)
    # Without a stamp nobody knows whether it is new.
    assert (told["rows"], told["complete"]) == (1, False)
    shop.owner.execute("update orders set email = 'eva@shop.example', changed = current_timestamp where id = 3")
    (told,) = shop.pull(source)
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
    with pytest.raises(Failed, match="orders: open transactions cannot be seen: grant"):
        shop.pull(shop.source([ORDERS]))
    assert list(shop.loads()) == []
    (told,) = shop.pull(shop.source([ORDERS], longestTransactionMinutes=60))
    assert told["rows"] == 3


@pytest.mark.parametrize(
    ("read", "said"),
    [
        ({"cursor": "id"}, "orders: the cursor id is of type"),
        ({"cursor": "changed_at"}, r"orders: there is no column changed_at \(cursor\); there are id, email"),
        ({"partition": {"column": "email", "parts": 4}}, "must be an integer"),
        (
            {"table": None, "query": "select * from orders a join orders b on a.id = b.id"},
            "two columns are called|Duplicate column",
        ),
        ({"table": "nothing"}, "orders: .*nothing"),
    ],
)
def test_what_cannot_be_read_is_told_and_does_not_keep_others_from_it(shop, read, said):
    make_orders(shop)
    wrong = ORDERS | read
    other = {"object": "people", "query": "select id, email from orders"}
    with pytest.raises(Failed, match=said):
        shop.pull(shop.source([wrong, other]))
    assert [told["object"] for told, _ in shop.loads()] == ["people"]


def test_parts_that_are_read_side_by_side_are_the_whole(shop):
    shop.owner.execute("create table orders (id bigint primary key, note varchar(20))")
    values = ", ".join(f"({n * 3 - 700}, 'note {n}')" for n in range(1000))
    shop.owner.execute(f"insert into orders values {values}")
    shop.grant()
    read = {"object": "orders", "table": "orders", "partition": {"column": "id", "parts": 4}}
    (told,) = shop.pull(shop.source([read]))
    assert told["rows"] == 1000
    ((_, lines),) = shop.loads()
    assert sorted(line["row"]["id"] for line in lines) == [n * 3 - 700 for n in range(1000)]
    files = (shop.directory / "imports/rows/shop").glob("*/orders/*.gz")
    assert len([file for file in files if shop.lines(file.parent)]) == 4


def test_another_declaration_is_read_from_the_start(shop):
    make_orders(shop)
    shop.pull(shop.source([ORDERS]))
    (told,) = shop.pull(shop.source([ORDERS | {"deleted": "gone"}]))
    assert told["complete"]


def test_columns_that_come_go_and_change_are_told_and_read(shop):
    make_orders(shop)
    shop.pull(shop.source([ORDERS]))
    retype = "alter column email type text" if shop.is_postgresql else "modify email text"
    shop.owner.execute("alter table orders add total decimal(10, 2)", "alter table orders drop gone")
    shop.owner.execute(f"alter table orders {retype}", "update orders set total = 1.50, changed = current_timestamp")
    (told,) = shop.pull(shop.source([ORDERS]))
    assert (told["new"], told["dropped"], told["changed"]) == (["total"], ["gone"], ["email"])
    assert {tuple(line["row"]) for line in shop.last_versions("id").values()} == {("id", "email", "changed", "total")}
    shop.owner.execute("alter table orders drop changed")
    with pytest.raises(Failed, match="no column changed"):
        shop.pull(shop.source([ORDERS]))


def test_a_secret_in_another_form_is_refused_and_not_repeated(shop):
    from jobs.pull_database import login_of

    with pytest.raises(Refused) as refused:
        login_of("of-the-shop", json.dumps({"user": "hidden"}))
    assert "hidden" not in str(refused.value)
