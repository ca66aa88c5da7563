"""What Debezium and DMS write, in the forms of their own pages, and what becomes of it."""

import base64
import json
import random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from cdp.envelopes.change import Change, Emptied, Envelope, Refused
from cdp.envelopes.position import position_text, read_position
from cdp.envelopes.read_change import read_change
from cdp.files.parquet_rows import parquet_rows
from cdp.values.exact_json import read_json
from laws import seed_of_run

ANN = {"id": 1, "email": "ann@shop.example"}
AT = 1_798_000_000_000
POSTGRESQL = {"connector": "postgresql", "ts_ms": AT, "schema": "public", "table": "people", "txId": 555, "lsn": 9}
MYSQL = {"connector": "mysql", "ts_ms": AT, "db": "shop", "table": "people", "gtid": None}
DEBEZIUM = Envelope("debezium", 1, None, (("vip", "boolean"),))
DMS = Envelope("dms", 2, "seq", (("vip", "boolean"),))
UNAVAILABLE = "__debezium_unavailable_value"


def read(told: dict, envelope: Envelope = DEBEZIUM) -> Change | Emptied | None:
    return read_change(read_json(json.dumps(told)), envelope)


def at(*parts: int, log: int = 1, is_read: bool = False) -> str:
    return position_text((log, *parts)) + ("" if is_read else "!")


@pytest.mark.parametrize(
    ("name", "told", "change"),
    [
        (
            "a creation",
            {"row": {"before": None, "after": ANN, "source": POSTGRESQL, "op": "c", "ts_ms": 1}},
            Change(ANN, at(9), AT),
        ),
        (
            "a creation in its schema",
            {"row": {"schema": {}, "payload": {"after": ANN, "source": POSTGRESQL, "op": "c"}}},
            Change(ANN, at(9), AT),
        ),
        (
            "a row of a snapshot, before what changed at its place",
            {"row": {"after": ANN, "source": {**POSTGRESQL, "snapshot": "first"}, "op": "r"}},
            Change(ANN, at(9, is_read=True), AT),
        ),
        (
            "a row of a snapshot without a place, before all",
            {"row": {"after": ANN, "source": {"ts_ms": AT, "lsn": None}, "op": "r"}},
            Change(ANN, at(is_read=True), AT),
        ),
        (
            "an update whose large values the log lacks",
            {
                "row": {
                    "after": {
                        **ANN,
                        **{"bio": UNAVAILABLE, "tags": [UNAVAILABLE]},
                        "photo": base64.b64encode(UNAVAILABLE.encode()).decode(),
                    },
                    "source": POSTGRESQL,
                    "op": "u",
                }
            },
            Change(ANN, at(9), AT),
        ),
        (
            "a deletion of which the log has only the key",
            {
                "row": {"before": {"id": 1, "email": None}, "after": None, "source": POSTGRESQL, "op": "d"},
                "key": {"schema": {}, "payload": {"id": 1}},
            },
            Change({"id": 1, "email": None}, at(9), AT, deleted=True),
        ),
        (
            "a deletion without anything before",
            {"row": {"before": None, "after": None, "source": POSTGRESQL, "op": "d"}, "key": {"id": 1}},
            Change({"id": 1}, at(9), AT, deleted=True),
        ),
        ("a truncation", {"row": {"before": None, "after": None, "source": POSTGRESQL, "op": "t"}}, Emptied(at(9), AT)),
        (
            "a place in a file",
            {"row": {"after": ANN, "source": {**MYSQL, "file": "mysql-bin.000003", "pos": 4696, "row": 2}, "op": "u"}},
            Change(ANN, at(3, 4696, 2), AT),
        ),
        (
            "a place of SQL Server",
            {
                "row": {
                    "after": ANN,
                    "source": {
                        **{"change_lsn": "00000027:00000758:0003", "commit_lsn": "00000027:00000758:0005"},
                        "event_serial_no": "1",
                    },
                    "op": "c",
                }
            },
            Change(ANN, at(0x27, 0x758, 5, 0x27, 0x758, 3, 1)),
        ),
        (
            "a place of Oracle",
            {
                "row": {
                    "after": ANN,
                    "source": {
                        **{"scn": "2122185", "commit_scn": "2122190"},
                        **{"rs_id": " 0x00012a.00000015.0010 ", "ssn": 3},
                    },
                    "op": "u",
                }
            },
            Change(ANN, at(2_122_185, 0x12A, 0x15, 0x10, 3)),
        ),
        (
            "a place that no double holds",
            {"row": {"op": "c", "after": ANN, "source": {"lsn": 18_446_744_073_709_551_615}}},
            Change(ANN, at(18_446_744_073_709_551_615)),
        ),
        (
            "a type that the source declares",
            {"row": {"op": "c", "after": {"id": 1, "vip": 1}, "source": {"lsn": 9}}},
            Change({"id": 1, "vip": True}, at(9)),
        ),
        (
            "a flat row",
            {"row": {**ANN, "__op": "u", "__lsn": 9, "__source_ts_ms": AT, "__deleted": "false"}},
            Change(ANN, at(9), AT),
        ),
        (
            "a flat row of a snapshot",
            {"row": {"schema": {}, "payload": {**ANN, "__op": "r", "__source_lsn": 9}}},
            Change(ANN, at(9, is_read=True)),
        ),
        (
            "a flat row that was deleted",
            {"row": {"id": 1, "email": None, "__deleted": "true", "__lsn": 9}},
            Change({"id": 1, "email": None}, at(9), deleted=True),
        ),
    ],
)
def test_debezium_tells(name, told, change):
    assert read(told) == change


