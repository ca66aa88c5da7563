"""Loads in the table `records`, and the pieces that go on: what is written, and what is not."""

import json
import subprocess
from dataclasses import replace
from datetime import timedelta

import pytest
from cdp.records import pieces as written_pieces
from cdp.records.load import Load, RecordObject
from cdp.records.take_load import shrinkage
from cdp.spark.files import write_file
from lake import ROOT
from loads import START, Source, at, read_piece

OF_DEALS = "object=deals"


@pytest.fixture
def crm(spark, tmp_path) -> Source:
    return Source(spark, tmp_path)


def contact(id_: object, minute: float, **columns: object) -> dict:
    return {"id": id_, "updated": at(minute), **columns}


def kinds(told: list[dict]) -> dict[str, str]:
    return {record["id"]: record["kind"] for record in told}


def counts(result: dict, *names: str) -> tuple:
    return tuple(result[name] for name in names)


def test_the_same_rows_again_write_nothing_and_another_object_is_not_touched(spark, tmp_path, crm):
    deals = Source(spark, tmp_path, "deals")
    deals.load("d1", 5, [contact(n, 0, title="t") for n in range(3)])
    rows = [contact(n, 0, email=f"{n}@x.com", empty="") for n in range(1, 6)]
    first = crm.load("l1", 10, rows, complete=True)
    assert counts(first, "state", "records", "created", "unchanged") == ("done", 5, 5, 0)
    assert [record["changed"] for record in crm.told()] == [{"email": f"{n}@x.com"} for n in range(1, 6)]
    before, files = crm.snapshots(), crm.data_files()
    for name, minute in (("l2", 20), ("l3", 30)):
        again = crm.load(name, minute, rows, complete=True)
        assert counts(again, "state", "records", "created", "unchanged") == ("done", 5, 0, 5)
        assert crm.pieces(name) == []
    assert (crm.snapshots(), crm.data_files()) == (before, files)
    crm.load("l4", 40, [contact(1, 35, email="new@x.com")])
    assert [file for file in crm.data_files() if OF_DEALS in file] == [file for file in files if OF_DEALS in file]
    (told,) = crm.told("l4")
    assert counts(told, "id", "changed", "at") == ("1", {"email": "new@x.com"}, at(35))


def test_a_load_that_is_over_stays_over(crm):
    rows = [contact(1, 0, name="Ann")]
    first = crm.load("l1", 10, rows)
    assert crm.load("l1", 10, [contact(2, 0)]) == first and sorted(crm.kept()) == ["1"]


def test_of_several_rows_of_a_record_the_last_counts(crm):
    rows = [
        *(json.dumps({"row": contact("t", minute, n=minute)}) for minute in (3, 5, 4)),
        *(json.dumps({"row": contact("line", 5, n=line), "place": {"file": "a", "line": line}}) for line in (2, 9, 7)),
        *(json.dumps({"row": contact("order", 5, n=n), "order": n, "place": {"line": 9 - n}}) for n in (1, 2)),
        json.dumps({"row": contact("gone", 5, n=1)}),
        json.dumps({"row": contact("gone", 5, n=1), "deleted": True}),
    ]
    crm.load("l1", 10, rows)
    assert {id_: row["n"] for id_, row in crm.alive().items()} == {"t": 5, "line": 9, "order": 2}


def test_rows_that_cannot_be_read_go_on_as_they_are_and_nothing_is_deleted_beside_them(crm):
    crm.load("l1", 10, [contact(n, 0, a=1) for n in range(10)], complete=True)
    refused = json.dumps({"bad": {"place": {"file": "a.csv", "line": 3}, "reason": "too many columns", "raw": "x"}})
    nameless = json.dumps({"row": {"a": 1}, "place": {"file": "a.csv", "line": 4}})
    rows = [*(contact(n, 0, a=1) for n in range(9)), contact("new", 15), refused, nameless, "", "{"]
    result = crm.load("l2", 20, rows, complete=True)
    assert counts(result, "state", "rows", "bad", "withheld", "created", "deleted") == ("done", 13, 3, 1, 1, 0)
    bad = [line["bad"] for line in crm.lines("l2") if "bad" in line]
    assert sorted((one["reason"], one["place"].get("line")) for one in bad) == [
        ("is no JSON", None),
        ("the key id is missing", 4),
        ("too many columns", 3),
    ]
    assert kinds(crm.told("l2")) == {"new": "created"}
    assert kinds(crm.load("l3", 30, rows[:10], complete=True) and crm.told("l3")) == {"9": "deleted"}


@pytest.mark.parametrize(
    ("kept", "missing", "share", "asks"),
    [
        (10, 2, 0.2, False),
        (10, 3, 0.2, True),
        (10, 10, 1, True),
        (10, 9, 1, False),
        (10, 1, 0, True),
        (10, 0, 0, False),
        (0, 0, 0, False),
    ],
)
def test_a_complete_load_that_lacks_too_much_asks(kept, missing, share, asks):
    of, load = RecordObject("crm", "contacts", ("id",), max_shrink=share), Load("l", START, complete=True)
    found = {"kept": kept, "missing": missing, "records": kept - missing}
    assert (shrinkage(found, of, load) is not None) == asks
    for more in ({"accept_shrink": True}, {"complete": False}):
        assert shrinkage(found, of, replace(load, **more)) is None


