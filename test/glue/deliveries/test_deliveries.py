"""Attempts to deliver: from the zone to the table `deliveries`, how long they stay, and who fell silent."""

import json
from datetime import datetime, timedelta

import pytest
from cdp.tables.iceberg import head
from cdp.tables.schema import as_stored, ensure_table, read_table
from jobs import marts
from lake import Lake, hour
from pyspark.sql import functions as F
from shared_rules import shared_cases

NOW = hour(24)
DAY = timedelta(days=1)
GIVEN = shared_cases("attempts")
LINES = [json.dumps(case.values[0]) for case in GIVEN]


def attempt(name: str, at: datetime = NOW, **stated) -> dict:
    blank = {"id": name, "destination": "crm", "kind": "audience", "about": "vip", "stage": "tool", "attempt": 1}
    return blank | {"outcome": "delivered", "at": f"{at:%Y-%m-%dT%H:%M:%S.000Z}"} | stated


def several(count: int, outcome: str, at: datetime, destination: str = "crm") -> list[dict]:
    return [
        attempt(f"{destination}-{outcome}-{at}-{n}", at, outcome=outcome, destination=destination)
        for n in range(count)
    ]


class Deliveries(Lake):
    """A lake whose zone of attempts is given."""

    def hold(self, name: str, *lines: dict | str) -> None:
        self.put(f"../deliveries/2026/05/01/10/{name}.gz", list(lines), hour(10))

    def log(self, *entries: tuple[str, str, datetime]) -> None:
        name = ensure_table(self.spark, self.database, read_table("identity_log"))
        rows = [(f"{n}", kind, segment, "m", at, at) for n, (kind, segment, at) in enumerate(entries)]
        form = "entry_hash string, kind string, rule string, message_id string, timestamp timestamp, at timestamp"
        as_stored(self.spark.createDataFrame(rows, form), self.spark, name).writeTo(name).append()

    def record(self, now: datetime = NOW, *given: str) -> tuple[int, list[str]]:
        return marts.write_deliveries(self.spark, marts.arguments([*self.arguments, *given]), now)


@pytest.fixture
def deliveries(spark, tmp_path) -> Deliveries:
    lake = Deliveries(spark, tmp_path, {"destinations": [{"id": "crm", "segments": ["vip"]}]})
    lake.log()
    return lake


def test_the_lines_that_the_stream_writes_are_rows_with_every_column(deliveries):
    deliveries.hold("a", *LINES, "no json", json.dumps({"id": "no time"}))
    assert deliveries.record()[0] == len(LINES)
    rows = [row.asDict() for row in deliveries.table("deliveries", without=()).collect()]
    for row in rows:
        row["at"] = f"{row['at']:%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"
    assert sorted(rows, key=lambda row: row["attempt_id"]) == [case.values[1] for case in GIVEN]


def test_a_row_counts_once_however_often_it_is_written_and_read(deliveries):
    deliveries.hold("a", attempt("one"), attempt("one"), attempt("two"))
    assert deliveries.record()[0] == 2
    deliveries.hold("b", attempt("two"), attempt("three"))
    assert [deliveries.record()[0], deliveries.record()[0]] == [1, 0]
    assert deliveries.rows("deliveries", "attempt_id") == [("one",), ("three",), ("two",)]


def test_whole_days_go_after_their_time_and_no_others(deliveries):
    deliveries.hold("a", attempt("old", NOW - 91 * DAY), attempt("last", NOW - 90 * DAY), attempt("new"))
    deliveries.record()
    assert deliveries.rows("deliveries", "attempt_id") == [("last",), ("new",)]
    deliveries.record(NOW, "--delivery-days", "1")
    assert deliveries.rows("deliveries", "attempt_id") == [("new",)]


def test_an_attempt_says_for_ten_days_whom_it_was_about(deliveries):
    old, last = (attempt(name, NOW - days * DAY, person=name) for name, days in (("old", 11), ("last", 10)))
    deliveries.hold("a", old, last, attempt("nobody", NOW - 20 * DAY))
    deliveries.record()
    assert deliveries.rows("deliveries", "attempt_id", "person") == [("last", "last"), ("nobody", None), ("old", None)]
    before = head(deliveries.spark, f"lake.{deliveries.database}.deliveries")
    deliveries.record()
    assert head(deliveries.spark, f"lake.{deliveries.database}.deliveries") == before
    deliveries.record(NOW + DAY)
    assert ("last", None) in deliveries.rows("deliveries", "attempt_id", "person")


YESTERDAY, EARLIER = NOW - timedelta(hours=23), NOW - 3 * DAY
USED = several(1, "delivered", EARLIER)


@pytest.mark.parametrize(
    ("lines", "news", "silent"),
    [
        pytest.param([*USED, *several(10, "filtered", YESTERDAY)], [], ["crm"], id="everything is filtered"),
        pytest.param([*USED, *several(10, "retried", YESTERDAY)], [], ["crm"], id="everything fails"),
        pytest.param([*USED, attempt("held", YESTERDAY, outcome="held", items=10)], [], ["crm"], id="everything waits"),
        pytest.param(USED, [("enter", "vip", YESTERDAY)] * 5 + [("exit", "vip", NOW)] * 5, ["crm"], id="nothing comes"),
        pytest.param(USED, [("enter", "vip", YESTERDAY)] * 9, [], id="a quiet day"),
        pytest.param(USED, [("enter", "other", YESTERDAY)] * 10, [], id="news of a segment that it is not told"),
        pytest.param(USED, [("enter", "vip", EARLIER)] * 10, [], id="news of another day"),
        pytest.param([*USED, *several(9, "filtered", YESTERDAY)], [], [], id="few attempts"),
        pytest.param(several(10, "filtered", YESTERDAY), [], [], id="nothing was ever delivered"),
        pytest.param(
            [*several(1, "delivered", NOW - 9 * DAY), *several(10, "filtered", YESTERDAY)], [], [], id="long ago"
        ),
        pytest.param(
            [*USED, *several(10, "filtered", YESTERDAY), *several(1, "delivered", YESTERDAY)], [], [], id="one arrives"
        ),
        pytest.param(
            [*several(1, "delivered", EARLIER, "gone"), *several(10, "filtered", YESTERDAY, "gone")],
            [],
            [],
            id="a destination that is configured no more",
        ),
        pytest.param([], [], [], id="nothing at all"),
    ],
)
def test_a_destination_is_silent(deliveries, lines, news, silent):
    deliveries.hold("a", *lines)
    deliveries.log(*news)
    assert deliveries.record()[1] == silent


def test_the_week_before_is_not_read_while_every_destination_delivers(deliveries, monkeypatch):
    deliveries.hold("a", *several(1, "delivered", YESTERDAY))
    monkeypatch.setattr("cdp.deliveries.silence.ENOUGH", pytest.fail)
    assert deliveries.record()[1] == []


def test_columns_that_are_required_are_never_null(deliveries):
    deliveries.hold("a", *LINES)
    deliveries.record()
    required = [column.name for column in read_table("deliveries").columns if column.required]
    table = deliveries.table("deliveries", without=())
    assert table.where(" or ".join(f"{name} is null" for name in required)).count() == 0
    assert table.select(F.max("attempt")).first()[0] > 0
