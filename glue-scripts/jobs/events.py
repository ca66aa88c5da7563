"""Raw zone to `events` and `rejected_events`, from where the last run ended.

    events.py --database <database> --lake s3://<bucket> --config <file with the lake's configuration, JSON>

Whatever dies when, running it again gives the same tables: every write merges by key, and the watermark is the last of them.
"""

import argparse
import json
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from cdp.derive import derive, derived_columns
from cdp.enrich import enrich
from cdp.events import first_of_each, judge, parse, rejected
from cdp.merge import merge, merge_first, not_yet_stored
from cdp.missing import fill_missing, required
from cdp.quality import Measure, count_outcomes, without_outcomes
from cdp.raw_zone import RawObject, list_objects, read_lines
from cdp.schema import Column, Table, ensure_table, read_table
from cdp.standardize import standardize
from cdp.watermark import commit_watermark, name_of_run, read_watermark

JOB = "events"
REJECTED = read_table("rejected_events")
QUALITY = read_table("data_quality")


@dataclass(frozen=True)
class Outcome:
    """What a run is about to write."""

    run: str
    events: DataFrame
    rejected: DataFrame
    measures: list[Measure]
    watermark: datetime | None


def arguments(given: list[str]) -> argparse.Namespace:
    """Glue adds arguments of its own, which are passed over: also `--conf`, which must not be read as short for `--config`."""
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--database", required=True, help="database of the catalog `lake`")
    parser.add_argument("--lake", required=True, help="address of the bucket that has raw/")
    parser.add_argument("--config", required=True, help="file with the lake's configuration, JSON")
    parser.add_argument("--overlap-minutes", type=int, default=10, help="objects written so long before the watermark are read again")
    parser.add_argument("--lookback-hours", type=int, default=48, help="hours of arrival before the watermark that are looked into")
    parser.add_argument("--repeat-days", type=int, default=7, help="a message that comes again within so many days is the same")
    return parser.parse_known_args(given)[0]


def read_config(path: str) -> dict:
    return json.loads(Path(path).read_text("utf-8"))


def events_table(config: dict) -> Table:
    """The table `events` with the columns that a deployment declares and derives."""
    declared = [Column(column["name"], column["type"], column["meaning"], (column["from"],)) for column in config["columns"]]
    return read_table(JOB).extended([*declared, *derived_columns(config["derive"])])


def decide(lines: DataFrame, table: Table, config: dict, stored: dict[str, str], run: str, within: timedelta) -> tuple[DataFrame, DataFrame, list[Measure]]:
    """New events, new rejected lines and what was counted."""
    judged = judge(parse(lines, table), required(config["missing"])).persist()
    accepted = first_of_each(judged.where("verdict is null"), table)
    new_rejected = not_yet_stored(first_of_each(rejected(judged), REJECTED), stored["rejected_events"], REJECTED, run, within)
    new = not_yet_stored(accepted, stored[JOB], table, run, within).drop("line", "json", "verdict", "object", "arrived_at")
    clean = enrich(standardize(new, config["standardize"], config["countries"]), config["enrich"])
    events = derive(fill_missing(clean, config["missing"]), config["derive"]).withColumn("run", F.lit(run)).persist()
    new_rejected = new_rejected.withColumn("run", F.lit(run)).persist()
    read, added, refused = judged.count(), events.count(), new_rejected.count()
    counts = {"lines": read, "accepted": added, "rejected": refused, "repeated": read - added - refused}
    return without_outcomes(events), new_rejected, [*(("read", "", measure, rows) for measure, rows in counts.items()), *count_outcomes(events)]


def write_quality(spark: SparkSession, args: argparse.Namespace, outcome: Outcome) -> None:
    rows = [(JOB, outcome.run, *measure) for measure in outcome.measures]
    columns = "job string, run string, step string, column_name string, measure string, rows bigint"
    merge(spark, f"lake.{args.database}.data_quality", QUALITY, spark.createDataFrame(rows, columns))


def write_rejected(spark: SparkSession, args: argparse.Namespace, outcome: Outcome) -> None:
    merge_first(spark, f"lake.{args.database}.rejected_events", REJECTED, outcome.rejected, timedelta(args.repeat_days))


def write_events(spark: SparkSession, args: argparse.Namespace, outcome: Outcome) -> None:
    merge_first(spark, f"lake.{args.database}.events", read_table(JOB), outcome.events, timedelta(args.repeat_days))


def write_watermark(spark: SparkSession, args: argparse.Namespace, outcome: Outcome) -> None:
    if outcome.watermark is not None:
        commit_watermark(spark, args.database, JOB, outcome.watermark)


WRITES = (write_quality, write_rejected, write_events, write_watermark)


def run_job(spark: SparkSession, args: argparse.Namespace) -> list[Measure]:
    """One run: reads what came since the last, decides, writes."""
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    # Otherwise a date that does not fit its format is an exception instead of null.
    spark.conf.set("spark.sql.legacy.timeParserPolicy", "CORRECTED")
    config = read_config(args.config)
    table = events_table(config)
    stored = {one.name: ensure_table(spark, args.database, one) for one in (table, REJECTED, QUALITY)}
    since = read_watermark(spark, args.database, JOB)
    objects = list_objects(spark, args.lake, since, timedelta(minutes=args.overlap_minutes), timedelta(hours=args.lookback_hours))
    run, within = name_of_run(since), timedelta(args.repeat_days)
    events, refused, measures = decide(read_lines(spark, objects), table, config, stored, run, within)
    outcome = Outcome(run, events, refused, measures, newest(objects, since))
    for write in WRITES:
        write(spark, args, outcome)
    spark.catalog.clearCache()
    return measures


def newest(objects: list[RawObject], since: datetime | None) -> datetime | None:
    """The next watermark: it never goes back."""
    return max([found.written_at for found in objects] + ([since] if since else []), default=None)


def main() -> None:
    spark = SparkSession.builder.appName(JOB).getOrCreate()
    measures = run_job(spark, arguments(sys.argv[1:]))
    print(json.dumps({"job": JOB, "quality": [dict(zip(("step", "column", "measure", "rows"), measure, strict=True)) for measure in measures]}))


if __name__ == "__main__":
    main()
