"""Each preset against a vendor's API on loopback, with troubles, while people change between pages."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from cdp.values.times import read_time
from vendor_people import People
from pulling import Reader, at_host, preset_sources
from vendor_server import Api, listening
from vendor_answers import VENDORS

SOURCES = preset_sources()
HOUR = timedelta(hours=1)


def known(reader: Reader, source: dict) -> dict[str, str]:
    """What somebody knows who keeps the last version of each row, and for whom absence in a whole list means gone."""
    declared = source["objects"][0]
    found: dict[str, tuple] = {}
    for load in dict.fromkeys(load for load, _ in reader.lines()):
        lines = [line for each, line in reader.lines() if each == load]
        assert not [line for line in lines if "bad" in line]
        if "-all-" in load:
            here = {str(line["row"][declared["key"][0]]) for line in lines}
            found |= {key: (*version[:2], None) for key, version in found.items() if key not in here}
        for line in lines:
            row, key = line["row"], str(line["row"][declared["key"][0]])
            at = read_time(row[declared.get("updatedAt") or declared["time"]])
            version = (at, line.get("order", 0), None if line.get("deleted") else row.get("email") or row.get("Email"))
            if key not in found or version[:2] >= found[key][:2]:
                found[key] = version
    return {key: email for key, (_, _, email) in found.items() if email is not None}


BOUND = datetime(2026, 1, 31, tzinfo=UTC)
"""Where the first window ends."""


@pytest.mark.parametrize("preset", VENDORS)
@pytest.mark.parametrize("seed", range(2))
def test_a_preset_loses_nothing_while_rows_move_between_pages(preset, seed, tmp_path):
    print("seed", seed)
    name, answer = VENDORS[preset]
    people = People(random.Random(seed), may_change=preset != "meta-leads")
    for n in range(40):
        people.now += HOUR
        people.add(BOUND if n == 0 else None)
    api = Api(people, answer, refresh="none")
    with listening(api) as place:
        api.host = place
        source = at_host(SOURCES[preset], place, [name])
        small(source, name)
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


def small(source: dict, name: str) -> None:
    """Pages and lists of a size that a test can fill."""
    for read in source["reads"][name]["reads"]:
        if "mostRows" in read:
            read["mostRows"] = 15
        if read["pages"]["type"] == "offset":
            read["pages"]["limit"] = 3
