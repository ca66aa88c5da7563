"""Placement as the stream decides it: a table of cases, and a small independent oracle on random worlds."""

import random

import pytest
from cdp.identity.in_order import Sighting, World
from cdp.identity.limits import DAY, IDENTIFIER_BYTES, Profile
from cdp.identity.people import may_bind
from cdp.identity.placement import Apart, by_trust, place
from identity_rules import RULES
from laws import seed_of_run
from shared_rules import shared_cases

HOUR = DAY // 24


def person(profile_id: str, created_at: int, *identifiers: str, merged: tuple[int, ...] = ()) -> Profile:
    return Profile(
        profile_id, created_at, dict.fromkeys(identifiers, 0), {f"{profile_id}-{n}": at for n, at in enumerate(merged)}
    )


def placed(people, identifiers, rules=None, at=0, apart=None):
    owners = {identifier: profile for profile in people for identifier in profile.identifiers}
    return place(identifiers, at, owners.get, RULES | (rules or {}), apart or Apart())


CASES = [
    ("nobody knows them", [], ["user_id:u", "anonymous_id:a"], {}, [], []),
    ("one knows some", [person("p1", 1, "anonymous_id:a")], ["user_id:u", "anonymous_id:a"], {}, ["p1"], []),
    (
        "two know them: the older first",
        [person("p1", 2, "anonymous_id:a"), person("p2", 1, "user_id:u")],
        ["user_id:u", "anonymous_id:a"],
        {},
        ["p2", "p1"],
        [],
    ),
    (
        "of one instant: the smaller id is older",
        [person("p2", 1, "anonymous_id:a"), person("p1", 1, "user_id:u")],
        ["user_id:u", "anonymous_id:a"],
        {},
        ["p1", "p2"],
        [],
    ),
    (
        "a shared device stays with its first owner",
        [person("p1", 1, "user_id:x", "email:j@x.org")],
        ["user_id:y", "email:j@x.org"],
        {},
        [],
        ["email:j@x.org"],
    ),
    (
        "a second user known already keeps their profile",
        [person("p1", 1, "user_id:x", "anonymous_id:d"), person("p2", 2, "user_id:y")],
        ["user_id:y", "anonymous_id:d"],
        {},
        ["p2"],
        ["anonymous_id:d"],
    ),
    (
        "no more than must",
        [person("p1", 1, "user_id:x", "anonymous_id:d")],
        ["user_id:y", "email:y@x.org", "anonymous_id:d"],
        {},
        [],
        ["anonymous_id:d"],
    ),
    (
        "two when two must",
        [person("p1", 1, "user_id:x", "email:x@x.org", "anonymous_id:d")],
        ["user_id:y", "email:x@x.org", "anonymous_id:d"],
        {},
        [],
        ["anonymous_id:d", "email:x@x.org"],
    ),
    (
        "the limit for the rest",
        [person("p1", 1, "user_id:u", "email:1", "email:2")],
        ["user_id:u", "email:3"],
        {"defaultLimit": 2},
        ["p1"],
        ["email:3"],
    ),
    (
        "a type takes its last",
        [person("p1", 1, "user_id:u", "email:1")],
        ["user_id:u", "email:2"],
        {"defaultLimit": 2},
        ["p1"],
        [],
    ),
    (
        "over a lowered limit, but nothing is added",
        [person("p1", 1, "user_id:u", "email:1", "email:2")],
        ["user_id:u", "email:1"],
        {"limits": {"email": {"max": 1}}},
        ["p1"],
        [],
    ),
]


