"""Random sources that are read again and again, in any order: the table ends as the source was at the last read."""

import json
import random
from datetime import timedelta

import pytest
from cdp.records.load import Load
from laws import seed_of_run
from loads import START, Source, at
from told_and_kept import check

PEOPLE, MINUTES = 40, 60
VALUES = (None, "", 1, 1.5, "x", "Zoë", True, {"b": [1, None], "a": 2})


class World:
    """A source whose rows come, change and go, and what it was at each minute."""

    def __init__(self, chance: random.Random):
        rows: dict[int, dict] = {}
        self.minutes, self.gone = [], []
        for minute in range(MINUTES):
            gone = {}
            for id_ in chance.sample(range(PEOPLE), 6):
                if id_ in rows and chance.random() < 0.3:
                    del rows[id_]
                    gone[id_] = minute
                else:
                    rows[id_] = {"id": id_, "updated": at(minute), **{name: chance.choice(VALUES) for name in "abc"}}
            self.minutes.append(dict(rows))
            self.gone.append({**(self.gone[-1] if self.gone else {}), **gone})

    def at(self, minute: int) -> dict[int, dict]:
        return self.minutes[minute]


class Read:
    """One load: everything, or some rows and some of the deletions."""

    def __init__(self, world: World, minute: int, complete: bool, chance: random.Random):
        self.minute, self.complete = minute, complete
        there = world.at(minute)
        gone = {id_: when for id_, when in world.gone[minute].items() if id_ not in there}
        self.rows = there if complete else {id_: there[id_] for id_ in chance.sample(sorted(there), len(there) // 2)}
        self.gone = {} if complete else {id_: when for id_, when in gone.items() if chance.random() < 0.5}

    def take(self, source: Source, name: str, columns: tuple[str, ...]) -> dict:
        told = [{"row": {column: row[column] for column in columns}} for row in self.rows.values()]
        gone = [{"id": id_, "updated": at(when)} for id_, when in self.gone.items()]
        ends = [{"row": {name: row[name] for name in columns if name in row}, "deleted": True} for row in gone]
        # A minute's read comes after all that happened in it.
        began = START + timedelta(minutes=self.minute, seconds=30)
        load = Load(name, began, self.complete, accept_shrink=True)
        return source.take(load, [json.dumps(line) for line in (*told, *ends)])


def expected(reads: list[Read]) -> dict[str, dict]:
    """What the last complete read found, and what each later one said besides."""
    in_time = sorted(reads, key=lambda read: read.minute)
    first = max((n for n, read in enumerate(in_time) if read.complete), default=0)
    known: dict[int, dict] = {}
    for read in in_time[first:]:
        known |= read.rows
        for id_ in read.gone:
            known.pop(id_, None)
    return {str(id_): row for id_, row in known.items()}


def with_values(rows: dict[str, dict], columns: tuple[str, ...]) -> dict[str, dict]:
    return {id_: {name: row[name] for name in columns if row[name] not in (None, "")} for id_, row in rows.items()}


@pytest.mark.parametrize("timed", [True, False])
def test_however_a_source_is_read_the_table_ends_as_the_source_was_and_so_do_those_who_are_told(spark, tmp_path, timed):
    seed = seed_of_run()
    print(f"seed {seed}")
    chance = random.Random(seed)
    world = World(chance)
    reads = [Read(world, minute, chance.random() < 0.4, chance) for minute in sorted(chance.sample(range(MINUTES), 7))]
    columns = ("id", "updated", "a", "b", "c") if timed else ("id", "a", "b", "c")
    source = Source(spark, tmp_path, updated_at="updated" if timed else None)
    order = [*range(7), *chance.choices(range(7), k=2)]
    # Rows without times of their own are believed in the order in which they were read.
    chance.shuffle(order) if timed else order.sort()
    for n in order:
        if chance.random() < 0.5:
            source.result(f"l{n}").unlink(missing_ok=True)
        reads[n].take(source, f"l{n}", columns)
    print(f"order {order}, complete {[n for n in range(7) if reads[n].complete]}, told {len(source.told())}")
    assert with_values(expected(reads), columns) == source.alive()
    check(source)
