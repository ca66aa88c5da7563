"""Amounts and quantities as people and programs write them."""

from decimal import Decimal

import pytest
from cdp.derive import derive
from cdp.numbers import number
from cdp.steps import take

READ = [
    *((text, text) for text in ("0", "25", "25.00", "-3.5", "+4", ".5", "5.", "1.234", "12345.678", "999999999999")),
    ("1e3", "1000"), ("2.5E-1", "0.25"), (" 25.00 ", "25"),
    ("$25.00", "25"), ("$ 25", "25"), ("-$25.00", "-25"), ("$-25.00", "-25"), ("US$25", "25"), ("R$ 25,00", "25"), ("€12", "12"), ("12€", "12"), ("12,50 €", "12.5"),
    ("€ 1.234,50", "1234.5"), ("£1,234.50", "1234.5"), ("25.00 USD", "25"), ("EUR 25", "25"), ("EUR25", "25"), ("eur 25,5", "25.5"), ("¥1,234,567", "1234567"), ("₹12,50", "12.5"),
    ("1.234,50", "1234.5"), ("1,234.50", "1234.5"), ("1.234.567", "1234567"), ("1,234,567", "1234567"), ("1.234.567,8", "1234567.8"), ("1,234,567.8", "1234567.8"),
    ("12,5", "12.5"), ("12,50", "12.5"), ("0,125", "0.125"), ("12,3456", "12.3456"), ("-12,50", "-12.5"),
    ("1 234,50", "1234.5"), ("1\u00a0234,50", "1234.5"), ("1\u202f234", "1234"), ("1'234.50", "1234.5"), ("1’234’567", "1234567"), ("CHF 1'234.50", "1234.5"),
]
NOT_READ = [
    # Java's other words for numbers.
    "NaN", "nan", "Infinity", "-Infinity", "inf", "1d", "1f", "1D", "1F", "0x1p3", "0x10", "1e400", "-1e400", "1e9999", "1_000",
    # What may be two numbers, or none.
    "1,234", "12,345", "123,456", "€1.234", "$1,234", "1.234 €", "1,23,456", "1.23.4", "1,234,56", "12.34,56", "1,2,3", "1 23", "25-30", "$", "EUR", "", " ", ".", "-", "e3", "two", "25 pieces",
    "{\"amount\":1}", "[1]", "true", "٣", "１２", "(25.00)", "1\n2", "25\x00",
]


@pytest.mark.parametrize("type_", ["decimal(18,4)", "double"])
def test_a_text_that_is_one_number_is_read(spark, type_):
    rows = spark.createDataFrame([(n, text) for n, (text, _) in enumerate(READ)], "n int, text string").selectExpr("n", f"{number('text', type_)} AS read").orderBy("n")
    found = [None if row.read is None else Decimal(str(row.read)) for row in rows.collect()]
    assert dict(zip((text for text, _ in READ), found, strict=True)) == {text: Decimal(expected) for text, expected in READ}


@pytest.mark.parametrize("type_", ["decimal(18,4)", "double"])
def test_a_text_that_is_no_number_or_may_be_two_is_not_read(spark, type_):
    rows = spark.createDataFrame([(text,) for text in NOT_READ], "text string").selectExpr("text", f"{number('text', type_)} AS read")
    assert [row.text for row in rows.where("read IS NOT NULL").collect()] == []


def test_sums_of_derived_columns_read_texts_alike(spark):
    rows = spark.createDataFrame([(1, "1.234,50"), (2, "NaN"), (3, None)], "a int, b string")
    made = take(rows, derive([{"column": "made", "kind": "sum", "of": ["a", "b"]}])).orderBy("a").collect()
    assert [(row.made, row["outcome/derive/made"]) for row in made] == [(1235.5, "changed"), (None, "missing"), (None, "missing")]
