"""Revenue: orders, refunds and customers of each UTC day and currency."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from cdp.marts.event_rows import MONEY, ORDER, REFUND, SUM, is_track


def revenue(event_rows: DataFrame, first_orders: DataFrame) -> DataFrame:
    """One row for each day and currency with an order or a refund.

    A customer is new on the day of the first order, whatever its currency.
    """
    is_order, is_refund = is_track(ORDER), is_track(REFUND)
    paid = event_rows.where(is_order | is_refund).join(first_orders, "profile_id", "left")
    is_first = F.col("day") == F.col("first_order_day")
    counted = paid.groupBy("day", "currency").agg(
        F.count(F.when(is_order, 1)).alias("orders"),
        F.coalesce(F.sum(F.when(is_order, F.col("amount"))), F.lit(0)).cast(SUM).alias("revenue"),
        F.count(F.when(is_refund, 1)).alias("refunds"),
        F.coalesce(F.sum(F.when(is_refund, F.abs("amount"))), F.lit(0)).cast(SUM).alias("refunded"),
        F.countDistinct(F.when(is_order & is_first, F.col("profile_id"))).alias("new_customers"),
        F.countDistinct(F.when(is_order & ~is_first, F.col("profile_id"))).alias("returning_customers"),
    )
    return counted.withColumn(
        "average_order_value", F.when(F.col("orders") > 0, F.col("revenue") / F.col("orders")).cast(MONEY)
    )
