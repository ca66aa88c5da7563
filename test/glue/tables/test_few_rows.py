"""Rows that a job says itself come out as they went in, whatever their texts are."""

from datetime import UTC, date, datetime

from cdp.tables.few_rows import few_rows

COLUMNS = "text string, number bigint, day date, moment timestamp"


def test_rows_come_out_as_they_went_in(spark):
    texts = ['it\'s "quoted" \\ `so` ${spark.app.name} :rows', "two\nlines", "Zoë 🙂", ""]
    given = [
        {"text": text, "number": 2**53 + n, "day": "2026-05-01", "moment": "2026-05-01T10:00:00.123456Z"}
        for n, text in enumerate(texts)
    ]
    found = (
        few_rows(spark, COLUMNS, given).selectExpr("text", "number", "day", "unix_micros(moment) AS moment").collect()
    )
    moment = int(datetime(2026, 5, 1, 10, tzinfo=UTC).timestamp()) * 1_000_000 + 123_456
    assert [tuple(row) for row in found] == [
        (text, 2**53 + n, date(2026, 5, 1), moment) for n, text in enumerate(texts)
    ]


def test_what_a_row_does_not_name_is_null_and_no_rows_are_none(spark):
    assert [tuple(row) for row in few_rows(spark, COLUMNS, [{"text": "x"}]).collect()] == [("x", None, None, None)]
    assert few_rows(spark, COLUMNS, []).collect() == []