@pytest.mark.parametrize(
    ("people", "identifiers", "rules", "profiles", "dropped"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_placement(people, identifiers, rules, profiles, dropped):
    placement = placed(people, identifiers, rules)
    assert [profile.profile_id for profile in placement.profiles] == profiles
    assert [identifier for identifier, _ in placement.dropped] == dropped
    assert placement.identifiers == [identifier for identifier in identifiers if identifier not in dropped]


@pytest.mark.parametrize(
    ("linked", "at", "dropped"),
    [([1, 3], 7, True), ([1, 3], 8, False), ([1, 2, 15], 22, False), ([15, 1, 2], 22, False), ([1, 2, 15], 5, True)],
)
def test_two_a_week(linked, at, dropped):
    known = Profile("p1", 1, {"user_id:u": 0, **{f"email:{day}": day * DAY for day in linked}})
    placement = placed(
        [known], ["user_id:u", "email:new"], {"limits": {"email": {"max": 2, "window": "weekly"}}}, at * DAY
    )
    assert placement.dropped == ([("email:new", "limit email 2 weekly")] if dropped else [])


@pytest.mark.parametrize(("input", "expected"), shared_cases("identity/limits"))
def test_limits_judge_what_an_event_adds(input, expected):
    profiles = [
        Profile(f"p{n}", n - 99, {identifier: day * DAY for identifier, day in links.items()})
        for n, links in enumerate(input["profiles"])
    ]
    world = World(
        RULES | {"limits": input["limits"]},
        owners={identifier: profile for profile in profiles for identifier in profile.identifiers},
    )
    sighting = Sighting("m", "m", 0, input["day"] * DAY, tuple(input["identifiers"]))
    placement = place(input["identifiers"], sighting.received_at, world.owners.get, world.rules, world.apart)
    world.apply(sighting, placement)
    linked = {identifier: at // DAY for identifier, at in world.events["m"].identifiers.items()}
    assert {"linked": linked, "dropped": [list(drop) for drop in placement.dropped]} == expected


@pytest.mark.parametrize(
    ("rules", "capped"),
    [
        ({}, None),
        ({"caps": {"identifiers": 2, "merges": 100}}, "cap of 2 identifiers"),
        ({"caps": {"identifiers": 3, "merges": 100}}, None),
        ({"caps": {"identifiers": 9, "merges": 3}}, "cap of 3 merges"),
        ({"caps": {"identifiers": 9, "merges": 4}}, None),
        ({"breaker": {"merges": 2, "minutes": 90}}, "breaker of 2 merges in 90 minutes"),
        ({"breaker": {"merges": 2, "minutes": 60}}, None),
        ({"breaker": {"merges": 2, "minutes": 61}}, "breaker of 2 merges in 61 minutes"),
        ({"breaker": {"merges": 2, "minutes": 30}}, None),
    ],
)
def test_caps(rules, capped):
    people = [
        person("p1", 1, "user_id:u", merged=(HOUR, 9 * HOUR)),
        person("p2", 1, "anonymous_id:a", merged=(10 * HOUR,)),
    ]
    assert placed(people, ["user_id:u", "phone:+1", "anonymous_id:a"], rules, 10 * HOUR).capped == capped


@pytest.mark.parametrize(("more", "capped"), [("y", None), ("yz", f"cap of {IDENTIFIER_BYTES} bytes of identifiers")])
def test_identifiers_always_fit_their_profile(more, capped):
    long = "x:" + more + "é" * ((IDENTIFIER_BYTES - len("user_id:u") - len("x:y")) // 2)
    assert placed([person("p1", 1, "user_id:u")], ["user_id:u", long]).capped == capped
    sizes = len("user_id:u") + len(long.encode())
    assert may_bind({"user_id": 1, "x": 1}, sizes, RULES) == (capped is not None)


def test_who_was_parted_stays_apart():
    apart = Apart(
        frozenset([frozenset(["one", "other"])]), {"user_id:u": "one", "anonymous_id:d": "other", "email:e": "third"}
    )
    assert placed([], ["user_id:u", "anonymous_id:d"], apart=apart).dropped == [("anonymous_id:d", "unmerged")]
    assert (
        placed(
            [person("p1", 1, "user_id:u"), person("p2", 2, "email:e")], ["user_id:u", "email:e"], apart=apart
        ).dropped
        == []
    )


def test_the_most_trusted_comes_first():
    assert by_trust(["anonymous_id:b", "loyalty:l", "anonymous_id:a", "email:e", "user_id:u"], RULES) == [
        "user_id:u",
        "email:e",
        "loyalty:l",
        "anonymous_id:a",
        "anonymous_id:b",
    ]


def oracle(events: list[tuple], most: dict[str, int], rank: list[str]) -> tuple[dict, set]:
    """Sets of identifiers, joined one event after another; who is who is told by the events. Limits only."""
    people: list[tuple[set, set]] = []
    for moment, message, stated in sorted(events):
        keep = sorted(stated, key=lambda one: (rank.index(one.split(":")[0]), one))
        while True:
            found = [one for one in people if one[0] & set(keep)]
            union = set(keep).union(*(one[0] for one in found))
            grows = len(found) != 1 or union != found[0][0]
            over = any(sum(one.startswith(f"{type_}:") for one in union) > top for type_, top in most.items())
            if not (grows and over) or len(keep) == 1:
                break
            keep = keep[:-1]
        people = [one for one in people if one not in found] + [(union, {message}.union(*(one[1] for one in found)))]
    return {name: frozenset(messages) for names, messages in people for name in names}, {
        frozenset(messages) for _, messages in people
    }


def test_worlds_end_as_an_oracle_of_sets_has_them():
    seed = seed_of_run()
    print(f"seed {seed}")
    chance, bound = random.Random(seed), 0
    most, rank = {"user_id": 1, "email": 2, "anonymous_id": 3}, ["user_id", "email", "anonymous_id"]
    rules = RULES | {"limits": {type_: {"max": top} for type_, top in most.items()}}
    for _ in range(300):
        names = [f"{type_}:{n}" for type_ in rank for n in range(3)]
        events = [(chance.randrange(20), f"m{n}", tuple(chance.sample(names, chance.randint(1, 3)))) for n in range(12)]
        world = World(rules).take_in_order(
            Sighting(message, message, moment, moment, stated)
            for moment, message, stated in chance.sample(events, len(events))
        )
        together: dict = {}
        for message, profile in world.events.items():
            together.setdefault(world.live(profile), set()).add(message)
        owners = {name: frozenset(together[profile]) for name, profile in world.owners.items()}
        assert (owners, set(map(frozenset, together.values()))) == oracle(events, most, rank), f"seed {seed}"
        bound += len({frozenset(messages) for messages in together.values()}) > 1
    assert bound > 100


def test_what_one_write_of_the_stream_cannot_hold_is_put_aside():
    stated = tuple(f"device{n}.id:x" for n in range(100))
    world = World(RULES).take_in_order([Sighting("m1", "m1", 0, 0, stated), Sighting("m2", "m2", 1, 1, stated[:99])])
    assert world.capped == {"m1": "cap of 100 items in a write"} and list(world.events) == ["m2"]