def test_a_load_that_asks_has_written_nothing_and_goes_on_when_it_is_let(crm):
    crm.load("l1", 10, [contact(n, 0) for n in range(10)], complete=True)
    before = crm.snapshots(), crm.pieces()
    rows = [*(contact(n, 15, a=1) for n in range(7)), "{"]
    result = crm.load("l2", 20, rows, complete=True)
    assert counts(result, "state", "reason") == ("asks", "it lacks 3 of 10 known records")
    assert crm.load("l2", 20, rows, complete=True) == result and (crm.snapshots(), crm.pieces()) == before
    let = crm.load("l2", 20, rows[:7], complete=True, accept_shrink=True)
    assert counts(let, "state", "updated", "deleted") == ("done", 7, 3) and len(crm.alive()) == 7


def test_part_of_the_records_never_asks(crm):
    crm.load("l1", 10, [contact(n, 0) for n in range(10)])
    assert counts(crm.load("l2", 20, []), "state", "deleted") == ("done", 0)


def test_a_load_that_began_before_a_complete_one_changes_nothing(crm):
    crm.load("l2", 20, [contact(1, 0, a=2)], complete=True)
    assert crm.load("l1", 10, [contact(1, 5, a=1), contact(2, 5)])["overtaken"]
    assert crm.alive() == {"1": contact(1, 0, a=2)}


def test_a_piece_holds_at_most_its_bytes_and_all_pieces_hold_every_change(crm, monkeypatch):
    monkeypatch.setattr(written_pieces, "PIECE_BYTES", 2_000)
    monkeypatch.setattr(written_pieces, "ROWS_AT_ONCE", 7)
    crm.load("l1", 10, [contact(n, 0, text="x" * (n % 90)) for n in range(50)] + [contact("long", 0, text="x" * 3_000)])
    sizes = [sum(len(line) + 1 for line in read_piece(piece)) for piece in crm.pieces()]
    assert len(sizes) > 5 and sorted(sizes)[-2] <= 2_000 < sorted(sizes)[-1]
    assert sorted(record["id"] for record in crm.told()) == sorted([*map(str, range(50)), "long"])
    assert [piece.name for piece in crm.pieces()] == [f"contacts-{n:05}.ndjson.gz" for n in range(len(sizes))]


def test_a_load_that_is_read_again_after_a_crash_names_its_new_pieces_apart(crm, monkeypatch):
    """A database that a retried run reads again may have other rows."""
    result = crm.load("l1", 10, [contact(1, 0, a=1)])
    before = {piece.name: piece.read_bytes() for piece in crm.pieces()}
    crm.result("l1").unlink()
    crm.load("l2", 20, [contact(3, 0)])
    crm.take(Load("l1", START + timedelta(minutes=10)), [json.dumps({"row": contact(n, 0, a=1)}) for n in (1, 2)])
    after = {piece.name: piece.read_bytes() for piece in crm.pieces("l1")}
    assert result["created"] == 1 and len(after) == 2 and before.items() <= after.items()
    assert {record["id"] for record in crm.told()} == {"1", "2", "3"}


def test_the_function_that_sends_pieces_reads_every_line_of_them(crm):
    load = f"{START:%Y%m%dT%H%M%S}000Z-a"
    crm.load(load, 0, [contact('Zoë "🙂"', -1, a=1.50, b=None, c={"x": [1, None]}), contact(2, -1, a="x"), "{"])
    crm.load(load.replace("-a", "-b"), 10, [json.dumps({"row": {"id": 2, "updated": at(5)}, "deleted": True})])
    read = read_by_the_function(crm)
    assert [piece["object"] for piece in read] == ["contacts"] * 3
    found = [line for piece in read for line in piece["lines"]]
    assert [line.get("refused") or line.get("bad") or [*line["name"][1:4], line["changed"]] for line in found] == [
        ["2", "created", at(-1), {"a": "x"}],
        ['Zoë "🙂"', "created", at(-1), {"a": 1.5, "c": {"x": [1, None]}}],
        "is no JSON",
        ["2", "deleted", at(5), {"a": None}],
    ]


def read_by_the_function(crm: Source) -> list[dict]:
    keys = [str(piece.relative_to(crm.directory)) for piece in crm.pieces()]
    command = [str(ROOT / "node_modules/.bin/node"), str(ROOT / "test/glue/records/read-pieces.ts"), str(crm.directory)]
    return json.loads(subprocess.run([*command, *keys], capture_output=True, check=True, text=True).stdout)


def test_a_change_is_stamped_with_the_row_that_said_it_also_after_a_crash(crm):
    """As the function stamps the events of rows that happened; a deletion that no row said has its record alone."""
    first, second = ({"file": "imports/files/crm/a.csv", "line": n, "byte": 40 * n} for n in (2, 3))
    lines = [json.dumps({"row": contact(n, 0, a=1), "place": place}) for n, place in ((1, first), (2, second))]
    load = f"{START:%Y%m%dT%H%M%S}000Z-a"
    crm.load(load, 0, lines)
    died = json.dumps({"load": load, "attempt": 0, "writing": True})
    # By Spark, which keeps a checksum beside each file.
    write_file(crm.spark, f"{crm.directory}/imports/state/crm/contacts.json", died)
    for piece in crm.pieces():
        piece.unlink()
    crm.load(load.replace("-a", "-b"), 10, [contact(1, 0, a=1), contact(3, 0)], complete=True, accept_shrink=True)
    assert [line["place"] for line in crm.lines(load)] == [first, second]
    found = [line for piece in read_by_the_function(crm) for line in piece["lines"]]
    stamps = {(line["name"][1], line["name"][2]): line["stamp"] for line in found}
    assert stamps == {
        ("1", "created"): {"object": "contacts", "id": "1", "file": first["file"], "line": 2},
        ("2", "created"): {"object": "contacts", "id": "2", "file": second["file"], "line": 3},
        ("2", "deleted"): {"object": "contacts", "id": "2"},
        ("3", "created"): {"object": "contacts", "id": "3"},
    }
