"""Funnels: how far people get through declared steps, by the UTC day on which they entered."""

from dataclasses import dataclass
from functools import reduce

from pyspark.sql import Column as Expression
from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F


@dataclass(frozen=True)
class Funnel:
    """Events in the order in which they must come, all within this many days of the first."""

    name: str
    steps: tuple[str, ...]
    days: int


PURCHASE = Funnel("purchase", ("Product Viewed", "Product Added", "Checkout Started", "Order Completed"), 7)


def read_funnels(declared: list[dict]) -> tuple[Funnel, ...]:
    """Funnels as they are declared: `name`, `steps` and `days`."""
    funnels = tuple(Funnel(one["name"], tuple(one["steps"]), one["days"]) for one in declared)
    if not funnels:
        raise ValueError("marts.funnels is empty; declare at least one funnel")
    for funnel in funnels:
        if not funnel.steps or funnel.days < 1:
            raise ValueError(
                f"funnel {funnel.name} needs a step and a day at least, and has {len(funnel.steps)} and {funnel.days}"
            )
    return funnels


def funnels(event_rows: DataFrame, declared: tuple[Funnel, ...]) -> DataFrame:
    """One row for each funnel, day of entry and step: the people of that day who reached the step in time.

    Steps that nobody reached are included.
    """
    return reduce(DataFrame.unionByName, (one_funnel(event_rows, funnel) for funnel in declared))


def one_funnel(event_rows: DataFrame, funnel: Funnel) -> DataFrame:
    entered = depths(event_rows, funnel).groupBy("day", "profile_id").agg(F.max("depth").alias("depth"))
    reached = [
        F.count(F.when(F.col("depth") >= step, 1)).alias(f"step{step}") for step, _ in enumerate(funnel.steps, 1)
    ]
    rows = [
        F.struct(F.lit(step).alias("step"), F.lit(event).alias("event"), F.col(f"step{step}").alias("profiles"))
        for step, event in enumerate(funnel.steps, 1)
    ]
    counted = entered.groupBy("day").agg(*reached).select("day", F.explode(F.array(*rows)).alias("row"))
    return counted.select(
        F.lit(funnel.name).alias("funnel"),
        "day",
        "row.step",
        "row.event",
        "row.profiles",
        F.lit(funnel.days).alias("window_days"),
    )


def depths(event_rows: DataFrame, funnel: Funnel) -> DataFrame:
    """How many steps follow each entry, the entry included.

    Each step is taken as soon as possible: waiting leads no further.
    """
    rows = event_rows.where((F.col("type") == "track") & F.col("event").isin(*funnel.steps))
    # From the last event to the first: a window that grows costs one pass, one that shrinks one for each row.
    later = (
        Window.partitionBy("profile_id")
        .orderBy(F.desc("timestamp"), F.desc("event_id"))
        .rowsBetween(Window.unboundedPreceding, -1)
    )
    onward: Expression = F.array().cast("array<timestamp>")
    for step in range(len(funnel.steps), 0, -1):
        rows = rows.withColumn(
            f"from{step}", F.when(F.col("event") == funnel.steps[step - 1], F.concat(F.array("timestamp"), onward))
        )
        onward = F.coalesce(F.last(f"from{step}", ignorenulls=True).over(later), F.array().cast("array<timestamp>"))
    end = F.col("timestamp") + F.make_interval(days=F.lit(funnel.days))
    in_time = F.filter("from1", lambda moment: moment <= end)
    return rows.where("from1 is not null").select("profile_id", "day", F.size(in_time).alias("depth"))
