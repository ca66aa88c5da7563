"""The empty tables that a deployment makes are as the jobs would make them, and each job fills them."""

import json
import subprocess
from pathlib import Path

import pytest
from cdp.tables.schema import ensure_table, read_table
from jobs import events, identities, marts, profiles
from lake import ROOT, Lake, event, hour

UNFILLED = {"funnels", "identity_suggestions", "profile_differences", "records"}
"""What these events make nothing for."""
LINES = [
    event("m1", type="identify", userId="u1", traits={"email": "ann@example.com", "lifetime_value": 500}),
    event(
        "m2",
        userId="u1",
        event="Order Completed",
        properties={
            "revenue": "$25.00",
            "currency": "USD",
            "own1": 7,
            "own2": 0.5,
            "own5": "2026-05-01T00:00:00Z",
            "products": [{"product_id": "p"}],
        },
    ),
    event("m3", type="group", userId="u1", groupId="acme", traits={"name": "Acme"}),
    event(
        "m4",
        type="page",
        userId="u1",
        context={"page": {"url": "https://shop.example/", "referrer": "https://www.google.com/"}},
    ),
    "no json",
]
LOGGED = {
    "kind": "link",
    "profileId": "per_1",
    "identifier": "user_id:u1",
    "messageId": "m1",
    "timestamp": "2026-05-01T10:00:00.000Z",
    "at": "2026-05-01T10:00:01.000Z",
}


ATTEMPT = {
    "id": "a1",
    "at": "2026-05-01T10:00:00.000Z",
    "destination": "crm",
    "kind": "audience",
    "about": "vip",
    "stage": "tool",
    "outcome": "delivered",
    "attempt": 1,
}


class Deployed(Lake):
    """A lake whose tables the deployment made."""

    def __init__(self, spark, directory: Path):
        super().__init__(spark, directory)
        folder = Path(spark.conf.get("spark.sql.catalog.lake.warehouse")) / self.database
        command = [str(ROOT / "node_modules/.bin/node"), str(ROOT / "test/glue/tables/deployed-tables.ts"), str(folder)]
        made = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
        self.configure(made["config"])
        self.config, self.tables = made["config"], made["tables"]
        for name, metadata in made["tables"].items():
            (folder / name / "metadata").mkdir(parents=True)
            (folder / name / "metadata/v1.metadata.json").write_text(json.dumps(metadata))
            (folder / name / "metadata/version-hint.text").write_text("1")

    def work(self) -> None:
        """One run of every job that needs no stream."""
        given = self.arguments
        for job in (events, identities, profiles, marts):
            job.run_job(self.spark, job.arguments(given))
        marts.write_deliveries(self.spark, marts.arguments(given), hour(24))

    def snapshots(self) -> dict[str, int]:
        return {name: self.spark.table(f"lake.{self.database}.{name}.snapshots").count() for name in self.tables}


@pytest.fixture
def deployed(spark, tmp_path):
    return Deployed(spark, tmp_path)


def described(spark, name: str) -> list[tuple]:
    """Columns and partitions of a table."""
    return [tuple(row) for row in spark.sql(f"DESCRIBE TABLE {name}").collect()]


def test_they_are_as_the_jobs_would_make_them(spark, deployed):
    spark.sql(f"CREATE NAMESPACE lake.{deployed.database}_jobs")
    for name in deployed.tables:
        table = events.events_table(deployed.config) if name == "events" else read_table(name)
        made = ensure_table(spark, f"{deployed.database}_jobs", table)
        assert described(spark, f"lake.{deployed.database}.{name}") == described(spark, made), name


def test_every_job_fills_them_and_writes_nothing_where_nothing_is_new(deployed):
    deployed.put("2026/05/01/10/1.gz", LINES, hour(10))
    deployed.put("../identity_log/2026/05/01/10/1.gz", [LOGGED], hour(10))
    deployed.put("../deliveries/2026/05/01/10/a.gz", [ATTEMPT], hour(10))
    deployed.work()
    assert {name for name in deployed.tables if deployed.table(name).isEmpty()} == UNFILLED
    made = deployed.table("events").where("message_id = 'm2'").first()
    assert (str(made.revenue), made.made, made.own_1) == ("25.0000", 7.5, 7)
    before = deployed.snapshots()
    deployed.work()
    assert deployed.snapshots() == before
