"""A row on which a Python function throws costs that row, and no job."""

import json

from cdp.cleaning.lookup import computed
from cdp.comparison.differences import differences, lake_profiles
from cdp.comparison.left_out import put_aside
from cdp.comparison.stored_profile import stored_profiles
from cdp.profiles.traits import survivors
from cdp.spark.isolated import isolated
from exports import DICTIONARY, item
from people import events_of, sighted
from pyspark.sql import functions as F


def test_what_a_function_throws_costs_its_row(capsys):
    twice = isolated(lambda text: 2 * int(text))
    assert [twice(text) for text in ("1", "ann@example.org", "3")] == [2, None, 6]
    assert isolated(len, 0)(None) == 0
    assert "ValueError" in (told := capsys.readouterr().err) and "ann" not in told


def test_a_value_that_cannot_be_computed_is_null(spark):
    rows = spark.createDataFrame([("1",), ("x",), (None,), ("3",)], "text string")
    assert [row.made for row in rows.select(computed(int, "int", F.col("text")).alias("made")).collect()] == [
        1,
        None,
        None,
        3,
    ]


def test_an_event_whose_traits_cannot_be_read_costs_no_other(spark):
    calls = [{"type": "identify", "userId": f"u{n}", "traits": {"plan": "free"}} for n in range(3)]
    events = events_of(spark, calls).withColumn(
        "traits", F.when(F.col("user_id") == "u1", F.lit('{"plan":')).otherwise(F.col("traits"))
    )
    assert sorted(identifier for row in sighted(events).collect() for identifier in row.identifiers) == [
        "user_id:u0",
        "user_id:u2",
    ]
    owned = events.withColumns({"profile_id": F.col("user_id"), "collection": F.lit("users")})
    assert sorted(row.profile_id for row in survivors(owned, {}).collect()) == ["u0", "u2"]


def test_an_item_that_cannot_be_read_costs_no_other_and_is_not_compared(spark):
    torn = {**item("torn"), "packed": {"B": "bm8gREVGTEFURQ=="}}
    strange = {**item("strange"), "packed": {"N": "7"}}
    lines = spark.createDataFrame(
        [
            (json.dumps({"Item": one}),)
            for one in (item("a", identifiers=["user_id:a"]), torn, strange, item("b", eventCount=2))
        ],
        "line string",
    )
    stored = stored_profiles(lines, DICTIONARY).localCheckpoint()
    assert {row.profile_id: row.collection for row in stored.collect()} == {
        "a": "users",
        "b": "users",
        "torn": None,
        "strange": None,
    }
    owners = spark.createDataFrame(
        [("late", "2026-05-02"), ("a", "2026-05-01")], "profile_id string, received_at string"
    ).withColumn("received_at", F.to_timestamp("received_at"))
    aside = put_aside(owners, stored, "2026-05-01T12:00:00.000Z").localCheckpoint()
    assert sorted(row.profile_id for row in aside.collect()) == ["late", "strange", "torn"]
    seen = "timestamp '2026-05-01 00:00:00'"
    made = spark.sql(
        "select explode(array('a', 'b', 'torn', 'strange')) as profile_id, 'users' as collection, 1L as event_count, "
        f"{seen} as first_seen, {seen} as last_seen, '[]' as identifiers, '{{}}' as traits, array() as segments"
    )
    none = spark.createDataFrame([], "profile_id string, group string")
    found = differences(
        stored, lake_profiles(made.withColumn("segments", F.col("segments").cast("array<string>"))), aside, none
    )
    assert sorted((row.profile_id, row.kind) for row in found.collect()) == [
        ("a", "unknown_identifier"),
        ("b", "extra_events"),
    ]
