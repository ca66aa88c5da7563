"""The parts of matching that need no Spark: values in one form, shares of agreement, decisions, events."""

import json
from datetime import datetime

import numpy as np
import pytest
from cdp.matching.fields import levels_of
from cdp.matching.links import decided, trusted_of
from cdp.matching.match_event import match_event
from cdp.matching.person_values import compact, digits_of_date, halves, kinds_of, phone_form, read_values
from cdp.matching.shares import Lesson, Pairs, learn, of_strangers, seen, together
from identity_rules import RULES

COMPACT = [
    ("Anne-Marie", "annemarie"),
    (" Müller ", "muller"),
    ("O'Brien", "obrien"),
    ("Łódź", "lodz"),
    ("Straße 5b", "strasse5b"),
    ("李", "李"),
    (" - ", None),
    (None, None),
]


@pytest.mark.parametrize(("text", "expected"), COMPACT)
def test_texts_are_compared_without_case_accents_and_signs(text, expected):
    assert compact(text) == expected


DATES = [
    ("1990-12-24", "19901224"),
    ("19901224", "19901224"),
    ("1990-12-24T00:00:00Z", "19901224"),
    ("24.12.1990", "19901224"),
    ("4.2.1990", "19900204"),
    ("12/24/1990", "19901224"),
    ("24/12/1990", "19901224"),
    ("1990/2/4", "19900204"),
    ("19482025", "19482025"),
    ("soon", None),
    ("90", None),
    (None, None),
]


@pytest.mark.parametrize(("text", "expected"), DATES)
def test_dates_are_read_in_any_form_also_those_of_no_calendar(text, expected):
    assert digits_of_date(text) == expected


HALVES = [
    ("Ann B. Smith", ("ann", "smith")),
    ("Smith, Ann", ("ann", "smith")),
    ("Smith", (None, "smith")),
    (" ", (None, None)),
    (", ", (None, None)),
    (None, (None, None)),
]


@pytest.mark.parametrize(("text", "expected"), HALVES)
def test_a_full_name_is_two_names(text, expected):
    assert halves(text) == expected


def test_phone_numbers_are_compared_by_what_they_say():
    assert [phone_form(text) for text in ("+1 201 555 0123", "(201) 555-0123", "none", None)] == [
        "+12015550123",
        "2015550123",
        None,
        None,
    ]


def test_values_are_read_from_the_first_path_that_says_something():
    traits = {
        "given_name": ["first_name", "firstName"],
        "full_name": ["name"],
        "city": ["city", "address.city"],
        "postcode": ["address.postcode"],
        "email": ["email"],
    }
    stated = {
        "first_name": " ",
        "firstName": "Ann",
        "name": "Anna Smith",
        "address": {"city": "Köln", "postcode": 50667},
        "email": "no address",
    }
    assert read_values(json.dumps(stated), traits) == {
        "given_name": "ann",
        "surname": "smith",
        "city": "koln",
        "postcode": "50667",
        "email": None,
    }
    assert kinds_of(traits) == ["given_name", "surname", "email", "city", "postcode"]


def test_levels_that_look_at_values_that_nobody_gives_are_left_out():
    assert [words for words, *_ in levels_of(["given_name", "email"])["given_name"]] == [
        "the same",
        "one letter apart",
        "alike",
        "different",
    ]
    assert "exchanged with surname" in [words for words, *_ in levels_of(["given_name", "surname"])["given_name"]]


SAME, OTHER = 1, 2
STRANGERS = [np.array([0.01, 0.99]) for _ in range(3)]
ASSUMED = [np.array([0.8, 0.2]) for _ in range(3)]


def pairs_of(chance: np.random.Generator, shares: list[float], count: int) -> np.ndarray:
    """Pairs that agree in each field so often."""
    return np.where(chance.random((count, len(shares))) < shares, SAME, OTHER)


def test_what_is_learnt_of_mixed_pairs_is_what_they_were_made_by():
    chance = np.random.default_rng(1)
    mixed = np.concatenate([pairs_of(chance, [0.95, 0.6, 0.9], 3000), pairs_of(chance, [0.01, 0.01, 0.01], 7000)])
    lesson = learn(Pairs(mixed, np.ones(len(mixed))), STRANGERS, ASSUMED, frozenset(), frozenset())
    assert [share[0] for share in lesson.shares] == pytest.approx([0.95, 0.6, 0.9], abs=0.03)
    assert lesson.matches == pytest.approx(3000, rel=0.03)


def test_few_pairs_teach_little_and_what_pairs_were_found_by_is_not_learnt_of_them():
    one = np.array([[SAME, OTHER, 0]])
    lesson = learn(Pairs(one, np.ones(1)), STRANGERS, ASSUMED, frozenset({0}), frozenset({0}))
    assert lesson.shares[1][0] == pytest.approx(0.8, abs=0.05)
    assert [list(lesson.shares[field]) for field in (0, 2)] == [[0.8, 0.2]] * 2
    assert lesson.learnt == {1, 2}


def test_lessons_count_by_their_pairs_and_tell_how_many_pairs_there_are_that_no_slip_hides():
    one, other = ([np.array([share, 1 - share]) for share in shares] for shares in ([0.8, 0.9], [0.5, 0.6]))
    shares, matching = together(
        [Lesson(one, frozenset({1}), frozenset({0}), 300), Lesson(other, frozenset({0, 1}), frozenset(), 100)],
        ASSUMED,
        10_000,
    )
    assert [share[0] for share in shares[:2]] == pytest.approx([0.5, 0.825])
    assert list(shares[2]) == [0.8, 0.2]
    assert matching == pytest.approx((300 / 0.5 + 100) / 2 / 10_000)


