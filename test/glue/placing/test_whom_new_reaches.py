"""A run that places whom something new reaches leaves the tables of one that places everybody, in worlds at random."""

import random
from pathlib import Path

from cdp.placing import place, reached
from laws import seed_of_run
from placed_worlds import MADE, People, World

WORLDS = 100
COMPACTED, MEANWHILE, RELEASED, AFTER = 2, 3, 4, 5
"""Steps before which tables are compacted, in which events come while the job runs, in which sources release, and after
that."""


def told(worlds: list[World], chance: float, events: int) -> tuple[list[tuple], list[dict]]:
    """What is new in some worlds: their events, and entries of the log."""
    some = [world for world in worlds if world.chance.random() < chance]
    rows = [world.event() for world in some for _ in range(world.chance.randrange(1, events))]
    return rows, [world.entry() for world in some for _ in range(world.chance.randrange(3))]


def compact(lake: People) -> None:
    for table in ("sightings", "identity_log", *MADE):
        name = f"{lake.database}.{table}"
        lake.spark.sql(f"CALL lake.system.rewrite_data_files(table => '{name}', options => map('rewrite-all', 'true'))")


class Both:
    """Two lakes of the same worlds: one whose runs place whom something reaches, and one whose runs place everybody."""

    def __init__(self, spark, directories: list[Path], seed: int) -> None:
        self.by_part, self.by_all = (People(spark, directory) for directory in directories)
        # In other files, and in another order.
        self.by_all.files, self.chance = 3, random.Random(seed)
        self.rows, self.entries = [], []
        for lake in (self.by_part, self.by_all):
            lake.bar_some(WORLDS)

    def tell(self, rows: list[tuple], entries: list[dict], meanwhile: list[tuple], *, compacts: bool) -> None:
        half = len(rows) // 2
        self.by_part.see(rows[:half])
        if compacts:
            compact(self.by_part)
        self.by_part.see(rows[half:])
        rows = [*meanwhile, *rows]
        self.chance.shuffle(rows)
        self.by_all.see(rows)
        for lake in (self.by_part, self.by_all):
            lake.tell(entries)
        self.rows, self.entries = [*self.rows, *rows], [*self.entries, *entries]

    def judge(self, where: str) -> None:
        self.by_all.resolve("--full", "true")
        found, expected = self.by_part.made(), self.by_all.made()
        for name in expected:
            assert found[name] == expected[name], f"{name} {where}"
        assert len(expected["identity_map"]) > WORLDS


def test_a_run_of_some_leaves_the_tables_of_a_run_of_all(spark, tmp_path_factory, monkeypatch):
    seed = seed_of_run()
    print(f"seed {seed}")
    monkeypatch.setattr(reached, "PART", 2)
    both = Both(spark, [tmp_path_factory.mktemp(name) for name in ("by-part", "by-all")], seed)
    worlds, rest = [World(seed, n) for n in range(WORLDS)], []
    for step in range(AFTER + 1):
        rows, entries = told(worlds, 1 if step == 0 else 0.4, 16 if step == 0 else 5)
        if step == RELEASED:
            rows += [world.release() for world in worlds[::3]]
        both.tell(rows, entries, rest, compacts=step in (COMPACTED, MEANWHILE))
        with monkeypatch.context() as patched:
            rest = told(worlds, 0.4, 5)[0] if step == MEANWHILE else []
            if rest:
                # What comes while the job runs is new to the next run.
                during, see = place.made_of, both.by_part.see
                patched.setattr(place, "made_of", lambda *given: see(rest) or during(*given))  # noqa: B023
            report = both.by_part.resolve()
        assert ("full" in report) == (step in (0, RELEASED)), f"{report}, seed {seed}"
        both.judge(f"in step {step}, seed {seed}")
    again = both.by_part.resolve("--full", "true")
    assert set(again["rows_changed"].values()) == {0}, f"{again}, seed {seed}"
    afresh = People(spark, tmp_path_factory.mktemp("from-nothing"))
    afresh.bar_some(WORLDS)
    both.chance.shuffle(both.rows)
    afresh.see(both.rows)
    afresh.tell(both.entries)
    afresh.resolve()
    found, expected = afresh.together(), both.by_part.together()
    for name in expected:
        assert found[name] == expected[name], f"{name} from nothing, seed {seed}"
