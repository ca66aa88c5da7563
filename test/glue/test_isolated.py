"""A row on which a Python function throws costs that row, and no job."""

from cdp.isolated import isolated
from cdp.lookup import computed
from cdp.named import sightings
from cdp.traits import survivors
from identity_rules import RULES
from people import events_of
from pyspark.sql import functions as F


def test_what_a_function_throws_costs_its_row(capsys):
    twice = isolated(lambda text: 2 * int(text))
    assert [twice(text) for text in ("1", "ann@example.org", "3")] == [2, None, 6]
    assert isolated(len, 0)(None) == 0
    assert "ValueError" in (told := capsys.readouterr().err) and "ann" not in told


def test_a_value_that_cannot_be_computed_is_null(spark):
    rows = spark.createDataFrame([("1",), ("x",), (None,), ("3",)], "text string")
    assert [row.made for row in rows.select(computed(int, "int", F.col("text")).alias("made")).collect()] == [1, None, None, 3]


def test_an_event_whose_traits_cannot_be_read_costs_no_other(spark):
    calls = [{"type": "identify", "userId": f"u{n}", "traits": {"plan": "free"}} for n in range(3)]
    events = events_of(spark, calls).withColumn("traits", F.when(F.col("user_id") == "u1", F.lit('{"plan":')).otherwise(F.col("traits")))
    assert sorted(identifier for row in sightings(events, RULES, {}).collect() for identifier in row.identifiers) == ["user_id:u0", "user_id:u2"]
    owned = events.withColumns({"profile_id": F.col("user_id"), "collection": F.lit("users")})
    assert sorted(row.profile_id for row in survivors(owned, {}).collect()) == ["u0", "u2"]