def test_what_random_people_agree_in_is_rid_of_the_pairs_that_are_one_person():
    [found] = of_strangers([np.array([0.0011, 0.9989])], [np.array([1.0, 0.0])], 0.001)
    assert found == pytest.approx([0.0001, 0.9999], rel=1e-2)
    [least] = of_strangers([np.array([0.001, 0.999])], [np.array([1.0, 0.0])], 0.001)
    assert least[0] == pytest.approx(0.00005, rel=1e-2)


def test_a_level_that_was_never_seen_has_a_share_nevertheless():
    [found] = seen(Pairs(np.array([[SAME], [0]]), np.array([9.0, 5.0])), [2])
    assert list(found) == pytest.approx([9.5 / 10, 0.5 / 10])


ONE = RULES | {"limits": {"user_id": {"max": 1, "window": "ever"}, "card": {"max": 2, "window": "weekly"}}}
A, B, C, D = ("per_a", ["user_id:1"]), ("per_b", ["email:b@x.org"]), ("per_c", ["user_id:2"]), ("per_d", [])


def pair(one, other, score=0.999):
    return one[0], other[0], score, one[1], other[1]


DECISIONS = {
    "nothing forbids it": ([pair(A, B)], set(), [None]),
    "two users": ([pair(A, C)], set(), ["limit user_id 1 ever"]),
    "nobody to name": ([pair(A, D)], set(), ["no identifier"]),
    "the surer pair first, and the other would make two users one": (
        [pair(A, B, 0.991), pair(B, C, 0.999)],
        set(),
        [None, "limit user_id 1 ever"],
    ),
    "pairs of one person already": (
        [pair(A, B, 0.999), pair(B, ("per_e", ["email:e@x.org"]), 0.998), pair(A, ("per_e", ["email:e@x.org"]), 0.995)],
        set(),
        [None, None, None],
    ),
    "an operator parted them": ([pair(A, B)], {frozenset(("per_b", "per_a"))}, ["unmerged"]),
    "parted from somebody linked before": (
        [pair(A, B, 0.999), pair(B, ("per_e", ["email:e@x.org"]), 0.998)],
        {frozenset(("per_a", "per_e"))},
        [None, "unmerged"],
    ),
    "a limit that one of them has passed already, to whom the other adds nothing of it": (
        [pair(("per_a", ["card:1", "card:2", "card:3"]), B)],
        set(),
        [None],
    ),
    "a limit within a week": (
        [pair(("per_a", ["card:1", "card:2"]), ("per_b", ["card:3"]))],
        set(),
        ["limit card 2 weekly"],
    ),
}


@pytest.mark.parametrize("case", DECISIONS)
def test_pairs_are_linked_by_their_score_within_the_rules(case):
    pairs, parted, expected = DECISIONS[case]
    assert [rule for _, _, rule in decided(pairs, ONE, parted)] == expected
    assert decided(reversed(pairs), ONE, parted) == decided(pairs, ONE, parted)


def test_of_two_pairs_that_exclude_each_other_the_surer_one_is_linked():
    assert decided([pair(A, B, 0.991), pair(B, C, 0.999)], ONE, set()) == [
        ("per_b", "per_c", None),
        ("per_a", "per_b", "limit user_id 1 ever"),
    ]
    assert decided([pair(A, B, 0.999), pair(B, C, 0.991)], ONE, set()) == [
        ("per_a", "per_b", None),
        ("per_b", "per_c", "limit user_id 1 ever"),
    ]


def test_more_people_than_may_merge_are_not_made_one():
    rules = ONE | {"breaker": {"merges": 2, "minutes": 60}}
    chain = [
        pair((f"per_{n}", [f"email:{n}@x.org"]), (f"per_{n + 1}", [f"email:{n + 1}@x.org"]), 1 - n / 1000)
        for n in range(4)
    ]
    assert [rule for _, _, rule in decided(chain, rules, set())] == [None, None, "cap of 2 merges", None]
    assert [rule for _, _, rule in decided(chain, ONE | {"caps": {"identifiers": 2, "merges": 100}}, set())] == [
        None,
        "cap of 2 identifiers",
        None,
        "cap of 2 identifiers",
    ]


def test_identifiers_link_by_trust_and_blocked_ones_never():
    assert trusted_of('["anonymous_id:a","email:test","phone:+12015550123","user_id:7"]', RULES) == [
        "user_id:7",
        "phone:+12015550123",
        "anonymous_id:a",
    ]
    assert trusted_of(None, RULES) == []


PAIR = {
    "profile_id": "per_1",
    "other_profile_id": "per_2",
    "identifier": "email:a@x.org",
    "other_identifier": "user_id:7",
    "last_seen": datetime(2026, 5, 1, 10, 0, 0, 123456),
    "score": 0.9991,
    "why": '{"surname":{"agreement":"the same","weight":9.1}}',
}


def test_a_link_is_one_event_with_the_same_id_whenever_it_is_sent():
    line = json.loads(match_event(PAIR, datetime(2026, 5, 2)))
    assert line == {
        "type": "track",
        "event": "Profiles Matched",
        "messageId": "match-3be0f599ad779ebe9f4c4573c38ba68002ea0323",
        "anonymousId": "platform",
        "timestamp": "2026-05-01T10:00:00.123Z",
        "originalTimestamp": "2026-05-01T10:00:00.123Z",
        "receivedAt": "2026-05-02T00:00:00.000Z",
        "sourceId": "@platform",
        "properties": {
            "identifiers": ["email:a@x.org", "user_id:7"],
            "profileIds": ["per_1", "per_2"],
            "score": 0.9991,
            "why": {"surname": {"agreement": "the same", "weight": 9.1}},
        },
    }
