"""Files of all forms by chance, and most of them have faults."""

import io
import json
import random
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq

COLUMNS = {"id": "text", "amount": "number", "at": "time", "vip": "boolean", "more": "json"}
PARTS = [
    *('"', '""', ",", "\n", "\r\n", "\r", ";", "x", "é", "😀", " ", "\0", "\ufeff", "[1,2]", '{"a":1}', '"{""b"":2}"'),
    *("1.50", "007", "-.5", "1e400", "9007199254740993", "2026-01-31", "yes", "No", "", "\xa0", "\u2028"),
]
VALUES = [
    *("1.50", 1.5, 2, -0.0, 1e30, 9007199254740993, True, None, "", "yes", "2026-01-31T10:00:00+02:00"),
    *([1], {"a": {}}),
]


def csv_of(chance: random.Random) -> bytes:
    some = range(chance.randrange(80))
    text = "".join(chance.choice(PARTS) if chance.random() < 0.6 else "1," * 4 + "\n" for _ in some)
    data = f"id,amount,at,vip,more\n{text}".encode()
    return bytes(byte if chance.random() > 0.002 else 0xE9 for byte in data)


def json_of(chance: random.Random) -> list[str]:
    rows = [{name: chance.choice(VALUES) for name in (*COLUMNS, "x") if chance.random() < 0.8} for _ in range(20)]
    lines = [json.dumps(row, ensure_ascii=chance.random() < 0.5) for row in rows]
    spoilt = [line if chance.random() < 0.8 else line.replace(chance.choice('",:}{12'), "", 1) for line in lines]
    others = ["", "[1]", "NaN", "7", "null", "[" * 900]
    return [line if chance.random() < 0.9 else chance.choice(others) for line in spoilt]


def parquet_of(chance: random.Random) -> bytes:
    table = pa.table(
        {
            "id": [f"r{n}" for n in range(50)],
            "amount": pa.array([Decimal(chance.randrange(-9999, 9999)) / 100 for _ in range(50)], pa.decimal128(9, 2)),
            "at": pa.array([chance.randrange(-(10**15), 10**15) for _ in range(50)], pa.timestamp("us")),
            "vip": pa.array([chance.choice([True, False, None]) for _ in range(50)]),
            "more": pa.array([chance.choice(["[1]", "{", None, "2"]) for _ in range(50)]),
            "share": pa.array([chance.choice([1.5, float("nan"), float("inf"), 1e22, 5e-324]) for _ in range(50)]),
            "big": pa.array([chance.randrange(2**63) for _ in range(50)], pa.int64()),
        }
    )
    out = io.BytesIO()
    pq.write_table(table, out, compression=chance.choice(["snappy", "zstd", "gzip"]))
    return out.getvalue()


def cases(chance: random.Random) -> list[tuple[dict, bytes]]:
    encodings = ("utf-8", "windows-1252", "iso-8859-15", "utf-16le", "utf-16be")
    found: list[tuple[dict, bytes]] = []
    for _ in range(60):
        found.append(({"format": "csv", "encoding": chance.choice(encodings[:3])}, csv_of(chance)))
        wide = csv_of(chance).decode("latin-1")
        found.append(({"format": "csv", "encoding": "utf-16le"}, wide.encode("utf-16-le")))
        found.append(({"format": "csv", "encoding": "utf-16be"}, b"\xfe\xff" + wide.encode("utf-16-be")))
        lines = json_of(chance)
        found.append(({"format": "ndjson"}, "\n".join(lines).encode()))
        found.append(({"format": "json"}, chance.choice(["\n", " ", "\r\n\n"]).join(lines).encode()))
        listed = "[" + chance.choice([",", ",\n", " , "]).join(lines) + chance.choice(["]", "]\n", "", "]x"])
        found.append(({"format": "json"}, listed.encode()))
        found.append(({"format": "csv", "delimiter": ";", "header": ["id", "x"]}, csv_of(chance).replace(b",", b";")))
    found += [({"format": "parquet"}, parquet_of(chance)) for _ in range(5)]
    return found
