"""Who was in which segment when: by the stream's news, and by profiles where there is none."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from cdp.marts.segment_membership import segment_membership

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
LOG = "profile_id string, rule string, kind string, at timestamp, message_id string"
STAYS = "profile_id string, segment string, entered_at timestamp, exited_at timestamp"


def at(second):
    return None if second is None else (NOON + timedelta(seconds=second)).replace(tzinfo=None)


def run(spark, log=(), stored=(), now=None, until=1000):
    """Rows of the table after a run over it, with seconds since noon for times."""
    said = [(who, segment, kind, at(when), str(place)) for who, segment, kind, when, place in log]
    rows = [(who, segment, at(entered), at(exited)) for who, segment, entered, exited in stored]
    table = spark.createDataFrame(rows, STAYS)
    profiles = spark.createDataFrame(list((now or {}).items()), "profile_id string, segments array<string>")
    news = spark.createDataFrame(said, LOG)
    made, scope = segment_membership(profiles, table, news, at(until))
    kept = {tuple(row) for row in table.collect()} - {tuple(row) for row in scope.collect()}
    rows = kept | {tuple(row) for row in made.collect()}
    second = lambda moment: None if moment is None else int((moment - at(0)).total_seconds())  # noqa: E731
    return sorted((who, segment, second(entered), second(exited)) for who, segment, entered, exited in rows)


ENTER, EXIT = "enter", "exit"


CASES = {
    "an entry": (
        [("p", "a", ENTER, 1, 10)],
        [],
        {},
        [("p", "a", 1, None)],
    ),
    "an entry and an exit, whatever profiles say": (
        [("p", "a", ENTER, 1, 10), ("p", "a", EXIT, 5, 11)],
        [],
        {"p": ["a"]},
        [("p", "a", 1, 5)],
    ),
    "an entry of a member": (
        [("p", "a", ENTER, 1, 10), ("p", "a", ENTER, 3, 11)],
        [],
        {},
        [("p", "a", 1, None)],
    ),
    "an exit of nobody": (
        [("p", "a", EXIT, 1, 10)],
        [],
        {},
        [],
    ),
    "an exit and then an entry in one second": (
        [("p", "a", EXIT, 1, 9), ("p", "a", ENTER, 1, 10)],
        [],
        {},
        [("p", "a", 1, None)],
    ),
    "an entry and then an exit in one second": (
        [("p", "a", ENTER, 1, 9), ("p", "a", EXIT, 1, 10)],
        [],
        {},
        [],
    ),
    "a merge ends the stays of the profile that is gone": (
        [("p", "a", ENTER, 1, 1), ("q", "a", ENTER, 2, 2), ("p", None, EXIT, 2, 0)],
        [],
        {},
        [("p", "a", 1, 2), ("q", "a", 2, None)],
    ),
    "a merge in the second of an entry": (
        [("p", "a", ENTER, 2, 7), ("p", None, EXIT, 2, 0)],
        [],
        {},
        [],
    ),
    "an unmerge begins a stay": (
        [("p", "a", ENTER, 1, 1), ("p", None, EXIT, 2, 0), ("p", "a", ENTER, 9, 3)],
        [],
        {},
        [("p", "a", 1, 2), ("p", "a", 9, None)],
    ),
    "an exit of whom a run found": (
        [("p", "a", EXIT, 50, 1)],
        [("p", "a", 10, None)],
        {},
        [("p", "a", 10, 50)],
    ),
    "an entry after what runs found": (
        [("p", "a", ENTER, 50, 1)],
        [("p", "a", 10, 20)],
        {},
        [("p", "a", 10, 20), ("p", "a", 50, None)],
    ),
    "an entry before a run found it": (
        [("p", "a", ENTER, 5, 1)],
        [("p", "a", 700, None)],
        {"p": ["a"]},
        [("p", "a", 5, None)],
    ),
    "news that profiles do not have yet": (
        [("p", "a", ENTER, 2000, 1)],
        [],
        {},
        [("p", "a", 2000, None)],
    ),
    "no news: as profiles say": (
        [],
        [("p", "a", 10, None), ("q", "a", 10, 20)],
        {"q": ["a"], "r": ["b"]},
        [("p", "a", 10, 1000), ("q", "a", 10, 20), ("q", "a", 1000, None), ("r", "b", 1000, None)],
    ),
}
"""Of each the news, what the table has, what profiles say, and what the table has then."""


@pytest.fixture(scope="module")
def tables(spark):
    """The tables of all cases, which have people of their own, by one run."""
    told, stored, now = [], [], {}
    for name, (log, rows, profiles, _) in CASES.items():
        told += [(f"{name}/{who}", *rest) for who, *rest in log]
        stored += [(f"{name}/{who}", *rest) for who, *rest in rows]
        now |= {f"{name}/{who}": segments for who, segments in profiles.items()}
    return run(spark, told, stored, now)


@pytest.mark.parametrize("name", CASES)
def test_a_stay_is_from_an_entry_until_the_next_exit(tables, name):
    own = [(who.removeprefix(f"{name}/"), *rest) for who, *rest in tables if who.startswith(f"{name}/")]
    assert own == CASES[name][3]


def oracle(changes):
    """Stays, one change after another."""
    inside, stays = {}, []
    for who, segment, kind, when, _ in changes:
        for key in [key for key in inside if key[0] == who and segment is None] or [(who, segment)]:
            if kind == ENTER and key not in inside:
                inside[key] = when
            if kind == EXIT and key in inside:
                stays.append((*key, inside.pop(key), when))
    stays += [(*key, entered, None) for key, entered in inside.items()]
    return sorted(stay for stay in stays if stay[2] != stay[3])


def test_any_news_in_any_order_twice_and_run_after_run_gives_the_same_stays(spark):
    seed = 18
    chance = random.Random(seed)
    print("seed", seed)
    changes = []
    for place in range(400):
        who = chance.choice("pqrs")
        segment = None if chance.random() < 0.05 else chance.choice("abc")
        changes.append((who, segment, EXIT if segment is None else chance.choice((ENTER, EXIT)), place, place))
    expected = oracle(changes)
    assert len(expected) > 50
    part = changes[: len(changes) // 2]
    halfway = run(spark, chance.sample(part, len(part)))
    assert halfway == oracle(part)
    again = [*chance.sample(changes, len(changes)), *part]
    assert run(spark, again, halfway, {"p": ["a"], "t": []}) == expected
    assert run(spark, again, expected) == expected
