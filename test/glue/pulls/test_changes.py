"""What a pull sends, by the table `records`: each change once, and nothing for rows that did not change."""

import gzip
import json
import random
from dataclasses import replace
from datetime import timedelta

from cdp.pulls.loads import Store
from cdp.records.load import Lake
from jobs.pull_api import settling
from laws import seed_of_run
from pulling import Reader, at_host, preset_sources
from vendor_answers import VENDORS
from vendor_people import People
from vendor_server import Api, listening

HOUR = timedelta(hours=1)


def test_a_pull_sends_each_change_once_and_nothing_for_rows_that_did_not_change(spark, tmp_path):
    seed = seed_of_run()
    print("seed", seed)
    name, answer = VENDORS["hubspot"]
    people = People(random.Random(seed))
    for _ in range(12):
        people.now += HOUR
        people.add()
    database = f"pulls_{tmp_path.name.replace('-', '_')}"
    spark.sql(f"CREATE NAMESPACE IF NOT EXISTS lake.{database}")

    def put(key: str, body: bytes) -> None:
        file = tmp_path / key
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)

    def get(key: str) -> bytes | None:
        return (tmp_path / key).read_bytes() if (tmp_path / key).exists() else None

    def told() -> list[dict]:
        """What was sent, as the vendor's id and what happened."""
        pieces = sorted(tmp_path.glob("imports/staged/**/*.gz"))
        lines = [line for each in pieces for line in gzip.decompress(each.read_bytes()).splitlines()]
        return [json.loads(line)["record"] for line in lines]

    api = Api(people, answer, trouble=0)
    with listening(api) as place:
        source = at_host(preset_sources()["hubspot"], place, [name])
        reader = Reader(source, tmp_path)
        settle = settling(lambda: spark, Lake(database, str(tmp_path)), False)
        people.now += HOUR

        def run() -> list[dict]:
            """What one run sends."""
            before = len(told())
            report = reader.run(people.now, settle, Store(put, get))
            assert "failed" not in report[name], report
            people.now += HOUR
            return told()[before:]

        first = run()
        assert {each["id"] for each in first} == people.here().keys()
        assert {each["kind"] for each in first} == {"created"}
        assert run() == []
        people.now += 8 * 24 * HOUR
        # Lists of everything and of archived rows are due, and tell nothing new.
        assert run() == []
        people.keep(replace(people.all[3], email="new@example.com", at=people.now))
        people.now += HOUR
        (sent,) = run()
        assert (sent["id"], sent["kind"], sent["changed"]) == ("3", "updated", {"email": "new@example.com"})
