"""The job `queries` on tables of a lake: what changed in an answer goes on; one that shrank is not believed."""

import json
from datetime import timedelta

import pytest
from jobs import queries
from loads import START, Source

SQL = "SELECT who AS user_id, sum(amount) AS spent, max(at) AS last FROM orders GROUP BY who HAVING sum(amount) > 10"
GOOD = {"object": "scores", "sql": SQL, "key": ["user_id"], "maxShrink": 0.5}


class Asked(Source):
    """A lake with a table of orders, and queries about it."""

    def __init__(self, spark, directory):
        super().__init__(spark, directory, "scores")
        self.minute = 0
        columns = "who string, amount decimal(18,4), at timestamp"
        spark.sql(f"CREATE TABLE lake.{self.database}.orders ({columns}) USING iceberg")
        self.declare(crm=GOOD)

    def declare(self, **declared: dict) -> None:
        (self.directory / "config.json").write_text(json.dumps({"queries": declared}))

    def order(self, who: str, amount: str) -> None:
        self.spark.sql(f"INSERT INTO lake.{self.database}.orders VALUES ('{who}', {amount}, TIMESTAMP '2026-05-01')")

    def run(self, *more: str) -> dict[str, dict]:
        self.minute += 10
        given = ["--database", self.database, "--lake", str(self.directory)]
        given += ["--config", str(self.directory / "config.json"), *more]
        return queries.run_job(self.spark, queries.arguments(given), START + timedelta(minutes=self.minute))


def kinds(end: dict) -> tuple:
    return tuple(end[name] for name in ("state", "created", "updated", "deleted"))


def test_what_changed_in_an_answer_goes_on_and_a_try_writes_nothing(spark, tmp_path):
    asked = Asked(spark, tmp_path)
    for who, amount in (("ann", 20.5), ("bob", 30), ("cid", 5), ("dan", 11)):
        asked.order(who, str(amount))
    tried = asked.run("--try", "true")["crm"]
    assert kinds(tried) == ("done", 3, 0, 0) and tried["tried"] and asked.kept() == {} and asked.pieces() == []
    assert kinds(asked.run()["crm"]) == ("done", 3, 0, 0)
    ann = next(record for record in asked.told() if record["id"] == "ann")
    assert ann["changed"] == {"last": "2026-05-01T00:00:00.000Z", "spent": 20.5}
    before = asked.snapshots()
    assert kinds(asked.run()["crm"]) == ("done", 0, 0, 0) and asked.snapshots() == before
    asked.order("ann", "1")
    asked.order("dan", "-5")
    assert kinds(asked.run("--try", "true")["crm"]) == ("done", 0, 1, 1)
    assert kinds(asked.run()["crm"]) == ("done", 0, 1, 1)
    last = asked.told()[-2:]
    assert {record["id"]: (record["kind"], record["changed"].get("spent")) for record in last} == {
        "ann": ("updated", 21.5),
        "dan": ("deleted", None),
    }


def test_an_answer_that_shrank_asks_and_a_query_that_fails_stops_no_other(spark, tmp_path):
    asked = Asked(spark, tmp_path)
    for who in ("ann", "bob", "cid"):
        asked.order(who, "20")
    asked.declare(broken=GOOD | {"sql": "SELECT nothing FROM orders"}, crm=GOOD)
    ends = asked.run()
    assert list(ends) == ["broken", "crm"] and kinds(ends["crm"]) == ("done", 3, 0, 0)
    assert ends["broken"]["state"] == "failed" and "`nothing`" in ends["broken"]["reason"]
    spark.sql(f"DELETE FROM lake.{asked.database}.orders WHERE who <> 'ann'")
    end = asked.run("--only", "crm")["crm"]
    assert (end["state"], end["reason"]) == ("asks", "it lacks 2 of 3 known records") and len(asked.alive()) == 3
    assert kinds(asked.run("--only", "crm", "--accept", "crm")["crm"]) == ("done", 0, 0, 2)


def test_a_source_that_nobody_declared_is_refused_by_name(spark, tmp_path):
    with pytest.raises(ValueError, match="no source of kind query is named other"):
        Asked(spark, tmp_path).run("--only", "other")
