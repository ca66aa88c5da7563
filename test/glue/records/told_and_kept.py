"""What anybody who is told the changes knows, in whatever order they come: it must be what the table keeps."""

import json
from collections import defaultdict

from loads import Source

NOT_TOLD = ("id", "updated")


def known_of(told: list[dict]) -> dict[str, dict]:
    """Of each record and column the value that was told with the latest time, without records that are deleted."""
    lines = {(line["id"], line["at"], line["hash"]): line for line in told}.values()
    by_record = defaultdict(list)
    for line in lines:
        by_record[line["id"]].append(line)
    return {
        id_: values
        for id_, changes in by_record.items()
        if max(changes, key=lambda line: line["at"])["kind"] != "deleted"
        for values in [last_values(changes)]
    }


def last_values(changes: list[dict]) -> dict:
    times = [line["at"] for line in changes]
    assert len(times) == len(set(times)), "two changes of one record have one time, so either may win"
    said = {}
    for line in sorted(changes, key=lambda each: each["at"]):
        said |= line["changed"]
    return {name: value for name, value in said.items() if value is not None}


def check(source: Source) -> None:
    """Also that nobody who is gone has a value left."""
    kept = {id_: {name: row[name] for name in row if name not in NOT_TOLD} for id_, row in source.alive().items()}
    told = source.told()
    assert known_of(told) == kept
    gone = {id_ for id_, row in source.kept().items() if row["deleted_at"] is not None} - kept.keys()
    for id_ in gone & {line["id"] for line in told}:
        assert last_values([line for line in {one["hash"]: one for one in told if one["id"] == id_}.values()]) == {}
    for row in source.kept().values():
        assert row["kind"] == "noted" or json.loads(row["changed"]) or row["kind"] in ("created", "deleted")
