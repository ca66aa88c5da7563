"""How a job says that it came to its end: by a count, whose absence is heard when the jobs are silent."""

import argparse

import boto3


def metric(text: str) -> tuple[str, str]:
    """Reads `<namespace>/<name>`."""
    namespace, slash, name = text.rpartition("/")
    if not (namespace and slash and name):
        raise argparse.ArgumentTypeError(f"{text} is not <namespace>/<name>")
    return namespace, name


def count_end(job: str, given: list[str]) -> None:
    """Counts one end in CloudWatch, by database and job, where the job's arguments name a metric: only the last of a chain is told one."""
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--database")
    parser.add_argument("--ended-metric", type=metric)
    args = parser.parse_known_args(given)[0]
    if args.ended_metric is None:
        return
    namespace, name = args.ended_metric
    by = [{"Name": "database", "Value": args.database}, {"Name": "job", "Value": job}]
    boto3.client("cloudwatch").put_metric_data(Namespace=namespace, MetricData=[{"MetricName": name, "Dimensions": by, "Value": 1, "Unit": "Count"}])
