"""The job `matches` on records of FEBRL 1: a known set with typing errors, gaps and exchanged values."""

import json
from datetime import UTC, datetime

import pytest
from bench_program import load
from cdp.matching import training
from cdp.matching.households import tempered
from cdp.tables.schema import as_stored, ensure_table, read_table
from jobs import matches
from lake import PLAIN, Lake
from people import START

NOW = datetime(2026, 5, 2, tzinfo=UTC)
LOG = "entry_hash string, kind string, profile_id string, apart string, at timestamp"


class Matched(Lake):
    """A lake with people whose records are FEBRL's."""

    def hold(self, records: list[dict], parted: list[tuple[str, str]] = ()) -> None:
        self.configure(PLAIN | self.bench.config())
        self.write("profiles", self.spark.createDataFrame(map(self.bench.profile, records), self.bench.PROFILE))
        self.write(
            "identity_log",
            self.spark.createDataFrame([(f"e{n}", "unmerge", *pair, START) for n, pair in enumerate(parted)], LOG),
        )

    def write(self, table: str, rows) -> None:
        name = ensure_table(self.spark, self.database, read_table(table))
        as_stored(rows, self.spark, name).coalesce(1).writeTo(name).overwritePartitions()

    def make(self, stop: bool = False) -> tuple[dict, list[dict]]:
        """One run; gives what it says and the events it sends."""
        sent: list[dict] = []

        def take(lines) -> int:
            if stop:
                raise KeyboardInterrupt
            sent.extend(map(json.loads, lines))
            return len(sent)

        args = matches.arguments([*self.arguments, "--stream", "events", "--conf", "x=y"])
        return matches.run_job(self.spark, args, take, NOW), sent


@pytest.fixture
def lake(spark, tmp_path, monkeypatch):
    monkeypatch.setattr(training, "SAMPLE", 150)
    found = Matched(spark, tmp_path)
    found.bench = load("matching")
    return found


def some_records(bench, people: int) -> list[dict]:
    """All records of so many of FEBRL's people."""
    records = bench.records_of("1")
    chosen = sorted({bench.truth(record["rec_id"]) for record in records})[:people]
    return [record for record in records if bench.truth(record["rec_id"]) in chosen]


def test_records_of_one_person_are_linked_and_a_second_run_writes_nothing(lake):
    records = some_records(lake.bench, 120)
    first = lake.bench.truth(records[0]["rec_id"])
    pair = sorted(f"per_{record['rec_id']}" for record in records if lake.bench.truth(record["rec_id"]) == first)
    lake.hold(records, [tuple(pair)])
    with pytest.raises(KeyboardInterrupt):
        lake.make(stop=True)
    result, sent = lake.make()
    rows = lake.table("identity_suggestions").collect()
    linked = [
        (row.profile_id.removeprefix("per_"), row.other_profile_id.removeprefix("per_"))
        for row in rows
        if row.decision == "linked"
    ]
    quality = lake.bench.quality(records, linked)
    assert (quality["precision"], quality["recall"] >= 0.98, result["rows_changed"]) == (1, True, 0), quality
    assert [(row.decision, row.rule) for row in rows if [row.profile_id, row.other_profile_id] == pair] == [
        ("suggested", "unmerged")
    ]
    assert all(row.profile_id < row.other_profile_id and 0.9 <= row.score <= 1 for row in rows)
    assert json.loads(rows[0].why)["surname"].keys() == {"agreement", "weight"}
    assert result == {
        "rows_changed": 0,
        "linked": len(linked),
        "suggested": len(rows) - len(linked),
        "sent": len(linked),
    }
    assert {tuple(event["properties"]["identifiers"]) for event in sent} == {
        (f"record:{one}", f"record:{other}") for one, other in linked
    }


def test_of_few_people_nothing_is_learnt_and_the_job_says_so(lake):
    lake.hold(some_records(lake.bench, 10))
    result, sent = lake.make()
    assert result == {
        "rows_changed": 0,
        "linked": 0,
        "suggested": 0,
        "sent": 0,
        "message": "nothing was matched: 20 people have values to compare, and 200 are needed to learn from",
    }
    assert sent == [] and lake.table("identity_suggestions").collect() == []


def at_home(given: int, born: int, weight: float) -> tuple:
    """A pair with the same address and phone number, the personal values at these levels: 1 the same, 0 different."""
    bits = 20.0 + weight
    return given, born, 1, 1, 2.0**given, 2.0**born, 2.0**10, 2.0**10, bits, 2**bits / (1 + 2**bits)


PAIRS = (
    "gamma_given_name int, gamma_birth_date int, gamma_phone int, gamma_street int, bf_given_name double, "
    "bf_birth_date double, bf_phone double, bf_street double, match_weight double, match_probability double"
)


@pytest.mark.parametrize(("strangers", "expected"), [(1, 1.0), (10, 0.19)])
def test_what_a_household_shares_counts_once_where_there_are_households(spark, strangers, expected):
    pairs = spark.createDataFrame([at_home(1, 1, 0)] * 100 + [at_home(0, 0, -9)] * strangers, PAIRS)
    scores = {row.gamma_given_name: row.score for row in tempered(pairs, 2000).collect()}
    assert scores[0] == pytest.approx(expected, abs=0.05)
