"""A job reports its end where it is told how, and only then."""

import pytest
from cdp.spark.count_end import count_end, count_read, count_silent, failures_counted, metric


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


GIVEN = ["--database", "d", "--read-metric", "CDP/RowsRead", "--failed-metric", "CDP/LoadsFailed"]


class Counts:
    """A client of CloudWatch that keeps what it is told, as metric, source and value."""

    def __init__(self):
        self.told = []

    def __call__(self, _):
        return self

    def put_metric_data(self, MetricData, **_):
        [data] = MetricData
        by = {each["Name"]: each["Value"] for each in data["Dimensions"]}
        assert by["database"] == "d"
        self.told.append((data["MetricName"], by["source"], data["Value"]))


def test_rows_are_counted_by_source_also_none():
    counts = Counts()
    count_read(counts, "crm", 0, GIVEN)
    assert counts.told == [("RowsRead", "crm", 0)]


@pytest.mark.parametrize("error", [ValueError("broken"), SystemExit("contacts: Unanswered")])
def test_a_failure_is_counted_and_goes_on(error):
    counts = Counts()
    with pytest.raises(type(error)), failures_counted(counts, "crm", GIVEN):
        raise error
    assert counts.told == [("LoadsFailed", "crm", 1)]


def test_what_ends_well_is_no_failure():
    counts = Counts()
    with failures_counted(counts, "crm", GIVEN):
        pass
    assert counts.told == []
