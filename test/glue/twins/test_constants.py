"""Names and bounds that the stream and the lake both know are the same."""

import pytest
from cdp.files.large_file import BEGUN, FILES, STATE
from cdp.cleaning.event_fields import TYPES
from cdp.comparison.differences import LONGEST_NAME
from cdp.comparison.table_export import ZONE
from cdp.identity.in_order import WRITE_ITEMS
from cdp.identity.limits import IDENTIFIER_BYTES
from cdp.marts.settings import Settings
from cdp.matching.match_event import EVENT
from cdp.matching.person_values import KINDS
from cdp.stream.put_events import PLATFORM
from shared_rules import shared_cases


def marts() -> dict:
    made = Settings()
    funnels = [{"name": one.name, "steps": [*one.steps], "days": one.days} for one in made.funnels]
    return {"sessionMinutes": made.session_minutes, "lookbackDays": made.lookback_days, "funnels": funnels}


KNOWN = {
    "platform": PLATFORM,
    "match event": EVENT,
    "exports": ZONE,
    "identifier bytes": IDENTIFIER_BYTES,
    "trait name bytes": LONGEST_NAME,
    "write items": WRITE_ITEMS,
    "calls": [*TYPES],
    "matching kinds": [*KINDS],
    "marts": marts(),
    "files of imports": [FILES, STATE, BEGUN],
}


@pytest.mark.parametrize(("input", "expected"), shared_cases("constants"))
def test_both_know_the_same(input, expected):
    assert KNOWN[input] == expected
