"""Whose word survives when sources conflict, by the rule of each trait; a property against plain Python."""

import json
import random
import time
from datetime import timedelta

import pytest
from cdp.profiles.survivorship import fullness
from cdp.profiles.traits import surviving_traits, survivors
from laws import seed_of_run
from people import START
from shared_rules import shared_cases

OWNED = (
    "collection string, profile_id string, message_id string, type string, timestamp timestamp, "
    "received_at timestamp, source_id string, traits string, context string"
)
RECENT, FREQUENT, COMPLETE = ({"keep": keep} for keep in ("most_recent", "most_frequent", "most_complete"))
TRUSTED = {"keep": "most_trusted", "sources": ["crm", "shop"]}
LONG, SHORT = {"street": "Weg 1", "city": "Bonn", "zip": " "}, {"city": "Köln"}


def owned(spark, stated: list[tuple[str, int, object]], name: str = "t", profile: str = "per_1") -> object:
    """Statements as (source, minute, value), each an identify of its own."""
    return spark.createDataFrame(
        [identify(n, source, at, {name: value}, profile) for n, (source, at, value) in enumerate(stated)], OWNED
    )


def identify(n: int, source: str, at: int, traits: dict, profile: str) -> tuple:
    when = START + timedelta(minutes=at)
    return ("users", profile, f"m{n:03d}", "identify", when, when, source, json.dumps(traits), None)


# Rule, what was said (source, minute, value), and what survives.
DECISIONS = {
    "the last word takes away": (RECENT, [("crm", 1, "a"), ("web", 2, None)], None),
    "what most messages say": (FREQUENT, [("web", 1, "a"), ("app", 2, "a"), ("crm", 3, "b")], "a"),
    "of equally frequent the last": (
        FREQUENT,
        [("web", 1, "a"), ("web", 2, "b"), ("web", 3, "b"), ("web", 4, "a")],
        "a",
    ),
    "null ends the count": (FREQUENT, [("web", 1, "a"), ("web", 2, "a"), ("web", 3, None), ("web", 4, "b")], "b"),
    "null as the last of all": (FREQUENT, [("web", 1, "a"), ("web", 2, "a"), ("crm", 3, None)], None),
    "the longest text": (COMPLETE, [("web", 1, "Robert"), ("web", 2, "  Rob    "), ("crm", 3, "R.")], "Robert"),
    "of equally long texts the last": (COMPLETE, [("web", 1, "Anne"), ("web", 2, "Anna")], "Anna"),
    "the object with most leaves": (COMPLETE, [("web", 1, LONG), ("web", 2, SHORT)], LONG),
    "of equally full objects the last": (
        COMPLETE,
        [("web", 1, {"a": "long text"}), ("web", 2, {"a": "x"})],
        {"a": "x"},
    ),
    "null ends what was full": (COMPLETE, [("web", 1, "Robert"), ("web", 2, None), ("web", 3, "Rob")], "Rob"),
    "a text over a blank one": (COMPLETE, [("web", 1, "R"), ("web", 2, "   ")], "R"),
}


def test_each_rule_keeps_what_it_says(spark):
    shown = {}
    rows = [
        identify(n, source, at, {f"{case}": value}, case)
        for case, (_, stated, _) in DECISIONS.items()
        for n, (source, at, value) in enumerate(stated)
    ]
    found = survivors(
        spark.createDataFrame(rows, OWNED), {case: rule for case, (rule, _, _) in DECISIONS.items()}
    ).collect()
    shown = {one.profile_id: json.loads(one.value) for one in found}
    assert shown == {case: expected for case, (_, _, expected) in DECISIONS.items()}


@pytest.mark.parametrize(("input", "expected"), shared_cases("survivorship"))
def test_the_stream_and_the_lake_keep_the_same(spark, input, expected):
    [found] = survivors(owned(spark, [tuple(one) for one in input["stated"]]), input["rules"]).collect()
    assert json.loads(found.value) == expected


def test_a_survivor_is_told_with_who_said_it_and_the_platform_says_nothing(spark):
    events = owned(spark, [("crm", 1, "a"), ("@platform", 3, "z"), ("web", 2, None)])
    row = ("per_1", "users", "t")
    by_rule = {
        name: [tuple(one) for one in survivors(events, rules).collect()]
        for name, rules in {"recent": {}, "trusted": {"t": TRUSTED}}.items()
    }
    assert by_rule == {
        "recent": [(*row, "null", (START + timedelta(minutes=2)).replace(tzinfo=None), "m002", "web")],
        "trusted": [(*row, '"a"', (START + timedelta(minutes=1)).replace(tzinfo=None), "m000", "crm")],
    }
    assert [tuple(one) for one in surviving_traits(events, {}).collect()] == []
    assert [tuple(one) for one in surviving_traits(events, {"t": TRUSTED}).collect()] == [("per_1", {"t": '"a"'})]


FULL = [
    ('"Bonn "', (1, 4)),
    ('"  "', (0, 0)),
    ("12", (1, 0)),
    ('{"a":{"b":"x","c":""},"d":[1,null]}', (2, 0)),
    ("[]", (0, 0)),
    ("false", (1, 0)),
]


@pytest.mark.parametrize(("value", "expected"), FULL)
def test_how_full_a_value_is(value, expected):
    assert fullness(value) == expected


def oracle(stated: list[tuple[str, int, str, object]], rule: dict) -> tuple[str, object]:
    """The surviving message and its value, told the long way: (source, minute, message, value) in the order of time."""
    told = sorted(stated, key=lambda one: (one[1], one[2]))
    trusted = rule["keep"] == "most_trusted"
    standing: list[tuple] = []
    for one in told:
        if one[3] is None and rule["keep"] == "most_recent":
            standing = []
        elif one[3] is None:
            standing = [other for other in standing if trusted and other[0] != one[0]]
        else:
            standing.append(one)
    if not standing:
        gone = [one for one in told if one[3] is None][-1]
        return gone[2], None
    if trusted:
        for source in rule["sources"]:
            if own := [one for one in standing if one[0] == source]:
                return own[-1][2], own[-1][3]
    if rule["keep"] == "most_frequent":
        most = max([one[3] for one in standing].count(value) for value in {one[3] for one in standing})
        standing = [one for one in standing if [other[3] for other in standing].count(one[3]) == most]
    if rule["keep"] == "most_complete":
        standing = [one for one in standing if len(one[3]) == max(len(other[3]) for other in standing)]
    return standing[-1][2], standing[-1][3]


def test_in_any_order_each_rule_gives_what_plain_python_does(spark):
    seed = seed_of_run()
    print(f"seed {seed}")
    chance = random.Random(seed)
    rules = {"recent": RECENT, "trusted": TRUSTED, "frequent": FREQUENT, "complete": COMPLETE}
    rows, stated = [], {}
    for n in range(600):
        profile, name, source, at, value = (
            f"per_{chance.randrange(12)}",
            chance.choice([*rules]),
            chance.choice(["crm", "shop", "web", "app"]),
            chance.randrange(20),
            chance.choice(["a", "bb", "cc", None]),
        )
        rows.append(identify(n, source, at, {name: value}, profile))
        stated.setdefault((profile, name), []).append((source, at, f"m{n:03d}", value))
    expected = {key: oracle(statements, rules[key[1]]) for key, statements in stated.items()}
    for _ in range(2):
        chance.shuffle(rows)
        events = spark.createDataFrame(rows, OWNED).repartition(chance.randrange(1, 4))
        found = {
            (one.profile_id, one.name): (one.message_id, json.loads(one.value))
            for one in survivors(events, rules).collect()
        }
        assert found == expected, f"seed {seed}"
