"""Tables of the stream and the lake: comparisons, amounts, each operator with its edges, computed traits."""

import json
from datetime import UTC, datetime

import pytest
from cdp.segments.consent import granted, preferences
from cdp.segments.definitions import Definitions
from cdp.segments.fulfils import fulfils
from cdp.segments.person import Account, Person
from cdp.segments.readings import amount_of
from cdp.segments.zones import zone_of
from cdp.values.exact_json import read_json
from lives import person
from shared_rules import shared_cases

START = int(datetime(2026, 3, 28, 12, tzinfo=UTC).timestamp() * 1000)


def row(at: int, name: str = "A", properties: dict | None = None, call: dict | None = None) -> dict:
    """An event of a table: when, counted from the start, its name and its properties."""
    said = {"type": "track", "name": None} | (call or {})
    texts = {of: json.dumps(said.get(of, {})) for of in ("traits", "context")}
    fields = {"event": name, "properties": json.dumps(properties or {}), **texts}
    return {"at": START + at, "type": said["type"], "name": said["name"], "message_id": str(at), **fields}


def told(definitions: Definitions, input: dict):
    """What definitions say of the person of a case."""
    facts = {"since": START, **input.get("facts", {})}
    return definitions.about(person(facts, [row(*one) for one in input["events"]]), START + input["now"])


@pytest.mark.parametrize(("input", "expected"), shared_cases("segments/comparisons"))
def test_comparisons(input, expected):
    assert fulfils(input["comparison"], read_json(input["value"]), zone_of(input["zone"])) == expected


@pytest.mark.parametrize(("input", "expected"), shared_cases("conditions"))
def test_conditions_on_traits(input, expected):
    someone = Person("p", START, START, {"t": input["value"]})
    told = Definitions([{"key": "s", "where": input["condition"]}]).about(someone, START)
    assert told.memberships() == (["s"] if expected else [])


@pytest.mark.parametrize(("input", "expected"), shared_cases("segments/amounts"))
def test_amounts(input, expected):
    amount = amount_of(read_json(input))
    assert (None if amount is None else str(amount)) == expected


@pytest.mark.parametrize(
    ("input", "expected"), [*shared_cases("segments/operators"), *shared_cases("segments/people")]
)
def test_operators(input, expected):
    segment = {"key": "s", "where": input["rule"]} | ({"zone": input["zone"]} if "zone" in input else {})
    assert told(Definitions([segment]), input).memberships() == (["s"] if expected["holds"] else [])


@pytest.mark.parametrize(("input", "expected"), shared_cases("segments/traits"))
def test_computed_traits(input, expected):
    trait = {"key": "t", "zone": input["zone"], "compute": input["compute"]}
    found = told(Definitions([], [trait]), input).trait("t")
    assert (type(found) is bool, found) == (type(expected) is bool, expected)


@pytest.mark.parametrize(("input", "expected"), shared_cases("segments/accounts"))
def test_conditions_on_accounts(input, expected):
    segment = {"key": "s", "where": input["rule"]} | ({"zone": input["zone"]} if "zone" in input else {})
    times = {"key": "times", "compute": {"kind": "count", "event": "A"}}
    accounts = tuple(Account(one["traits"], frozenset(one["segments"])) for one in input["accounts"])
    someone = Person("p", START, 0, input.get("traits", {}), accounts=accounts)
    for now, is_in in ((input["now"], expected["holds"]), (expected.get("flip"), not expected["holds"])):
        if now is not None:
            told = Definitions([segment], [times]).about(someone, START + now)
            assert told.memberships() == (["s"] if is_in else [])


@pytest.mark.parametrize(("input", "expected"), shared_cases("consent/said"))
def test_what_an_event_says_of_consent(input, expected):
    assert preferences(json.dumps(input)) == expected


@pytest.mark.parametrize(("input", "expected"), shared_cases("consent/elsewhere"))
def test_what_is_said_on_devices_of_others(input, expected):
    said = [(at, identifiers, {"ads": is_granted}) for at, identifiers, is_granted in input["said"]]
    assert granted(said, {"user_id:u", "anonymous_id:own"}) == {"ads": expected}


@pytest.mark.parametrize(("input", "expected"), shared_cases("consent/purposes"))
def test_purposes(input, expected):
    someone = Person("p", START, START, granted=input["said"])
    trait = {"key": "n", "compute": {"kind": "count", "event": "A"}, "allowed": input["rule"]}
    told = Definitions([{"key": "s", "where": input["rule"]}], [trait]).about(someone, START)
    assert (told.memberships(), told.traits()) == ((["s"], {"n": 0}) if expected else ([], {}))
