"""Each preset against a vendor's API on loopback, with troubles, while people change between pages."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from vendor_people import People
from pulling import Reader, at_host, known, preset_sources, with_small_pages
from vendor_server import Api, listening
from vendor_answers import COMPANIES, VENDORS

SOURCES = preset_sources()
HOUR = timedelta(hours=1)


BOUND = datetime(2026, 1, 31, tzinfo=UTC)
"""Where the first window ends."""


OBJECTS = [(preset, name) for preset, (name, _) in VENDORS.items()] + list(COMPANIES.items())


@pytest.mark.parametrize(("preset", "name"), OBJECTS)
@pytest.mark.parametrize("seed", range(2))
def test_a_preset_loses_nothing_while_rows_move_between_pages(preset, name, seed, tmp_path):
    print("seed", seed)
    _, answer = VENDORS[preset]
    people = People(random.Random(seed), may_change=preset != "meta-leads")
    for n in range(40):
        people.now += HOUR
        people.add(BOUND if n == 0 else None)
    api = Api(people, answer, refresh="none")
    with listening(api) as place:
        api.host = place
        source = with_small_pages(at_host(SOURCES[preset], place, [name]))
        reader = Reader(source, tmp_path)
        for _ in range(6):
            people.now += HOUR
            print(reader.run(people.now))
        # Nobody changes during the last runs. The first reads changes only, and the last a list of everything.
        api.trouble = 0
        for pause in (HOUR, 8 * 24 * HOUR):
            people.now += pause
            report = reader.run(people.now)
            assert "failed" not in report[name], report
            assert people.here().items() <= known(reader, source).items()
    assert known(reader, source) == people.here()
    assert "secret-token" not in str(reader.objects)
