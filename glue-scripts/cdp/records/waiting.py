"""Loads of records that wait in the bucket: those that have a manifest, and no result."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pyspark.sql import DataFrame, SparkSession

from cdp.records.load import Lake, Load, RecordObject, read_instant
from cdp.spark.files import list_paths
from cdp.tables.few_rows import few_rows

MANIFEST = "manifest.json"
MOST_TOGETHER = 500
"""Loads of changes that one comparison takes."""


class Unreadable(Exception):
    """A manifest that does not say what its load is, or names what nobody declared."""


@dataclass(frozen=True)
class Waiting:
    """A load whose rows lie in a folder."""

    of: RecordObject
    load: Load
    folder: str

    def files(self, spark: SparkSession) -> list[str]:
        return list_paths(spark, f"{self.folder}/{self.of.object}/*.ndjson.gz")


Group = Mapping[str, Waiting]
"""Loads of one object that are taken together, by their names."""


def groups_of(waiting: Mapping[str, Waiting]) -> Iterator[Group]:
    """One load after the other; those of changes together, because not they but the log orders changes."""
    together: dict[RecordObject, dict[str, Waiting]] = defaultdict(dict)
    for name, each in waiting.items():
        if each.of.envelope is None:
            yield {name: each}
            continue
        group = together[each.of]
        group[name] = each
        if len(group) == MOST_TOGETHER:
            yield together.pop(each.of)
    yield from together.values()


def lines_of(spark: SparkSession, group: Group) -> DataFrame:
    files = [file for each in group.values() for file in each.files(spark)]
    return spark.read.text(files).toDF("line") if files else few_rows(spark, "line string", [])


def waiting_places(spark: SparkSession, at: Lake, accepted: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Each `<source>/<load>` that waits or is accepted, the earliest first, and its manifest's path."""
    rows = f"{at.imports}/rows"
    over = {path.rsplit("/", 2)[0] for path in list_paths(spark, f"{rows}/*/*/*/result.json")}
    for path in sorted(list_paths(spark, f"{rows}/*/*/{MANIFEST}"), key=lambda each: each.rsplit("/", 2)[1]):
        folder = path.removesuffix(f"/{MANIFEST}")
        name = "/".join(folder.rsplit("/", 2)[1:])
        if folder not in over or name in accepted:
            yield name, path


def read_waiting(path: str, text: str, declared: Mapping[str, Mapping], *, accept: bool) -> Waiting:
    """Reads the manifest at a path. Raises Unreadable."""
    try:
        told = json.loads(text)
        source, object_ = told["source"], told["object"]
        load = Load(told["load"], read_instant(told["startedAt"]), told["complete"] is True, accept)
    except (ValueError, KeyError, TypeError) as error:
        raise Unreadable(f"its manifest cannot be read: {type(error).__name__}") from error
    said = declared.get(source, {}).get(object_)
    if said is None:
        raise Unreadable("its source declares no such records")
    return Waiting(RecordObject.declared(source, object_, said), load, path.removesuffix(f"/{MANIFEST}"))
