"""Random histories of a table, as Debezium and DMS write them down, and what the table is at the end."""

import json
import random
from datetime import timedelta

from cdp.envelopes.change import Envelope
from loads import START

ROWS, CHANGES = 12, 90
VALUES = (None, "", 1, 1.5, "x", "Zoë", True, {"b": [1, None], "a": 2})
DEBEZIUM, DMS = Envelope("debezium"), Envelope("dms", position="seq")
FORMS = {"wrapped": DEBEZIUM, "in its schema": DEBEZIUM, "flat": DEBEZIUM, "files of DMS": DMS, "messages of DMS": DMS}
EMPTYING = ("wrapped", "in its schema")
"""Forms in which a message empties a table."""


class History:
    """Changes of a table in the order of the log: its lines, and its rows at the end."""

    def __init__(self, chance: random.Random, form: str):
        self.form, self.rows, self.lines = form, {}, []
        self.lsn = chance.randrange(10**6)
        snapshot = {id_: new_row(id_, chance) for id_ in range(ROWS // 2)}
        for row in snapshot.values():
            self.change("r", row)
        for n in range(CHANGES):
            # Places skip numbers, and their digits become more.
            self.lsn += chance.randrange(1, 10 ** chance.choice((1, 3, 9)))
            self.at = START + timedelta(seconds=chance.randrange(3_600))
            if form in EMPTYING and n == CHANGES // 2:
                self.empty()
                continue
            id_ = chance.randrange(ROWS)
            if id_ in self.rows and chance.random() < 0.3:
                self.change("d", self.rows[id_])
            else:
                self.change("u" if id_ in self.rows else "c", new_row(id_, chance))

    at = START

    def change(self, op: str, row: dict) -> None:
        self.rows = {id_: each for id_, each in self.rows.items() if id_ != row["id"]}
        if op != "d":
            self.rows[row["id"]] = row
        self.lines.append(json.dumps(self.told(op, row)))

    def empty(self) -> None:
        self.rows = {}
        self.lines.append(json.dumps(self.told("t", None)))

    def told(self, op: str, row: dict | None) -> dict:
        source = {"lsn": self.lsn, "ts_ms": int(self.at.timestamp() * 1000)}
        match self.form:
            case "wrapped" | "in its schema":
                gone = None if row is None or op != "d" else {name: None for name in row} | {"id": row["id"]}
                value = {"before": gone, "after": None if op in "dt" else row, "source": source, "op": op}
                key = None if row is None else {"id": row["id"]}
                return {"row": value, "key": key} if self.form == "wrapped" else schemed(value, key)
            case "flat":
                return {"row": {**row, "__op": op, "__deleted": str(op == "d").lower(), "__lsn": self.lsn}}
            case "files of DMS":
                ops = {"r": {}, "c": {"Op": "I"}, "u": {"Op": "U"}, "d": {"Op": "D"}}
                return {"row": {**ops[op], **row, "seq": None if op == "r" else f"{self.lsn:035}"}}
            case "messages of DMS":
                names = {"r": "load", "c": "insert", "u": "update", "d": "delete"}
                about = {"operation": names[op], "stream-position": str(self.lsn), "timestamp": self.at.isoformat()}
                return {"row": {"data": row, "metadata": about}}
        raise ValueError(self.form)

    def alive(self) -> dict[str, dict]:
        """The rows at the end, without what has no value, by the texts of their keys."""
        return {
            str(id_): {name: row[name] for name in row if row[name] not in (None, "")}
            for id_, row in self.rows.items()
        }


def new_row(id_: int, chance: random.Random) -> dict:
    return {"id": id_, **{name: chance.choice(VALUES) for name in "abc"}}


def schemed(value: dict, key: dict | None) -> dict:
    return {"row": {"schema": {"type": "struct"}, "payload": value}, "key": {"schema": {}, "payload": key}}


def in_any_order(lines: list[str], chance: random.Random, loads: int) -> list[list[str]]:
    """The lines in any order, a third of them twice, in some loads."""
    told = [*lines, *chance.choices(lines, k=len(lines) // 3)]
    chance.shuffle(told)
    bounds = sorted(chance.choices(range(len(told) + 1), k=loads - 1))
    return [told[begin:end] for begin, end in zip([0, *bounds], [*bounds, len(told)], strict=True)]
