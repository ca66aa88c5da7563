"""Rules that are written twice: random input through the stream's code and through the lake's, compared."""

import re
from functools import cache

import pytest
from cdp.identity.identifiers import COLUMNS, reader
from cdp.identity.limits import MINUTE, Profile
from cdp.identity.normal_form import is_blocked
from cdp.identity.placement import Apart, place
from cdp.profiles.survivorship import surviving
from cdp.values.email import normalize_email
from cdp.values.exact_json import read_number
from cdp.values.phone import normalize_phone
from cdp.values.text import folded, is_blank, lowered
from laws import seed_of_run
from shared_rules import shared_cases
from stream_answers import by_the_stream

RULES = {
    "phones": (50_000, lambda one: normalize_phone(one["text"], one["country"])),
    "emails": (20_000, normalize_email),
    "identifiers": (20_000, lambda values: named_in(dict(zip(COLUMNS, values, strict=True)))),
    "patterns": (50_000, lambda pair: re.search(pair[0], pair[1], re.ASCII | re.DOTALL) is not None),
    "placements": (20_000, lambda one: placed(one)),
    "texts": (20_000, lambda one: [lowered(one), folded(one, "NFC"), folded(one, "NFKC"), is_blank(one)]),
    "order": (20_000, lambda pair: (pair[0] > pair[1]) - (pair[0] < pair[1])),
    "letters": (1, lambda one: [lowered(one), folded(one, "NFC"), folded(f"a\u0301{one}\u0327", "NFKC")]),
}
"""How many inputs, and what the lake makes of one."""


def named_in(event: dict) -> dict:
    """Whom an event names, where definitions of accounts read these track calls and all alias calls."""
    found = reader(rules(), {"shop": "US"}, frozenset({("track", "E"), ("alias", None)}))(event)
    return {"users": found.users, "accounts": found.accounts}


def placed(one: dict) -> list:
    """Where an event belongs, of a situation whose times are minutes."""
    people = [
        Profile(
            f"p{n}",
            person["createdAt"] * MINUTE,
            merged={f"p{n}-{m}": at * MINUTE for m, at in enumerate(person["merged"])},
        )
        for n, person in enumerate(one["people"])
    ]
    owners = {identifier: (people[owner], at) for identifier, owner, at in one["owned"] if owner < len(people)}
    for identifier, (owner, at) in owners.items():
        owner.identifiers[identifier] = at * MINUTE
    found = place(
        one["stated"],
        one["receivedAt"] * MINUTE,
        lambda identifier: owners.get(identifier, [None])[0],
        one["rules"],
        Apart(),
    )
    return [
        [profile.profile_id for profile in found.profiles],
        found.identifiers,
        [list(one) for one in found.dropped],
        found.capped,
    ]


@cache
def rules() -> dict:
    """Rules of identity under which every kind of identifier occurs."""
    return by_the_stream("identity", 0, 0)


@pytest.mark.parametrize("rule", RULES)
def test_the_lake_reads_as_the_stream(rule):
    runs, read = RULES[rule]
    seed = seed_of_run()
    made = by_the_stream(rule, seed, runs)
    differing = [(one, stream, lake) for one, stream in made if (lake := read(one)) != stream]
    stated = sum(bool(stream) for _, stream in made)
    print(f"{rule}: {len(made)} inputs, {stated} of them say something, {len(differing)} differ, seed {seed}")
    assert (differing[:3], len(differing)) == ([], 0), f"seed {seed}"
    assert stated > len(made) / 100, f"seed {seed}: hardly anything was read"


@pytest.mark.parametrize(("input", "expected"), shared_cases("emails"))
def test_emails(input, expected):
    assert normalize_email(input) == expected


@pytest.mark.parametrize(("input", "expected"), shared_cases("numbers"))
def test_numbers_as_ids(input, expected):
    assert str(read_number(input)) == expected


@pytest.mark.parametrize(("input", "expected"), shared_cases("identity/blocked"))
def test_blocked_values(input, expected):
    assert is_blocked(f"crm:{input}", {"blockedValues": ["none", "it's"], "blocked": {}}) == expected


@pytest.mark.parametrize(
    ("input", "expected"), [case for case in shared_cases("patterns") if case.values[1] is not None]
)
def test_patterns(input, expected):
    blocking = {"blockedValues": [], "blocked": {"crm": {"values": [], "patterns": [input]}}}
    assert {value: is_blocked(f"crm:{value}", blocking) for value in expected} == expected


def test_the_last_word_on_a_trait_is_that_of_the_stream(spark):
    seed = seed_of_run()
    made = by_the_stream("lastWords", seed, 5_000)
    columns = (
        "profile_id string, collection string, name string, value string, timestamp string, "
        "message_id string, source_id string"
    )
    rows = [
        (str(n), "users", "t", one["value"], one["timestamp"], one["messageId"], one["sourceId"])
        for n, (stated, _) in enumerate(made)
        for one in stated
    ]
    found = {int(row.profile_id): row.value for row in surviving(spark.createDataFrame(rows, columns), {}).collect()}
    differing = [(stated, last, found[n]) for n, (stated, last) in enumerate(made) if found[n] != last]
    print(f"{len(made)} traits, {len(differing)} differ, seed {seed}")
    assert (differing[:3], len(differing)) == ([], 0), f"seed {seed}"
