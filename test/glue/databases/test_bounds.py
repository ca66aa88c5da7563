"""From where on a read begins, and how far back a clock may show."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from cdp.databases.bounds import earliest_local, since
from cdp.databases.columns import Column
from cdp.databases.connection import DIALECTS
from cdp.databases.declared import Refused


@pytest.mark.parametrize("minutes", range(0, 300, 7))
def test_no_clock_shows_less_after_an_instant_than_the_bound_says(minutes):
    # Berlin sets its clocks back at 01:00 UTC.
    begin = datetime(2026, 10, 24, 23, tzinfo=UTC) + timedelta(minutes=minutes)
    shown = [(begin + timedelta(minutes=n)).astimezone(ZoneInfo("Europe/Berlin")) for n in range(24 * 60)]
    assert earliest_local(begin, "Europe/Berlin") <= min(at.replace(tzinfo=None) for at in shown)


@pytest.mark.parametrize(
    ("engine", "kind", "stamp"),
    [
        ("postgresql", "timestamptz", "'2026-05-01 10:00:00.000001+00'"),
        ("postgresql", "timestamp", "'2026-05-01 12:00:00.000001'"),
        ("postgresql", "date", "'2026-05-01'"),
        ("mysql", "timestamp", "'2026-05-01 10:00:00.000001'"),
        ("mysql", "datetime", "'2026-05-01 12:00:00.000001'"),
        ("mariadb", "date", "'2026-05-01'"),
    ],
)
def test_a_cursor_is_compared_in_its_own_form(engine, kind, stamp):
    begin = datetime(2026, 5, 1, 10, 0, 0, 1, tzinfo=UTC)
    condition = since(Column("changed", kind, is_binary=False), DIALECTS[engine], begin, "Europe/Berlin")
    assert f">= {stamp} or" in condition


def test_a_number_is_no_cursor():
    with pytest.raises(Refused, match="must be a time"):
        since(Column("id", "int8", is_binary=False), DIALECTS["postgresql"], datetime(2026, 5, 1, tzinfo=UTC), "UTC")