@pytest.mark.parametrize(
    "value",
    [
        {"ts_ms": 1},
        {"status": "END", "id": "571", "event_count": 2},
        {"source": {}, "ddl": "alter table people"},
        {"op": "m", "message": {}},
    ],
)
def test_what_tells_of_no_row_is_no_change(value):
    assert read({"row": value}) is None


@pytest.mark.parametrize(
    ("envelope", "value", "reason"),
    [
        (DEBEZIUM, {"op": "x"}, 'has the op "x", and c, r, u, d and t are known'),
        (DEBEZIUM, {"op": ["c"]}, 'has the op ["c"], and c, r, u, d and t are known'),
        (DEBEZIUM, ANN, "has no op; let ExtractNewRecordState add it, by add.fields=op"),
        (DEBEZIUM, {"op": "c", "after": None, "source": {"lsn": 9}}, "has no row in after"),
        (DEBEZIUM, {"op": "d", "before": None, "source": {"lsn": 9}}, "is a deletion without a key"),
        (DEBEZIUM, {"op": "u", "after": ANN, "source": {}}, "has no place in the database's log"),
        (DEBEZIUM, {"op": "t", "source": None}, "has no place in the database's log"),
        (DEBEZIUM, {"op": "c", "after": {"vip": "x"}, "source": {"lsn": 9}}, "column vip is no boolean"),
        (DEBEZIUM, "text", "is no object with op, before and after"),
        (DMS, {"Op": "X", **ANN}, 'has the Op "X", and I, U and D are known'),
        (DMS, {"Op": "U", **ANN}, "has no column seq with its place in the log"),
        (DMS, {"Op": "U", "seq": "", **ANN}, "has no place in seq"),
        (DMS, {"Op": "D", "seq": "none", **ANN}, "has no place in seq"),
        (DMS, {"data": ANN, "metadata": {"operation": "merge"}}, "has the operation"),
        (DMS, {"data": None, "metadata": {"operation": "load"}}, "has no row in data"),
        (DMS, "text", "is no object"),
    ],
)
def test_what_is_no_change_is_refused(envelope, value, reason):
    with pytest.raises(Refused) as refused:
        read({"row": value}, envelope)
    assert str(refused.value).startswith(reason)


SEQ = "20260501100000120000000000000000123"


