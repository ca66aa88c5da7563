"""How a job reports its end: it counts in a metric, and an alarm rings when the count stays away."""

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager


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
    put(client, "--ended-metric", given, {"job": job}, 1)


def count_silent(client: Callable[[str], object], silent: int, given: list[str]) -> None:
    """Tells CloudWatch how many destinations fell silent, also none, if the job's arguments name a metric."""
    put(client, "--silent-metric", given, {}, silent)


def count_pull(client: Callable[[str], object], source: str, given: list[str]) -> None:
    """Counts a run that read a whole source."""
    put(client, "--ended-metric", given, {"source": source}, 1)


def count_asking(client: Callable[[str], object], asking: int, given: list[str]) -> None:
    """Tells CloudWatch how many loads of records stopped and ask, also none, if the job's arguments name a metric."""
    put(client, "--asking-metric", given, {}, asking)


def count_read(client: Callable[[str], object], source: str, rows: int, given: list[str]) -> None:
    """Counts the rows that came from a source, also none, if the job's arguments name a metric."""
    put(client, "--read-metric", given, {"source": source}, rows)


def count_failed(client: Callable[[str], object], source: str, given: list[str]) -> None:
    """Counts a load of a source that failed, if the job's arguments name a metric."""
    put(client, "--failed-metric", given, {"source": source}, 1)


@contextmanager
def failures_counted(client: Callable[[str], object], source: str, given: list[str]) -> Iterator[None]:
    """Counts a failure of what is done within, also an exit with a reason, and lets it go on."""
    try:
        yield
    except (Exception, SystemExit):
        count_failed(client, source, given)
        raise


def put(client: Callable[[str], object], option: str, given: list[str], by: dict[str, str], value: int) -> None:
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--database")
    parser.add_argument(option, type=metric, dest="metric")
    args = parser.parse_known_args(given)[0]
    if args.metric is None:
        return
    namespace, name = args.metric
    dimensions = [{"Name": key, "Value": stated} for key, stated in {"database": args.database, **by}.items()]
    data = {"MetricName": name, "Dimensions": dimensions, "Value": value, "Unit": "Count"}
    client("cloudwatch").put_metric_data(Namespace=namespace, MetricData=[data])
