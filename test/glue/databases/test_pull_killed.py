"""The job dies at any call to Spark, and is run again: the lake has what the table has, and the next read goes on."""

import random

from crashes import Calls, Killed
from laws import seed_of_run

ORDERS = {"table": "orders", "cursor": "changed"}
DEATHS = 6


def test_a_run_that_died_anywhere_is_made_good_by_the_next(shop, monkeypatch):
    chance, calls = random.Random(seed_of_run()), Calls(monkeypatch)
    instant = "timestamptz" if shop.is_postgresql else "timestamp(6) null"
    now = "current_timestamp" if shop.is_postgresql else "current_timestamp(6)"
    shop.owner.execute(f"create table orders (id int primary key, note varchar(20), changed {instant})")
    shop.grant()
    source, sure = shop.source({"orders": ORDERS}), 0
    before = calls.made
    shop.pull(source)
    length = calls.made - before
    for n, at in enumerate(sorted(chance.sample(range(length), DEATHS))):
        shop.owner.execute(f"insert into orders values ({n}, 'note {n}', {now})")
        calls.dies_at = calls.made + at
        try:
            shop.pull(source)
        except Killed:
            sure += 1
        calls.dies_at = None
        shop.pull(source)
        assert {key: line["row"]["note"] for key, line in shop.last_versions("id").items()} == {
            (m,): f"note {m}" for m in range(n + 1)
        }, f"died at call {at} of {length}"
    assert sure > 0
