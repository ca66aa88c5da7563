"""Transactions of any length beside a puller: once they have ended, the lake has what the table has.

Everything commits late here: the reads have no overlap, so only the bound keeps them from losing a row.
"""

import json
import random

import pytest
from cdp.databases.bounds import time_of
from jobs import pull_database
from laws import seed_of_run

ORDERS = {"table": "orders", "cursor": "changed", "deleted": "gone", "overlapMinutes": 0}
WRITERS, STEPS = 4, 48


class Writer:
    """A program of the shop. It writes only rows of its own, so that it never waits for another."""

    def __init__(self, shop, number, chance):
        self.client, self.number, self.chance, self.made, self.left = shop.client(), number, chance, 0, 0
        self.client.begin()
        self.stamp = stamp(shop)

    def step(self):
        """One statement in an open transaction, or the end of the transaction."""
        if self.left == 0:
            self.left = self.chance.randint(1, 12)
        elif self.left == 1:
            self.end()
        else:
            self.client.execute(self.statement())
        self.left -= 1

    def end(self):
        (self.client.roll_back if self.chance.random() < 0.2 else self.client.commit)()

    def statement(self):
        kind = self.chance.choice(("insert", "insert", "update", "update", "flag", "delete"))
        row = self.number + WRITERS * self.chance.randrange(max(1, self.made))
        if kind == "insert" or self.made == 0:
            self.made += 1
            return f"insert into orders values ({self.number + WRITERS * self.made}, 'new', {self.stamp}, false)"
        if kind == "delete":
            return f"delete from orders where id = {row}"
        value = "gone = true" if kind == "flag" else f"note = 'note {self.chance.randrange(1000)}'"
        return f"update orders set {value}, changed = {self.stamp} where id = {row}"


def stamp(shop):
    return "current_timestamp" if shop.is_postgresql else "current_timestamp(6)"


def make_orders(shop):
    instant = "timestamptz" if shop.is_postgresql else "timestamp(6) null"
    shop.owner.execute(f"create table orders (id int primary key, note varchar(20), changed {instant}, gone boolean)")
    shop.grant()


def play(shop, seed, **pulled):
    """Writers and reads in any order; in the end all transactions are over, and the last read is done."""
    chance = random.Random(seed)
    make_orders(shop)
    source = shop.source({"orders": ORDERS})
    shop.pull(source, **pulled)
    writers = [Writer(shop, number, chance) for number in range(WRITERS)]
    for step in range(STEPS):
        for writer in chance.sample(writers, chance.randint(1, WRITERS)):
            writer.step()
        if step % 6 == 0:
            shop.pull(source, **pulled)
    for writer in writers:
        writer.end()
    shop.pull(source, **pulled)
    return source


def stored(shop):
    rows = shop.owner.rows("select id, note, gone from orders")
    return {(int(id_),): (note, gone in ("t", "1", "true")) for id_, note, gone in rows}


def in_lake(shop):
    return {
        key: (line["row"]["note"], line["row"]["gone"] in (True, 1)) for key, line in shop.last_versions("id").items()
    }


def test_what_commits_late_is_read_and_a_full_read_finds_what_is_deleted(shop):
    seed = seed_of_run()
    source = play(shop, seed)
    table, lake = stored(shop), in_lake(shop)
    print(f"seed {seed}: {len(table)} rows, {len(shop.loads)} loads")
    assert {key: row for key, row in lake.items() if key in table} == table
    assert all(line.get("deleted", False) == lake[key][1] for key, line in shop.last_versions("id").items())
    shop.pull(source, everything=True)
    assert in_lake(shop) == table
    assert all("note" != row[0] for row in table.values())


def test_the_table_of_records_has_what_the_table_of_the_database_has(shop):
    source, seed = shop.source({"orders": ORDERS}), seed_of_run()
    database = f"records_{shop.name}_{shop.engine.engine}"
    shop.spark.sql(f"CREATE NAMESPACE IF NOT EXISTS lake.{database}")
    given = ["--database", database, "--lake", str(shop.directory), "--config", "", "--secret", ""]
    settle = pull_database.settling(shop.spark, pull_database.arguments(given), source)
    play(shop, seed, settle=settle)
    shop.pull(source, everything=True, settle=settle)
    kept = shop.spark.table(f"lake.{database}.records").where("deleted_at IS NULL").collect()
    alive = {(int(row.record_id),): json.loads(row.columns) for row in kept}
    table = {key: note for key, (note, gone) in stored(shop).items() if not gone}
    print(f"seed {seed}: {len(table)} rows")
    assert {key: row["note"] for key, row in alive.items()} == table
    again = shop.pull(source, everything=True, settle=settle)
    assert [again["orders"][kind] for kind in ("created", "updated", "deleted")] == [0, 0, 0]


def test_a_transaction_that_waits_between_its_two_ends_moves_no_bound(shop):
    if not shop.is_postgresql:
        # MariaDB lists what is prepared among open transactions, with its start.
        prepare, decide = ("xa start 'x'", "{}", "xa end 'x'", "xa prepare 'x'"), "xa commit 'x'"
    else:
        prepare, decide = ("begin", "{}", "prepare transaction 'x'"), "commit prepared 'x'"
    make_orders(shop)
    source = shop.source({"orders": ORDERS})
    shop.pull(source)
    write = f"insert into orders values (1, 'late', {stamp(shop)}, false)"
    writer = shop.client()
    writer.execute(*(statement.format(write) for statement in prepare))
    shop.pull(source)
    shop.pull(source)
    writer.execute(decide)
    shop.pull(source)
    assert in_lake(shop) == {(1,): ("late", False)}


@pytest.mark.parametrize("bound", ["of open transactions", "of its own time"])
def test_a_read_that_went_on_from_its_own_time_would_lose_what_commits_late(shop, monkeypatch, bound):
    if bound == "of its own time":
        monkeypatch.setattr("cdp.databases.pulling.bound_of", lambda on, asked, *_: time_of(on.rows(asked.NOW)[0][0]))
    make_orders(shop)
    source = shop.source({"orders": ORDERS})
    late, soon = shop.client(), shop.client()
    late.begin()
    late.execute(f"insert into orders values (1, 'late', {stamp(shop)}, false)")
    soon.execute(f"insert into orders values (2, 'soon', {stamp(shop)}, false)")
    shop.pull(source)
    late.commit()
    shop.pull(source)
    assert ((1,) in in_lake(shop)) == (bound == "of open transactions")
