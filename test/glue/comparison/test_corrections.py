"""Corrections say what differs, in the form that the stream reads."""

import json

import pytest
from cdp.comparison.corrections import correction
from pyspark.sql import Row
from shared_rules import shared_cases


@pytest.mark.parametrize(("input", "expected"), shared_cases("corrections"))
def test_a_correction(input, expected):
    rows = {name: [Row(**one) for one in input[name]] for name in ("found", "statements")}
    event = json.loads(correction(Row(**(input | rows)), "2026-05-01T06:00:00.000Z"))
    assert event["properties"] == expected
    assert (event["sourceId"], event["timestamp"]) == ("@platform", "2026-05-01T00:01:00.000Z")


def test_nobody_can_be_corrected_without_an_identifier():
    [case, *_] = shared_cases("corrections")
    alone = case.values[0] | {"identifiers": [], "found": []}
    assert correction(Row(**alone), "2026-05-01T06:00:00.000Z") is None
