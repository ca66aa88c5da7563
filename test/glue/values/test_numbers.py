"""Amounts and quantities as people and programs write them."""

from decimal import Decimal

import pytest
from cdp.cleaning.column_steps import take
from cdp.cleaning.derive import derive
from cdp.values.numbers import number, whole

READ = [
    *((text, text) for text in ("0", "25", "25.00", "-3.5", "+4", ".5", "5.", "1.234", "12345.678", "999999999999")),
    ("1e3", "1000"),
    ("2.5E-1", "0.25"),
    (" 25.00 ", "25"),
    ("$25.00", "25"),
    ("$ 25", "25"),
    ("-$25.00", "-25"),
    ("$-25.00", "-25"),
    ("US$25", "25"),
    ("R$ 25,00", "25"),
    ("€12", "12"),
    ("12€", "12"),
    ("12,50 €", "12.5"),
    ("€ 1.234,50", "1234.5"),
    ("£1,234.50", "1234.5"),
    ("25.00 USD", "25"),
    ("EUR 25", "25"),
    ("EUR25", "25"),
    ("eur 25,5", "25.5"),
    ("¥1,234,567", "1234567"),
    ("₹12,50", "12.5"),
    ("1.234,50", "1234.5"),
    ("1,234.50", "1234.5"),
    ("1.234.567", "1234567"),
    ("1,234,567", "1234567"),
    ("1.234.567,8", "1234567.8"),
    ("1,234,567.8", "1234567.8"),
    ("12,5", "12.5"),
    ("12,50", "12.5"),
    ("0,125", "0.125"),
    ("12,3456", "12.3456"),
    ("-12,50", "-12.5"),
    # As browsers write amounts for people: `Intl.NumberFormat` with a currency.
    ("1.234,50\u00a0€", "1234.5"),
    ("12,50\u00a0€", "12.5"),
    ("\u221212,50\u00a0kr", "-12.5"),
    ("1\u202f234,50\u00a0€", "1234.5"),
    ("CHF\u00a012.50", "12.5"),
    ("12,50\u00a0zł", "12.5"),
    ("kr 12", "12"),
    ("Rs. 500", "500"),
    ("12,50 Kč", "12.5"),
    ("kr.\u00a012,50", "12.5"),
    ("\u00a025\u00a0", "25"),
    ("\t25\n", "25"),
    ("EUR \u22125", "-5"),
    ("\ufeff25", "25"),
    ("1 234,50", "1234.5"),
    ("1\u00a0234,50", "1234.5"),
    ("1\u202f234", "1234"),
    ("1'234.50", "1234.5"),
    ("1’234’567", "1234567"),
    ("CHF 1'234.50", "1234.5"),
]
NOT_READ = [
    # Java's other words for numbers.
    "NaN",
    "nan",
    "Infinity",
    "-Infinity",
    "inf",
    "1d",
    "1f",
    "1D",
    "1F",
    "0x1p3",
    "0x10",
    "1e400",
    "-1e400",
    "1e9999",
    "1_000",
    # What may be two numbers, or none.
    "1,234",
    "12,345",
    "123,456",
    "€1.234",
    "$1,234",
    "1.234 €",
    "1,23,456",
    "1.23.4",
    "1,234,56",
    "12.34,56",
    "1,2,3",
    "1 23",
    "25-30",
    "$",
    "EUR",
    "",
    " ",
    ".",
    "-",
    "e3",
    "two",
    "25 pieces",
    "12,5 kg",
    "5%",
    "krona 5",
    "kr",
    "−",
    "12 krona",
    "12 kg",
    "–5",
    "∞",
    "$1,234\u00a0",
    "EUR $5",
    '{"amount":1}',
    "[1]",
    "true",
    "٣",
    "１２",
    "(25.00)",
    "1\n2",
    "25\x00",
]


@pytest.mark.parametrize("type_", ["decimal(18,4)", "double"])
def test_a_text_that_is_one_number_is_read(spark, type_):
    rows = (
        spark.createDataFrame([(n, text) for n, (text, _) in enumerate(READ)], "n int, text string")
        .selectExpr("n", f"{number('text', type_)} AS read")
        .orderBy("n")
    )
    found = [None if row.read is None else Decimal(str(row.read)) for row in rows.collect()]
    assert dict(zip((text for text, _ in READ), found, strict=True)) == {
        text: Decimal(expected) for text, expected in READ
    }


@pytest.mark.parametrize("type_", ["decimal(18,4)", "double"])
def test_a_text_that_is_no_number_or_may_be_two_is_not_read(spark, type_):
    rows = spark.createDataFrame([(text,) for text in NOT_READ], "text string").selectExpr(
        "text", f"{number('text', type_)} AS read"
    )
    assert [row.text for row in rows.where("read IS NOT NULL").collect()] == []


WHOLE = {
    **{text: int(text) for text in ("0", "-7", "00012", "9223372036854775807", "-9223372036854775808")},
    **{
        "12.0": 12,
        "1e5": 100_000,
        " 12\u00a0": 12,
        "1,234,567": 1_234_567,
        "1'000": 1_000,
        "\u22125": -5,
        "1e18": 10**18,
        "-0": 0,
    },
    **dict.fromkeys(
        (
            "1.7",
            "12,5",
            "9223372036854775808",
            "-9223372036854775809",
            "1e19",
            "1e400",
            "1,234",
            "NaN",
            "1L",
            "0x1F",
            "true",
            "[1]",
            "",
            "١٢",
        )
    ),
}


def test_a_whole_number_is_read_as_it_is_or_not_at_all(spark):
    rows = spark.createDataFrame([(text,) for text in WHOLE], "text string").selectExpr(
        "text", f"{whole('text')} AS read"
    )
    assert {row.text: row.read for row in rows.collect()} == WHOLE


@pytest.mark.parametrize("kind", ["sum", "product"])
def test_what_is_past_all_numbers_spoils_no_sum(spark, kind):
    rows = spark.createDataFrame([(1.5e308, 1.5e308), (-1.5e308, 1.5e308), (2.0, 2.0)], "a double, b double")
    made = [row.made for row in take(rows, derive([{"column": "made", "kind": kind, "of": ["a", "b"]}])).collect()]
    assert made == ([None, 0, 4] if kind == "sum" else [None, None, 4])


def test_sums_of_derived_columns_read_texts_alike(spark):
    rows = spark.createDataFrame([(1, "1.234,50"), (2, "NaN"), (3, None)], "a int, b string")
    made = take(rows, derive([{"column": "made", "kind": "sum", "of": ["a", "b"]}])).orderBy("a").collect()
    assert [(row.made, row["outcome/derive/made"]) for row in made] == [
        (1235.5, "changed"),
        (None, "missing"),
        (None, "missing"),
    ]
