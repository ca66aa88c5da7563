"""How a job reports its end: it counts in a metric, and an alarm rings when the count stays away."""

import argparse
from collections.abc import Callable


def metric(text: str) -> tuple[str, str]:
    """Reads `<namespace>/<name>`."""
    namespace, slash, name = text.rpartition("/")
    if not (namespace and slash and name):
        raise argparse.ArgumentTypeError(f"{text} must have the form <namespace>/<name>")
    return namespace, name


def count_end(client: Callable[[str], object], job: str, given: list[str]) -> None:
    """Counts one end in CloudWatch, by database and job, if the job's arguments name a metric.

    Only the last job of a chain gets one. `client` makes the AWS client of a service: `boto3.client`.
    """
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--database")
    parser.add_argument("--ended-metric", type=metric)
    args = parser.parse_known_args(given)[0]
    if args.ended_metric is None:
        return
    namespace, name = args.ended_metric
    by = [{"Name": "database", "Value": args.database}, {"Name": "job", "Value": job}]
    count = {"MetricName": name, "Dimensions": by, "Value": 1, "Unit": "Count"}
    client("cloudwatch").put_metric_data(Namespace=namespace, MetricData=[count])
