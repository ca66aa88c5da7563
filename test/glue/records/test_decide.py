"""What a row says of its record, and what it changes: the rule alone, without Spark."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from cdp.records.decide import decide
from cdp.records.load import Load, RecordObject
from cdp.records.read_row import read_line

OF = RecordObject("crm", "contacts", ("id",), "updated")
START = datetime(2026, 5, 1, tzinfo=UTC)
LOAD = Load("l2", START)
MINUTE = 60_000


def time(minute: int) -> str:
    return (START + timedelta(minutes=minute)).isoformat()


def line(**told: object) -> str:
    return json.dumps(told)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("nothing", "is no JSON"),
        ('{"row": {"id": NaN}}', "is no JSON"),
        ("[" * 100_000, "is no JSON"),
        ('{"row": {"id": "1", "name": "\\ud800"}}', "holds half of a surrogate pair"),
        (line(row={"id": "1", "name": "x" * 1_000_000}), "is larger than 1000000 bytes"),
        (line(row=["1"]), "is no JSON object"),
        ("[1]", "is no JSON object"),
        (line(row={"name": "Ann"}), "the key id is missing"),
        (line(row={"id": None}), "the key id is missing"),
        (line(row={"id": " "}), "the key id is missing"),
        (line(row={"id": True}), "the key id must be a text or a number"),
        (line(row={"id": ["1"]}), "the key id must be a text or a number"),
        (line(row={"id": "x" * 501}), "the key id is longer than 500 characters"),
        (line(row={"id": "🙂" * 251}), "the key id is longer than 500 characters"),
        (line(row={"id": 1, "updated": "soon"}), "updated must hold a time, such as 2026-01-31T12:00:00Z"),
        (line(row={"id": 1, "updated": time(1441)}), "updated is more than a day after the start of the load"),
    ],
)
def test_a_row_that_names_no_record_is_put_aside_with_its_reason(given, reason):
    read = read_line(given, OF, LOAD.started)
    assert set(read) == {"bad"}
    bad = json.loads(read["bad"])["bad"]
    assert (bad["reason"], bad["place"], bad["raw"]) == (reason, {"file": "contacts"}, given[:2000])


def test_a_row_that_is_put_aside_keeps_its_place_and_one_that_a_reader_refused_stays_as_it_is():
    place = {"file": "a.csv", "line": 7}
    assert json.loads(read_line(line(row={}, place=place), OF, 0)["bad"])["bad"]["place"] == place
    refused = line(bad={"place": place, "reason": "too many columns", "raw": "x"})
    assert read_line(refused, OF, 0) == {"bad": refused}


@pytest.mark.parametrize(
    ("row", "key", "id_"),
    [
        ({"id": 7}, ("id",), "7"),
        ({"id": "7"}, ("id",), "7"),
        ({"id": " 7"}, ("id",), " 7"),
        ({"id": 12345678901234567890}, ("id",), "12345678901234567890"),
        ({"a": "x,y", "b": 1}, ("a", "b"), '["x,y","1"]'),
        ({"a": "Zoë", "b": '"'}, ("b", "a"), '["\\"","Zoë"]'),
    ],
)
def test_a_record_is_named_by_the_text_of_its_key(row, key, id_):
    assert read_line(line(row=row), RecordObject("crm", "contacts", key), 0)["id"] == id_


def test_numbers_keep_their_digits():
    read = read_line('{"row": {"id": 1, "n": 12345678901234567.10, "m": 1.50}}', OF, LOAD.started)
    assert read["columns"] == '{"id":1,"m":1.50,"n":12345678901234567.10}'


def test_what_is_nested_too_deep_for_the_comparison_is_put_aside_before():
    """Otherwise one row would stop the load, and every load after it."""
    outcomes = set()
    for depth in range(100, 500):
        nested = f"{'[' * depth}{']' * depth}"
        read = read_line(f'{{"row":{{"id":1,"updated":"{time(-5)}","a":{nested}}}}}', OF, LOAD.started)
        outcomes.add("bad" in read)
        if "bad" not in read:
            kept_of_it = kept(-9, a=1) | {"columns": read["columns"].replace("[]", "[1]")}
            assert decide(kept_of_it, read, OF, LOAD)["kind"] == "updated"
    assert outcomes == {True, False}


def said(minute: int | None, deleted: bool = False, **columns: object) -> dict:
    row = {"id": 1, "updated": None if minute is None else time(minute), **columns}
    return read_line(line(row=row, deleted=deleted), OF, LOAD.started)


def kept(minute: int, started: int = -60, load: str = "l1", deleted: int | None = None, **columns: object) -> dict:
    """A version of a minute, whose load began at another."""
    at = LOAD.started + (minute if deleted is None else deleted) * MINUTE
    return {
        **{"columns": json.dumps({"id": 1, "updated": time(minute), **columns}), "at": at, "load": load},
        **{"position": "", "version": LOAD.started + minute * MINUTE},
        "started": LOAD.started + started * MINUTE,
        "deleted": None if deleted is None else at,
    }


def told(was: dict | None, says: dict | None, load: Load = LOAD) -> tuple | None:
    """Kind, what changed, and when, in minutes of the load and milliseconds."""
    change = decide(was, says, OF, load)
    return change and (change["kind"], json.loads(change["changed"]), (change["at"] - LOAD.started) / MINUTE)


ONE_MS = 1 / MINUTE


@pytest.mark.parametrize(
    ("name", "was", "says", "expected"),
    [
        ("a new record has all that has a value", None, said(-5, a=1, b=None, c=" "), ("created", {"a": 1}, -5)),
        ("without a time, the load's start counts", None, said(None, a=1), ("created", {"a": 1}, 0)),
        ("a deletion of nobody is kept, and not told", None, said(-5, deleted=True), ("noted", {}, -5)),
        ("only what changed", kept(-9, a=1, b=2), said(-5, a=1, b=3), ("updated", {"b": 3}, -5)),
        ("a null empties", kept(-9, a=1, b=2), said(-5, a=None, b=2), ("updated", {"a": None}, -5)),
        ("a blank text empties", kept(-9, a=1), said(-5, a=" "), ("updated", {"a": None}, -5)),
        ("what is not said stays", kept(-9, a=1, b=2), said(-5, b=3), ("updated", {"b": 3}, -5)),
        ("1 and true are two values", kept(-9, a=1, b=1), said(-5, a=True, b=1), ("updated", {"a": True}, -5)),
        ("the same in another order is the same", kept(-9, a={"x": 1, "y": 2}), said(-9, a={"y": 2, "x": 1}), None),
        ("a newer time alone is kept, and not told", kept(-9, a=1), said(-5, a=1), ("noted", {}, -9)),
        ("a load without times keeps nothing of the same", kept(-9, a=1), said(None, a=1), None),
        ("an older row does not win", kept(-5, a=2), said(-9, a=1), None),
        ("an older deletion does not win", kept(-5, a=2), said(-9, deleted=True), None),
        ("of one time the later load wins", kept(-5, a=2), said(-5, a=1), ("updated", {"a": 1}, -5 + ONE_MS)),
        ("of one time the earlier load does not", kept(-5, started=1, a=2), said(-5, a=1), None),
        ("of one start the greater id wins", kept(-5, 0, a=2), said(-5, a=1), ("updated", {"a": 1}, -5 + ONE_MS)),
        ("and the smaller does not", kept(-5, 0, "l3", a=2), said(-5, a=1), None),
        ("a deletion empties all", kept(-9, a=1), said(-5, deleted=True), ("deleted", {"a": None}, -5)),
        ("a deletion comes later", kept(-9, a=1), said(-9, deleted=True), ("deleted", {"a": None}, -9 + ONE_MS)),
        ("a second deletion tells nothing", kept(-9, deleted=-9, a=1), said(-9, deleted=True), None),
        ("a missing record is deleted", kept(-9, a=1), None, ("deleted", {"a": None}, 0)),
        ("one that a later load brought is not", kept(-9, started=1, a=1), None, None),
        ("one that is gone stays gone", kept(-9, deleted=-5, a=1), None, None),
        ("nobody is missing", None, None, None),
        ("who comes back has all", kept(-9, deleted=-5, a=1), said(-9), ("created", {"a": 1}, -5 + ONE_MS)),
    ],
)
def test_a_load_changes_a_record(name, was, says, expected):
    assert told(was, says) == (expected and (*expected[:2], pytest.approx(expected[2])))


def test_what_was_decided_is_not_decided_again():
    """The new version, kept, with the same row, changes nothing more."""
    for was, says in ((None, said(-5, a=1)), (kept(-9, a=1), said(-5, a=2)), (kept(-9, a=1), said(-5, deleted=True))):
        change = decide(was, says, OF, LOAD)
        assert decide(change | {"load": LOAD.id, "started": LOAD.started}, says, OF, LOAD) is None
