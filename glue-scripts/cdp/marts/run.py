"""One run over the marts: what is read, what must be made again, and from which events."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from math import ceil

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from cdp.marts.days import of_days
from cdp.marts.event_rows import orders_of, people_events, pinned, read_event_rows
from cdp.marts.settings import Settings
from cdp.marts.state import SETTINGS, Touched, around, first_orders, moved, seen, to_remember, touched_since
from cdp.tables.replace_rows import replace_rows
from cdp.tables.schema import Table, ensure_table, read_table

STATE = read_table("mart_state")


@dataclass
class Run:
    """What a run knows, computed at first use from the tables as they were when the run began."""

    spark: SparkSession
    database: str
    settings: Settings = field(default_factory=Settings)
    full: bool = False

    def __post_init__(self) -> None:
        # Events last, so that every event with an owner is among them.
        event_profiles, self.profiles, self.events = (
            pinned(self.spark, self.name(table)) for table in ("event_profiles", "profiles", "events")
        )
        self.owned = people_events(event_profiles)
        self.seen = seen(self.owned).localCheckpoint()
        self.state = pinned(self.spark, ensure_table(self.spark, self.database, STATE))
        same = not self.state.where((F.col("kind") == SETTINGS) & (F.col("key") == self.settings.text())).isEmpty()
        self.touched: Touched | None = (
            touched_since(self.state.where(F.col("kind") != SETTINGS), self.seen) if same and not self.full else None
        )

    def name(self, table: str) -> str:
        return f"lake.{self.database}.{table}"

    def replace(self, table: Table, rows: DataFrame, scope: DataFrame | None) -> int:
        return replace_rows(self.spark, self.name(table.name), table, rows, scope)

    @cached_property
    def people(self) -> DataFrame | None:
        """People to recompute: those whose events changed and those without a row in `customer_360`; None for all."""
        if self.touched is None:
            return None
        missing = (
            self.profiles.where("collection = 'users'")
            .select("profile_id")
            .join(pinned(self.spark, self.name("customer_360")), "profile_id", "left_anti")
        )
        return self.touched.people.union(missing).distinct().localCheckpoint()

    def of_people(self, rows: DataFrame) -> DataFrame:
        return rows if self.people is None else rows.join(self.people, "profile_id", "left_semi")

    @cached_property
    def is_unchanged(self) -> bool:
        """Whether everyone's events are as they were when all marts were last made."""
        return self.touched is not None and not self.touched.days and self.touched.people.isEmpty()

    @cached_property
    def event_rows(self) -> DataFrame:
        """Event rows of these people."""
        return read_event_rows(self.of_people(self.owned), self.events).localCheckpoint()

    @cached_property
    def event_rows_by_day(self) -> DataFrame:
        """Everyone's events on the days that any mart needs."""
        if self.touched is None:
            return self.event_rows
        return read_event_rows(
            of_days(self.owned, self.active_days | self.order_days | around(self.entry_days, 0, self.reach)),
            self.events,
        ).localCheckpoint()

    @cached_property
    def first_orders(self) -> DataFrame:
        return first_orders(self.state, self.people, orders_of(self.event_rows)).localCheckpoint()

    @cached_property
    def active_days(self) -> frozenset[date] | None:
        """Days whose activity changed. A session of the next day may now have begun the day before."""
        if self.touched is None:
            return None
        return around(self.touched.days, 0, ceil(self.settings.session_minutes / 1440)) | self.touched.moved_first

    @cached_property
    def order_days(self) -> frozenset[date] | None:
        """Days whose orders changed, or on which customers became new or ceased to be."""
        if self.touched is None:
            return None
        before = self.state.where("kind = 'person'").select(
            F.col("key").alias("profile_id"), F.col("first_order_day").alias("before")
        )
        both = self.of_people(before).join(self.of_people(self.first_orders), "profile_id", "full")
        return self.touched.days | moved(both.select("before", "first_order_day"))

    @cached_property
    def reach(self) -> int:
        """Days after entry that any funnel covers."""
        return max((funnel.days for funnel in self.settings.funnels), default=0)

    @cached_property
    def entry_days(self) -> frozenset[date] | None:
        """Days of entry that a changed day can affect."""
        return None if self.touched is None else around(self.touched.days, self.reach, 0)

    @cached_property
    def data_until(self) -> datetime | None:
        """When the newest event was received; without events, when anyone was last seen."""
        newest = self.owned.agg(F.max("received_at")).union(self.profiles.agg(F.max("last_seen")))
        texts = [
            row[0] for row in newest.select(F.date_format(newest.columns[0], "yyyy-MM-dd'T'HH:mm:ss.SSSSSS")).collect()
        ]
        return next((datetime.fromisoformat(text) for text in texts if text), None)

    @cached_property
    def lookback(self) -> timedelta:
        return timedelta(self.settings.lookback_days)

    def forget(self) -> None:
        """Before a run with other settings writes anything: if it dies, the next run makes everything again."""
        if self.touched is None and not self.state.isEmpty():
            self.spark.sql(f"DELETE FROM {self.name(STATE.name)}")

    def remember(self) -> None:
        """After everything is written."""
        self.replace(STATE, to_remember(self.seen, self.first_orders, self.settings.text()), None)
