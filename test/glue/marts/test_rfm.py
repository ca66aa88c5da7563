"""RFM on all of CDNOW, 69,659 orders of 23,570 customers: each row is what the Python package lifetimes computes."""

from importlib.metadata import files

import pandas as pd
import pytest
from cdp.marts.rfm import purchases, rfm
from pyspark.sql import functions as F

COLUMNS = ["frequency", "recency", "T", "monetary_value"]


@pytest.fixture(scope="module")
def cdnow() -> str:
    """Lines of customer, day, disks and dollars."""
    return next(str(file.locate()) for file in files("lifetimes") if file.name == "CDNOW_master.txt")


@pytest.fixture(scope="module")
def orders(spark, cdnow):
    """The file's orders; one customer may have several a day, and some are worth nothing."""
    words = (
        spark.read.text(cdnow)
        .select(F.split(F.trim("value"), r"\s+").alias("word"))
        .where(F.col("word")[0].rlike(r"^\d+$"))
    )
    columns = (
        F.col("word")[0].alias("profile_id"),
        F.to_date(F.col("word")[1], "yyyyMMdd").alias("day"),
        F.lit("USD").alias("currency"),
        F.col("word")[3].cast("decimal(18,4)").alias("amount"),
    )
    return words.select(*columns).persist()


@pytest.mark.parametrize("until", [None, "1997-09-30"])
def test_every_customer_is_as_lifetimes_counts_them(cdnow, orders, until):
    from lifetimes.utils import summary_data_from_transaction_data

    lines = pd.read_csv(
        cdnow,
        sep=r"\s+",
        skiprows=1,
        names=["customer", "day", "disks", "dollars"],
        dtype={"customer": str, "day": str},
    )
    expected = summary_data_from_transaction_data(
        lines,
        "customer",
        "day",
        "dollars",
        datetime_format="%Y%m%d",
        observation_period_end=until and until.replace("-", ""),
        freq="D",
    )
    end = pd.Timestamp(until).date() if until else None
    found = (
        rfm(purchases(orders, end), end)
        .select("profile_id", *COLUMNS, "r_score", "f_score", "m_score", "segment")
        .toPandas()
        .set_index("profile_id")
        .rename(columns={"t": "T"})
    )
    assert (len(lines), len(expected)) == (69_659, 23_570)
    pd.testing.assert_frame_equal(
        found[COLUMNS].astype(float).sort_index(), expected.sort_index(), check_names=False, rtol=0, atol=1e-9
    )
    assert found.segment.notna().all() and found[["r_score", "f_score", "m_score"]].isin(range(1, 6)).all(axis=None)
