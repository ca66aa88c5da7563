"""Writes the events of each person that new aggregates need and that were received before these began to count.

    histories.py --database <database> --lake s3://<bucket> --config <file with the lake's configuration, JSON>
        --run <name of the run>

`npm run segment -- apply` starts it with a request, `histories/<run>/request.json`: which aggregates (of generations
after `from` up to `generation`), keys of events and names of fields that they read of people and of accounts, and the
latest time at which one begins to count, the cut. The job writes lines below `histories/<run>/lines/`, and last of all
a manifest. A run that has a manifest stays as it is, so whoever reads it reads the same lines again. The job refuses to
run until the jobs `events` and `identities` have read what was received before the cut.
"""

import argparse
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pyspark.sql import Observation, SparkSession
from pyspark.sql import functions as F

from cdp.histories.lines import Needs, history_lines
from cdp.profiles.profile_rows import owned_events
from cdp.raw.zone import read_until
from cdp.spark.files import list_files, read_file, write_file
from cdp.spark.session import start
from cdp.tables.watermark import read_watermark

JOB, PLACED = "histories", "placed"


def arguments(given: list[str]) -> argparse.Namespace:
    """Glue adds arguments of its own, which are ignored, also `--conf`: it must not count as short for `--config`."""
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--database", required=True, help="database of the catalog `lake`")
    parser.add_argument("--lake", required=True, help="address of the bucket that has histories/ and raw/")
    parser.add_argument("--config", required=True, help="file with the lake's configuration, JSON: its `identity`")
    parser.add_argument("--run", required=True, help="name of the run, below histories/")
    parser.add_argument(
        "--settle-minutes", type=int, default=15, help="minutes that an event may need to reach the raw zone"
    )
    return parser.parse_known_args(given)[0]


class TooEarly(Exception):
    """The lake does not have all events yet that were received before the cut."""


def frozen_at(spark: SparkSession, args: argparse.Namespace, cut: datetime) -> datetime:
    """Until when the lake surely knows what was received, which must not be before the cut. Raises TooEarly."""
    settle, placed = timedelta(minutes=args.settle_minutes), read_watermark(spark, args.database, PLACED)
    until = read_until(spark, f"{args.lake}/raw", placed, datetime.now(UTC)) - settle
    if until < cut:
        raise TooEarly(
            f"the jobs events and identities have read what was received until {instant(until)}, and must have until "
            f"{instant(cut)}: run them again, {args.settle_minutes} minutes after that or later"
        )
    return until


def write_lines(spark: SparkSession, args: argparse.Namespace, request: dict, place: str) -> dict[str, int]:
    """Writes the lines of a run, or writes them again; gives how many there are, of how many people and events."""
    config = json.loads(Path(args.config).read_text("utf-8"))
    events, owners, identifiers = (
        spark.table(f"lake.{args.database}.{table}") for table in ("events", "event_profiles", "identity_map")
    )
    before = F.col("received_at") < F.lit(datetime.fromisoformat(request["cut"]))
    owned = owned_events(events.where(before), owners.where(before))
    needs = {collection: Needs.of(said) for collection, said in request["needs"].items()}
    lines = history_lines(owned, identifiers, needs, config["identity"])
    counts = Observation()
    people, listed = F.count_if(F.col("part") == 0).alias("people"), F.coalesce(F.sum("events"), F.lit(0))
    seen = lines.observe(counts, F.count("*").alias("lines"), people, listed.alias("events"))
    seen.select("line").write.mode("overwrite").option("compression", "gzip").text(place)
    return {name: int(count) for name, count in counts.get.items()}


def run_job(spark: SparkSession, args: argparse.Namespace) -> dict:
    """One run; gives its manifest."""
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    run = f"{args.lake}/histories/{args.run}"
    if made := read_file(spark, f"{run}/manifest.json"):
        return json.loads(made)
    request = json.loads(read_file(spark, f"{run}/request.json") or "{}")
    at = frozen_at(spark, args, datetime.fromisoformat(request["cut"]))
    counts = write_lines(spark, args, request, f"{run}/lines")
    files = [f"histories/{args.run}/lines/{name}" for name in list_files(spark, f"{run}/lines", "part-*")]
    asked = {name: request[name] for name in ("from", "generation")}
    manifest = {"run": args.run, "at": instant(at), **asked, **counts, "files": files}
    write_file(spark, f"{run}/manifest.json", json.dumps(manifest))
    return manifest


def instant(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"


def main() -> None:
    spark = start(JOB)
    manifest = run_job(spark, arguments(sys.argv[1:]))
    print(json.dumps({"job": JOB, **manifest, "files": len(manifest["files"])}))


if __name__ == "__main__":
    main()
