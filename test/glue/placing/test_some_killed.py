"""A run that places some people dies between two of its commits; the next one leaves what it should have left."""

from collections.abc import Callable

from cdp.placing import reached
from cdp.tables import replace_rows
from crashes import Killed
from laws import seed_of_run
from placed_worlds import People, World

WORLDS = 8


class Deaths:
    """Lets so many commits to tables be made, and then none."""

    def __init__(self, patch) -> None:
        self.made, self.lets = 0, None
        for name in ("append", "merge"):
            patch.setattr(replace_rows, name, self.counted(getattr(replace_rows, name)))

    def counted(self, commit: Callable) -> Callable:
        def counted(*given: object) -> object:
            if self.lets is not None and self.made >= self.lets:
                raise Killed
            self.made += 1
            return commit(*given)

        return counted


def test_wherever_a_run_of_some_dies_the_next_one_leaves_the_same(spark, tmp_path_factory, monkeypatch):
    seed = seed_of_run()
    print(f"seed {seed}")
    monkeypatch.setattr(reached, "PART", 2)
    killed, whole = (People(spark, tmp_path_factory.mktemp(name)) for name in ("some-killed", "some-whole"))
    worlds, deaths, lets = [World(seed, n) for n in range(WORLDS)], Deaths(monkeypatch), None
    has_died = True
    while has_died:
        rows = [world.event() for world in worlds for _ in range(10 if lets is None else 3)]
        for lake in (killed, whole):
            lake.see(rows)
        deaths.made, deaths.lets, has_died = 0, lets, lets is None
        try:
            killed.resolve()
        except Killed:
            deaths.lets, has_died = None, True
            # Without a commit everything is as the last run left it.
            assert ("full" in killed.resolve()) == (lets > 0)
        deaths.lets = None
        whole.resolve("--full", "true")
        found, expected = killed.made(), whole.made()
        for name in expected:
            assert found[name] == expected[name], f"{name} after {lets} commits, seed {seed}"
        lets = 0 if lets is None else lets + 1
    assert lets > 3, "it died at several places"
