"""The job `records`: three complete loads of the same contacts."""

import json
import random
from datetime import timedelta
from pathlib import Path

from cdp.records.load import Lake, Load, RecordObject
from cdp.records.take_load import take_load
from contacts import START, contact, timed

CHANGED_APART = 100


def records(spark, directory: Path, count: int, seed: int) -> dict:
    database, chance = f"records_{count}", random.Random(seed)
    spark.sql(f"CREATE NAMESPACE IF NOT EXISTS lake.{database}")
    contacts = [contact(chance, number) for number in range(count)]
    at, of = Lake(database, str(directory)), RecordObject("crm", "contacts", ("id",))
    measured: dict = {}
    for day, name in enumerate(("new", "changed", "unchanged")):
        if name == "changed":
            for each in contacts[::CHANGED_APART]:
                each["stage"] = "won"
        file = directory / f"{name}-{count}.ndjson"
        file.write_text("".join(map(line, contacts, range(1, count + 1))))
        load = Load(f"2026050{day + 1}T000000000Z-{name}", START + timedelta(days=day), complete=True)
        lines = spark.read.text(str(file)).withColumnRenamed("value", "line")
        measured[name], end = timed(lambda load=load, lines=lines: take_load(spark, at, of, load, lines))
        measured[f"{name}_changes"] = end["created"] + end["updated"] + end["deleted"]
    return measured


def line(row: dict, number: int) -> str:
    return json.dumps({"row": row, "place": {"file": "f", "line": number}}) + "\n"