@pytest.mark.parametrize(
    ("name", "row", "change"),
    [
        ("an insertion", {"Op": "I", **ANN, "seq": SEQ}, Change(ANN, at(int(SEQ), log=2))),
        ("an update", {"Op": "U", **ANN, "seq": "7"}, Change(ANN, at(7, log=2))),
        ("a deletion", {"Op": "D", **ANN, "seq": 7}, Change(ANN, at(7, log=2), deleted=True)),
        ("a row of the full load", {**ANN}, Change(ANN, at(log=2, is_read=True))),
        ("one with a place", {**ANN, "seq": "7"}, Change(ANN, at(7, log=2, is_read=True))),
        ("one with an empty Op", {"Op": "", **ANN, "seq": ""}, Change(ANN, at(log=2, is_read=True))),
        ("one with an Op", {"Op": "I", **ANN, "seq": None}, Change(ANN, at(log=2, is_read=True))),
    ],
)
def test_a_row_of_a_file_of_dms_tells(name, row, change):
    assert read({"row": row}, DMS) == change


@pytest.mark.parametrize(
    ("operation", "is_read", "deleted"),
    [("load", True, False), ("insert", False, False), ("update", False, False), ("delete", False, True)],
)
def test_a_message_of_dms_tells(operation, is_read, deleted):
    metadata = {
        **{"timestamp": "2026-05-01T10:00:00.000000Z", "record-type": "data", "operation": operation},
        **{"schema-name": "shop", "table-name": "people", "transaction-id": 8_589_934_603},
        **{"stream-position": "mysql-bin-changelog.000123.456", "transaction-record-id": 2},
    }
    told = read({"row": {"data": {**ANN, "vip": "1"}, "metadata": metadata, "before-image": {}}}, DMS)
    place = at(123, 456, 2, log=2, is_read=is_read)
    assert told == Change({**ANN, "vip": True}, place, 1_777_629_600_000, deleted)


def test_a_message_about_a_table_is_no_change():
    metadata = {"record-type": "control", "operation": "create-table"}
    assert read({"row": {"control": {}, "metadata": metadata}}, DMS) is None


@pytest.mark.parametrize(
    ("value", "position"),
    [
        ("0/16E3778", (24_000_376,)),
        ("1/0", (4_294_967_296,)),
        ("FFFFFFFF/FFFFFFFF", (18_446_744_073_709_551_615,)),
        (7, (7,)),
        ("mysql-bin.000003:4696", (3, 4696)),
        ("none", None),
        ("9" * 41, None),
        ("1." * 101, None),
        (None, None),
        (True, None),
    ],
)
def test_a_place_is_read(value, position):
    assert read_position(value) == position


def test_the_texts_of_places_sort_as_the_places_do():
    """A row of a snapshot is before the changes at its place, and these are before a place that goes on after it."""
    seed = seed_of_run()
    print(f"seed {seed}")
    chance = random.Random(seed)
    for _ in range(2_000):
        sizes = (1, 20, 40)
        a, b = ([chance.randrange(10 ** chance.choice(sizes)) for _ in range(chance.randrange(1, 3))] for _ in "ab")
        b = chance.choice((a, b, [*a, *b]))
        one, other = (a, chance.random() < 0.5), (b, chance.random() < 0.5)
        texts = [position_text(tuple(place)) + "!" * is_change for place, is_change in (one, other)]
        assert (texts[0] < texts[1]) == (one < other)


def test_a_row_of_a_parquet_file_of_dms_tells(tmp_path):
    table = pa.table({"Op": ["I", "U", "D"], "id": [1, 1, 1], "email": ["a", "b", "b"], "seq": [None, "7", "8"]})
    pq.write_table(table, tmp_path / "rows.parquet")
    with (tmp_path / "rows.parquet").open("rb") as file:
        told = [read_change({"row": each.row, "place": each.place}, DMS) for each in parquet_rows(file, {})]
    assert told == [
        Change({"id": 1, "email": "a"}, at(log=2, is_read=True)),
        Change({"id": 1, "email": "b"}, at(7, log=2)),
        Change({"id": 1, "email": "b"}, at(8, log=2), deleted=True),
    ]
