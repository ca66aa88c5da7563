"""A job says that it came to its end where it is told how, and only then."""

import pytest
from cdp import ended


@pytest.mark.parametrize(("text", "told"), [("Platform/JobEnded", ("Platform", "JobEnded")), ("Shop/CDP/JobEnded", ("Shop/CDP", "JobEnded"))])
def test_the_metric_is_named_by_its_namespace(text, told):
    assert ended.metric(text) == told


@pytest.mark.parametrize("text", ["JobEnded", "/JobEnded", "Platform/", ""])
def test_a_metric_without_namespace_or_name_is_refused(text):
    with pytest.raises(SystemExit):
        ended.count_end("maintain", ["--database", "d", "--ended-metric", text])


def test_nothing_is_counted_where_no_metric_is_named(monkeypatch):
    monkeypatch.setattr(ended.boto3, "client", lambda *_: pytest.fail("CloudWatch was called"))
    ended.count_end("maintain", ["--database", "d", "--JOB_NAME", "maintain"])
