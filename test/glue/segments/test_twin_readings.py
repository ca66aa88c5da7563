"""Readings of values, times, zones and texts: random input through the stream's code and through the lake's."""

from collections.abc import Callable
from datetime import date

import pytest
from cdp.segments.fulfils import fulfils
from cdp.segments.readings import amount_of
from cdp.segments.zones import beginning_of, beginning_of_unit, zone_of
from cdp.values.exact_json import number_text, read_json
from cdp.values.fingerprint import fingerprint
from cdp.values.times import format_instant, read_time
from laws import seed_of_run
from stream_answers import by_the_stream


def amount(text: str) -> str | None:
    found = amount_of(read_json(text))
    return None if found is None else str(found)


RULES: dict[str, tuple[int, Callable]] = {
    "times": (30_000, read_time),
    "comparisons": (30_000, lambda one: fulfils(one[0], read_json(one[1]), zone_of(one[2]))),
    "amounts": (20_000, amount),
    "numbers": (20_000, number_text),
    "days": (20_000, lambda one: beginning_of_unit(one[0], zone_of(one[1]), one[2], one[3])),
    "zoneNames": (3_000, lambda name: zone_of(name) is not None),
    "fingerprints": (20_000, lambda texts: fingerprint(*texts)),
}
"""How many inputs, and what the lake makes of one."""


@pytest.mark.parametrize("rule", RULES)
def test_the_lake_reads_as_the_stream(rule):
    runs, read = RULES[rule]
    seed = seed_of_run()
    made = by_the_stream(rule, seed, runs)
    differing = [(one, stream, lake) for one, stream in made if (lake := read(one)) != stream]
    said = sum(stream not in (None, False) for _, stream in made)
    print(f"{rule}: {len(made)} inputs, {said} of them say something, {len(differing)} differ, seed {seed}")
    assert (differing[:3], len(differing)) == ([], 0), f"seed {seed}"
    assert said > len(made) / 20, f"seed {seed}: hardly anything was read"


def test_a_day_begins_when_the_clocks_have_gone_forward_over_midnight():
    began = beginning_of(date(1919, 3, 31), zone_of("America/Toronto"))
    assert format_instant(began) == "1919-03-31T04:30:00.000Z"
