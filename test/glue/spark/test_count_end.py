"""A job reports its end where it is told how, and only then."""

import pytest
from cdp.spark.count_end import count_end, count_silent, metric


@pytest.mark.parametrize(
    ("text", "told"), [("Platform/JobEnded", ("Platform", "JobEnded")), ("Shop/CDP/JobEnded", ("Shop/CDP", "JobEnded"))]
)
def test_the_metric_is_named_by_its_namespace(text, told):
    assert metric(text) == told


@pytest.mark.parametrize("text", ["JobEnded", "/JobEnded", "Platform/", ""])
def test_a_metric_without_namespace_or_name_is_refused(text):
    with pytest.raises(SystemExit):
        count_end(pytest.fail, "maintain", ["--database", "d", "--ended-metric", text])


def test_nothing_is_counted_where_no_metric_is_named():
    count_end(pytest.fail, "maintain", ["--database", "d", "--JOB_NAME", "maintain"])


def test_one_end_is_counted_by_database_and_job():
    counted = []

    class CloudWatch:
        def put_metric_data(self, **told):
            counted.append(told)

    count_end(
        lambda service: {"cloudwatch": CloudWatch()}[service],
        "maintain",
        ["--database", "d", "--ended-metric", "Shop/CDP/JobEnded"],
    )
    by = [{"Name": "database", "Value": "d"}, {"Name": "job", "Value": "maintain"}]
    assert counted == [
        {
            "Namespace": "Shop/CDP",
            "MetricData": [{"MetricName": "JobEnded", "Dimensions": by, "Value": 1, "Unit": "Count"}],
        }
    ]


@pytest.mark.parametrize("silent", [0, 3])
def test_silent_destinations_are_counted_by_database_also_none(silent):
    counted = []

    class CloudWatch:
        def put_metric_data(self, **told):
            counted.append(told)

    given = ["--database", "d", "--silent-metric", "CDP/DestinationsSilent", "--ended-metric", "CDP/JobEnded"]
    count_silent(lambda service: {"cloudwatch": CloudWatch()}[service], silent, given)
    by = [{"Name": "database", "Value": "d"}]
    data = {"MetricName": "DestinationsSilent", "Dimensions": by, "Value": silent, "Unit": "Count"}
    assert counted == [{"Namespace": "CDP", "MetricData": [data]}]
