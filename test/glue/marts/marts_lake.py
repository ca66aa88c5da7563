"""A lake for the marts: what is in the tables they are made of, runs of the job, and the marts as rows."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from cdp.tables.schema import as_stored, ensure_table, read_table
from jobs import marts
from marts_oracle import by
from pyspark.sql import functions as F

EVENT = (
    "event_id string, message_id string, profile_id string, timestamp timestamp, received_at timestamp, "
    "type string, event string, name string, page_path string, page_url string, page_referrer string, "
    "referrer_kind string, campaign_source string, campaign_medium string, campaign_name string, "
    "click_id_kind string, device_kind string, currency string, revenue decimal(18,4), total decimal(18,4), "
    "category string"
)
PROFILE = (
    "profile_id string, collection string, created_at timestamp, first_seen timestamp, last_seen timestamp, "
    "event_count bigint, email string, segments array<string>"
)
NAMES = [column.split()[0] for column in EVENT.split(", ")]


def happened(message_id: str, profile_id: str, timestamp, event: str | None = None, **stated) -> dict:
    """A person's event: a track call when it has a name, else a page; received a second later."""
    blank = dict.fromkeys(NAMES)
    kind = "track" if event else "page"
    return (
        blank
        | {
            "event_id": message_id,
            "message_id": message_id,
            "profile_id": profile_id,
            "timestamp": timestamp,
            "received_at": timestamp + timedelta(seconds=1),
            "type": kind,
            "event": event,
        }
        | stated
    )


def profiles_of(events: list[dict], segments: dict[str, list[str]] | None = None) -> list[dict]:
    """Profiles as the job that makes them would have them."""
    return [
        {
            "profile_id": profile,
            "collection": "users",
            "created_at": min(event["received_at"] for event in own),
            "first_seen": min(event["timestamp"] for event in own),
            "last_seen": max(event["timestamp"] for event in own),
            "event_count": len(own),
            "email": f"{profile}@example.com",
            "segments": (segments or {}).get(profile, []),
        }
        for (profile,), own in by(events, "profile_id").items()
    ]


class MartsLake:
    """One database with the tables that the marts are made of."""

    def __init__(self, spark, name: str):
        self.spark, self.database = spark, f"marts_{name}"
        spark.sql(f"CREATE NAMESPACE IF NOT EXISTS lake.{self.database}")
        # A file for each of the days of a handful of events would be most of the work.
        ensure_table(spark, self.database, replace(read_table("events"), partition=()))
        for table in ("event_profiles", "profiles"):
            ensure_table(spark, self.database, read_table(table))

    def name(self, table: str) -> str:
        return f"lake.{self.database}.{table}"

    def hold(self, events: list[dict], profiles: list[dict]) -> None:
        """Has exactly these events and profiles."""
        frame = self.spark.createDataFrame([tuple(event[name] for name in NAMES) for event in events], EVENT).coalesce(
            1
        )
        columns = [column.split()[0] for column in PROFILE.split(", ")]
        people = self.spark.createDataFrame(
            [tuple(profile[name] for name in columns) for profile in profiles], PROFILE
        ).coalesce(1)
        account = frame.withColumns({"collection": F.lit("accounts"), "profile_id": F.lit("acme")})
        for table, rows in (
            ("events", frame),
            (
                "event_profiles",
                frame.withColumn("collection", F.lit("users")).union(account.select(*frame.columns, "collection")),
            ),
            ("profiles", people),
        ):
            as_stored(rows, self.spark, self.name(table)).writeTo(self.name(table)).overwrite(F.lit(True))

    def run(self, *given: str) -> dict[str, int]:
        return marts.run_job(self.spark, marts.arguments(["--database", self.database, "--JOB_NAME", "marts", *given]))

    def rows(self, table: str) -> list[dict]:
        return [
            {name: plain(value) for name, value in row.asDict().items()}
            for row in self.spark.table(self.name(table)).collect()
        ]

    def snapshots(self) -> dict[str, int]:
        return {
            table: self.spark.table(f"{self.name(table)}.snapshots").count() for table in (*marts.MARTS, "mart_state")
        }


def plain(value: object) -> object:
    """Structs as tuples."""
    return [tuple(item) if isinstance(item, tuple) else item for item in value] if isinstance(value, list) else value


def in_order(rows: list[dict]) -> list[list]:
    """Rows as what they say, whatever order they and their columns are in; what is null is not said."""
    stated = [sorted((name, value) for name, value in row.items() if value is not None) for row in rows]
    return sorted(stated, key=lambda row: [(name, repr(normal(value))) for name, value in row])


def normal(value: object) -> object:
    return value.normalize() if isinstance(value, Decimal) else value
