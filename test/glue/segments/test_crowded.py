"""Where the stream keeps too few events of a window to be sure."""

import json

import pytest
from cdp.segments.crowded import crowded
from cdp.segments.definitions import Definitions
from lives import person

MANY, WITHIN = {"operator": "atLeast", "value": 80}, {"within": "1h"}
TRAITS = [
    {"key": "spent", "compute": {"kind": "sum", "event": "A", "property": "x", "window": WITHIN}},
    {"key": "ever", "compute": {"kind": "sum", "event": "A", "property": "x"}},
]


def unsure(rule: dict, times: int, value: object = 1) -> set[str]:
    """Which of two segments, the second of which reads the first, are unsure of someone who did it so often."""
    rows = [
        {"at": n, "type": "track", "event": "A", "message_id": f"{n}", "properties": json.dumps({"x": value})}
        for n in range(times)
    ]
    segments = [{"key": "it", "where": rule}, {"key": "not", "where": {"not": {"inSegment": "it"}}}]
    definitions = Definitions(segments, TRAITS)
    return crowded(definitions.about(person({"since": 0}, rows), 1000))


@pytest.mark.parametrize(
    ("rule", "most", "value"),
    [
        ({"event": "A", "count": MANY, "window": WITHIN}, 64, 1),
        ({"event": "A", "count": MANY, "window": {"between": ["1m", "1h"]}}, 64, 1),
        ({"trait": "spent", "operator": "atLeast", "value": 5}, 64, 1),
        ({"trait": "spent", "operator": "atLeast", "value": 5}, 32, [1, 2]),
        ({"event": "A", "followedBy": {"event": "A"}, "apart": "1h", "window": WITHIN}, 2, 1),
    ],
)
def test_beyond_what_is_kept_nobody_is_sure(rule, most, value):
    assert (unsure(rule, most, value), unsure(rule, most + 1, value)) == (set(), {"it", "not"})


@pytest.mark.parametrize(
    "rule",
    [
        {"event": "A", "count": MANY},
        {"event": "A", "count": MANY, "window": {"from": "1970-01-01"}},
        {"event": "A", "window": {"olderThan": "1m"}},
        {"event": "A", "occurrence": "last", "window": WITHIN},
        {"event": "A", "followedBy": {"event": "A"}, "apart": "1h"},
        {"trait": "ever", "operator": "atLeast", "value": 5},
        {"knownFor": "1h"},
    ],
)
def test_what_is_kept_for_ever_is_sure(rule):
    assert unsure(rule, 200) == set()


@pytest.mark.parametrize(
    ("rule", "timed"),
    [
        ({"event": "A", "window": WITHIN}, True),
        ({"any": [{"knownFor": "1h"}]}, True),
        ({"event": "A", "notFollowedBy": {"event": "B"}, "apart": "1h"}, True),
        ({"trait": "born", "operator": "anniversary", "from": 0, "to": 0}, True),
        ({"not": {"compute": {"kind": "count", "event": "A", "window": WITHIN}, "operator": "exists"}}, True),
        ({"event": "A", "window": {"to": "2026-01-01"}}, False),
        ({"all": [{"trait": "a", "operator": "exists"}, {"inList": "vips"}]}, False),
    ],
)
def test_time_alone_moves_people_of(rule, timed):
    assert Definitions([{"key": "s", "where": rule}]).are_timed() is timed
